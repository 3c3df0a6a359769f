"""The requests that came in, for tests to look at."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from attrs import define, field
from starlette.requests import Request

_RECORDED: Final = ("accept", "authorization", "content-type", "origin", "x-session", "x-token")
_SECRET: Final = frozenset({"authorization", "x-session", "x-token"})


def _masked_headers(headers: Mapping[str, str]) -> str:
    return repr({name: "***" if name in _SECRET else value for name, value in headers.items()})


def _masked_query(query: Mapping[str, str]) -> str:
    return repr({name: "***" if name == "access_token" else value for name, value in query.items()})


@define(kw_only=True)
class RecordedRequest:
    """One REST request. Its repr shows no secret; its fields are what was sent."""

    method: str
    path: str
    """Decoded."""
    query: dict[str, str] = field(repr=_masked_query)
    headers: dict[str, str] = field(repr=_masked_headers)
    """Lower-case names; those that matter to the protocol."""
    body: bytes = field(default=b"", repr=False)
    status: int = 0
    """Of the answer; 0 before there is one."""

    @property
    def json(self) -> Any:
        """The body; None when there is none."""
        return msgspec.json.decode(self.body) if self.body else None

    @classmethod
    def of(cls, request: Request, body: bytes) -> "RecordedRequest":
        headers = {name: request.headers[name] for name in _RECORDED if name in request.headers}
        return cls(
            method=request.method,
            path=request.scope["path"],
            query=dict(request.query_params),
            headers=headers,
            body=body,
        )

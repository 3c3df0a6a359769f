"""`client.request`: requests of the application's own to the gateway."""

import json
from typing import Any

from attrs import field, frozen

from rbbn_sdk.actions.request import Fetch, Fetched
from rbbn_sdk.api.arguments import expected, mapping, pairs, text
from rbbn_sdk.api.context import ApiContext
from rbbn_sdk.api.operation import Operation
from rbbn_sdk.api.sealing import Pairs, refs_of, sealed, split_query
from rbbn_sdk.engine import Fact
from rbbn_sdk.errors import OperationFailed
from rbbn_sdk.ports import FetchInit, opened

_INIT = ("method", "headers", "queryParams", "body")


@frozen(kw_only=True)
class FetchResponse:
    """The raw answer to a request."""

    status: int
    """The HTTP status."""
    status_text: str
    """The reason phrase."""
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def ok(self) -> bool:
        """Whether the status is 200 to 299."""
        return 200 <= self.status < 300

    def header(self, name: str, default: str | None = None) -> str | None:
        """A header's value, whatever the case of its name; several are joined by a comma."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        return ", ".join(values) if values else default

    def text(self) -> str:
        """The body as text; what is not UTF-8 is replaced."""
        return self.body.decode("utf-8", errors="replace")

    def json(self) -> Any:
        """The body read as JSON. Raises `ValueError` when it is none."""
        return json.loads(self.body)

    @property
    def statusText(self) -> str:  # noqa: N802 - the documented spelling
        """The reason phrase."""
        return self.status_text


class Requests:
    """Send requests of your own with the user's credentials."""

    def __init__(self, context: ApiContext) -> None:
        self._context = context

    def fetch(self, resource: str, init: object = None) -> Operation[FetchResponse]:
        """Send a request to the configured server; await it for the answer, whatever its status.

        Args:
            resource: The path, such as `/rest/version/1/user/ann@example.org/externalnotification`.
            init: A mapping with `method` (`GET`), `headers`, `queryParams` and `body` (text). Headers of the
                credentials win over those given here.

        There is no time limit and no event; awaiting raises `RequestUnreachable` when there is no answer at all.

        Raises:
            InvalidArgument: An argument of a wrong kind.
        """
        if not text("resource", resource):
            raise expected("resource", "the path of a resource", resource)
        self._context.guard()
        path, parameters = split_query(resource)
        wanted = self._init(init, parameters)
        self._context.invoked("REQUEST", "request.fetch", wanted.method, path)
        body = () if wanted.body is None else (wanted.body,)
        return self._context.request(
            Fetch(request_id=self._context.request_id(), resource=path, init=wanted),
            self._read,
            held=(*refs_of(wanted.headers, wanted.query_params), *body),
        )

    def _init(self, init: object, parameters: Pairs) -> FetchInit:
        given = mapping("init", init)
        unknown = sorted(set(given) - set(_INIT))
        if unknown:
            self._context.log("warn", "REQUEST", f"init: {', '.join(unknown)}: unknown; known are {', '.join(_INIT)}")
        method = text("init.method", given.get("method")).upper() or "GET"
        headers = pairs("init.headers", given.get("headers"))
        parameters += pairs("init.queryParams", given.get("queryParams"))
        body, secrets = _body(given.get("body")), self._context.secrets
        return FetchInit(
            method=method,
            headers=sealed(headers, secrets),
            query_params=sealed(parameters, secrets),
            body=None if body is None else secrets.keep(body, "body"),
        )

    def _read(self, fact: Fact) -> FetchResponse:
        """What was kept of the answer is taken out as soon as it is there, whether or not somebody awaits it."""
        reply = fact.reply if isinstance(fact, Fetched) else None
        if reply is None:
            msg = "the request ended without an answer"
            raise OperationFailed(msg)
        context = self._context
        body = b"" if reply.body is None else context.objects.read(reply.body)
        response = FetchResponse(
            status=reply.status,
            status_text=reply.reason,
            headers=opened(reply.headers, context.secrets),
            body=body if isinstance(body, bytes) else b"",
        )
        context.free((*refs_of(reply.headers), *(() if reply.body is None else (reply.body,))))
        return response


def _body(body: object) -> str | None:
    if body is None or isinstance(body, str):
        return body
    raise expected("init.body", "a text (json.dumps makes one)", body)

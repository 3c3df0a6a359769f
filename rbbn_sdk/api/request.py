"""`client.request`: requests of the application's own to the gateway."""

import json
from typing import Any

from attrs import field, frozen

from rbbn_sdk.actions.request import Fetch, Fetched
from rbbn_sdk.api.arguments import expected, mapping, pairs, text
from rbbn_sdk.api.context import ApiContext
from rbbn_sdk.api.operation import Operation
from rbbn_sdk.engine import Fact
from rbbn_sdk.errors import OperationFailed
from rbbn_sdk.ports import FetchInit, FetchReply

_INIT = ("method", "headers", "queryParams", "body")


@frozen(kw_only=True)
class FetchResponse:
    """The raw answer to a request."""

    status: int
    """The HTTP status."""
    status_text: str
    """The reason phrase."""
    headers: tuple[tuple[str, str], ...]
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

        There is no time limit and no event; awaiting raises `OperationFailed` when there is no answer at all.

        Raises:
            InvalidArgument: An argument of a wrong kind.
        """
        if not text("resource", resource):
            raise expected("resource", "the path of a resource", resource)
        request = Fetch(request_id=self._context.request_id(), resource=resource, init=self._init(init))
        self._context.invoked("REQUEST", "request.fetch", request.init.method, resource)
        return self._send(request)

    def _init(self, init: object) -> FetchInit:
        given = mapping("init", init)
        unknown = sorted(set(given) - set(_INIT))
        if unknown:
            self._context.log("warn", "REQUEST", f"init: {', '.join(unknown)}: unknown; known are {', '.join(_INIT)}")
        body = given.get("body")
        if body is not None and not isinstance(body, str):
            raise expected("init.body", "a text (json.dumps makes one)", body)
        return FetchInit(
            method=text("init.method", given.get("method")).upper() or "GET",
            headers=pairs("init.headers", given.get("headers")),
            query_params=pairs("init.queryParams", given.get("queryParams")),
            body=body,
        )

    def _send(self, request: Fetch) -> Operation[FetchResponse]:
        """The body is taken out of its keeping as soon as it is there, whether or not somebody awaits it."""
        self._context.guard()
        slot = self._context.store.request(request)
        responses: list[FetchResponse] = []

        def collect(fact: Fact | None) -> None:
            if isinstance(fact, Fetched) and fact.reply is not None:
                responses.append(self._response(fact.reply))

        def read(_fact: Fact) -> FetchResponse:
            if not responses:
                msg = "the request ended without an answer"
                raise OperationFailed(msg)
            return responses[0]

        slot.on_settled(collect)
        return Operation(slot, read)

    def _response(self, reply: FetchReply) -> FetchResponse:
        body: object = b""
        if reply.body is not None:
            body = self._context.objects.read(reply.body)
            self._context.objects.free(reply.body)
        return FetchResponse(
            status=reply.status,
            status_text=reply.reason,
            headers=reply.headers,
            body=body if isinstance(body, bytes) else b"",
        )

"""From an HTTP request to a handler and back: who asks, what for, and the answer."""

from collections.abc import Callable
from typing import Final

from attrs import field, frozen
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from rbbn_sdk.gateway.accounts import Account
from rbbn_sdk.gateway.auth import Authenticator
from rbbn_sdk.gateway.decoding import Malformed
from rbbn_sdk.gateway.replies import Reply, status_reply

USER: Final = "/rest/version/{version}/user/{user}"
MALFORMED: Final = 5


@frozen(kw_only=True)
class Asked:
    """A request of a user who is who he says."""

    account: Account
    version: str
    params: dict[str, str]
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)


Handler = Callable[[Asked], Reply]


@frozen(kw_only=True)
class Endpoint:
    """An ASGI application for one method of one resource."""

    resource: str
    authenticator: Authenticator
    handler: Handler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        reply = self._reply(request, await request.body())
        try:
            await response(reply)(scope, receive, send)
        finally:
            if reply.after is not None:
                reply.after()

    def _reply(self, request: Request, body: bytes) -> Reply:
        params = {name: str(value) for name, value in request.path_params.items()}
        headers = dict(request.headers)
        account = self.authenticator.check(params["user"], self.resource, headers)
        if isinstance(account, Reply):
            return account
        asked = Asked(account=account, version=params["version"], params=params, headers=headers, body=body)
        try:
            return self.handler(asked)
        except Malformed:
            return status_reply(self.resource, MALFORMED, 400)


def response(reply: Reply) -> Response:
    if reply.status == 204:
        return Response(status_code=204)
    return Response(reply.content, reply.status, {"content-type": reply.content_type})

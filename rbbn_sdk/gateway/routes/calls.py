"""`/callControl`, `/calldisposition`, `/clicktocall` (`call-signalling` 3)."""

from starlette.routing import BaseRoute, Route

from rbbn_sdk.gateway.call_control import (
    DISPOSITION,
    NO_SESSION,
    RESOURCE,
    CallControl,
)
from rbbn_sdk.gateway.core import Core
from rbbn_sdk.gateway.decoding import read_member
from rbbn_sdk.gateway.replies import Reply, status_reply
from rbbn_sdk.gateway.routes.endpoint import USER, Asked, Endpoint, Handler
from rbbn_sdk.wire import CallControlRequest, CallDispositionRequest


def call_routes(core: Core) -> list[BaseRoute]:
    control = core.call_control

    def route(resource: str, path: str, method: str, handler: Handler) -> Route:
        endpoint = Endpoint(resource=resource, authenticator=core.authenticator, handler=handler)
        return Route(f"{USER}/{resource}{path}", endpoint, methods=[method])

    session = "/callSessions/{sid}"
    return [
        route(RESOURCE, "", "POST", lambda asked: _start(control, asked)),
        route(RESOURCE, "", "DELETE", _end_nothing),
        route(RESOURCE, session, "PUT", lambda asked: _change(control, asked)),
        route(RESOURCE, session, "GET", lambda asked: control.read(asked.account, asked.params["sid"])),
        route(RESOURCE, session, "DELETE", lambda asked: control.end(asked.account, asked.params["sid"])),
        route(DISPOSITION, "", "POST", lambda asked: _dispose(control, asked)),
    ]


def _start(control: CallControl, asked: Asked) -> Reply:
    return control.start(asked.account, read_member(asked.body, "callControlRequest", CallControlRequest))


def _change(control: CallControl, asked: Asked) -> Reply:
    request = read_member(asked.body, "callControlRequest", CallControlRequest)
    return control.change(asked.account, asked.params["sid"], request)


def _dispose(control: CallControl, asked: Asked) -> Reply:
    return control.dispose(asked.account, read_member(asked.body, "callDispositionRequest", CallDispositionRequest))


def _end_nothing(_asked: Asked) -> Reply:
    """Sent by clients that end a call before they know its session (`call-signalling` 3.5)."""
    return status_reply(RESOURCE, NO_SESSION, 404)

"""The REST resources and the websocket path."""

from starlette.routing import BaseRoute

from rbbn_sdk.gateway.core import Core
from rbbn_sdk.gateway.routes.calls import call_routes
from rbbn_sdk.gateway.routes.external import external_routes
from rbbn_sdk.gateway.routes.not_offered import not_offered_routes
from rbbn_sdk.gateway.routes.subscription import subscription_routes
from rbbn_sdk.gateway.routes.voicemail import voicemail_routes
from rbbn_sdk.gateway.routes.websocket import websocket_routes

__all__ = ["all_routes"]


def all_routes(core: Core) -> list[BaseRoute]:
    return [
        *subscription_routes(core),
        *call_routes(core),
        *external_routes(core),
        *voicemail_routes(core),
        *not_offered_routes(core),
        *websocket_routes(core),
    ]

"""The websocket path of a subscription's channel (`connection` 6)."""

from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket

from rbbn_sdk.gateway.core import Core


def websocket_routes(core: Core) -> list[BaseRoute]:
    async def serve(socket: WebSocket) -> None:
        """The channel's id is the secret: nothing else is asked for, and an `access_token` may be an old one."""
        subscription = core.subscriptions.by_channel(socket.path_params["channel"])
        if subscription is None or not subscription.channel.alive:
            await socket.close()  # before it was accepted: HTTP 403
            return
        await subscription.channel.serve(socket)

    base = "/rest/version/{version}"
    return [
        WebSocketRoute(base + "/websocket/{channel}", serve),
        WebSocketRoute(base + "/user/{user}/websocket/{channel}", serve),
    ]

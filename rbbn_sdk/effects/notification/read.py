"""The reader of a websocket."""

from rbbn_sdk.actions.notification import Channel
from rbbn_sdk.effects.notification.accept import accept
from rbbn_sdk.engine import fx
from rbbn_sdk.errors import RbbnError
from rbbn_sdk.ports import Socket, SocketEventKind
from rbbn_sdk.types import SocketId

BROKEN = 1006
"""The close code of a connection that ended without one (RFC 6455 7.1.5)."""


async def read_socket(socket_id: SocketId) -> int:
    """Accept what comes, in order, until the websocket ends; its close code.

    Each frame is only put as a fact, so that a feature that is slow about one holds up none of the following.
    """
    while True:
        try:
            event = await fx.call(Socket.next, socket_id)
        except RbbnError as error:
            await fx.log("warn", "CONNECTIVITY", f"The websocket cannot be read any more: {error.message}")
            return BROKEN
        if event.kind is SocketEventKind.CLOSED:
            return BROKEN if event.code is None else event.code
        if event.dropped:
            await fx.log("warn", "CONNECTIVITY", f"Dropped a frame of {event.dropped} bytes: over 4 MiB")
            continue
        await accept(event.text, Channel.WEBSOCKET)

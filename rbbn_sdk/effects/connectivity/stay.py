"""The life of a connection: one websocket after another (`connection` 6.3)."""

from rbbn_sdk.actions.connectivity import (
    Connected,
    ConnectionGivenUp,
    ConnectionLost,
    Disconnect,
    Disconnected,
    Reconnected,
    ResetConnection,
)
from rbbn_sdk.effects.connectivity.close import close_socket
from rbbn_sdk.effects.connectivity.open import connect
from rbbn_sdk.effects.connectivity.ping import ping_until_broken
from rbbn_sdk.effects.notification import read_socket
from rbbn_sdk.effects.turns import until_not_unsubscribing
from rbbn_sdk.engine import SagaCancelled, fx
from rbbn_sdk.selectors.connectivity import connected_with, last_target, open_socket
from rbbn_sdk.selectors.subscription import is_unsubscribing
from rbbn_sdk.types import SocketId

NORMAL = 1000
"""The close code with which the gateway ends a connection for good."""


async def stay_connected(first: Connected) -> None:
    """Keep a connection until it is not wanted, or cannot be had any more; `destroy` closes it."""
    try:
        await fx.race(_one_after_another(first.socket_id), fx.take(Disconnect))
    except SagaCancelled:  # nothing else cancels this saga
        await _close_at_destroy()
        raise


async def _one_after_another(socket_id: SocketId) -> None:
    """Live with a websocket, and when it is lost, with the next one."""
    opened: SocketId | None = socket_id
    while opened is not None:
        code = await _live_with(opened)
        if code == NORMAL and not await fx.select(is_unsubscribing):
            break
        await fx.spawn(close_socket, opened)
        await fx.put(ConnectionLost(code=code))
        await until_not_unsubscribing()  # a gateway may close the websocket before it answers the DELETE
        opened = None if code == NORMAL else await _reconnect()
    await fx.put(ConnectionGivenUp())


async def _live_with(socket_id: SocketId) -> int | None:
    """Until the end of a websocket; its close code, None when it is we who give it up."""
    code, _, _ = await fx.race(read_socket(socket_id), ping_until_broken(socket_id), fx.take(ResetConnection))
    return code


async def _reconnect() -> SocketId | None:
    options, target = await fx.select(connected_with), await fx.select(last_target)
    if not options.auto_reconnect or target is None:
        return None
    opened = await connect(target, is_reconnect=True)
    if opened is not None:
        await fx.put(Reconnected())
    return opened


async def _close_at_destroy() -> None:
    socket_id = await fx.select(open_socket)
    await fx.put(Disconnected())
    if socket_id is not None:
        await close_socket(socket_id)

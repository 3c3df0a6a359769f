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
from rbbn_sdk.errors import RbbnError
from rbbn_sdk.selectors.config import LEAST_RECONNECT_DELAY
from rbbn_sdk.selectors.connectivity import connected_with, last_target, open_socket
from rbbn_sdk.selectors.subscription import is_unsubscribing
from rbbn_sdk.types import SocketId

NORMAL = 1000
"""The close code with which the gateway ends a connection for good."""
_AT_ONCE = 3
"""So many websockets in a row may be lost as soon as they are open before the next one has to wait."""
_FIRST_PAUSE = 0.1


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
    short_lives = 0
    while opened is not None:
        long_enough = await fx.fork(_pass_by, await _longest_pause())
        code = await _live_with(opened)
        await fx.cancel(long_enough)
        if not long_enough.cancelled:
            short_lives = 0
        elif code is not None:  # what we give up ourselves, as often as the application asks for it, is no flood
            short_lives += 1
        if code == NORMAL and not await fx.select(is_unsubscribing):
            await fx.log("warn", "CONNECTIVITY", "The gateway closed the websocket for good, with code 1000")
            break
        if code is not None:
            await fx.log("warn", "CONNECTIVITY", f"The websocket was lost, with code {code}")
        await fx.spawn(close_socket, opened)
        await fx.put(ConnectionLost(code=code))
        await until_not_unsubscribing()  # a gateway may close the websocket before it answers the DELETE
        opened = None if code == NORMAL else await _reconnect(short_lives)
    await fx.put(ConnectionGivenUp())


async def _live_with(socket_id: SocketId) -> int | None:
    """Until the end of a websocket; its close code, None when it is we who give it up."""
    code, _, _ = await fx.race(read_socket(socket_id), ping_until_broken(socket_id), fx.take(ResetConnection))
    return code


async def _pass_by(seconds: float) -> None:
    """A websocket that is lost before this is over had a short life."""
    await fx.delay(seconds)


async def _longest_pause() -> float:
    """Seconds from one attempt to the next."""
    return max((await fx.select(connected_with)).reconnect_delay, LEAST_RECONNECT_DELAY) / 1000


async def _reconnect(short_lives: int) -> SocketId | None:
    options, target = await fx.select(connected_with), await fx.select(last_target)
    if not options.auto_reconnect or target is None:
        return None
    seconds = pause(short_lives, await _longest_pause())
    if seconds > 0:
        text = f"{short_lives} websockets in a row were lost as soon as they were open: the next one in {seconds:g} s"
        await fx.log("warn", "CONNECTIVITY", text)
        await fx.delay(seconds)
    try:
        opened = await connect(target, is_reconnect=True)
    except RbbnError as error:
        await fx.log("error", "CONNECTIVITY", f"The websocket is given up: {error.message}")
        return None
    await fx.fork(_tell_reconnected)  # beside: a handler of the connect may have asked for a reset already
    return opened


async def _tell_reconnected() -> None:
    await fx.put(Reconnected())


def pause(short_lives: int, longest: float) -> float:
    """Seconds before a series begins: a gateway that takes websockets and drops them must not be flooded."""
    if short_lives <= _AT_ONCE:
        return 0.0
    return min(_FIRST_PAUSE * 2.0 ** min(short_lives - _AT_ONCE - 1, 16), longest)


async def _close_at_destroy() -> None:
    socket_id = await fx.select(open_socket)
    await fx.put(Disconnected())
    if socket_id is not None:
        await close_socket(socket_id)

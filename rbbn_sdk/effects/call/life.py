"""The life of a call: what goes on beside the operations, and that nothing is left of it at the end."""

from collections.abc import Callable, Coroutine
from typing import Any, Final

from rbbn_sdk.actions.call import CallEnded, EndCause, MediaClosed, PeerOpened
from rbbn_sdk.effects.call.audit import audit
from rbbn_sdk.effects.call.hang_up import hang_up, session_of
from rbbn_sdk.effects.call.incoming import Arrival, set_up
from rbbn_sdk.effects.call.line import serve_line
from rbbn_sdk.effects.call.media import close_media, watch_peer
from rbbn_sdk.effects.call.waiting import until_over
from rbbn_sdk.engine import fx
from rbbn_sdk.ports import Clock
from rbbn_sdk.selectors.call import is_done
from rbbn_sdk.types import CallId

GOODBYE: Final = 1.5
"""Seconds that telling the gateway may take when the client is destroyed."""


async def attend(call_id: CallId) -> None:
    """Attend to an outgoing call until it is over."""
    await _live(call_id, lambda: _alive(call_id))


async def attend_incoming(arrival: Arrival) -> None:
    """Set an incoming call up, and attend to it until it is over."""

    async def alive() -> None:
        await fx.fork(set_up, arrival)
        await _alive(arrival.call_id)

    await _live(arrival.call_id, alive)


async def _live(call_id: CallId, alive: Callable[[], Coroutine[Any, Any, None]]) -> None:
    await fx.fork(serve_line, call_id)
    try:
        await fx.race(until_over(call_id), alive())
    finally:
        await _leave(call_id)


async def _alive(call_id: CallId) -> None:
    await fx.take_latest(watch_peer, PeerOpened, call_id=call_id)
    await fx.fork(audit, call_id)


async def _leave(call_id: CallId) -> None:
    """Close all. A call that is not over is ended, for the client is being destroyed: nobody may be left waiting."""
    if await fx.select(is_done, call_id):
        await close_media(call_id)
    else:
        await fx.all(close_media(call_id), _say_goodbye(call_id))
        now = await fx.call(Clock.now)
        await fx.put(CallEnded(call_id=call_id, cause=EndCause.LOCAL, time=now))
    await fx.put(MediaClosed(call_id=call_id))


async def _say_goodbye(call_id: CallId) -> None:
    session_id = await session_of(call_id)
    if session_id is not None:
        await fx.race(hang_up(call_id, session_id), fx.delay(GOODBYE))

"""Ending calls (`call-signalling` 3.5, 8.2)."""

from rbbn_sdk.actions.call import (
    CallEnded,
    CallInitiated,
    EndCall,
    EndCause,
    EndFailed,
    MakeAborted,
    MakeFailed,
    OperationMoved,
)
from rbbn_sdk.effects.call.hang_up import hang_up, session_of
from rbbn_sdk.effects.call.media import close_media
from rbbn_sdk.engine import Channel, State, fx
from rbbn_sdk.ports import Clock
from rbbn_sdk.selectors.call import call_by_id, is_done, refusal
from rbbn_sdk.types import CallId, SessionId
from rbbn_sdk.types.call import CallDirection, CallState, OperationStatus

_Outcome = CallInitiated | MakeFailed | MakeAborted


async def end(request: EndCall) -> None:
    """Serve `call.end`: media stop at once; the call is over when the gateway was told."""
    call_id, request_id = request.call_id, request.request_id
    outcomes = await fx.channel(CallInitiated, MakeFailed, MakeAborted, call_id=call_id)
    problem = await fx.select(refusal, request)
    if problem is not None:
        await fx.put(EndFailed(request_id=request_id, call_id=call_id, error=problem))
        return
    if not await fx.select(is_done, call_id):
        await fx.fork(close_media, call_id)
        await _tell_gateway(request, await _session(call_id, outcomes))
    now = await fx.call(Clock.now)
    await fx.put(CallEnded(request_id=request_id, call_id=call_id, cause=EndCause.LOCAL, time=now))


async def _session(call_id: CallId, outcomes: Channel[_Outcome]) -> SessionId | None:
    """The session of the call. While the call is being made it may come yet, and has to be waited for."""
    if await fx.select(_is_being_made, call_id):
        await fx.take_from(outcomes)
    return await session_of(call_id)


def _is_being_made(state: State, call_id: CallId) -> bool:
    call = call_by_id(state, call_id)
    return call is not None and call.state is CallState.INITIATING and call.direction is CallDirection.OUTGOING


async def _tell_gateway(request: EndCall, session_id: SessionId | None) -> None:
    if session_id is None:
        return
    moved = OperationMoved(request_id=request.request_id, call_id=request.call_id, status=OperationStatus.PENDING)
    await fx.put(moved)
    await hang_up(request.call_id, session_id)

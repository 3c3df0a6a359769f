"""Asking the gateway what has become of calls (`call-signalling` 3.12, 7.3, 10.2)."""

from rbbn_sdk.actions.call import (
    CallCancelled,
    CallEnded,
    EndCause,
    OperationMoved,
    ResyncCall,
    ResyncFinished,
)
from rbbn_sdk.actions.connectivity import Connected, Reconnected
from rbbn_sdk.effects.call.errors import error_info
from rbbn_sdk.effects.call.hang_up import hang_up, session_of
from rbbn_sdk.effects.request import rest
from rbbn_sdk.engine import State, fx
from rbbn_sdk.errors import RbbnError
from rbbn_sdk.ports import Clock, Rest
from rbbn_sdk.reducers.call import UNANSWERED
from rbbn_sdk.selectors.call import INVALID_STATE, call_by_id, is_ending_or_done, live_calls, refusal
from rbbn_sdk.selectors.config import call_options
from rbbn_sdk.selectors.webrtc import may_be_answered
from rbbn_sdk.types import CallId, ErrorInfo, SessionId
from rbbn_sdk.types.call import CallDirection, CallState, OperationStatus

NO_SESSION = 47
"""The gateway's number for a session that it does not know."""
_ANSWERED = "ANSWERED"


async def resync(request: ResyncCall) -> None:
    """Serve `call.resync`."""
    problem = await fx.select(refusal, request)
    if problem is None:
        problem = await _resync(request)
    await fx.put(ResyncFinished(request_id=request.request_id, call_id=request.call_id, error=problem))


async def _resync(request: ResyncCall) -> ErrorInfo | None:
    call_id = request.call_id
    session_id = await session_of(call_id)
    if session_id is None:
        return ErrorInfo(code=INVALID_STATE, message=f"the gateway does not know call {call_id} yet")
    await fx.put(OperationMoved(request_id=request.request_id, call_id=call_id, status=OperationStatus.PENDING))
    return await ask(call_id, session_id, EndCause.RESYNC)


async def ask(call_id: CallId, session_id: SessionId, cause: EndCause) -> ErrorInfo | None:
    """Ask for the state of a session and believe the answer; what went wrong, if the question was not answered."""
    try:
        state = await rest(Rest.call_state, session_id)
    except RbbnError as error:
        if error.code == NO_SESSION:
            await _gone(call_id, cause, error_info(error))
            return None
        await fx.log("warn", "CALL", f"The gateway did not tell what became of the call: {error.message}", id=call_id)
        return error_info(error)
    if state == _ANSWERED:
        await _answered_elsewhere(call_id, session_id)
    return None


async def _gone(call_id: CallId, cause: EndCause, error: ErrorInfo) -> None:
    now = await fx.call(Clock.now)
    if not await fx.select(is_ending_or_done, call_id):
        await fx.put(CallEnded(call_id=call_id, cause=cause, error=error, time=now))


async def _answered_elsewhere(call_id: CallId, session_id: SessionId) -> None:
    """Another device has an incoming call; the answer to an outgoing one was lost, so nobody may wait for us there."""
    call = await fx.select(call_by_id, call_id)
    if call is None or call.state not in UNANSWERED or await fx.select(is_ending_or_done, call_id):
        return
    if any(operation.status is OperationStatus.RESOLVING for operation in call.current_operations):
        return
    if await fx.select(may_be_answered, call_id):
        return  # by us, it may be: the answer that was lost on its way back
    if call.direction is CallDirection.OUTGOING:
        await fx.spawn(hang_up, call_id, session_id)
    await fx.put(CallCancelled(call_id=call_id))


async def after_reconnect(_fact: Reconnected) -> None:
    """What was said while the websocket was away may be lost: ask about every call that nothing is being done with."""
    for call_id in await fx.select(live_calls):
        await fx.fork(_catch_up, call_id)


async def after_connect(fact: Connected) -> None:
    """The same whenever the websocket is opened, if the configuration says so."""
    options = await fx.select(call_options)
    if options.resync_on_connect and not fact.is_reconnect:
        for call_id in await fx.select(live_calls):
            await fx.fork(_catch_up, call_id)


async def _catch_up(call_id: CallId) -> None:
    session_id = await session_of(call_id)
    if session_id is None or not await fx.select(_is_idle, call_id):
        return
    was_ringing = await fx.select(_is_ringing, call_id)
    try:
        state = await rest(Rest.call_state, session_id)
    except RbbnError as error:
        if error.code != NO_SESSION:
            await fx.log(
                "warn", "CALL", f"The gateway did not tell what became of the call: {error.message}", id=call_id
            )
        elif await _still(call_id, was_ringing):
            await _gone(call_id, EndCause.RECONNECT, error_info(error))
        return
    if state == _ANSWERED and await _still(call_id, was_ringing):
        await _answered_elsewhere(call_id, session_id)


async def _still(call_id: CallId, was_ringing: bool) -> bool:  # noqa: FBT001 -- one caller, beside it
    """Whether the call is as it was when the question was sent."""
    idle = await fx.select(_is_idle, call_id)
    return idle and (not was_ringing or await fx.select(_is_ringing, call_id))


def _is_idle(state: State, call_id: CallId) -> bool:
    call = call_by_id(state, call_id)
    return call is not None and not call.current_operations and not is_ending_or_done(state, call_id)


def _is_ringing(state: State, call_id: CallId) -> bool:
    call = call_by_id(state, call_id)
    return call is not None and call.state is CallState.RINGING

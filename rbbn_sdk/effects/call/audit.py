"""The keep-alive of calls (`call-signalling` 3.11)."""

from typing import Final

from rbbn_sdk.actions.call import AUDIT_FAILED, CallEnded, EndCause, Transition
from rbbn_sdk.effects.call.errors import error_info
from rbbn_sdk.effects.call.hang_up import session_of
from rbbn_sdk.effects.call.waiting import until
from rbbn_sdk.effects.request import rest
from rbbn_sdk.engine import State, fx
from rbbn_sdk.errors import RequestError
from rbbn_sdk.ports import Clock, Rest
from rbbn_sdk.selectors.call import is_arriving, is_ending_or_done
from rbbn_sdk.selectors.config import call_audit_interval, call_options
from rbbn_sdk.types import CallId, ErrorInfo, SessionId

LIMIT: Final = 4.0
"""Seconds that one audit may take."""
UNKNOWN_SESSION: Final = 42
_REASON: Final = "the gateway does not know the call any more: its audit failed"


async def audit(call_id: CallId) -> None:
    """Ask again and again whether the gateway still has the call; end it when it says no."""
    await until(call_id, _is_set_up)
    session_id = await session_of(call_id)
    while session_id is not None and not await fx.select(is_ending_or_done, call_id):
        asked = await fx.call(Clock.now)
        error = await _ask(session_id)
        if error is not None and error.code == UNKNOWN_SESSION:
            await _over(call_id, error)
            return
        if error is not None:
            await fx.log("warn", "CALL", f"The audit of the call failed: {error.message}", id=call_id)
        took = max(0, await fx.call(Clock.now) - asked)
        await fx.delay(max(0.0, await fx.select(_pause, error is None) - took) / 1000)


def _is_set_up(state: State, call_id: CallId) -> bool:
    return not is_arriving(state, call_id)


def _pause(state: State, alive: bool) -> float:  # noqa: FBT001 -- a selector's argument
    """Milliseconds between the beginnings of two audits."""
    return call_audit_interval(state) if alive else min(5000.0, 0.45 * call_options(state).call_audit_timer)


async def _ask(session_id: SessionId) -> ErrorInfo | None:
    """What went wrong, if anything did."""
    try:
        answered, _ = await fx.race(_audited(session_id), fx.delay(LIMIT))
    except RequestError as error:
        return error_info(error)
    return None if answered else ErrorInfo(code="TimeoutError", message=f"no answer to the audit within {LIMIT:g} s")


async def _audited(session_id: SessionId) -> bool:
    await rest(Rest.audit_call, session_id)
    return True


async def _over(call_id: CallId, error: ErrorInfo) -> None:
    now = await fx.call(Clock.now)
    if await fx.select(is_ending_or_done, call_id):
        return
    transition = Transition(status_code=AUDIT_FAILED, reason_text=_REASON)
    await fx.put(CallEnded(call_id=call_id, cause=EndCause.AUDIT, transition=transition, error=error, time=now))

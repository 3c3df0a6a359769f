"""The end of calls (`call-signalling` 4.6, 4.7, 7.3)."""

from rbbn_sdk.actions.call.end import CallCancelled, CallEnded, EndFailed
from rbbn_sdk.actions.call.values import EndCause
from rbbn_sdk.engine import evolve
from rbbn_sdk.reducers.call.changes import (
    HANDLING,
    UNANSWERED,
    calls,
    changed,
    ended,
    finished,
    is_ending,
    is_over,
)
from rbbn_sdk.reducers.call.records import CallObject, Calls
from rbbn_sdk.types.call import CallState


@calls.on(CallEnded)
def _ended(state: Calls, action: CallEnded) -> Calls:
    """All operations end with the call. One that is over already only gets rid of this one."""

    def change(call: CallObject) -> CallObject:
        if is_over(call):
            return finished(call, action.operation)
        over = ended(call, action.time)
        if action.remote_participant is not None:
            over = evolve(over, remote_participant=action.remote_participant)
        if action.cause is EndCause.ANSWER_UNUSABLE and action.error is not None:
            return evolve(over, error=action.error)
        return over

    return changed(state, action.call_id, change)


@calls.on(CallCancelled)
def _cancelled(state: Calls, action: CallCancelled) -> Calls:
    """The operation by which the application was answering is left: it ends with an error of its own."""

    def change(call: CallObject) -> CallObject:
        if call.state not in UNANSWERED or is_ending(call):
            return finished(call, action.operation)
        kept = tuple(operation for operation in call.current_operations if operation.type in HANDLING)
        return evolve(call, state=CallState.CANCELLED, current_operations=kept)

    return changed(state, action.call_id, change)


@calls.on(EndFailed)
def _not_ended(state: Calls, action: EndFailed) -> Calls:
    return changed(state, action.call_id, lambda call: finished(call, action.operation))

"""Ringing feedback that the application asked for (`call-signalling` 7.2)."""

from rbbn_sdk.actions.call.ringing import RingingFeedbackFailed, RingingFeedbackSent
from rbbn_sdk.engine import evolve
from rbbn_sdk.reducers.call.changes import calls, changed, find_operation, finished, is_ending, without_operation
from rbbn_sdk.reducers.call.records import CallObject, Calls
from rbbn_sdk.types.call import CallDirection, CallState


@calls.on(RingingFeedbackSent)
def _sent(state: Calls, action: RingingFeedbackSent) -> Calls:
    """A call that got on meanwhile, by an answer for instance, keeps its state."""

    def change(call: CallObject) -> CallObject:
        if is_ending(call) or find_operation(call, action.operation) is None:
            return call
        if call.state is not CallState.INITIATED or call.direction is not CallDirection.INCOMING:
            return finished(call, action.operation)
        return evolve(call, state=CallState.RINGING, current_operations=without_operation(call, action.operation))

    return changed(state, action.call_id, change)


@calls.on(RingingFeedbackFailed)
def _failed(state: Calls, action: RingingFeedbackFailed) -> Calls:
    def change(call: CallObject) -> CallObject:
        return call if is_ending(call) else finished(call, action.operation)

    return changed(state, action.call_id, change)

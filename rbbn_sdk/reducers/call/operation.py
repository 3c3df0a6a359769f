"""Operations that begin, go on and are given up, whatever they are for."""

from rbbn_sdk.actions.call.answer import AnswerCall
from rbbn_sdk.actions.call.base import CallFact, CallRequest, OperationAbandoned, operation_of
from rbbn_sdk.actions.call.decline import IgnoreCall, RejectCall
from rbbn_sdk.actions.call.end import EndCall, UpdateRefused
from rbbn_sdk.actions.call.operation import OperationMoved, RemoteOperationStarted
from rbbn_sdk.actions.call.resync import ResyncCall, ResyncFinished
from rbbn_sdk.actions.call.ringing import SendRingingFeedback
from rbbn_sdk.engine import evolve
from rbbn_sdk.reducers.call.changes import HANDLING, calls, changed, find_operation, finished, is_ending, moved
from rbbn_sdk.reducers.call.records import CallObject, Calls, CurrentOperation
from rbbn_sdk.types.call import CallState, OperationStatus, OperationType


@calls.on(AnswerCall, RejectCall, IgnoreCall, EndCall, SendRingingFeedback, ResyncCall)
def _asked(state: Calls, action: CallRequest) -> Calls:
    """It begins at once, unless another is in its way."""
    operation = CurrentOperation(
        id=operation_of(action.request_id),
        type=action.OPERATION,
        status=OperationStatus.ONGOING,
        is_local=True,
        is_blocking=action.IS_BLOCKING,
    )
    return changed(state, action.call_id, lambda call: _begun(call, operation))


@calls.on(RemoteOperationStarted)
def _begun_by_the_other_side(state: Calls, action: RemoteOperationStarted) -> Calls:
    operation = CurrentOperation(
        id=action.operation_id,
        type=action.type,
        status=OperationStatus.ONGOING,
        is_local=False,
        is_blocking=action.type in _REMOTE_NEGOTIATIONS,
    )
    return changed(state, action.call_id, lambda call: _added(call, operation))


_REMOTE_NEGOTIATIONS = frozenset({OperationType.SLOW_START, OperationType.GENERIC_REMOTE})


def _begun(call: CallObject, operation: CurrentOperation) -> CallObject:
    """One that the application asked for; it may not begin while the call is being ended (`call-signalling` 5.3)."""
    return call if is_ending(call) or _is_in_the_way(call, operation) else _added(call, operation)


def _is_in_the_way(call: CallObject, operation: CurrentOperation) -> bool:
    """An incoming call is answered, rejected or ignored by one operation at a time."""
    return operation.type in HANDLING and any(known.type in HANDLING for known in call.current_operations)


def _added(call: CallObject, operation: CurrentOperation) -> CallObject:
    if find_operation(call, operation.id) is not None:
        return call
    return evolve(call, current_operations=(*call.current_operations, operation))


@calls.on(OperationMoved)
def _moved(state: Calls, action: OperationMoved) -> Calls:
    """An outgoing call of which the request goes out has no session yet."""
    after = changed(state, action.call_id, lambda call: moved(call, action.operation, action.status))
    if after is state or action.status is not OperationStatus.PENDING or not _is_made(after, action):
        return after
    return evolve(after, posting=after.posting.set(action.call_id, action.operation))


def _is_made(state: Calls, action: OperationMoved) -> bool:
    call = state.by_id[action.call_id]
    operation = find_operation(call, action.operation)
    made = operation is not None and operation.type is OperationType.MAKE and operation.is_local
    return made and call.state is CallState.INITIATING


@calls.on(OperationAbandoned, ResyncFinished, UpdateRefused)
def _done_with(state: Calls, action: CallFact) -> Calls:
    """One that leaves the call as it is. While the call is being ended, its end finishes all."""
    after = changed(state, action.call_id, lambda call: call if is_ending(call) else finished(call, action.operation))
    if after is not state and after.awaiting.get(action.call_id) == action.operation:
        return evolve(after, awaiting=after.awaiting.remove(action.call_id))
    return after

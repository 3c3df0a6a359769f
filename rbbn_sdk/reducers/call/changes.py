"""The slice `call`, and the steps that its reducers are made of."""

from collections.abc import Callable
from typing import Final

from msgspec import UnsetType

from rbbn_sdk.engine import Slice, evolve, item_of, with_item
from rbbn_sdk.reducers.call.records import CallObject, Calls, CurrentOperation
from rbbn_sdk.types import CallId, OperationId, SessionId
from rbbn_sdk.types.call import CallState, MediaConnectionState, OperationStatus, OperationType

calls = Slice("call", Calls())

FINAL: Final = frozenset({CallState.ENDED, CallState.CANCELLED})
UNANSWERED: Final = frozenset({CallState.INITIATED, CallState.RINGING, CallState.EARLY_MEDIA})
HANDLING: Final = frozenset({OperationType.ANSWER, OperationType.REJECT, OperationType.IGNORE})
"""What the application decides about an incoming call: one at a time."""


def changed(state: Calls, call_id: CallId, change: Callable[[CallObject], CallObject]) -> Calls:
    """With one call changed; the same object when there is no such call or `change` gives back the same one."""
    call = item_of(state.by_id, call_id)
    return state if call is None else with_call(state, call, change(call))


def with_call(state: Calls, before: CallObject, after: CallObject) -> Calls:
    """With a call in the place of what it was before; one that is over waits for nothing."""
    if after is before:
        return state
    by_id = with_item(state.by_id, after.id, after)
    if after.state not in FINAL or (after.id not in state.awaiting and after.id not in state.posting):
        return evolve(state, by_id=by_id)
    return evolve(
        state, by_id=by_id, awaiting=state.awaiting.discard(after.id), posting=state.posting.discard(after.id)
    )


def is_over(call: CallObject) -> bool:
    """Nothing can happen to it any more."""
    return call.state in FINAL


def is_ending(call: CallObject) -> bool:
    """It is being ended, by whichever side."""
    return any(operation.type is OperationType.END for operation in call.current_operations)


def is_settled(call: CallObject) -> bool:
    """What comes now comes too late: the call is over or is being ended."""
    return is_over(call) or is_ending(call)


def has_session(state: Calls, session_id: SessionId) -> bool:
    """Whether a session belongs to a call that goes on; a gateway may use that of one that is over again."""
    owner = item_of(state.by_session, session_id)
    call = None if owner is None else item_of(state.by_id, owner)
    return call is not None and not is_settled(call)


def find_operation(call: CallObject, operation_id: OperationId) -> CurrentOperation | None:
    """The operation, if it is under way."""
    return next((operation for operation in call.current_operations if operation.id == operation_id), None)


def has_operation(call: CallObject, operation_type: OperationType, *, is_local: bool) -> bool:
    """Whether an operation of a type is under way."""
    return any(
        operation.type is operation_type and operation.is_local is is_local for operation in call.current_operations
    )


def without_operation(call: CallObject, operation_id: OperationId) -> tuple[CurrentOperation, ...]:
    """The operations but one."""
    return tuple(operation for operation in call.current_operations if operation.id != operation_id)


def finished(call: CallObject, operation_id: OperationId) -> CallObject:
    """With an operation done; the same object if it is not under way."""
    if find_operation(call, operation_id) is None:
        return call
    return evolve(call, current_operations=without_operation(call, operation_id))


def moved(call: CallObject, operation_id: OperationId, status: OperationStatus) -> CallObject:
    """With an operation one step further; the same object if that is not its next step."""
    operation = find_operation(call, operation_id)
    if operation is None or _NEXT.get(operation.status) is not status:
        return call
    return _replaced(call, operation, evolve(operation, status=status))


def _replaced(call: CallObject, before: CurrentOperation, after: CurrentOperation) -> CallObject:
    operations = (after if operation is before else operation for operation in call.current_operations)
    return evolve(call, current_operations=tuple(operations))


_NEXT: Final = {
    OperationStatus.NOT_STARTED: OperationStatus.ONGOING,
    OperationStatus.ONGOING: OperationStatus.PENDING,
    OperationStatus.PENDING: OperationStatus.RESOLVING,
}


def ended(call: CallObject, time: int, *, operations: tuple[CurrentOperation, ...] = ()) -> CallObject:
    """Over: no tracks, no connection, both times."""
    return evolve(
        call,
        state=CallState.ENDED,
        local_tracks=(),
        remote_tracks=(),
        media_connection_state=MediaConnectionState.CLOSED,
        start_time=time if isinstance(call.start_time, UnsetType) else call.start_time,
        end_time=time,
        current_operations=operations,
    )

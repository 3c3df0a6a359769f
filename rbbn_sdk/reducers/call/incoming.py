"""Incoming calls until they ring (`call-signalling` 7.2)."""

from rbbn_sdk.actions.call.incoming import IncomingCallFailed, IncomingCallReady, IncomingCallReceived
from rbbn_sdk.engine import evolve
from rbbn_sdk.reducers.call.changes import calls, changed, ended, is_ending, without_operation
from rbbn_sdk.reducers.call.records import CallObject, Calls, CurrentOperation
from rbbn_sdk.types.call import CallDirection, CallState, OperationStatus, OperationType


@calls.on(IncomingCallReceived)
def _received(state: Calls, action: IncomingCallReceived) -> Calls:
    if action.call_id in state.by_id or action.session_id in state.by_session:
        return state
    call = CallObject(
        id=action.call_id,
        direction=CallDirection.INCOMING,
        state=CallState.INITIATING,
        from_=action.from_,
        to=action.to,
        remote_participant=action.remote_participant,
        media_offered=action.media_offered,
        is_slow_start=action.media_offered is None,
        wrtcs_session_id=action.session_id,
        current_operations=(_make_operation(action),),
    )
    return evolve(
        state,
        by_id=state.by_id.set(call.id, call),
        order=state.order.append(call.id),
        by_session=state.by_session.set(action.session_id, call.id),
    )


def _make_operation(action: IncomingCallReceived) -> CurrentOperation:
    """What is a make to the caller is a remote one here, and blocks nothing."""
    return CurrentOperation(
        id=action.operation_id,
        type=OperationType.MAKE,
        status=OperationStatus.ONGOING,
        is_local=False,
        is_blocking=False,
    )


def _is_arriving(call: CallObject) -> bool:
    incoming = call.direction is CallDirection.INCOMING
    return incoming and call.state is CallState.INITIATING and not is_ending(call)


@calls.on(IncomingCallReady)
def _ready(state: Calls, action: IncomingCallReady) -> Calls:
    def change(call: CallObject) -> CallObject:
        if not _is_arriving(call):
            return call
        return evolve(
            call,
            state=CallState.RINGING if action.is_ringing else CallState.INITIATED,
            current_operations=without_operation(call, action.operation_id),
        )

    return changed(state, action.call_id, change)


@calls.on(IncomingCallFailed)
def _failed(state: Calls, action: IncomingCallFailed) -> Calls:
    def change(call: CallObject) -> CallObject:
        if not _is_arriving(call):
            return call
        over = ended(call, action.time)
        return over if action.error is None else evolve(over, error=action.error)

    return changed(state, action.call_id, change)

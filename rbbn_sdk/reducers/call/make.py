"""Outgoing calls (`call-signalling` 7.1)."""

from rbbn_sdk.actions.call.base import operation_of
from rbbn_sdk.actions.call.make import (
    CallAnswered,
    CallInitiated,
    CallStarted,
    EarlyMediaBegan,
    MakeAborted,
    MakeCall,
    MakeFailed,
    RemoteRang,
)
from rbbn_sdk.actions.call.values import RemoteParticipant
from rbbn_sdk.engine import evolve, item_of
from rbbn_sdk.reducers.call.changes import (
    UNANSWERED,
    calls,
    changed,
    ended,
    find_operation,
    has_operation,
    has_session,
    is_ending,
    is_settled,
    moved,
    with_call,
    without_operation,
)
from rbbn_sdk.reducers.call.records import CallObject, Calls, CurrentOperation
from rbbn_sdk.types.call import CallDirection, CallState, OperationStatus, OperationType


@calls.on(MakeCall)
def _made(state: Calls, action: MakeCall) -> Calls:
    if action.call_id in state.by_id:
        return state
    call = CallObject(
        id=action.call_id,
        direction=CallDirection.OUTGOING,
        state=CallState.INITIATING,
        from_=action.from_,
        to=action.to,
        remote_participant=RemoteParticipant(display_number=action.to),
        display_name=action.display_name,
        custom_parameters=action.custom_parameters,
        custom_bodies=action.custom_bodies,
        current_operations=(_make_operation(action),),
    )
    return evolve(state, by_id=state.by_id.set(call.id, call), order=state.order.append(call.id))


def _make_operation(action: MakeCall) -> CurrentOperation:
    return CurrentOperation(
        id=operation_of(action.request_id),
        type=action.OPERATION,
        status=OperationStatus.NOT_STARTED,
        is_local=True,
        is_blocking=action.IS_BLOCKING,
    )


@calls.on(CallStarted)
def _started(state: Calls, action: CallStarted) -> Calls:
    return changed(state, action.call_id, lambda call: moved(call, action.operation, OperationStatus.ONGOING))


@calls.on(CallInitiated)
def _initiated(state: Calls, action: CallInitiated) -> Calls:
    """A call that is being ended only gets to know its session, so that the end can reach the gateway."""
    call = item_of(state.by_id, action.call_id)
    if call is None or call.state is not CallState.INITIATING or call.direction is not CallDirection.OUTGOING:
        return state
    if has_session(state, action.session_id):
        return state
    known = evolve(
        with_call(state, call, evolve(call, wrtcs_session_id=action.session_id)),
        by_session=state.by_session.set(action.session_id, call.id),
        posting=state.posting.discard(call.id),
    )
    if is_ending(call):
        return known
    waiting = evolve(known, awaiting=known.awaiting.set(call.id, action.operation))
    return changed(waiting, call.id, lambda now: _with_initiated(now, action))


def _with_initiated(call: CallObject, action: CallInitiated) -> CallObject:
    return evolve(call, state=CallState.INITIATED, local_tracks=action.local_tracks, bandwidth=action.bandwidth)


def _is_being_made(call: CallObject) -> bool:
    return has_operation(call, OperationType.MAKE, is_local=True) and not is_settled(call)


@calls.on(RemoteRang)
def _rang(state: Calls, action: RemoteRang) -> Calls:
    def change(call: CallObject) -> CallObject:
        if call.state is not CallState.INITIATED or not _is_being_made(call):
            return call
        return evolve(call, state=CallState.RINGING, remote_participant=action.remote_participant)

    return changed(state, action.call_id, change)


@calls.on(EarlyMediaBegan)
def _early(state: Calls, action: EarlyMediaBegan) -> Calls:
    def change(call: CallObject) -> CallObject:
        if call.state not in UNANSWERED or not _is_being_made(call):
            return call
        return evolve(
            call,
            state=CallState.EARLY_MEDIA,
            remote_participant=action.remote_participant,
            remote_tracks=tuple(track.id for track in action.remote_tracks),
        )

    return changed(state, action.call_id, change)


@calls.on(CallAnswered)
def _answered(state: Calls, action: CallAnswered) -> Calls:
    def change(call: CallObject) -> CallObject:
        if call.state not in UNANSWERED or is_ending(call) or find_operation(call, action.operation) is None:
            return call
        return evolve(
            call,
            state=CallState.CONNECTED,
            remote_participant=action.remote_participant,
            local_tracks=action.local_tracks or call.local_tracks,
            remote_tracks=tuple(track.id for track in action.remote_tracks),
            local_hold=False,
            remote_hold=False,
            start_time=action.time,
            current_operations=without_operation(call, action.operation),
        )

    after = changed(state, action.call_id, change)
    return after if after is state else evolve(after, awaiting=after.awaiting.discard(action.call_id))


@calls.on(MakeAborted)
def _aborted(state: Calls, action: MakeAborted) -> Calls:
    """The end of the call does the rest."""
    if action.call_id not in state.posting:
        return state
    return evolve(state, posting=state.posting.remove(action.call_id))


@calls.on(MakeFailed)
def _failed(state: Calls, action: MakeFailed) -> Calls:
    def change(call: CallObject) -> CallObject:
        if is_settled(call) or find_operation(call, action.operation) is None:
            return call
        over = ended(call, action.time)
        return over if action.error is None else evolve(over, error=action.error)

    return changed(state, action.call_id, change)

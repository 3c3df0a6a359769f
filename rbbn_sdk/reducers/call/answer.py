"""Answers to incoming calls (`call-signalling` 7.2)."""

from rbbn_sdk.actions.call.answer import AnswerBroken, AnswerFailed, CallAccepted, SlowAnswerSent
from rbbn_sdk.engine import evolve
from rbbn_sdk.reducers.call.changes import (
    calls,
    changed,
    ended,
    find_operation,
    finished,
    is_ending,
    is_over,
    without_operation,
)
from rbbn_sdk.reducers.call.records import CallObject, Calls
from rbbn_sdk.types import OperationId
from rbbn_sdk.types.call import CallDirection, CallState

ANSWERABLE = frozenset({CallState.INITIATED, CallState.RINGING})


def _is_being_answered(call: CallObject, operation_id: OperationId) -> bool:
    answerable = call.direction is CallDirection.INCOMING and call.state in ANSWERABLE
    return answerable and not is_ending(call) and find_operation(call, operation_id) is not None


@calls.on(CallAccepted)
def _accepted(state: Calls, action: CallAccepted) -> Calls:
    def change(call: CallObject) -> CallObject:
        if not _is_being_answered(call, action.operation):
            return call
        return evolve(
            call,
            state=CallState.CONNECTED,
            local_hold=False,
            remote_hold=False,
            local_tracks=action.local_tracks,
            remote_tracks=action.remote_tracks,
            bandwidth=action.bandwidth,
            custom_parameters=action.custom_parameters,
            custom_bodies=action.custom_bodies,
            start_time=action.time,
            current_operations=without_operation(call, action.operation),
        )

    return changed(state, action.call_id, change)


@calls.on(SlowAnswerSent)
def _sent(state: Calls, action: SlowAnswerSent) -> Calls:
    """The state is Ringing until the other side has answered our offer."""

    def change(call: CallObject) -> CallObject:
        if not _is_being_answered(call, action.operation):
            return call
        return evolve(
            call,
            state=CallState.RINGING,
            bandwidth=action.bandwidth,
            custom_parameters=action.custom_parameters,
            custom_bodies=action.custom_bodies,
        )

    after = changed(state, action.call_id, change)
    return after if after is state else evolve(after, awaiting=after.awaiting.set(action.call_id, action.operation))


@calls.on(AnswerFailed)
def _failed(state: Calls, action: AnswerFailed) -> Calls:
    def change(call: CallObject) -> CallObject:
        if is_ending(call) or find_operation(call, action.operation) is None:
            return call
        done = finished(call, action.operation)
        return done if action.error is None else evolve(done, error=action.error)

    return changed(state, action.call_id, change)


@calls.on(AnswerBroken)
def _broken(state: Calls, action: AnswerBroken) -> Calls:
    def change(call: CallObject) -> CallObject:
        if is_over(call) or is_ending(call) or find_operation(call, action.operation) is None:
            return call
        over = ended(call, action.time)
        return over if action.error is None else evolve(over, error=action.error)

    return changed(state, action.call_id, change)

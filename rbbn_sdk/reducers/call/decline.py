"""Incoming calls that are rejected or ignored (`call-signalling` 7.2)."""

from rbbn_sdk.actions.call.base import CallFact
from rbbn_sdk.actions.call.decline import CallIgnored, CallRejected, DeclineFailed
from rbbn_sdk.reducers.call.changes import calls, changed, ended, find_operation, finished, is_ending
from rbbn_sdk.reducers.call.records import CallObject, Calls
from rbbn_sdk.types.call import CallDirection, CallState

DECLINABLE = frozenset({CallState.INITIATED, CallState.RINGING})


@calls.on(CallRejected)
def _rejected(state: Calls, action: CallRejected) -> Calls:
    return _declined(state, action, action.time)


@calls.on(CallIgnored)
def _ignored(state: Calls, action: CallIgnored) -> Calls:
    return _declined(state, action, action.time)


def _declined(state: Calls, action: CallFact, time: int) -> Calls:
    def change(call: CallObject) -> CallObject:
        incoming = call.direction is CallDirection.INCOMING
        if not incoming or call.state not in DECLINABLE or is_ending(call):
            return call
        return call if find_operation(call, action.operation) is None else ended(call, time)

    return changed(state, action.call_id, change)


@calls.on(DeclineFailed)
def _failed(state: Calls, action: DeclineFailed) -> Calls:
    def change(call: CallObject) -> CallObject:
        return call if is_ending(call) else finished(call, action.operation)

    return changed(state, action.call_id, change)

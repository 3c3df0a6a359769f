"""Finding calls and what belongs to them; the cost does not grow with the number of calls."""

from pyrsistent import PMap, PVector

from rbbn_sdk.engine import State, create_selector, item_of
from rbbn_sdk.reducers.call import (
    CallObject,
    CurrentOperation,
    calls,
    find_operation,
    has_session,
    is_ending,
    is_over,
)
from rbbn_sdk.types import CallId, OperationId, SessionId
from rbbn_sdk.types.call import CallState


def call_by_id(state: State, call_id: CallId) -> CallObject | None:
    """The call; the identical object until something about it changes."""
    return item_of(calls(state).by_id, call_id)


def _by_id(state: State) -> PMap[CallId, CallObject]:
    return calls(state).by_id


def _order(state: State) -> PVector[CallId]:
    return calls(state).order


def _in_order(by_id: PMap[CallId, CallObject], order: PVector[CallId]) -> tuple[CallObject, ...]:
    return tuple(by_id[call_id] for call_id in order)


all_calls = create_selector(_by_id, _order, _in_order)
"""All calls, ended ones included, oldest first."""


def _live(known: tuple[CallObject, ...]) -> tuple[CallId, ...]:
    return tuple(call.id for call in known if not is_over(call))


live_calls = create_selector(all_calls, _live)
"""The ids of the calls that are not over, oldest first."""


def call_of_session(state: State, session_id: SessionId) -> CallId | None:
    """The call that a session of the gateway belongs to."""
    return item_of(calls(state).by_session, session_id)


def is_session_taken(state: State, session_id: SessionId) -> bool:
    """Whether a call that goes on has it."""
    return has_session(calls(state), session_id)


def may_become_known(state: State, session_id: SessionId) -> bool:
    """Whether a call that the gateway has just been asked to make may turn out to have this session."""
    known = calls(state)
    return bool(known.posting) and not has_session(known, session_id)


def operation(state: State, call_id: CallId, operation_id: OperationId) -> CurrentOperation | None:
    """An operation that is under way."""
    call = call_by_id(state, call_id)
    return None if call is None else find_operation(call, operation_id)


def awaiting(state: State, call_id: CallId) -> CurrentOperation | None:
    """The operation whose request the gateway took, and that waits for the other side's reply."""
    operation_id = item_of(calls(state).awaiting, call_id)
    return None if operation_id is None else operation(state, call_id, operation_id)


def is_done(state: State, call_id: CallId) -> bool:
    """Whether the call is over; one that is unknown is."""
    call = call_by_id(state, call_id)
    return call is None or is_over(call)


def is_ending_or_done(state: State, call_id: CallId) -> bool:
    """Whether whatever comes now comes too late."""
    call = call_by_id(state, call_id)
    return call is None or is_over(call) or is_ending(call)


def is_arriving(state: State, call_id: CallId) -> bool:
    """Whether the call is still being set up."""
    call = call_by_id(state, call_id)
    return call is not None and call.state is CallState.INITIATING

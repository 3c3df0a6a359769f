"""The state machine of calls: every state by every action, in both directions (`call-signalling` 7)."""

import attrs
import pytest
from pyrsistent import pmap, pvector

from rbbn_sdk.actions import call as actions
from rbbn_sdk.actions.call import CallFact, CallRequest, EndCause, operation_of
from rbbn_sdk.engine import Action
from rbbn_sdk.reducers.call import CallObject, Calls, CurrentOperation, calls
from rbbn_sdk.types import CallId, ErrorInfo, OperationId, PeerId, RequestId, SessionId
from rbbn_sdk.types.call import (
    CallDirection,
    CallState,
    MediaConnectionState,
    OperationStatus,
    OperationType,
)

CALL, SESSION, OP = CallId("c-1"), SessionId("s-1"), RequestId("op-1")
OUT, IN = CallDirection.OUTGOING, CallDirection.INCOMING
S = CallState
ERROR = ErrorInfo(code="call:2", message="broken")

FIELDS = {
    "call_id": CALL,
    "time": 7,
    "session_id": SessionId("s-2"),
    "remote_tracks": (),
    "local_tracks": (),
    "remote_participant": actions.NOBODY,
    "cause": EndCause.REMOTE,
    "is_ringing": True,
    "bandwidth": actions.UNLIMITED,
    "tracks": (),
    "peer_id": PeerId("p-1"),
    "sdp": "",
    "state": MediaConnectionState.CONNECTED,
    "status": OperationStatus.RESOLVING,
    "type": OperationType.GENERIC_REMOTE,
    "custom_parameters": (),
    "event_type": "ringing",
    "payload": "{}",
    "to": "sip:bob@example.com",
    "from_": "alice@example.com",
    "originator": "sip:alice@example.com",
    "media_offered": None,
}

OWN_OPERATION = {
    "CallStarted": OperationType.MAKE,
    "CallInitiated": OperationType.MAKE,
    "RemoteRang": OperationType.MAKE,
    "EarlyMediaBegan": OperationType.MAKE,
    "CallAnswered": OperationType.MAKE,
    "MakeFailed": OperationType.MAKE,
    "CallAccepted": OperationType.ANSWER,
    "SlowAnswerSent": OperationType.ANSWER,
    "AnswerFailed": OperationType.ANSWER,
    "AnswerBroken": OperationType.ANSWER,
    "CallRejected": OperationType.REJECT,
    "CallIgnored": OperationType.IGNORE,
    "RingingFeedbackSent": OperationType.SEND_RINGING_FEEDBACK,
}

LIVE = frozenset(S) - {S.ENDED, S.CANCELLED}
TALKING = frozenset({S.INITIATED, S.RINGING, S.EARLY_MEDIA})
ARRIVED = frozenset({S.INITIATED, S.RINGING})


def to(state: CallState, states, *directions: CallDirection) -> dict[tuple[CallState, CallDirection], CallState]:
    return {(was, direction): state for was in states for direction in (directions or (OUT, IN))}


CHANGES = {
    "CallInitiated": to(S.INITIATED, {S.INITIATING}, OUT),
    "RemoteRang": to(S.RINGING, {S.INITIATED}),
    "EarlyMediaBegan": to(S.EARLY_MEDIA, TALKING),
    "CallAnswered": to(S.CONNECTED, TALKING),
    "MakeFailed": to(S.ENDED, LIVE),
    "IncomingCallReady": to(S.RINGING, {S.INITIATING}, IN),
    "IncomingCallFailed": to(S.ENDED, {S.INITIATING}, IN),
    "CallAccepted": to(S.CONNECTED, ARRIVED, IN),
    "SlowAnswerSent": to(S.RINGING, ARRIVED, IN),
    "AnswerBroken": to(S.ENDED, LIVE),
    "CallRejected": to(S.ENDED, ARRIVED, IN),
    "CallIgnored": to(S.ENDED, ARRIVED, IN),
    "RingingFeedbackSent": to(S.RINGING, {S.INITIATED}, IN),
    "CallEnded": to(S.ENDED, LIVE),
    "CallCancelled": to(S.CANCELLED, TALKING),
}
"""What each fact makes of a state, by direction; all else leaves the state as it is."""

ACTIONS = sorted(
    name
    for name in actions.__all__
    if isinstance(kind := getattr(actions, name), type)
    and issubclass(kind, (CallFact, CallRequest))
    and kind not in (CallFact, CallRequest)
)


def an_action(name: str) -> Action:
    kind = getattr(actions, name)
    given = {field.name: FIELDS[field.name] for field in attrs.fields(kind) if field.name in FIELDS}
    return kind(request_id=OP, **given)


def a_state(state: CallState, direction: CallDirection, *operations: CurrentOperation) -> Calls:
    call = CallObject(
        id=CALL,
        direction=direction,
        state=state,
        from_="alice@example.com",
        to="sip:bob@example.com",
        wrtcs_session_id=SESSION,
        current_operations=operations,
    )
    return Calls(by_id=pmap({CALL: call}), order=pvector([CALL]), by_session=pmap({SESSION: CALL}))


def an_operation(kind: OperationType, operation_id: str = OP, *, is_local: bool = True) -> CurrentOperation:
    return CurrentOperation(
        id=OperationId(operation_id),
        type=kind,
        status=OperationStatus.PENDING,
        is_local=is_local,
        is_blocking=False,
    )


@pytest.mark.parametrize("direction", list(CallDirection))
@pytest.mark.parametrize("state", list(CallState))
@pytest.mark.parametrize("name", ACTIONS)
def test_every_action_in_every_state(name, state, direction):
    """What a fact may do depends on the state; what comes out of turn changes nothing of it."""
    own = OWN_OPERATION.get(name)
    before = a_state(state, direction, *(() if own is None else (an_operation(own),)))
    after = calls.reduce(before, an_action(name))
    assert after.by_id[CALL].state is CHANGES.get(name, {}).get((state, direction), state)


@pytest.mark.parametrize("state", sorted(LIVE))
@pytest.mark.parametrize("name", sorted(set(CHANGES) - {"CallEnded"}))
def test_a_call_that_is_being_ended_takes_no_other_turn(name, state):
    """The application has hung up: neither an answer nor a failure may tell another story meanwhile."""
    own = OWN_OPERATION.get(name, OperationType.MAKE)
    before = a_state(state, OUT, an_operation(own), an_operation(OperationType.END, "end"))
    after = calls.reduce(before, an_action(name))
    assert after.by_id[CALL].state is state
    assert an_operation(OperationType.END, "end") in after.by_id[CALL].current_operations


@pytest.mark.parametrize("name", sorted(set(OWN_OPERATION) - {"CallStarted", "CallInitiated", "RemoteRang"}))
def test_a_fact_whose_operation_is_gone_changes_nothing(name):
    """It comes too late: the operation has ended in another way."""
    for direction in CallDirection:
        before = a_state(CallState.RINGING, direction)
        assert calls.reduce(before, an_action(name)) is before


@pytest.mark.parametrize("name", [name for name in ACTIONS if name not in ("MakeCall", "IncomingCallReceived")])
def test_nothing_happens_to_a_call_that_is_unknown(name):
    """Late facts about calls of a former life must not bring them back."""
    assert calls.reduce(Calls(), an_action(name)) == Calls()


def test_an_ended_call_is_closed_and_has_both_times():
    """Whoever reads an ended call sees when it was, also if it never was connected."""
    ended = calls.reduce(a_state(CallState.RINGING, IN), an_action("CallEnded")).by_id[CALL]
    assert (ended.start_time, ended.end_time) == (7, 7)
    assert ended.media_connection_state is MediaConnectionState.CLOSED


@pytest.mark.parametrize("second", [OperationType.ANSWER, OperationType.REJECT, OperationType.IGNORE])
def test_an_incoming_call_is_handled_by_one_operation_at_a_time(second):
    """A second answer or a rejection meanwhile would make two stories of one call."""
    name = {OperationType.ANSWER: "AnswerCall", OperationType.REJECT: "RejectCall"}.get(second, "IgnoreCall")
    before = a_state(CallState.RINGING, IN, an_operation(OperationType.ANSWER, "first"))
    assert calls.reduce(before, an_action(name)) is before


def test_an_operation_has_the_id_of_its_request():
    """So that the fact that ends the request finishes the operation."""
    after = calls.reduce(a_state(CallState.RINGING, IN), an_action("AnswerCall"))
    assert after.by_id[CALL].current_operations[0].id == operation_of(OP)

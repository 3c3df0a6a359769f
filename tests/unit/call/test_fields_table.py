"""What each fact makes of each field of a call and of the slice: exactly this, and nothing else changes."""

from typing import Any

import pytest
from msgspec import UNSET
from pyrsistent import pmap, pvector

from rbbn_sdk.actions import call as acts
from rbbn_sdk.actions.call import Bandwidth, EndCause, MediaOffered, RemoteParticipant
from rbbn_sdk.engine import Action, evolve
from rbbn_sdk.ports import CustomParameter
from rbbn_sdk.ports.peers import RemoteTrack
from rbbn_sdk.reducers.call import FINAL, CallObject, Calls, CurrentOperation, calls
from rbbn_sdk.types import (
    CallId,
    ErrorInfo,
    JsonText,
    MediaId,
    OperationId,
    PeerId,
    RequestId,
    SessionId,
    TrackId,
)
from rbbn_sdk.types.call import (
    CallDirection,
    CallState,
    MediaConnectionState,
    MediaKind,
    OperationStatus,
    OperationType,
)

CALL, OTHER, NEW = CallId("c-1"), CallId("c-2"), CallId("c-3")
OWN, NEXT = OperationId("own"), OperationId("next")
S, T, M = CallState, OperationType, MediaConnectionState
OUT, IN = CallDirection.OUTGOING, CallDirection.INCOMING
ERROR = ErrorInfo(code="call:2", message="broken")
BOB, EVE = RemoteParticipant(display_name="Bob"), RemoteParticipant(display_name="Eve")
ROOM = (CustomParameter(name="X-Room", value="12"),)


def op(kind: OperationType, name: OperationId = OWN, status: OperationStatus = OperationStatus.PENDING, **fields: Any):
    return CurrentOperation(
        **{"id": name, "type": kind, "status": status, "is_local": True, "is_blocking": False} | fields
    )


BESIDE = op(T.RESYNC, OperationId("beside"))
"""An operation that has nothing to do with the fact."""
ENDING = op(T.END, OperationId("ending"))

FULL = CallObject(
    id=CALL,
    direction=OUT,
    state=S.CONNECTED,
    from_="alice@example.com",
    to="sip:bob@example.com",
    remote_participant=BOB,
    media_offered=MediaOffered(audio=True, video=False),
    local_hold=True,
    remote_hold=True,
    local_tracks=(TrackId("l-1"),),
    remote_tracks=(TrackId("r-1"),),
    media_connection_state=M.DISCONNECTED,
    bandwidth=Bandwidth(call=1),
    display_name="Alice",
    custom_parameters=(CustomParameter(name="X-Old", value="1"),),
    custom_bodies=JsonText('["old"]'),
    start_time=1,
    end_time=2,
    error=ErrorInfo(code="call:1", message="old"),
    is_slow_start=False,
    wrtcs_session_id=SessionId("s-1"),
    webrtc_session_id=PeerId("p-1"),
)
"""No field has a value that a fact could leave behind by chance."""

ELSEWHERE = evolve(FULL, id=OTHER, wrtcs_session_id=SessionId("s-2"))


def known(call: CallObject, **fields: Any) -> Calls:
    """The call among others, of which each map has something too."""
    state = Calls(
        by_id=pmap({CALL: call, OTHER: ELSEWHERE}),
        order=pvector([CALL, OTHER]),
        by_session=pmap({SessionId("s-1"): CALL, SessionId("s-2"): OTHER}),
        posting=pmap({OTHER: OperationId("posted")}),
        awaiting=pmap({OTHER: OperationId("awaited")}),
    )
    return evolve(state, **{name: getattr(state, name).update(more) for name, more in fields.items()})


def fact(kind: type[Action], **fields: Any) -> Action:
    return kind(**{"call_id": CALL, "request_id": RequestId(OWN)} | fields)


def over(**fields: Any) -> dict[str, Any]:
    """What the end makes of a call at 9."""
    gone: dict[str, Any] = {"local_tracks": (), "remote_tracks": (), "current_operations": ()}
    return {"state": S.ENDED, "media_connection_state": M.CLOSED, "end_time": 9} | gone | fields


def sent(track: str) -> RemoteTrack:
    return RemoteTrack(id=TrackId(track), media_id=MediaId("m"), kind=MediaKind.AUDIO, mid="0")


ANSWERED = {
    "bandwidth": Bandwidth(audio=64),
    "custom_parameters": ROOM,
    "custom_bodies": JsonText('["new"]'),
}
TRACKS = {"local_tracks": (TrackId("l-9"),), "remote_tracks": (TrackId("r-9"),)}
CONNECTED = {"state": S.CONNECTED, "local_hold": False, "remote_hold": False, "start_time": 9}
REPLY = {"remote_tracks": (sent("r-9"),), "remote_participant": EVE}

Row = tuple[dict[str, Any], Action, dict[str, Any]]

CHANGES: dict[str, Row] = {
    # name: fields of the call before, the fact, the fields that it changes
    "accepted": (
        {"direction": IN, "state": S.RINGING, "current_operations": (op(T.ANSWER), BESIDE)},
        fact(acts.CallAccepted, time=9, **ANSWERED, **TRACKS),
        CONNECTED | ANSWERED | TRACKS | {"current_operations": (BESIDE,)},
    ),
    "answer failed": (
        {"direction": IN, "state": S.RINGING, "current_operations": (op(T.ANSWER), BESIDE)},
        fact(acts.AnswerFailed, error=ERROR),
        {"error": ERROR, "current_operations": (BESIDE,)},
    ),
    "answer failed without a reason": (
        {"direction": IN, "state": S.RINGING, "current_operations": (op(T.ANSWER), BESIDE)},
        fact(acts.AnswerFailed),
        {"current_operations": (BESIDE,)},
    ),
    "answer broken": (
        {"direction": IN, "state": S.RINGING, "current_operations": (op(T.ANSWER), BESIDE)},
        fact(acts.AnswerBroken, time=9, error=ERROR),
        over(error=ERROR),
    ),
    "answer broken without a reason": (
        {"direction": IN, "state": S.RINGING, "current_operations": (op(T.ANSWER),)},
        fact(acts.AnswerBroken, time=9),
        over(),
    ),
    "never connected": (
        {"direction": IN, "state": S.RINGING, "start_time": UNSET, "current_operations": (op(T.ANSWER),)},
        fact(acts.AnswerBroken, time=9),
        over(start_time=9),
    ),
    "rejected": (
        {"direction": IN, "state": S.RINGING, "current_operations": (op(T.REJECT), BESIDE)},
        fact(acts.CallRejected, time=9),
        over(),
    ),
    "ignored": (
        {"direction": IN, "state": S.INITIATED, "current_operations": (op(T.IGNORE), BESIDE)},
        fact(acts.CallIgnored, time=9),
        over(),
    ),
    "not declined": (
        {"direction": IN, "state": S.RINGING, "current_operations": (op(T.REJECT), BESIDE)},
        fact(acts.DeclineFailed, error=ERROR),
        {"current_operations": (BESIDE,)},
    ),
    "ended here": (
        {"current_operations": (op(T.END), BESIDE)},
        fact(acts.CallEnded, time=9, cause=EndCause.LOCAL, error=ERROR),
        over(),
    ),
    "ended there": (
        {"current_operations": (op(T.END), BESIDE)},
        fact(acts.CallEnded, time=9, cause=EndCause.REMOTE, remote_participant=EVE, error=ERROR),
        over(remote_participant=EVE),
    ),
    "ended by a resync": ({}, fact(acts.CallEnded, time=9, cause=EndCause.RECONNECT, error=ERROR), over()),
    "unusable answer": (
        {"state": S.RINGING, "current_operations": (op(T.MAKE),)},
        fact(acts.CallEnded, time=9, cause=EndCause.ANSWER_UNUSABLE, error=ERROR),
        over(error=ERROR),
    ),
    "unusable answer without a reason": (
        {"state": S.RINGING, "current_operations": (op(T.MAKE),)},
        fact(acts.CallEnded, time=9, cause=EndCause.ANSWER_UNUSABLE),
        over(),
    ),
    "ended once more": (
        {"state": S.ENDED, "current_operations": (op(T.END), BESIDE)},
        fact(acts.CallEnded, time=9, cause=EndCause.ANSWER_UNUSABLE, error=ERROR, remote_participant=EVE),
        {"current_operations": (BESIDE,)},
    ),
    "cancelled": (
        {
            "direction": IN,
            "state": S.RINGING,
            "current_operations": (
                op(T.CALL_CANCEL),
                op(T.ANSWER, NEXT),
                op(T.REJECT, NEXT),
                op(T.IGNORE, NEXT),
                BESIDE,
            ),
        },
        fact(acts.CallCancelled),
        {
            "state": S.CANCELLED,
            "current_operations": (op(T.ANSWER, NEXT), op(T.REJECT, NEXT), op(T.IGNORE, NEXT)),
        },
    ),
    "cancelled too late": (
        {"current_operations": (op(T.CALL_CANCEL), BESIDE)},
        fact(acts.CallCancelled),
        {"current_operations": (BESIDE,)},
    ),
    "cancelled while being ended": (
        {"state": S.RINGING, "current_operations": (op(T.CALL_CANCEL), ENDING)},
        fact(acts.CallCancelled),
        {"current_operations": (ENDING,)},
    ),
    "not ended": (
        {"current_operations": (op(T.END), BESIDE)},
        fact(acts.EndFailed, error=ERROR),
        {"current_operations": (BESIDE,)},
    ),
    "rings here": (
        {"direction": IN, "state": S.INITIATING, "current_operations": (op(T.MAKE), BESIDE)},
        fact(acts.IncomingCallReady, operation_id=OWN, is_ringing=True),
        {"state": S.RINGING, "current_operations": (BESIDE,)},
    ),
    "has arrived": (
        {"direction": IN, "state": S.INITIATING, "current_operations": (op(T.MAKE), BESIDE)},
        fact(acts.IncomingCallReady, operation_id=OWN, is_ringing=False),
        {"state": S.INITIATED, "current_operations": (BESIDE,)},
    ),
    "bad offer": (
        {"direction": IN, "state": S.INITIATING, "current_operations": (op(T.MAKE), BESIDE)},
        fact(acts.IncomingCallFailed, time=9, error=ERROR),
        over(error=ERROR),
    ),
    "bad offer without a reason": (
        {"direction": IN, "state": S.INITIATING, "current_operations": (op(T.MAKE), BESIDE)},
        fact(acts.IncomingCallFailed, time=9),
        over(),
    ),
    "started": (
        {"state": S.INITIATING, "current_operations": (BESIDE, op(T.MAKE, status=OperationStatus.NOT_STARTED))},
        fact(acts.CallStarted),
        {"current_operations": (BESIDE, op(T.MAKE, status=OperationStatus.ONGOING))},
    ),
    "rings there": (
        {"state": S.INITIATED, "current_operations": (op(T.MAKE), BESIDE)},
        fact(acts.RemoteRang, remote_participant=EVE),
        {"state": S.RINGING, "remote_participant": EVE},
    ),
    "early media": (
        {"state": S.RINGING, "current_operations": (op(T.MAKE), BESIDE)},
        fact(acts.EarlyMediaBegan, **REPLY),
        {"state": S.EARLY_MEDIA, "remote_participant": EVE, "remote_tracks": (TrackId("r-9"),)},
    ),
    "answered": (
        {"state": S.RINGING, "current_operations": (op(T.MAKE), BESIDE)},
        fact(acts.CallAnswered, time=9, **REPLY),
        CONNECTED | {"remote_participant": EVE, "remote_tracks": (TrackId("r-9"),), "current_operations": (BESIDE,)},
    ),
    "answered with tracks that were waiting": (
        {"state": S.RINGING, "current_operations": (op(T.MAKE),)},
        fact(acts.CallAnswered, time=9, local_tracks=(TrackId("l-9"),), **REPLY),
        CONNECTED | TRACKS | {"remote_participant": EVE, "current_operations": ()},
    ),
    "not made": (
        {"state": S.INITIATING, "current_operations": (op(T.MAKE), BESIDE)},
        fact(acts.MakeFailed, time=9, error=ERROR),
        over(error=ERROR),
    ),
    "not made without a reason": (
        {"state": S.INITIATING, "current_operations": (op(T.MAKE),)},
        fact(acts.MakeFailed, time=9),
        over(),
    ),
    "another peer": ({}, fact(acts.PeerOpened, peer_id=PeerId("p-9")), {"webrtc_session_id": PeerId("p-9")}),
    "media moved": (
        {},
        fact(acts.MediaConnectionChanged, state=M.CONNECTED),
        {"media_connection_state": M.CONNECTED},
    ),
    "the caller knows": (
        {"direction": IN, "state": S.INITIATED, "current_operations": (op(T.SEND_RINGING_FEEDBACK), BESIDE)},
        fact(acts.RingingFeedbackSent),
        {"state": S.RINGING, "current_operations": (BESIDE,)},
    ),
    "the caller knows too late": (
        {"direction": IN, "current_operations": (op(T.SEND_RINGING_FEEDBACK), BESIDE)},
        fact(acts.RingingFeedbackSent),
        {"current_operations": (BESIDE,)},
    ),
    "the caller does not know": (
        {"direction": IN, "state": S.INITIATED, "current_operations": (op(T.SEND_RINGING_FEEDBACK), BESIDE)},
        fact(acts.RingingFeedbackFailed, error=ERROR),
        {"current_operations": (BESIDE,)},
    ),
    "abandoned": (
        {"current_operations": (BESIDE, op(T.MAKE))},
        fact(acts.OperationAbandoned),
        {"current_operations": (BESIDE,)},
    ),
    "resynced": (
        {"current_operations": (BESIDE, op(T.RESYNC))},
        fact(acts.ResyncFinished),
        {"current_operations": (BESIDE,)},
    ),
    "update refused": (
        {"current_operations": (op(T.GENERIC_REMOTE), BESIDE)},
        fact(acts.UpdateRefused, operation_id=OWN),
        {"current_operations": (BESIDE,)},
    ),
    "goes on": (
        {"current_operations": (op(T.MAKE), op(T.END, NEXT))},
        fact(acts.OperationMoved, status=OperationStatus.RESOLVING),
        {"current_operations": (op(T.MAKE, status=OperationStatus.RESOLVING), op(T.END, NEXT))},
    ),
}


def of_row(name: str) -> tuple[CallObject, Action, CallObject]:
    fields, action, changes = CHANGES[name]
    call = evolve(FULL, **fields)
    return call, action, evolve(call, **changes)


@pytest.mark.parametrize("name", CHANGES)
def test_a_fact_changes_these_fields_and_no_other(name):
    """Nor another call, nor what is known of it."""
    call, action, expected = of_row(name)
    assert calls.reduce(known(call), action) == known(expected)


REPLIES = (acts.CallAnswered, acts.OperationAbandoned, acts.ResyncFinished, acts.UpdateRefused)
"""After these facts nobody waits for a reply to the operation."""


@pytest.mark.parametrize("waits", [("posting",), ("awaiting",), ("posting", "awaiting")], ids="-".join)
@pytest.mark.parametrize("name", CHANGES)
def test_a_call_waits_until_it_is_over_or_has_its_reply(name, waits):
    """Whatever else happens to it; another call waits on in any case."""
    call, action, expected = of_row(name)
    before = known(call, **{which: {CALL: OWN} for which in waits})
    done = expected.state in FINAL
    gone = {"posting", "awaiting"} if done else {"awaiting"} if isinstance(action, REPLIES) else set()
    assert calls.reduce(before, action) == known(expected, **{which: {CALL: OWN} for which in set(waits) - gone})


@pytest.mark.parametrize("kind", REPLIES[1:])
def test_the_end_of_one_operation_leaves_what_waits_for_another(kind):
    """A resync during a make must not make the answer homeless."""
    call = evolve(FULL, current_operations=(op(T.RESYNC), op(T.MAKE, NEXT)))
    after = calls.reduce(known(call, awaiting={CALL: NEXT}), fact(kind))
    assert after == known(evolve(call, current_operations=(op(T.MAKE, NEXT),)), awaiting={CALL: NEXT})


RINGING = {"direction": IN, "state": S.RINGING}
MAKING = {"state": S.INITIATED, "current_operations": (op(T.MAKE),)}

NOTHING: dict[str, tuple[dict[str, Any], Action]] = {
    # name: fields of the call before, the fact that changes nothing of it
    "no answer under way": (RINGING, fact(acts.AnswerFailed, error=ERROR)),
    "no answer to break": (RINGING, fact(acts.AnswerBroken, time=9, error=ERROR)),
    "no feedback under way": ({"direction": IN, "state": S.INITIATED}, fact(acts.RingingFeedbackSent)),
    "broken when over": (
        {"state": S.CANCELLED, "current_operations": (op(T.ANSWER),)},
        fact(acts.AnswerBroken, time=9, error=ERROR),
    ),
    "not made when over": (
        {"state": S.ENDED, "current_operations": (op(T.MAKE),)},
        fact(acts.MakeFailed, time=9, error=ERROR),
    ),
    "the same peer": ({}, fact(acts.PeerOpened, peer_id=PeerId("p-1"))),
    "a peer when over": ({"state": S.ENDED}, fact(acts.PeerOpened, peer_id=PeerId("p-9"))),
    "the same connection": ({}, fact(acts.MediaConnectionChanged, state=M.DISCONNECTED)),
    "a connection when over": ({"state": S.CANCELLED}, fact(acts.MediaConnectionChanged, state=M.CONNECTED)),
    "a step back": (MAKING, fact(acts.OperationMoved, status=OperationStatus.ONGOING)),
    "the same step": (MAKING, fact(acts.OperationMoved, status=OperationStatus.PENDING)),
    "a step that was made when the request went out": (
        {"state": S.INITIATING, "current_operations": (op(T.MAKE),)},
        fact(acts.OperationMoved, status=OperationStatus.PENDING),
    ),
    "two steps": (
        {"current_operations": (op(T.MAKE, status=OperationStatus.ONGOING),)},
        fact(acts.OperationMoved, status=OperationStatus.RESOLVING),
    ),
    "a begun make": (
        {"state": S.INITIATING, "current_operations": (op(T.MAKE, status=OperationStatus.ONGOING),)},
        fact(acts.CallStarted),
    ),
    "ringing without a make": (
        {"state": S.INITIATED, "current_operations": (op(T.ANSWER),)},
        fact(acts.RemoteRang, remote_participant=EVE),
    ),
    "ringing of a remote make": (
        {"state": S.INITIATED, "current_operations": (op(T.MAKE, is_local=False),)},
        fact(acts.RemoteRang, remote_participant=EVE),
    ),
    "early media without a make": (
        {"state": S.INITIATED, "current_operations": (op(T.ANSWER),)},
        fact(acts.EarlyMediaBegan, **REPLY),
    ),
    "begun by a known operation": (
        {"current_operations": (op(T.RESYNC),)},
        fact(acts.RemoteOperationStarted, operation_id=OWN, type=T.SLOW_START),
    ),
    "nothing posted": (MAKING, fact(acts.MakeAborted)),
    "nothing to end": ({}, fact(acts.EndFailed, error=ERROR)),
    "nothing to abandon": ({}, fact(acts.OperationAbandoned, error=ERROR)),
}


@pytest.mark.parametrize("name", NOTHING)
def test_what_does_not_fit_gives_back_the_very_same_state(name):
    """So no event follows; also when the gateway is being waited for."""
    fields, action = NOTHING[name]
    call = evolve(FULL, **fields)
    for waits in ({}, {"awaiting": {CALL: OWN}}, {"awaiting": {CALL: NEXT}}):
        before = known(call, **waits)
        assert calls.reduce(before, action) is before


UNMOVED = (
    "accepted",
    "answer failed",
    "answer broken",
    "rejected",
    "ignored",
    "not declined",
    "rings here",
    "bad offer",
    "rings there",
    "early media",
    "answered",
    "not made",
    "the caller knows",
    "the caller knows too late",
    "the caller does not know",
    "abandoned",
    "resynced",
    "update refused",
)


@pytest.mark.parametrize("name", UNMOVED)
def test_while_a_call_is_being_ended_its_end_finishes_all(name):
    """Else an operation would finish twice, or a call that was hung up would be answered."""
    call, action, _ = of_row(name)
    before = known(evolve(call, current_operations=(*call.current_operations, ENDING)), awaiting={CALL: OWN})
    assert calls.reduce(before, action) is before


# what the slice knows of a call


def test_an_outgoing_call_is_known_from_its_request_on():
    """With what it was asked for, as the newest."""
    given = {"display_name": "Alice", "custom_parameters": ROOM, "custom_bodies": JsonText("[1]")}
    request = acts.MakeCall(
        request_id=RequestId(OWN), call_id=NEW, to="sip:bob@ex", from_="alice@ex", originator="o", time=9, **given
    )
    call = CallObject(
        id=NEW,
        direction=OUT,
        state=S.INITIATING,
        from_="alice@ex",
        to="sip:bob@ex",
        remote_participant=RemoteParticipant(display_number="sip:bob@ex"),
        current_operations=(op(T.MAKE, status=OperationStatus.NOT_STARTED, is_blocking=True),),
        **given,
    )
    before = known(FULL)
    after = calls.reduce(before, request)
    assert after == evolve(before, by_id=before.by_id.set(NEW, call), order=before.order.append(NEW))
    assert calls.reduce(after, request) is after


@pytest.mark.parametrize("offered", [MediaOffered(audio=True, video=True), None], ids=["offer", "no-offer"])
def test_an_incoming_call_is_known_by_its_id_and_its_session(offered):
    """Neither may come twice."""
    told = {"from_": "sip:bob@ex", "to": "sip:alice@ex", "remote_participant": EVE, "media_offered": offered}
    action = acts.IncomingCallReceived(call_id=NEW, operation_id=OWN, session_id=SessionId("s-3"), **told)
    call = CallObject(
        id=NEW,
        direction=IN,
        state=S.INITIATING,
        is_slow_start=offered is None,
        wrtcs_session_id=SessionId("s-3"),
        current_operations=(op(T.MAKE, status=OperationStatus.ONGOING, is_local=False),),
        **told,
    )
    before = known(FULL)
    after = calls.reduce(before, action)
    assert after == evolve(
        before,
        by_id=before.by_id.set(NEW, call),
        order=before.order.append(NEW),
        by_session=before.by_session.set(SessionId("s-3"), NEW),
    )
    for again in ({"call_id": NEW, "session_id": SessionId("s-4")}, {"call_id": CallId("c-4")}):
        assert calls.reduce(after, evolve(action, **again)) is after


POSTED = {"state": S.INITIATING, "wrtcs_session_id": UNSET, "current_operations": (op(T.MAKE),)}
TAKEN = fact(
    acts.CallInitiated, session_id=SessionId("s-3"), local_tracks=(TrackId("l-9"),), bandwidth=Bandwidth(audio=64)
)


def posted(*more: CurrentOperation) -> Calls:
    fields = POSTED | {"current_operations": (op(T.MAKE), *more)}
    return evolve(known(evolve(FULL, **fields), posting={CALL: OWN}), by_session=pmap({SessionId("s-2"): OTHER}))


def test_a_call_that_the_gateway_took_has_a_session_and_waits_for_its_answer():
    """No longer for the gateway."""
    before = posted()
    call = evolve(
        before.by_id[CALL],
        state=S.INITIATED,
        wrtcs_session_id=SessionId("s-3"),
        local_tracks=(TrackId("l-9"),),
        bandwidth=Bandwidth(audio=64),
    )
    assert calls.reduce(before, TAKEN) == evolve(
        known(call, awaiting={CALL: OWN}),
        by_session=before.by_session.set(SessionId("s-3"), CALL),
    )


def test_a_call_that_is_being_ended_only_gets_to_know_its_session():
    """So that its end can reach the gateway."""
    before = posted(ENDING)
    call = evolve(before.by_id[CALL], wrtcs_session_id=SessionId("s-3"))
    assert calls.reduce(before, TAKEN) == evolve(known(call), by_session=before.by_session.set(SessionId("s-3"), CALL))


def test_a_session_belongs_to_one_call():
    """A gateway that gives one twice does not mix two calls up."""
    before = posted()
    assert calls.reduce(before, evolve(TAKEN, session_id=SessionId("s-2"))) is before


def test_a_make_that_was_aborted_is_waited_for_no_more():
    """Only what was posted can be aborted; another call's posting stays."""
    before = posted()
    assert calls.reduce(before, fact(acts.MakeAborted)) == evolve(before, posting=before.posting.remove(CALL))


def test_an_answer_by_offer_waits_for_the_reply():
    """Its operation is under way until then."""
    call = evolve(FULL, direction=IN, state=S.INITIATED, current_operations=(op(T.ANSWER), BESIDE))
    after = calls.reduce(known(call), fact(acts.SlowAnswerSent, **ANSWERED))
    assert after == known(evolve(call, state=S.RINGING, **ANSWERED), awaiting={CALL: OWN})


@pytest.mark.parametrize(
    ("state", "operation", "status", "waits"),
    [
        (S.INITIATING, op(T.MAKE), OperationStatus.PENDING, True),
        (S.INITIATING, op(T.MAKE), OperationStatus.RESOLVING, False),
        (S.INITIATING, op(T.MAKE, is_local=False), OperationStatus.PENDING, False),
        (S.INITIATING, op(T.ANSWER), OperationStatus.PENDING, False),
        (S.INITIATED, op(T.MAKE), OperationStatus.PENDING, False),
    ],
    ids=["make", "answered", "incoming", "answer", "taken"],
)
def test_the_session_of_a_call_is_waited_for_while_its_request_is_out(state, operation, status, waits):
    """What the gateway says of an unknown session meanwhile may be about this call."""
    before = {OperationStatus.PENDING: OperationStatus.ONGOING, OperationStatus.RESOLVING: OperationStatus.PENDING}
    call = evolve(FULL, state=state, current_operations=(evolve(operation, status=before[status]),))
    after = calls.reduce(known(call), fact(acts.OperationMoved, status=status))
    moved = evolve(call, current_operations=(evolve(operation, status=status),))
    assert after == known(moved, **({"posting": {CALL: OWN}} if waits else {}))


# operations


def test_what_the_application_asks_for_is_the_newest_operation(asked_for):
    """It begins at once; not twice, and not while the call is being ended."""
    kind, operation = asked_for
    call = evolve(FULL, current_operations=(BESIDE,))
    begun = op(operation, status=OperationStatus.ONGOING)
    after = calls.reduce(known(call), fact(kind))
    assert after == known(evolve(call, current_operations=(BESIDE, begun)))
    assert calls.reduce(after, fact(kind)) is after
    ending = known(evolve(call, current_operations=(ENDING,)))
    assert calls.reduce(ending, fact(kind)) is ending


@pytest.mark.parametrize("operation", list(OperationType))
def test_what_the_other_side_does_is_a_remote_operation(operation):
    """Only its offers keep us from negotiating meanwhile; a call that is being ended hears of it too."""
    call = evolve(FULL, current_operations=(ENDING,))
    begun = op(
        operation,
        status=OperationStatus.ONGOING,
        is_local=False,
        is_blocking=operation in (T.SLOW_START, T.GENERIC_REMOTE),
    )
    after = calls.reduce(known(call), fact(acts.RemoteOperationStarted, operation_id=OWN, type=operation))
    assert after == known(evolve(call, current_operations=(ENDING, begun)))

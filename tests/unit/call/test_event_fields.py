"""The events of each fact with all that they tell, in their order (`call-signalling` 8)."""

from typing import Any

import pytest
from msgspec import UNSET
from pyrsistent import pmap, pvector

from rbbn_sdk.actions import call as acts
from rbbn_sdk.actions.call import Bandwidth, EndCause, MediaOffered, RemoteParticipant, Transition
from rbbn_sdk.engine import Action, EngineProblem, Store, evolve
from rbbn_sdk.events.call import (
    CallCustomParameters,
    CallMediaConnectionChange,
    CallOperation,
    CallReceive,
    CallStart,
    CallStateChange,
    CallTracksAdded,
    CallTracksRemoved,
    PreviousConnection,
    PreviousOperation,
    PreviousState,
    derivations,
)
from rbbn_sdk.ports import CustomParameter
from rbbn_sdk.ports.peers import RemoteTrack
from rbbn_sdk.reducers.call import CallObject, Calls, CurrentOperation, calls
from rbbn_sdk.types import CallId, ErrorInfo, MediaId, OperationId, RequestId, SessionId, TrackId
from rbbn_sdk.types.call import (
    CallDirection,
    CallState,
    MediaConnectionState,
    MediaKind,
    OperationStatus,
    OperationTransition,
    OperationType,
)

CALL, OWN = CallId("c-1"), OperationId("own")
S, T, M, Is = CallState, OperationType, MediaConnectionState, OperationStatus
IN = CallDirection.INCOMING
ERROR = ErrorInfo(code="call:2", message="broken")
ROOM = (CustomParameter(name="X-Room", value="12"),)
WHY = Transition(status_code=603, reason_text="Decline")
OFFERED = MediaOffered(audio=True, video=False)


def op(kind: OperationType, status: OperationStatus = Is.PENDING, *, name: str = OWN, is_local: bool = True):
    return CurrentOperation(id=OperationId(name), type=kind, status=status, is_local=is_local, is_blocking=False)


BESIDE = op(T.RESYNC, Is.ONGOING, name="beside", is_local=False)
CONNECTED = CallObject(
    id=CALL,
    direction=CallDirection.OUTGOING,
    state=S.CONNECTED,
    from_="alice@example.com",
    to="sip:bob@example.com",
    local_hold=True,
    local_tracks=(TrackId("l-1"),),
    remote_tracks=(TrackId("r-1"),),
    media_connection_state=M.DISCONNECTED,
    start_time=1,
)


def fact(kind: type[Action], **fields: Any) -> Action:
    return kind(**{"call_id": CALL, "request_id": RequestId(OWN)} | fields)


def told(call: CallObject | None, action: Action) -> list[Any]:
    """The events of an action on a call; None: there is no call."""
    known = Calls() if call is None else Calls(by_id=pmap({CALL: call}), order=pvector([CALL]))
    events: list[Any] = []
    problems: list[EngineProblem] = []
    store = Store(
        (calls,), derivations=(derivations,), emit=events.append, report=problems.append, initial={calls: known}
    )
    store.dispatch(action)
    assert not problems
    return events


def operation(kind: OperationType, transition: str, was: OperationStatus | None = None, **more: Any) -> CallOperation:
    previous = UNSET if was is None else PreviousOperation(operation=kind, status=was)
    given: dict[str, Any] = {"operation_id": OWN, "is_local": True, "previous": previous} | more
    return CallOperation(call_id=CALL, operation=kind, transition=OperationTransition(transition), **given)


def change(was: CallState, **more: Any) -> CallStateChange:
    previous = PreviousState(state=was, local_hold=True, remote_hold=False)
    return CallStateChange(call_id=CALL, previous=previous, **more)


def added(*tracks: str) -> CallTracksAdded:
    return CallTracksAdded(call_id=CALL, track_ids=tuple(map(TrackId, tracks)))


BESIDE_FINISHED = operation(T.RESYNC, "FINISH", Is.ONGOING, operation_id=OperationId("beside"), is_local=False)
END_FINISHED = CallOperation(
    call_id=CALL,
    operation=T.END,
    is_local=True,
    transition=OperationTransition.FINISH,
    previous=PreviousOperation(),
    error=ERROR,
)
REMOVED = CallTracksRemoved(call_id=CALL, track_ids=(TrackId("l-1"), TrackId("r-1")))
HEARD = RemoteTrack(id=TrackId("r-1"), media_id=MediaId("m"), kind=MediaKind.AUDIO, mid="0")
REPLY = {"remote_tracks": (HEARD, evolve(HEARD, id=TrackId("r-2"))), "remote_participant": RemoteParticipant()}
TRACKS = (TrackId("l-1"), TrackId("l-2"))
ENDED = {"time": 9, "transition": WHY, "error": ERROR}
FINISHED = operation(T.END, "FINISH", Is.PENDING, error=ERROR)
OVER = change(S.CONNECTED, transition=WHY, error=ERROR)

ROWS: dict[str, tuple[dict[str, Any], Action, list[Any]]] = {
    # name: fields of the call before, the fact, its events
    "asked": ({}, fact(acts.EndCall), [operation(T.END, "START")]),
    "asked twice": ({"current_operations": (op(T.END),)}, fact(acts.EndCall), []),
    "asked of a call that has not begun": (
        {"state": S.INITIATING, "current_operations": (op(T.MAKE, Is.NOT_STARTED, name="make"),)},
        fact(acts.EndCall),
        [operation(T.END, "START")],
    ),
    "asked there": (
        {"current_operations": (BESIDE,)},
        fact(acts.RemoteOperationStarted, operation_id=OWN, type=T.SLOW_START),
        [operation(T.SLOW_START, "START", is_local=False)],
    ),
    "update": (
        {"current_operations": (BESIDE, op(T.MAKE, Is.ONGOING))},
        fact(acts.OperationMoved, status=Is.PENDING),
        [operation(T.MAKE, "UPDATE", Is.ONGOING)],
    ),
    "resume": (
        {"current_operations": (op(T.MAKE), BESIDE)},
        fact(acts.OperationMoved, status=Is.RESOLVING),
        [operation(T.MAKE, "RESUME", Is.PENDING)],
    ),
    "no step": ({"current_operations": (op(T.MAKE),)}, fact(acts.OperationMoved, status=Is.PENDING), []),
    "begun without being told": (
        {"current_operations": (op(T.MAKE, Is.NOT_STARTED),)},
        fact(acts.OperationMoved, status=Is.ONGOING),
        [],
    ),
    "started": (
        {"state": S.INITIATING, "current_operations": (op(T.MAKE, Is.NOT_STARTED),)},
        fact(acts.CallStarted),
        [CallStart(call_id=CALL), operation(T.MAKE, "START")],
    ),
    "started twice": ({"current_operations": (op(T.MAKE, Is.ONGOING),)}, fact(acts.CallStarted), []),
    "initiated": (
        {"state": S.INITIATING, "current_operations": (op(T.MAKE),)},
        fact(acts.CallInitiated, session_id=SessionId("s"), local_tracks=TRACKS, bandwidth=Bandwidth()),
        [added("l-2"), change(S.INITIATING)],
    ),
    "initiated while being ended": (
        {"state": S.INITIATING, "current_operations": (op(T.MAKE), op(T.END, name="ending"))},
        fact(acts.CallInitiated, session_id=SessionId("s"), local_tracks=TRACKS),
        [],
    ),
    "rings there": (
        {"state": S.INITIATED, "current_operations": (op(T.MAKE),)},
        fact(acts.RemoteRang, remote_participant=RemoteParticipant()),
        [change(S.INITIATED)],
    ),
    "early media": (
        {"state": S.EARLY_MEDIA, "current_operations": (op(T.MAKE),)},
        fact(acts.EarlyMediaBegan, **REPLY),
        [added("r-1", "r-2"), change(S.EARLY_MEDIA)],
    ),
    "early media too late": ({}, fact(acts.EarlyMediaBegan, **REPLY), []),
    "answered": (
        {"state": S.RINGING, "current_operations": (op(T.MAKE), BESIDE)},
        fact(acts.CallAnswered, time=9, local_tracks=TRACKS, **REPLY),
        [added("r-1", "r-2", "l-2"), change(S.RINGING), operation(T.MAKE, "FINISH", Is.PENDING)],
    ),
    "answered twice": ({}, fact(acts.CallAnswered, time=9, **REPLY), []),
    "not made": (
        {"state": S.INITIATING, "current_operations": (BESIDE, op(T.MAKE))},
        fact(acts.MakeFailed, time=9, error=ERROR),
        [
            operation(T.MAKE, "FINISH", Is.PENDING, error=ERROR),
            change(S.INITIATING, error=ERROR),
            BESIDE_FINISHED,
        ],
    ),
    "not made while being ended": (
        {"state": S.INITIATING, "current_operations": (op(T.END, name="ending"), op(T.MAKE))},
        fact(acts.MakeFailed, time=9, error=ERROR),
        [],
    ),
    "not made when over": (
        {"state": S.ENDED, "current_operations": (op(T.MAKE),)},
        fact(acts.MakeFailed, time=9, error=ERROR),
        [],
    ),
    "rings here": (
        {"direction": IN, "state": S.INITIATING, "current_operations": (op(T.MAKE, is_local=False),)},
        fact(acts.IncomingCallReady, operation_id=OWN, is_ringing=True),
        [change(S.INITIATING), operation(T.MAKE, "FINISH", Is.PENDING, is_local=False)],
    ),
    "bad offer": (
        {"direction": IN, "state": S.INITIATING, "current_operations": (BESIDE, op(T.MAKE, is_local=False))},
        fact(acts.IncomingCallFailed, operation_id=OWN, time=9, error=ERROR),
        [
            END_FINISHED,
            change(S.INITIATING, error=ERROR),
            operation(T.MAKE, "FINISH", Is.PENDING, is_local=False, error=ERROR),
            BESIDE_FINISHED,
        ],
    ),
    "accepted": (
        {"direction": IN, "state": S.RINGING, "current_operations": (op(T.ANSWER),)},
        fact(acts.CallAccepted, time=9, local_tracks=TRACKS, remote_tracks=("r-1",), bandwidth=Bandwidth()),
        [added("l-1", "l-2", "r-1"), change(S.RINGING), operation(T.ANSWER, "FINISH", Is.PENDING)],
    ),
    "accepted twice": (
        {},
        fact(acts.CallAccepted, time=9, local_tracks=TRACKS, remote_tracks=("r-1",), bandwidth=Bandwidth()),
        [],
    ),
    "feedback sent": (
        {"direction": IN, "state": S.INITIATED, "current_operations": (op(T.SEND_RINGING_FEEDBACK),)},
        fact(acts.RingingFeedbackSent),
        [operation(T.SEND_RINGING_FEEDBACK, "FINISH", Is.PENDING), change(S.INITIATED)],
    ),
    "cancelled": (
        {
            "direction": IN,
            "state": S.RINGING,
            "current_operations": (BESIDE, op(T.ANSWER, name="answer"), op(T.CALL_CANCEL, is_local=False)),
        },
        fact(acts.CallCancelled, operation_id=OWN),
        [
            change(S.RINGING),
            operation(T.CALL_CANCEL, "FINISH", Is.PENDING, is_local=False),
            BESIDE_FINISHED,
        ],
    ),
    "parameters": (
        {},
        fact(acts.CustomParametersReceived, custom_parameters=ROOM),
        [CallCustomParameters(call_id=CALL, custom_parameters=ROOM)],
    ),
    "connection": (
        {},
        fact(acts.MediaConnectionChanged, state=M.CONNECTED),
        [CallMediaConnectionChange(call_id=CALL, previous=PreviousConnection(state=M.DISCONNECTED))],
    ),
    "first connection": (
        {"media_connection_state": UNSET},
        fact(acts.MediaConnectionChanged, state=M.NEW),
        [CallMediaConnectionChange(call_id=CALL, previous=PreviousConnection())],
    ),
    "same connection": ({}, fact(acts.MediaConnectionChanged, state=M.DISCONNECTED), []),
    "ended here": (
        {"current_operations": (BESIDE, op(T.END))},
        fact(acts.CallEnded, cause=EndCause.LOCAL, **ENDED),
        [REMOVED, FINISHED, OVER, BESIDE_FINISHED],
    ),
    "ended there": (
        {"current_operations": (BESIDE, op(T.END))},
        fact(acts.CallEnded, cause=EndCause.REMOTE, **ENDED),
        [REMOVED, OVER, FINISHED, BESIDE_FINISHED],
    ),
    "ended by an audit": (
        {"current_operations": (BESIDE,)},
        fact(acts.CallEnded, cause=EndCause.AUDIT, **ENDED),
        [END_FINISHED, REMOVED, OVER, BESIDE_FINISHED],
    ),
    "ended by a resync": (
        {"current_operations": (BESIDE,)},
        fact(acts.CallEnded, cause=EndCause.RESYNC, **ENDED),
        [REMOVED, OVER, BESIDE_FINISHED],
    ),
    "ended after a loss": (
        {"current_operations": (BESIDE,)},
        fact(acts.CallEnded, cause=EndCause.RECONNECT, **ENDED),
        [END_FINISHED, REMOVED, OVER, BESIDE_FINISHED],
    ),
    "ended by a bad answer": (
        {"current_operations": (BESIDE, op(T.MAKE))},
        fact(acts.CallEnded, cause=EndCause.ANSWER_UNUSABLE, **ENDED),
        [REMOVED, OVER, operation(T.MAKE, "FINISH", Is.PENDING), BESIDE_FINISHED],
    ),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_fact_is_told_by_these_events(name):
    """With these fields, and by no others."""
    fields, action, expected = ROWS[name]
    assert told(evolve(CONNECTED, **fields), action) == expected


@pytest.mark.parametrize("cause", list(EndCause))
def test_a_call_that_is_over_ends_once(cause):
    """Whoever says so again, only the operation by which it was said ends."""
    ended = evolve(CONNECTED, state=S.ENDED, current_operations=(op(T.END),))
    expected = {
        EndCause.LOCAL: [FINISHED],
        EndCause.REMOTE: [FINISHED],
        EndCause.ANSWER_UNUSABLE: [operation(T.END, "FINISH", Is.PENDING)],
    }
    assert told(ended, fact(acts.CallEnded, cause=cause, **ENDED)) == expected.get(cause, [])


@pytest.mark.parametrize(
    ("kind", "own"),
    [(acts.AnswerBroken, T.ANSWER), (acts.CallRejected, T.REJECT), (acts.CallIgnored, T.IGNORE)],
)
def test_an_incoming_call_that_this_client_is_done_with(kind, own):
    """FINISH, the state, and what else was under way; the first two with the error, if there is one."""
    ringing = evolve(CONNECTED, direction=IN, state=S.RINGING, current_operations=(BESIDE, op(own)))
    for error in (UNSET, ERROR):
        given = {} if error is UNSET else {"error": error}
        assert told(ringing, fact(kind, time=9, **given)) == [
            operation(own, "FINISH", Is.PENDING, error=error),
            change(S.RINGING, error=error),
            BESIDE_FINISHED,
        ]


FAILURES = (acts.AnswerFailed, acts.DeclineFailed, acts.RingingFeedbackFailed, acts.EndFailed)


@pytest.mark.parametrize("kind", FAILURES)
def test_a_failure_is_told_with_the_state_as_it_is(kind):
    """Of an unknown call too, of which there is no state; without an error only the operation ends."""
    asked = evolve(CONNECTED, current_operations=(op(T.ANSWER), BESIDE))
    assert told(asked, fact(kind, error=ERROR)) == [
        operation(T.ANSWER, "FINISH", Is.PENDING, error=ERROR),
        change(S.CONNECTED, error=ERROR),
    ]
    assert told(asked, fact(kind)) == [operation(T.ANSWER, "FINISH", Is.PENDING)]
    assert told(None, fact(kind, error=ERROR)) == [
        CallStateChange(call_id=CALL, previous=PreviousState(), error=ERROR),
    ]


@pytest.mark.parametrize("kind", [acts.OperationAbandoned, acts.ResyncFinished, acts.UpdateRefused])
def test_the_end_of_an_operation_tells_its_error(kind):
    """And nothing of the call, which goes on."""
    asked = evolve(CONNECTED, current_operations=(BESIDE, op(T.MAKE)))
    assert told(asked, fact(kind, error=ERROR)) == [operation(T.MAKE, "FINISH", Is.PENDING, error=ERROR)]
    assert told(CONNECTED, fact(kind, error=ERROR)) == []


def test_what_the_application_asks_for_begins_at_once(asked_for):
    """START has no previous operation; what is under way already is not told again."""
    kind, own = asked_for
    asked = evolve(CONNECTED, current_operations=(BESIDE,))
    assert told(asked, fact(kind)) == [operation(own, "START")]
    assert told(None, fact(kind)) == []


@pytest.mark.parametrize("offered", [OFFERED, None], ids=["offer", "no-offer"])
def test_an_incoming_call_is_told_with_what_it_offers(offered):
    """Once."""
    given = {"operation_id": OWN, "session_id": SessionId("s"), "from_": "b@ex", "to": "a@ex"}
    action = acts.IncomingCallReceived(
        call_id=CALL, remote_participant=RemoteParticipant(), media_offered=offered, **given
    )
    assert told(None, action) == [
        operation(T.MAKE, "START", is_local=False),
        CallReceive(call_id=CALL, media_offered=offered),
    ]
    assert told(CONNECTED, action) == []


def test_a_make_is_told_when_its_call_starts_and_not_before():
    """The application has the call's id by then."""
    request = fact(acts.MakeCall, to="sip:bob@ex", from_="alice@ex", originator="o", time=9)
    assert told(None, request) == []


@pytest.mark.parametrize(
    "action",
    [
        fact(acts.CallEnded, cause=EndCause.AUDIT, **ENDED),
        fact(acts.CallStarted),
        fact(acts.CallInitiated, session_id=SessionId("s")),
        fact(acts.OperationMoved, status=Is.PENDING),
        fact(acts.CallAccepted, time=9, local_tracks=TRACKS, remote_tracks=(), bandwidth=Bandwidth()),
        fact(acts.IncomingCallFailed, time=9, error=ERROR),
        fact(acts.CustomParametersReceived, custom_parameters=ROOM),
        fact(acts.MediaConnectionChanged, state=M.CONNECTED),
        fact(acts.CallCancelled),
        fact(acts.MakeFailed, time=9, error=ERROR),
        fact(acts.EarlyMediaBegan, **REPLY),
        fact(acts.RemoteOperationStarted, operation_id=OWN, type=T.END),
    ],
    ids=lambda action: action.TYPE,
)
def test_of_an_unknown_call_nothing_happens_to_be_told(action):
    """Late facts about calls of a former life."""
    assert told(None, action) == []

"""What is in the way of an operation, and what is read of calls and their media, as tables."""

import pytest
from pyrsistent import pmap, pvector

from rbbn_sdk.actions.call import AnswerCall, MediaOffered, RejectCall
from rbbn_sdk.engine import Store, evolve
from rbbn_sdk.ports import Device, IceServer, PeerConfig, TrackSource
from rbbn_sdk.reducers.call import CallObject, Calls, CurrentOperation, calls
from rbbn_sdk.reducers.config import config
from rbbn_sdk.reducers.subscription import subscription
from rbbn_sdk.reducers.webrtc import MediaSession, WebRtc, webrtc
from rbbn_sdk.selectors.call import (
    answer_problem,
    awaiting,
    decline_problem,
    is_arriving,
    is_done,
    is_ending_or_done,
    live_calls,
    may_become_known,
    operation,
    peer_config,
    refusal,
    ringing_problem,
    turn_urls,
)
from rbbn_sdk.selectors.webrtc import devices, may_be_answered
from rbbn_sdk.types import CallId, ErrorInfo, OperationId, RequestId, SessionId
from rbbn_sdk.types.call import CallDirection, CallState, OperationStatus, OperationType, TrackType
from rbbn_sdk.types.options import CallOptions, IceServerOption, Options, PeerOptions

CALL, NOBODY, OWN = CallId("c-1"), CallId("nobody"), OperationId("own")
S, T = CallState, OperationType
OUT, IN = CallDirection.OUTGOING, CallDirection.INCOMING


def op(kind, name=OWN):
    return CurrentOperation(
        id=OperationId(name), type=kind, status=OperationStatus.ONGOING, is_local=True, is_blocking=False
    )


def a_call(state=S.RINGING, direction=IN, **fields):
    return CallObject(id=CALL, direction=direction, state=state, from_="b@ex", to="a@ex", **fields)


def state_of(*known, options=None, media=None, **fields):
    """A state with calls, options and media as given."""
    records = Calls(by_id=pmap({call.id: call for call in known}), order=pvector([call.id for call in known]), **fields)
    chosen = Options(call=options or CallOptions())
    initial = {calls: records, config: chosen, webrtc: media or WebRtc()}
    return Store((calls, config, subscription, webrtc), initial=initial).state


def code_of(problem):
    return None if problem is None else problem.code


# what is in the way


@pytest.mark.parametrize("direction", list(CallDirection))
@pytest.mark.parametrize("state", list(CallState))
def test_an_incoming_call_is_handled_while_it_is_unanswered(state, direction):
    """The reason names what is and what has to be."""
    problem = decline_problem(state_of(a_call(state, direction)), CALL)
    assert code_of(problem) == (None if (state in (S.INITIATED, S.RINGING) and direction is IN) else "call:6")
    if problem is not None:
        assert CALL in problem.message
        assert ("outgoing" if direction is OUT else f"state is {state}") in problem.message


@pytest.mark.parametrize("direction", list(CallDirection))
@pytest.mark.parametrize("state", list(CallState))
def test_ringing_feedback_is_sent_by_hand_once_a_call_has_arrived(state, direction):
    """In the mode `manual` only."""
    known = a_call(state, direction)
    problem = ringing_problem(state_of(known, options=CallOptions(ringing_feedback_mode="manual")), CALL)
    assert code_of(problem) == (None if (state, direction) == (S.INITIATED, IN) else "call:6")
    automatic = ringing_problem(state_of(known), CALL)
    assert automatic.code == "call:5"
    assert "ringingFeedbackMode" in automatic.message


@pytest.mark.parametrize("check", [decline_problem, ringing_problem])
def test_a_check_of_an_unknown_call_says_so(check):
    """With the id that was given."""
    problem = check(state_of(), NOBODY)
    assert (problem.code, "nobody" in problem.message) == ("call:7", True)


OFFERS = {
    "both": (MediaOffered(audio=True, video=True), "audio and video"),
    "audio": (MediaOffered(audio=True, video=False), "audio"),
    "video": (MediaOffered(audio=False, video=True), "video"),
    "neither": (MediaOffered(audio=False, video=False), "neither audio nor video"),
}
NEEDS = {TrackType.AUDIO: "audio", TrackType.VIDEO: "video", TrackType.SCREEN: "video"}


def answer(*types, problem=None):
    media = tuple(TrackSource(type=type_) for type_ in types)
    return AnswerCall(request_id=RequestId(OWN), call_id=CALL, media=media, problem=problem)


@pytest.mark.parametrize("types", [(), (TrackType.AUDIO,), (TrackType.SCREEN,), tuple(TrackType)], ids="-".join)
@pytest.mark.parametrize("name", OFFERS)
def test_only_what_was_offered_can_be_sent(name, types):
    """A screen is a kind of video."""
    offered, has = OFFERS[name]
    problem = answer_problem(state_of(a_call(media_offered=offered)), answer(*types))
    missing = [type_.value for type_ in types if not getattr(offered, NEEDS[type_])]
    assert (problem is not None) is bool(missing)
    if problem is not None:
        assert problem.code == "call:7"
        assert f"did not offer {', '.join(missing)};" in problem.message
        assert problem.message.endswith(f"the offer has {has}")


def test_an_answer_fails_of_the_first_that_is_in_its_way():
    """The call, then its state, then the media, then the other arguments; a call without an offer takes any media."""
    wrong = ErrorInfo(code="call:7", message="bandwidth: ...")
    none = MediaOffered(audio=False, video=False)
    bad = answer(TrackType.AUDIO, problem=wrong)
    assert answer_problem(state_of(), bad).message.startswith("call_id")
    assert answer_problem(state_of(a_call(S.ENDED, media_offered=none)), bad).code == "call:6"
    assert answer_problem(state_of(a_call(media_offered=none)), bad).message.startswith("media")
    for offered in ({"media_offered": None}, {}):
        assert answer_problem(state_of(a_call(**offered)), bad) == wrong
        assert answer_problem(state_of(a_call(**offered)), answer(TrackType.AUDIO)) is None


def test_an_operation_that_was_not_begun_is_refused_with_what_is_under_way():
    """One that was begun is not."""
    request = RejectCall(request_id=RequestId(OWN), call_id=CALL)
    assert refusal(state_of(), request).code == "call:7"
    assert refusal(state_of(a_call(current_operations=(op(T.REJECT),))), request) is None
    for operations, what in (((op(T.ANSWER, "a"), op(T.RESYNC, "b")), "ANSWER, RESYNC"), ((), "the end")):
        problem = refusal(state_of(a_call(current_operations=operations)), request)
        assert problem.code == "call:12"
        assert f"REJECT is not possible while {what} of call {CALL}" in problem.message


# what is read


@pytest.mark.parametrize("state", list(CallState))
def test_a_call_is_arriving_then_live_then_done(state):
    """And ending while an END is under way."""
    over = state in (S.ENDED, S.CANCELLED)
    known = state_of(a_call(state))
    assert (is_arriving(known, CALL), is_done(known, CALL), is_ending_or_done(known, CALL)) == (
        state is S.INITIATING,
        over,
        over,
    )
    assert live_calls(known) == (() if over else (CALL,))
    assert is_ending_or_done(state_of(a_call(state, current_operations=(op(T.END),))), CALL)


def test_of_an_unknown_call_nothing_is_under_way():
    """It is done, as far as anybody knows."""
    known = state_of(a_call())
    assert (is_arriving(known, NOBODY), is_done(known, NOBODY), is_ending_or_done(known, NOBODY)) == (False, True, True)
    assert (operation(known, NOBODY, OWN), awaiting(known, NOBODY), awaiting(known, CALL)) == (None, None, None)


def test_the_operation_that_waits_for_its_reply_is_found():
    """As long as it is under way."""
    waits = {"awaiting": pmap({CALL: OWN})}
    assert awaiting(state_of(a_call(current_operations=(op(T.RESYNC, "x"), op(T.MAKE))), **waits), CALL) == op(T.MAKE)
    assert awaiting(state_of(a_call(), **waits), CALL) is None


@pytest.mark.parametrize(
    ("posting", "owner", "may"),
    [
        (False, None, False),
        (True, None, True),
        (True, a_call(S.CONNECTED), False),
        (True, a_call(S.ENDED), True),
        (True, a_call(S.CONNECTED, current_operations=(op(T.END),)), True),
    ],
    ids=["nothing-posted", "unknown", "taken", "was-taken", "is-ending"],
)
def test_an_unknown_session_may_be_that_of_a_call_being_made(posting, owner, may):
    """Unless it belongs to a call that goes on."""
    known = [owner] if owner else []
    fields = {"posting": pmap({CallId("c-2"): OWN} if posting else {})}
    state = state_of(*known, by_session=pmap({SessionId("s"): CALL} if owner else {}), **fields)
    assert may_become_known(state, SessionId("s")) is may
    lost = state_of(by_session=pmap({SessionId("s"): NOBODY}), **fields)
    assert may_become_known(lost, SessionId("s")) is posting


def test_an_answer_may_have_been_taken_when_nobody_said_so():
    """Only of a call that has media."""
    for media, may in (
        (WebRtc(), False),
        (WebRtc(sessions=pmap({CALL: MediaSession()})), False),
        (WebRtc(sessions=pmap({CALL: MediaSession(unconfirmed_answer="v=0")})), True),
    ):
        assert may_be_answered(state_of(media=media), CALL) is may


def test_devices_are_told_by_kind():
    """With all that is known of each."""
    kinds = {"camera": "videoinput", "microphone": "audioinput", "speaker": "audiooutput"}
    listed = tuple(Device(device_id=f"id of {k}", kind=k, label=f"name of {k}", group_id="g") for k in kinds.values())
    told = devices(state_of(media=WebRtc(devices=listed)))
    assert {name: [dict(one) for one in found] for name, found in dict(told).items()} == {
        name: [{"deviceId": f"id of {kind}", "groupId": "g", "kind": kind, "label": f"name of {kind}"}]
        for name, kind in kinds.items()
    }


STUN = IceServer(urls=("stun:s",))


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (CallOptions(), PeerConfig()),
        (CallOptions(ice_addresses=("127.0.0.1",)), PeerConfig(ice_addresses=("127.0.0.1",))),
        (CallOptions(remove_bundling=True), PeerConfig(bundle_policy="max-compat")),
        (
            CallOptions(
                default_peer_config=PeerOptions(
                    ice_servers=(IceServerOption(urls=("stun:s",)),),
                    ice_transport_policy="relay",
                    bundle_policy="balanced",
                )
            ),
            PeerConfig(ice_servers=(STUN,), ice_transport_policy="relay", bundle_policy="balanced"),
        ),
        (
            CallOptions(default_peer_config=PeerOptions(bundle_policy="balanced"), remove_bundling=True),
            PeerConfig(bundle_policy="max-compat"),
        ),
    ],
    ids=["defaults", "addresses", "unbundled", "given", "given-unbundled"],
)
def test_a_peer_connection_is_opened_as_configured(options, expected):
    """What was not given is the media engine's default; unbundled sections need transports of their own."""
    state = state_of(options=options)
    assert peer_config(state) == expected
    assert peer_config(state) is peer_config(state)


def test_turn_urls_are_known_in_any_spelling():
    """As people write them in a configuration."""
    assert turn_urls(PeerConfig(ice_servers=(evolve(STUN, urls=(" TURN:a", "turns:b ", "Stun:c")),))) == 2

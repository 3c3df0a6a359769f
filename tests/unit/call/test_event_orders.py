"""The documented events of each scenario, in their order (`call-signalling` 8)."""

import pytest

from rbbn_sdk.actions.call import EndCall, IgnoreCall, RejectCall, SendRingingFeedback
from rbbn_sdk.engine import Later
from rbbn_sdk.errors import RequestRefused, RequestTimedOut, SdpError
from rbbn_sdk.testing.call import OFFER, CallBench
from rbbn_sdk.types import SessionId
from rbbn_sdk.types.call import CallState, MediaConnectionState

RECEIVED = "notification:received"
MADE = ["start", "MAKE START", "MAKE UPDATE(ONGOING)", "tracksAdded", "Initiated < Initiating"]
ARRIVED = ["MAKE* START", "receive", RECEIVED, "Ringing < Initiating", "MAKE* FINISH(ONGOING)"]
PARAMETERS = [{"name": "X-Room", "value": "12"}]


def made(**options) -> CallBench:
    bench = CallBench(**options)
    bench.make()
    bench.forget()
    return bench


def connected() -> CallBench:
    bench = made()
    bench.notify("respondCallUpdate", sdp=OFFER)
    bench.forget()
    return bench


def ringing(**options) -> CallBench:
    bench = CallBench(**options)
    bench.receive()
    bench.forget()
    return bench


def told(bench: CallBench) -> list[str]:
    assert not bench.deaths
    assert not bench.problems
    return [event for event in bench.events if event != "devices:change"]


def test_a_call_is_made_and_audited_after_its_state_is_set():
    """The audit tells the gateway that notifications can be handled; it must not come before the state."""
    bench = CallBench()
    seen = []
    bench.handlers.append(lambda _event: seen.append(bench.rest.count("audit_call")))
    bench.make()
    assert told(bench) == MADE
    assert bench.rest.methods == ["start_call", "audit_call"]
    assert seen[-1] == 0


def test_the_answer_to_a_call():
    """Ringing, then the answer: RESUME, custom parameters, tracks, state, FINISH."""
    bench = made()
    bench.notify("ringing", customParameters=PARAMETERS)
    bench.notify("respondCallUpdate", sdp=OFFER, customParameters=PARAMETERS)
    assert told(bench) == [
        "customParameters",
        "Ringing < Initiated",
        RECEIVED,
        RECEIVED,
        "MAKE RESUME(PENDING)",
        "customParameters",
        "tracksAdded",
        "Connected < Ringing",
        "MAKE FINISH(RESOLVING)",
    ]


def test_early_media_may_repeat_and_ringing_after_it_is_ignored():
    """The last provisional answer wins; the final answer reports its tracks once more."""
    bench = made()
    bench.notify("sessionProgress", sdp=OFFER)
    bench.notify("sessionProgress", sdp=OFFER)
    bench.notify("ringing")
    bench.notify("respondCallUpdate", sdp=OFFER)
    assert told(bench) == [
        RECEIVED,
        "tracksAdded",
        "Early Media < Initiated",
        RECEIVED,
        "tracksAdded",
        "Early Media < Early Media",
        RECEIVED,
        RECEIVED,
        "MAKE RESUME(PENDING)",
        "tracksAdded",
        "Connected < Early Media",
        "MAKE FINISH(RESOLVING)",
    ]


def test_an_unusable_provisional_answer_changes_nothing():
    """Early media is an extra; the call goes on without."""
    bench = made()
    bench.media.peers_port.will("set_remote", SdpError("odd"))
    bench.notify("sessionProgress", sdp="v=0")
    assert told(bench) == [RECEIVED]
    assert bench.only_call.state is CallState.INITIATED


def test_an_incoming_call_rings():
    """The caller's parameters come right after the call, before the notification as such."""
    bench = CallBench()
    bench.receive(customParameters=PARAMETERS)
    assert told(bench) == [ARRIVED[0], "receive", "customParameters", *ARRIVED[2:]]
    assert bench.rest.methods == ["send_ringing", "audit_call"]


def test_manual_ringing_feedback():
    """Initiated until the application asks for it."""
    bench = CallBench(ringing_feedback_mode="manual")
    call = bench.receive()
    bench.request(SendRingingFeedback, call.id)
    assert told(bench)[3:] == [
        "Initiated < Initiating",
        "MAKE* FINISH(ONGOING)",
        "SEND_RINGING_FEEDBACK START",
        "SEND_RINGING_FEEDBACK UPDATE(ONGOING)",
        "SEND_RINGING_FEEDBACK FINISH(PENDING)",
        "Ringing < Initiated",
    ]


def test_ringing_feedback_that_the_gateway_does_not_take_only_leaves_the_state_initiated():
    """In automatic mode its failure is no failure of the call."""
    bench = CallBench()
    bench.rest.will("send_ringing", RequestRefused("no", code=500))
    assert bench.receive().state is CallState.INITIATED


def test_an_offer_that_cannot_be_applied_ends_the_call():
    """An END without id, the state, and the remote MAKE, each with the error; nothing is sent."""
    bench = CallBench()
    bench.media.peers_port.will("set_remote", SdpError("odd"))
    call = bench.receive()
    assert told(bench)[3:] == [
        "END FINISH (no id) ! call:2",
        "Ended < Initiating ! call:2",
        "MAKE* FINISH(ONGOING) ! call:2",
    ]
    assert bench.rest.methods == []
    assert bench.call(call.id).end_time == bench.call(call.id).start_time
    assert bench.media.is_closed


def test_the_answer_of_this_client():
    """Local and remote tracks together; the transport starts after the gateway's answer."""
    bench = ringing()
    bench.answer(bench.only_call.id)
    assert told(bench) == [
        "ANSWER START",
        "ANSWER UPDATE(ONGOING)",
        "tracksAdded",
        "Connected < Ringing",
        "ANSWER FINISH(PENDING)",
    ]
    assert bench.only_call.remote_tracks == ("remote-1",)
    assert len(bench.only_call.local_tracks) == 1


def test_the_transport_starts_only_after_the_gateway_took_the_answer():
    """A device that loses the race must not have spoken to the caller."""
    bench = ringing()
    bench.rest.will("answer_call", Later())
    bench.answer(bench.only_call.id)
    assert "start_transport" not in bench.media.peers_port.methods


def test_a_call_without_an_offer_is_answered_by_one():
    """Connected when the other side has answered that; a cancel in between is ignored."""
    bench = CallBench()
    call = bench.receive(offer="")
    assert call.media_offered is None
    bench.forget()
    slot = bench.answer(call.id)
    bench.notify("callCancel", "b-1")
    assert not slot.settled
    bench.notify("respondCallUpdate", "b-1", sdp=OFFER)
    assert told(bench) == [
        "ANSWER START",
        "ANSWER UPDATE(ONGOING)",
        RECEIVED,
        RECEIVED,
        "ANSWER RESUME(PENDING)",
        "tracksAdded",
        "Connected < Ringing",
        "ANSWER FINISH(RESOLVING)",
    ]
    assert slot.settled
    assert slot.error is None


def test_an_answer_by_offer_that_nobody_replies_to_fails_after_the_time_allowed():
    """45 s after the gateway took it, as if the other side had refused; the call can be answered again."""
    bench = CallBench()
    call = bench.receive(offer="")
    slot = bench.answer(call.id)
    bench.forget()
    bench.pass_time(46)
    assert told(bench) == ["ANSWER RESUME(PENDING)", "ANSWER FINISH(RESOLVING) ! call:2"]
    assert slot.error is not None
    assert not bench.answer(call.id).settled


def test_a_reply_that_overtakes_the_gateways_answer_is_handled_after_it():
    """Notifications come by another way than REST answers, and may be quicker."""
    bench = CallBench()
    call = bench.receive(offer="")
    taken = Later()
    bench.rest.will("answer_call", taken)
    bench.answer(call.id)
    bench.notify("respondCallUpdate", "b-1", sdp=OFFER)
    assert bench.call(call.id).state is CallState.RINGING
    taken.set(None)
    bench.settle()
    assert bench.call(call.id).state is CallState.CONNECTED


def test_what_overtakes_the_session_of_a_make_is_handled_after_it_in_order():
    """Otherwise ringing and answer would be lost, and the call would ring for ever."""
    bench = CallBench()
    posted = Later()
    bench.rest.will("start_call", posted)
    bench.make()
    bench.notify("ringing")
    bench.notify("respondCallUpdate", sdp=OFFER)
    posted.set(SessionId("a-1"))
    bench.settle()
    assert bench.only_call.state is CallState.CONNECTED
    assert "Connected < Ringing" in told(bench)


def test_the_local_end_of_a_call():
    """FINISH comes before the state."""
    bench = connected()
    bench.request(EndCall, "c-1")
    assert told(bench) == [
        "END START",
        "END UPDATE(ONGOING)",
        "tracksRemoved",
        "END FINISH(PENDING)",
        "Ended < Connected",
    ]
    assert bench.rest.methods == ["end_call"]


def test_the_local_end_of_an_unanswered_call_finishes_its_make_at_once():
    """It would stay under way for ever otherwise."""
    bench = made()
    bench.request(EndCall, "c-1")
    assert told(bench)[-2:] == ["Ended < Initiated", "MAKE FINISH(PENDING)"]


def test_the_remote_end_of_a_call():
    """One FINISH with the real status, and the gateway's reason; numeric text is a number."""
    bench = connected()
    bench.notify("callEnd", statusCode="200", reasonText="bye")
    assert told(bench) == ["END* START", RECEIVED, "tracksRemoved", "Ended < Connected", "END* FINISH(ONGOING)"]
    event = next(event for event, _ in bench.told if event.TYPE == "call:stateChange")
    assert (event.transition.status_code, event.transition.reason_text) == (200, "bye")


def test_the_rejection_of_a_call_as_its_caller_sees_it():
    """The MAKE ends last."""
    bench = made()
    bench.notify("ringing")
    bench.forget()
    bench.notify("callEnd", statusCode="603", reasonText="Decline")
    assert told(bench) == [
        "END* START",
        RECEIVED,
        "tracksRemoved",
        "Ended < Ringing",
        "END* FINISH(ONGOING)",
        "MAKE FINISH(PENDING)",
    ]


def test_a_late_end_of_an_ended_call_changes_nothing_and_is_told_once():
    """Gateways repeat themselves."""
    bench = connected()
    bench.notify("callEnd")
    before = bench.only_call
    bench.forget()
    bench.notify("callEnd")
    assert told(bench) == ["END* START", RECEIVED, "END* FINISH(ONGOING)"]
    assert bench.only_call == before


@pytest.mark.parametrize(("kind", "sent"), [(RejectCall, ["reject_call"]), (IgnoreCall, [])])
def test_declining_a_call(kind, sent):
    """The previous state is the real one; only a rejection is sent."""
    bench = ringing()
    bench.request(kind, bench.only_call.id)
    assert told(bench)[-1] == "Ended < Ringing"
    assert told(bench)[0] == f"{kind.OPERATION} START"
    assert bench.rest.methods == sent
    assert bench.only_call.end_time == bench.only_call.start_time


def test_a_cancelled_call():
    """Neither tracks nor times; an end after it is ignored."""
    bench = ringing()
    bench.notify("callCancel", "b-1")
    assert told(bench) == ["CALL_CANCEL* START", RECEIVED, "Cancelled < Ringing", "CALL_CANCEL* FINISH(ONGOING)"]
    bench.forget()
    bench.notify("callEnd", "b-1")
    assert told(bench) == [RECEIVED]
    assert bench.only_call.state is CallState.CANCELLED
    assert "endTime" not in bench.only_call


def test_a_cancel_that_comes_too_early_is_kept():
    """Otherwise the device would ring for ever."""
    bench = CallBench()
    rung = Later()
    bench.rest.will("send_ringing", rung)
    call = bench.receive()
    bench.notify("callCancel", "b-1")
    assert bench.call(call.id).state is CallState.INITIATING
    rung.set(None)
    bench.settle()
    assert bench.call(call.id).state is CallState.CANCELLED


def test_a_cancel_during_an_answer_is_heard_when_the_answer_has_failed():
    """While the application answers, the gateway's answer tells who has the call; without one the cancel counts."""
    bench = ringing()
    refused = Later()
    bench.rest.will("answer_call", refused)
    bench.answer(bench.only_call.id)
    bench.notify("callCancel", "b-1")
    assert bench.only_call.state is CallState.RINGING
    refused.set(RequestRefused("no", code=500))
    bench.settle()
    assert bench.only_call.state is CallState.CANCELLED


def test_a_call_that_another_device_answered_first():
    """The state of the session decides; then the failure of the answer is told."""
    bench = ringing()
    bench.rest.will("answer_call", RequestRefused("late", code=55))
    bench.rest.will("call_state", "ANSWERED")
    slot = bench.answer(bench.only_call.id)
    assert told(bench) == [
        "ANSWER START",
        "ANSWER UPDATE(ONGOING)",
        "Cancelled < Ringing",
        "ANSWER FINISH(PENDING) ! 55",
        "Cancelled < Cancelled ! 55",
    ]
    assert slot.error.code == 55
    assert bench.media.is_closed


def test_a_failed_answer_leaves_the_call_ringing_and_answerable():
    """A new peer connection knows the offer."""
    bench = ringing()
    bench.rest.will("answer_call", RequestTimedOut("late"))
    bench.answer(bench.only_call.id)
    assert told(bench)[-2:] == ["ANSWER FINISH(PENDING) ! TimeoutError", "Ringing < Ringing ! TimeoutError"]
    bench.answer(bench.only_call.id)
    assert bench.only_call.state is CallState.CONNECTED
    assert len(bench.media.peers) == 1
    assert len(bench.media.tracks) == 1


def test_a_call_that_the_gateway_refuses():
    """MAKE FINISH and the state, both with the gateway's code."""
    bench = CallBench()
    bench.rest.will("start_call", RequestRefused("no", code=404))
    slot = bench.make()
    assert told(bench)[-2:] == ["MAKE FINISH(PENDING) ! 404", "Ended < Initiating ! 404"]
    assert slot.error.code == 404
    assert bench.only_call.error.code == 404
    assert bench.media.is_closed


def test_an_answer_that_cannot_be_applied_ends_the_call_on_both_sides():
    """MAKE FINISH comes last and without error; the gateway is told, for nobody else would."""
    bench = made()
    bench.media.peers_port.will("set_remote", SdpError("order", code="call:11"))
    bench.notify("respondCallUpdate", sdp=OFFER)
    assert told(bench) == [
        RECEIVED,
        "MAKE RESUME(PENDING)",
        "tracksRemoved",
        "Ended < Initiated ! call:11",
        "MAKE FINISH(RESOLVING)",
    ]
    assert bench.rest.methods == ["end_call"]


def test_a_refusal_of_our_offer_fails_the_make_and_leaves_the_call():
    """No gateway should send it for a make; the call can still be ended."""
    bench = made()
    bench.notify("respondCallUpdate", update_status=49, retryAfter=5)
    assert told(bench) == [RECEIVED, "MAKE RESUME(PENDING)", "MAKE FINISH(RESOLVING) ! call:2"]
    assert bench.only_call.state is CallState.INITIATED


def test_a_reply_that_says_nothing_ends_the_call():
    """Neither an answer nor a refusal: there is nothing to go on with."""
    bench = made()
    bench.notify("respondCallUpdate")
    assert told(bench)[2:] == ["tracksRemoved", "Ended < Initiated ! call:2", "MAKE FINISH(RESOLVING)"]


def test_a_remote_re_offer_is_refused_and_the_call_goes_on():
    """Re-negotiation that does not exist yet must not break a call."""
    bench = connected()
    bench.notify("startCallUpdate", sdp=OFFER)
    assert told(bench) == [RECEIVED, "GENERIC_REMOTE* START", "GENERIC_REMOTE* FINISH(ONGOING) ! call:12"]
    assert bench.rest.methods == ["refuse_update"]
    assert bench.only_call.state is CallState.CONNECTED


def test_the_media_connection():
    """Each change is told; ten seconds without connection are a failure."""
    bench = connected()
    bench.media.connection(MediaConnectionState.CONNECTED)
    bench.media.connection(MediaConnectionState.DISCONNECTED)
    bench.pass_time(9.9)
    assert bench.only_call.media_connection_state is MediaConnectionState.DISCONNECTED
    bench.pass_time(0.2)
    assert bench.only_call.media_connection_state is MediaConnectionState.FAILED
    assert told(bench) == ["mediaConnectionChange"] * 3


def test_a_connection_that_comes_back_in_time_has_not_failed():
    """A short loss is no failure."""
    bench = connected()
    bench.media.connection(MediaConnectionState.DISCONNECTED)
    bench.pass_time(9)
    bench.media.connection(MediaConnectionState.CONNECTED)
    bench.pass_time(9)
    assert bench.only_call.media_connection_state is MediaConnectionState.CONNECTED


@pytest.mark.parametrize("event_type", ["ringing", "callEnd", "callCancel", "call"])
@pytest.mark.parametrize("payload", ["unknown", "malformed"])
def test_every_notification_is_told_exactly_once(event_type, payload):
    """Also one about a call that is not ours, or that cannot be read."""
    bench = connected()
    if payload == "malformed":
        bench.notify(event_type, 5)
    else:
        bench.notify(event_type, "nobody")
    assert told(bench).count(RECEIVED) == 1


def test_a_second_call_with_the_same_session_is_ignored():
    """A gateway that repeats a call does not make two of it."""
    bench = ringing()
    bench.notify("call", "b-1", sdp=OFFER)
    assert told(bench) == [RECEIVED]
    assert bench.only_call.state is CallState.RINGING

"""What operations need, and what they fail of (`call-signalling` 5.3, 7.2)."""

import pytest

from rbbn_sdk.actions.call import (
    Bandwidth,
    EndCall,
    IgnoreCall,
    RejectCall,
    ResyncCall,
    SendRingingFeedback,
)
from rbbn_sdk.engine import Later
from rbbn_sdk.errors import MediaError, RequestRefused
from rbbn_sdk.ports import TrackSource
from rbbn_sdk.ports.rest import CustomParameter
from rbbn_sdk.testing.call import AUDIO, OFFER, VIDEO, CallBench
from rbbn_sdk.types import ErrorInfo, ObjectRef
from rbbn_sdk.types.call import CallState

ROOM = (CustomParameter(name="X-Room", value="12"),)


@pytest.mark.parametrize("kind", [EndCall, RejectCall, IgnoreCall, SendRingingFeedback])
def test_an_operation_on_an_unknown_call_is_told_without_a_state(kind):
    """`call:7`, and no `call:operation`."""
    bench = CallBench()
    slot = bench.request(kind, "nobody")
    assert bench.events == ["unknown < nothing ! call:7"]
    assert slot.error.code == "call:7"
    assert "nobody" in slot.error.message


def test_a_resync_of_an_unknown_call_only_fails():
    """It has no other event than its operation."""
    bench = CallBench()
    assert bench.request(ResyncCall, "nobody").error.code == "call:7"
    assert bench.events == []


@pytest.mark.parametrize("kind", [RejectCall, IgnoreCall])
def test_an_outgoing_call_cannot_be_declined(kind):
    """START, FINISH and the failure, all with the state as it is."""
    bench = CallBench()
    bench.make()
    bench.forget()
    slot = bench.request(kind, "c-1")
    operation = kind.OPERATION
    assert bench.events == [
        f"{operation} START",
        f"{operation} FINISH(ONGOING) ! call:6",
        "Initiated < Initiated ! call:6",
    ]
    assert slot.error.code == "call:6"


def test_a_kind_that_was_not_offered_cannot_be_sent():
    """The message names what the caller offers."""
    bench = CallBench()
    call = bench.receive()
    slot = bench.answer(call.id, media=(AUDIO, VIDEO))
    assert slot.error.code == "call:7"
    assert "video" in slot.error.message
    assert bench.media.tracks == set()


def test_nothing_is_done_with_a_call_that_is_being_ended():
    """`call:12`, without a `call:operation`."""
    bench = CallBench()
    call = bench.receive()
    bench.rest.will("end_call", Later())
    bench.request(EndCall, call.id)
    bench.forget()
    assert bench.answer(call.id).error.code == "call:12"
    assert bench.request(EndCall, call.id).error.code == "call:12"
    assert bench.events == ["Ringing < Ringing ! call:12"] * 2


def test_a_call_that_is_over_can_be_ended_again_without_harm():
    """Whoever cleans up need not ask first."""
    bench = CallBench()
    call = bench.receive()
    bench.request(EndCall, call.id)
    bench.forget()
    slot = bench.request(EndCall, call.id)
    assert slot.error is None
    assert bench.events == ["END START", "END FINISH(ONGOING)"]
    assert bench.rest.methods == []


def test_ringing_feedback_is_refused_in_automatic_mode():
    """It has been sent."""
    bench = CallBench()
    call = bench.receive()
    assert bench.request(SendRingingFeedback, call.id).error.code == "call:5"


def test_a_rejection_that_the_gateway_refuses_leaves_the_call_ringing_and_cancellable():
    """A later cancel must be heard."""
    bench = CallBench()
    call = bench.receive()
    bench.rest.will("reject_call", RequestRefused("no", code=500))
    assert bench.request(RejectCall, call.id).error.code == 500
    bench.notify("callCancel", "b-1")
    assert bench.only_call.state is CallState.CANCELLED


def test_wrong_arguments_of_a_make_are_told_by_events():
    """START, FINISH and the state, all before anything was opened."""
    bench = CallBench()
    problem = ErrorInfo(code="call:7", message="destination: ...")
    slot = bench.make(problem=problem)
    assert [event for event in bench.events if event != "devices:change"] == [
        "start",
        "MAKE START",
        "MAKE FINISH(ONGOING) ! call:7",
        "Ended < Initiating ! call:7",
    ]
    assert slot.error == problem
    assert bench.media.peers_port.methods == []


def test_a_device_that_cannot_be_opened_fails_with_call_4_and_closes_the_others():
    """All or none."""
    bench = CallBench()
    bench.media.devices.will("open", bench.media._open, MediaError("no camera"))
    slot = bench.make(media=(AUDIO, VIDEO))
    assert slot.error.code == "call:4"
    assert bench.media.is_closed


def test_the_offer_that_goes_to_the_gateway():
    """Destination, originator, early media, parameters."""
    bench = CallBench(early_media=True)
    bench.make(custom_parameters=ROOM, bandwidth=Bandwidth(audio=64))
    _, (_, offer) = bench.rest.calls[0]
    assert (offer.to, offer.from_, offer.early_media) == ("sip:bob@example.com", "sip:alice@example.com", True)
    assert offer.custom_parameters == ROOM
    assert "b=AS:64" in offer.sdp
    assert bench.only_call.custom_parameters == ROOM
    assert bench.only_call.bandwidth == Bandwidth(audio=64)


def test_the_answers_parameters_are_stored_and_sent():
    """So that later re-offers repeat them."""
    bench = CallBench()
    call = bench.receive()
    bench.answer(call.id, custom_parameters=ROOM)
    _, (_, _, answer) = next(call for call in bench.rest.calls if call[0] == "answer_call")
    assert answer.custom_parameters == ROOM
    assert bench.only_call.custom_parameters == ROOM


@pytest.mark.parametrize("is_bad", [False, True])
def test_source_objects_are_let_go_when_their_tracks_are_open_or_will_not_be(is_bad):
    """Else each call would keep what it was given."""
    source = TrackSource(type=AUDIO.type, source=ObjectRef(id="o-1", kind="source"))
    bench = CallBench()
    bench.make(media=(source,), problem=ErrorInfo(code="call:7") if is_bad else None)
    bench.notify("respondCallUpdate", sdp=OFFER)
    assert bench.objects.count("free") == 1


def test_an_sdp_handler_that_fails_is_left_out():
    """The others run, in their order, before and after candidates are there."""
    handlers = (ObjectRef(id="h-1", kind="sdp_handler"), ObjectRef(id="h-2", kind="sdp_handler"))
    bench = CallBench(sdp_handlers=handlers)
    bench.objects.will("run_sdp_handler", MediaError("odd"), lambda _ref, call: call.sdp + "a=x\r\n")
    bench.make()
    runs = [(args[0].id, args[1].step) for name, args in bench.objects.calls if name == "run_sdp_handler"]
    assert runs == [("h-1", "set"), ("h-2", "set"), ("h-1", "send"), ("h-2", "send")]
    _, (_, _, applied) = next(call for call in bench.media.peers_port.calls if call[0] == "set_local")
    assert applied.endswith("a=x\r\n")


def test_the_remote_party_stays_known_when_the_gateway_leaves_it_out():
    """What was told once holds until something else is told."""
    bench = CallBench()
    bench.make()
    bench.notify("ringing", callNotificationParams={"remoteName": "Bob", "remoteDisplayNumber": "bob@example.com"})
    bench.notify("respondCallUpdate", sdp=OFFER)
    party = bench.only_call.remote_participant
    assert (party.display_name, party.display_number) == ("Bob", "bob@example.com")


def test_a_conference_shows_as_the_remote_party_of_an_outgoing_call_too():
    """It is named as the caller."""
    bench = CallBench()
    bench.make()
    params = {"callerName": "Conference", "callerDisplayNumber": "conference@example.com", "remoteName": "Bob"}
    bench.notify("ringing", callNotificationParams=params)
    assert bench.only_call.remote_participant.display_name == "Conference"

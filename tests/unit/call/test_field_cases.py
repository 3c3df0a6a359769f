"""What really went wrong with programs of this kind, where it concerns the order of things."""

import pytest

from rbbn_sdk.actions.call import EndCall
from rbbn_sdk.actions.connectivity import Reconnected
from rbbn_sdk.engine import Later
from rbbn_sdk.errors import RequestRefused
from rbbn_sdk.testing.call import OFFER, CallBench
from rbbn_sdk.types import SessionId
from rbbn_sdk.types.call import CallState


@pytest.mark.parametrize("code", ["200", 200], ids=["text", "number"])
def test_a_call_answered_elsewhere_is_over_with_the_gateways_code(code):
    """Gateways say it by a cancel or by an end with a text or a number; an answer afterwards fails cleanly (F40)."""
    bench = CallBench()
    call = bench.receive()
    bench.notify("callEnd", "b-1", statusCode=code, reasonText="completed elsewhere")
    event = next(event for event, _ in reversed(bench.told) if event.TYPE == "call:stateChange")
    assert (event.transition.status_code, event.transition.reason_text) == (200, "completed elsewhere")
    assert bench.answer(call.id).error.code == "call:6"


def test_notifications_of_a_time_without_websocket_end_one_call_and_ring_another():
    """The old call ends once, a late end of it does not harm the new one (F42)."""
    bench = CallBench()
    bench.make()
    bench.notify("respondCallUpdate", sdp=OFFER)
    bench.forget()
    bench.store.dispatch(Reconnected())
    bench.notify("callEnd", settle=False)
    bench.notify("call", "b-1", sdp=OFFER, settle=False)
    bench.notify("callEnd")
    assert [event for event in bench.events if event.startswith("Ended <")] == ["Ended < Connected"]
    states = {call.state for call in map(bench.call, _ids(bench))}
    assert states == {CallState.ENDED, CallState.RINGING}
    bench.rest.will("start_call", SessionId("a-2"))
    bench.make("c-2")
    assert bench.call("c-2").state is CallState.INITIATED


def _ids(bench: CallBench) -> list[str]:
    return [event.call_id for event in (told for told, _ in bench.told) if event.TYPE == "call:receive"] + ["c-1"]


def test_a_burst_of_notifications_for_many_calls_loses_and_reorders_none():
    """Each call is busy with the gateway meanwhile, and holds up no other (F53)."""
    bench = CallBench()
    sessions = [f"s-{number}" for number in range(50)]
    busy = [Later() for _ in sessions]
    bench.rest.will("send_ringing", *busy)
    for session in sessions:
        bench.notify("call", session, sdp=OFFER, settle=False)
    for number in range(100):
        for session in sessions:
            bench.notify("ringing", session, eventId=f"{session} {number}", settle=False)
    for session in sessions:
        bench.notify("callEnd", session, statusCode="487", settle=False)
    bench.settle()
    ended = [event for event in bench.events if event == "Ended < Initiating"]
    assert len(ended) == 50
    assert bench.events.count("notification:received") == 50 + 5000 + 50
    assert bench.media.is_closed


def test_a_cancel_in_the_same_segment_as_its_call_is_not_lost():
    """Both come before the application had a chance to look."""
    bench = CallBench()
    bench.notify("call", "b-1", sdp=OFFER, settle=False)
    bench.notify("callCancel", "b-1", settle=False)
    bench.settle()
    assert bench.only_call.state is CallState.CANCELLED


def test_a_handler_that_ends_the_call_in_every_event_ends_it_once():
    """Applications hang up wherever they notice something."""
    bench = CallBench()
    bench.handlers.append(lambda event: _end(bench, event))
    bench.make()
    assert [event for event in bench.events if event.startswith("Ended <") and "!" not in event] == [
        "Ended < Initiating"
    ]
    assert bench.rest.count("start_call") == 0
    assert bench.media.is_closed


def _end(bench: CallBench, event) -> None:
    if event.TYPE in ("call:start", "call:stateChange") and bench.call("c-1").state is not CallState.ENDED:
        bench._requests += 1
        bench.store.request(EndCall(request_id=f"op-{bench._requests}", call_id="c-1"))


def test_a_saga_that_dies_takes_no_other_call_with_it():
    """A fault of ours in one call is a failure of that call."""
    bench = CallBench()
    bench.rest.will("start_call", RuntimeError("a fault of ours"), SessionId("a-2"))
    slot = bench.make()
    assert slot.error is not None
    assert bench.only_call.state is CallState.ENDED
    bench.make("c-2")
    assert bench.call("c-2").state is CallState.INITIATED
    assert len(bench.deaths) == 1
    bench.deaths.clear()


def test_a_gateway_that_answers_with_html_fails_the_operation_and_nothing_else():
    """The call can be ended afterwards (F36)."""
    bench = CallBench()
    call = bench.receive()
    bench.rest.will("answer_call", RequestRefused("the answer was refused with HTTP 502", code=502))
    assert bench.answer(call.id).error.code == 502
    assert bench.request(EndCall, call.id).error is None
    assert bench.only_call.state is CallState.ENDED


def test_a_session_of_a_call_that_is_over_may_be_that_of_a_new_one():
    """A gateway that was started anew counts from one again; what overtakes its answer is for the new call."""
    bench = CallBench()
    bench.make()
    bench.notify("callEnd", statusCode="486")
    answer: Later[SessionId] = Later()
    bench.rest.will("start_call", answer)
    bench.make("c-2")
    bench.notify("respondCallUpdate", sdp=OFFER)
    answer.set(SessionId("a-1"))
    bench.settle()
    assert bench.call("c-2").state is CallState.CONNECTED
    bench.notify("callEnd")
    assert bench.call("c-2").state is CallState.ENDED
    assert bench.media.is_closed


def test_a_session_of_another_call_fails_the_make_and_harms_neither_that_call_nor_the_next():
    """It would stay in Initiating for ever, and an end of it would wait for ever."""
    bench = CallBench()
    bench.make()
    bench.rest.will("start_call", SessionId("a-1"), SessionId("a-2"))
    slot = bench.make("c-2")
    assert slot.error.code == "call:2"
    assert bench.call("c-2").state is CallState.ENDED
    assert bench.call("c-1").state is CallState.INITIATED
    assert "end_call" not in bench.rest.methods
    bench.make("c-3")
    assert bench.call("c-3").state is CallState.INITIATED

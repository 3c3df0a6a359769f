"""The end of a call, and of the client, at every point where `make` and `answer` wait for something."""

import pytest

from rbbn_sdk.actions.call import EndCall
from rbbn_sdk.engine import Later
from rbbn_sdk.errors import RequestRefused
from rbbn_sdk.testing.call import CallBench
from rbbn_sdk.types import SessionId
from rbbn_sdk.types.call import CallState

MAKING = [
    ("devices", "open"),
    ("peers", "open"),
    ("peers", "add_track"),
    ("peers", "create_offer"),
    ("peers", "set_local"),
    ("peers", "gathering"),
    ("peers", "local_description"),
]
"""What `make` waits for before it asks the gateway."""

ANSWERING = [
    ("devices", "open"),
    ("peers", "add_track"),
    ("peers", "create_answer"),
    ("peers", "set_local"),
    ("peers", "gathering"),
    ("peers", "local_description"),
    ("rest", "answer_call"),
    ("peers", "start_transport"),
]

ARRIVING = [("peers", "open"), ("peers", "set_remote"), ("rest", "send_ringing")]


def hanging(port: str, method: str) -> CallBench:
    """A bench in which one method never answers."""
    bench = CallBench()
    scripted = {"devices": bench.media.devices, "peers": bench.media.peers_port, "rest": bench.rest}[port]
    bench_answer = Later()
    scripted.will(method, bench_answer)
    return bench


def final_states(bench: CallBench) -> list[str]:
    return [event for event in bench.events if event.startswith("Ended <")]


@pytest.mark.parametrize(("port", "method"), MAKING)
def test_a_call_that_is_ended_while_its_offer_is_made_never_reaches_the_gateway(port, method):
    """One final change of the state; nothing was asked, so nothing is told to the gateway."""
    bench = hanging(port, method)
    bench.make()
    bench.request(EndCall, "c-1")
    bench.pass_time(0.1)
    assert bench.events[-4:] == ["tracksRemoved", "END FINISH(ONGOING)", "Ended < Initiating", "MAKE FINISH(ONGOING)"]
    assert bench.rest.methods == []
    assert bench.media.is_closed


def test_a_call_that_is_ended_in_the_turn_of_its_make_never_begins():
    """The application changed its mind at once."""
    bench = CallBench()
    bench.request(EndCall, "c-1")
    slot = bench.make()
    assert not slot.settled
    bench.request(EndCall, "c-1")
    assert slot.settled


def test_a_call_that_is_ended_before_its_session_is_known_is_deleted_when_it_is():
    """Else the other end would ring on: a ghost call."""
    bench = CallBench()
    posted = Later()
    bench.rest.will("start_call", posted)
    make = bench.make()
    end = bench.request(EndCall, "c-1")
    assert not end.settled
    posted.set(SessionId("a-1"))
    bench.settle()
    assert bench.rest.methods == ["start_call", "end_call"]
    assert final_states(bench) == ["Ended < Initiating"]
    assert end.error is None
    assert make.error.code == "call:2"
    assert bench.events[-1] == "MAKE FINISH(PENDING)"


def test_a_call_that_is_ended_while_the_gateway_refuses_it_ends_once():
    """One story: it was hung up."""
    bench = CallBench()
    posted = Later()
    bench.rest.will("start_call", posted)
    bench.make()
    end = bench.request(EndCall, "c-1")
    posted.set(RequestRefused("no", code=404))
    bench.settle()
    assert final_states(bench) == ["Ended < Initiating"]
    assert end.error is None
    assert "end_call" not in bench.rest.methods


@pytest.mark.parametrize(("port", "method"), ANSWERING)
def test_a_call_that_is_ended_while_it_is_answered_is_deleted(port, method):
    """The gateway may have taken the answer already."""
    bench = hanging(port, method)
    call = bench.receive()
    answer = bench.answer(call.id)
    bench.request(EndCall, call.id)
    bench.pass_time(0.1)
    assert bench.rest.count("end_call") == 1
    assert final_states(bench) == ["Ended < Ringing"]
    assert answer.error.code == "call:2"
    assert bench.media.is_closed


@pytest.mark.parametrize(("port", "method"), ARRIVING)
def test_a_call_that_is_ended_while_it_arrives_is_deleted(port, method):
    """In whatever state: the end is possible."""
    bench = hanging(port, method)
    call = bench.receive()
    assert call.state is CallState.INITIATING
    bench.request(EndCall, call.id)
    assert bench.rest.count("end_call") == 1
    assert final_states(bench) == ["Ended < Initiating"]
    assert bench.media.is_closed


@pytest.mark.parametrize(("port", "method"), MAKING)
def test_destroying_the_client_while_an_offer_is_made_leaves_nothing_open(port, method):
    """No track, no peer, no request."""
    bench = hanging(port, method)
    slot = bench.make()
    bench.destroy()
    assert bench.media.is_closed
    assert slot.settled
    assert bench.rest.methods == []


@pytest.mark.parametrize(("port", "method"), ANSWERING)
def test_destroying_the_client_while_it_answers_tells_the_gateway(port, method):
    """Nobody may be left waiting for a client that is gone."""
    bench = hanging(port, method)
    call = bench.receive()
    slot = bench.answer(call.id)
    bench.destroy()
    assert bench.media.is_closed
    assert slot.settled
    assert bench.rest.count("end_call") == 1


def test_destroying_the_client_ends_its_calls():
    """With the gateway too, and in the state that is left."""
    bench = CallBench()
    bench.make()
    bench.receive()
    bench.destroy()
    assert bench.rest.count("end_call") == 2
    assert {bench.call(call_id).state for call_id in ("c-1",)} == {CallState.ENDED}


def test_a_gateway_that_does_not_answer_does_not_keep_media_open():
    """The end of a call is heard at once, whatever becomes of the request."""
    bench = CallBench()
    bench.make()
    bench.rest.will("end_call", Later())
    bench.request(EndCall, "c-1")
    assert bench.media.is_closed
    assert bench.only_call.state is CallState.INITIATED

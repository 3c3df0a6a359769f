"""How long a description waits for its candidates (`call-media` 3)."""

import pytest

from rbbn_sdk.effects.call.ice_check import built_in_check
from rbbn_sdk.errors import InvalidArgument
from rbbn_sdk.ports import IceCheckAnswer, IceCheckCall
from rbbn_sdk.ports.peers import IceProgressKind
from rbbn_sdk.testing.call import CallBench, progress
from rbbn_sdk.types import CallId, JsonText, ObjectRef
from rbbn_sdk.types.call import CallState, IceCheckReason, IceGatheringState, SdpType

GATHERING, COMPLETE = IceGatheringState.GATHERING, IceGatheringState.COMPLETE
TWO_SECTIONS = "v=0\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\nm=video 9 RTP/AVP 96\r\na=mid:1\r\n"
RELAY = "candidate:1 1 udp 1 192.0.2.1 4000 typ relay raddr 0.0.0.0 rport 9"
HOST = "candidate:2 1 udp 1 127.0.0.1 4000 typ host"
CHECK = ObjectRef(id="check", kind="ice_check")


def asked(duration: int, *mids: str, candidate: str = RELAY, state=GATHERING) -> IceCheckCall:
    return IceCheckCall(
        call_id=CallId("c-1"),
        call_operation="MAKE",
        reason=IceCheckReason.SCHEDULED,
        ice_candidates=(candidate,) * len(mids),
        ice_candidate_mids=mids,
        ice_collection_duration=duration,
        ice_gathering_state=state,
        rtc_peer_connection_config=JsonText("{}"),
        local_type=SdpType.OFFER,
        local_sdp=TWO_SECTIONS,
        ideal_timeout=1000,
        max_timeout=3000,
    )


@pytest.mark.parametrize(
    ("call", "turn_urls", "expected"),
    [
        pytest.param(asked(0, "0", candidate=HOST, state=COMPLETE), 0, "StartCall", id="complete"),
        pytest.param(asked(0, state=COMPLETE), 0, "Error", id="complete without candidate"),
        pytest.param(asked(240, "0", "0", "1"), 2, 760.0, id="early, one relay is missing"),
        pytest.param(asked(240, "0", "0", "1", "1"), 2, "StartCall", id="early, all relays"),
        pytest.param(asked(240, "0", "1", candidate=HOST), 0, 760.0, id="early, no TURN server"),
        pytest.param(asked(1000, "0", "0", "1"), 2, "StartCall", id="later, one relay each"),
        pytest.param(asked(1000, "0", "0"), 2, 2000.0, id="later, a section without relay"),
        pytest.param(asked(1000, "0", "1", candidate=HOST), 0, 2000.0, id="later, no TURN server"),
        pytest.param(asked(3000, "0", candidate=HOST), 1, "StartCall", id="too late, any candidate"),
        pytest.param(asked(3000), 1, "Error", id="too late, no candidate"),
    ],
)
def test_the_built_in_check(call, turn_urls, expected):
    """Relays while there is time, anything when there is none left, nothing is an error."""
    answer = built_in_check(call, turn_urls)
    assert expected == (answer.wait if answer.type == "Wait" else answer.type)


def bench_that_gathers(**options) -> CallBench:
    bench = CallBench(**options)
    bench.media.peers_port.will("gathering", progress(GATHERING))
    return bench


def test_a_gathering_that_is_complete_at_the_first_look_is_not_checked():
    """No candidates are no error then; so it is with most re-negotiations."""
    bench = CallBench(ice_collection_check_function=CHECK)
    bench.make()
    assert bench.only_call.state is CallState.INITIATED
    assert bench.objects.count("run_ice_check") == 0


def test_a_dead_stun_server_costs_the_maximum_and_no_more():
    """The candidates that are there are sent after `iceCollectionMaxTimeout`."""
    bench = bench_that_gathers()
    bench.media.steps.append(progress(GATHERING, HOST, kind=IceProgressKind.CANDIDATE))
    bench.make()
    bench.pass_time(2.8)
    assert bench.only_call.state is CallState.INITIATING
    bench.pass_time(0.2)
    assert bench.only_call.state is CallState.INITIATED


def test_the_end_of_gathering_ends_the_wait():
    """Whatever the time limits are."""
    bench = bench_that_gathers()
    bench.media.steps.append(progress(COMPLETE, HOST))
    bench.make()
    assert bench.only_call.state is CallState.INITIATED


def test_no_candidate_at_all_fails_the_call():
    """MAKE ends with the error; it would stay under way for ever otherwise."""
    bench = bench_that_gathers()
    bench.make()
    bench.pass_time(3)
    assert bench.events[-2:] == ["MAKE FINISH(ONGOING) ! call:2", "Ended < Initiating ! call:2"]
    assert bench.media.is_closed
    assert bench.rest.methods == []


def test_the_applications_check_is_asked_at_the_right_times():
    """Scheduled first; a first candidate at once, a burst after it together; a change of the state at once."""
    bench = bench_that_gathers(ice_collection_check_function=CHECK)
    wait, start = IceCheckAnswer(type="Wait"), IceCheckAnswer(type="StartCall")
    bench.objects.will("run_ice_check", wait, wait, wait, start)
    one, two, three = ([HOST] * count for count in (1, 2, 3))
    candidate = IceProgressKind.CANDIDATE
    bench.media.steps.extend(progress(GATHERING, *found, kind=candidate) for found in (one, two, three))
    bench.make()
    bench.pass_time(0.2)
    calls = [args[1] for _, args in bench.objects.calls if len(args) == 2]
    assert [(call.reason, len(call.ice_candidates)) for call in calls] == [
        (IceCheckReason.SCHEDULED, 0),
        (IceCheckReason.NEW_CANDIDATE, 1),
        (IceCheckReason.NEW_CANDIDATE, 3),
    ]
    assert calls[0].call_operation == "MAKE"


def test_a_wait_that_is_over_asks_again():
    """`Scheduled`, after the milliseconds that the function asked for."""
    bench = bench_that_gathers(ice_collection_check_function=CHECK)
    bench.objects.will("run_ice_check", IceCheckAnswer(type="Wait", wait=500.0), IceCheckAnswer(type="StartCall"))
    bench.make()
    bench.pass_time(0.4)
    assert bench.only_call.state is CallState.INITIATING
    bench.pass_time(0.1)
    assert bench.only_call.state is CallState.INITIATED


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (IceCheckAnswer(type="Error", error="no"), "call:2"),
        (InvalidArgument("odd", code="call:7"), "call:7"),
        (InvalidArgument("raised", code="call:1"), "call:1"),
    ],
)
def test_an_answer_whose_check_fails_ends_the_call_and_tells_the_gateway(answer, code):
    """The operation finishes with the error, and nobody waits at the other end."""
    bench = CallBench(ice_collection_check_function=CHECK)
    call = bench.receive()
    bench.media.peers_port.will("gathering", progress(GATHERING))
    bench.objects.will("run_ice_check", answer)
    slot = bench.answer(call.id)
    assert bench.events[-2:] == [f"ANSWER FINISH(ONGOING) ! {code}", f"Ended < Ringing ! {code}"]
    assert slot.error.code == code
    assert bench.rest.count("end_call") == 1
    assert bench.media.is_closed


def test_without_ice_collection_nothing_is_waited_for():
    """A private option of those who trickle by other ways."""
    bench = bench_that_gathers(trickle_ice_mode="FULL")
    bench.make()
    assert bench.only_call.state is CallState.INITIATED

"""Keep-alive, and asking the gateway what became of a call (`call-signalling` 3.11, 3.12, 7.3, 10.2)."""

import pytest

from rbbn_sdk.actions.call import ResyncCall
from rbbn_sdk.actions.connectivity import Connected, Reconnected, WsInfo
from rbbn_sdk.engine import Later
from rbbn_sdk.errors import RequestRefused
from rbbn_sdk.testing.call import OFFER, CallBench
from rbbn_sdk.types import SocketId
from rbbn_sdk.types.call import CallState
from rbbn_sdk.types.options import ConnectivityOptions


def made() -> CallBench:
    bench = CallBench()
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


def test_a_call_is_audited_at_its_interval():
    """25 s from the beginning of one to the beginning of the next."""
    bench = connected()
    bench.pass_time(24)
    assert bench.rest.count("audit_call") == 0
    bench.pass_time(26)
    assert bench.rest.count("audit_call") == 2


def test_an_audit_that_fails_is_repeated_soon_and_one_without_answer_counts_as_failed():
    """A short loss of the network must neither end the call nor the audits."""
    bench = connected()
    bench.rest.will("audit_call", RequestRefused("busy", code=500), Later())
    bench.pass_time(25)
    bench.pass_time(5)
    assert bench.rest.count("audit_call") == 2
    bench.pass_time(5)
    assert bench.rest.count("audit_call") == 3
    assert bench.only_call.state is CallState.CONNECTED


def test_a_call_that_the_gateway_does_not_know_any_more_is_over():
    """END FINISH without a START, code 9909, and no request: there is nothing left to delete."""
    bench = made()
    bench.rest.will("audit_call", RequestRefused("gone", code=42))
    bench.pass_time(25)
    assert bench.events == [
        "END FINISH (no id) ! 42",
        "tracksRemoved",
        "Ended < Initiated ! 42",
        "MAKE FINISH(PENDING)",
    ]
    event = bench.told[2][0]
    assert event.transition.status_code == 9909
    assert event.transition.reason_text
    assert bench.rest.count("end_call") == 0


def test_the_audits_end_with_the_call():
    """Nothing is asked about a call that is over."""
    bench = connected()
    bench.notify("callEnd")
    bench.pass_time(100)
    assert bench.rest.count("audit_call") == 0


RESYNCED = ["RESYNC START", "RESYNC UPDATE(ONGOING)"]


def test_a_resync_that_finds_nothing_new():
    """Only the operation is told."""
    bench = ringing()
    slot = bench.request(ResyncCall, bench.only_call.id)
    assert bench.events == [*RESYNCED, "RESYNC FINISH(PENDING)"]
    assert slot.error is None


def test_a_resync_of_a_call_that_another_device_has():
    """Cancelled, then the operation."""
    bench = ringing()
    bench.rest.will("call_state", "ANSWERED")
    bench.request(ResyncCall, bench.only_call.id)
    assert bench.events == [*RESYNCED, "Cancelled < Ringing", "RESYNC FINISH(PENDING)"]


def test_a_resync_of_a_call_that_is_gone():
    """Ended with the gateway's code; no END operation."""
    bench = connected()
    bench.rest.will("call_state", RequestRefused("gone", code=47))
    bench.request(ResyncCall, "c-1")
    assert bench.events[:4] == [*RESYNCED, "tracksRemoved", "Ended < Connected ! 47"]
    assert bench.events[-1] == "RESYNC FINISH(PENDING)"


def test_a_resync_that_the_gateway_does_not_answer_fails():
    """The call is as it was."""
    bench = connected()
    bench.rest.will("call_state", RequestRefused("busy", code=500))
    slot = bench.request(ResyncCall, "c-1")
    assert bench.events == [*RESYNCED, "RESYNC FINISH(PENDING) ! 500"]
    assert slot.error.code == 500


def test_after_a_reconnect_live_calls_are_asked_about():
    """What was said while the websocket was away may be lost."""
    bench = connected()
    bench.rest.will("call_state", RequestRefused("gone", code=47))
    bench.store.dispatch(Reconnected())
    bench.settle()
    assert bench.events == ["END FINISH (no id) ! 47", "tracksRemoved", "Ended < Connected ! 47"]


def test_after_a_reconnect_a_call_with_an_operation_is_left_alone():
    """The operation will tell."""
    bench = made()
    bench.store.dispatch(Reconnected())
    bench.settle()
    assert bench.rest.count("call_state") == 0


@pytest.mark.parametrize("wanted", [True, False])
def test_at_a_first_connect_calls_are_asked_about_if_the_configuration_says_so(wanted):
    """`call.resyncOnConnect`."""
    bench = ringing(resync_on_connect=wanted)
    info = WsInfo(protocol="wss", server="gw.example", port=443, url="/w")
    bench.store.dispatch(Connected(socket_id=SocketId("w"), ws_info=info, options=ConnectivityOptions()))
    bench.settle()
    assert bench.rest.count("call_state") == int(wanted)


def test_a_call_by_push_is_followed_by_a_question():
    """Push may be slow: the call may be over already."""
    from rbbn_sdk.actions.notification import Channel

    bench = CallBench()
    bench.rest.will("call_state", RequestRefused("gone", code=47))
    bench.notify("call", "b-1", channel=Channel.PUSH, sdp=OFFER)
    assert bench.only_call.state is CallState.ENDED

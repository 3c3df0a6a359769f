"""What goes wrong around calls, over real sockets: no ghost call at the other end, and nothing left open."""

import pytest

from rbbn_sdk.errors import OperationFailed, RequestTimedOut

pytestmark = pytest.mark.media


def live(client):
    return [call for call in client.call.get_all() if call.state not in ("Ended", "Cancelled")]


async def test_a_call_that_is_ended_before_the_gateway_answers_rings_nowhere_for_long(parties, gateway, until):
    """The session is waited for, and deleted."""
    await gateway.delay(seconds=0.5, user="alice@example.com", path="*/callControl")
    made = parties.alice.call.make("bob@example.com", {"audio": True})
    await until(lambda: parties.alice.call.get_by_id(made).current_operations[0].status == "PENDING")
    await parties.alice.call.end(made)
    assert parties.alice.call.get_by_id(made).state == "Ended"
    await until(lambda: not live(parties.bob))
    await gateway.clear()
    await parties.talk()


async def test_a_call_that_is_ended_in_the_turn_of_its_make(parties):
    """It never reaches the gateway."""
    made = parties.alice.call.make("bob@example.com", {"audio": True})
    await parties.alice.call.end(made)
    assert parties.alice.call.get_by_id(made).state == "Ended"
    await parties.talk()
    assert len(parties.bob.call.get_all()) == 1


@pytest.mark.parametrize("who", ["alice", "bob"])
@pytest.mark.parametrize("state", ["Ringing", "Connected"])
async def test_a_client_that_is_destroyed_leaves_no_ghost_at_the_other_end(parties, who, state, until):
    """In whatever state its calls are."""
    await (parties.ring() if state == "Ringing" else parties.talk())
    left, call_id = (parties.bob, parties.received) if who == "alice" else (parties.alice, parties.made)
    await getattr(parties, who).destroy()
    await until(lambda: left.call.get_by_id(call_id).state in ("Ended", "Cancelled"))


@pytest.mark.parametrize("state", ["Ringing", "Connected"])
async def test_a_dropped_websocket_changes_no_call(parties, gateway, state, until):
    """What is said after it is back is heard."""
    await (parties.ring() if state == "Ringing" else parties.talk())
    lost = parties.alice.wait_for("ws:change", timeout=30)
    await gateway.drop_sockets(user="alice@example.com")
    await lost
    assert parties.alice.call.get_by_id(parties.made).state == state
    await until(lambda: parties.alice.connection.get_socket_state().connected)
    await parties.bob.call.end(parties.received)
    await until(lambda: parties.alice.call.get_by_id(parties.made).state == "Ended")


async def test_what_happened_while_the_websocket_was_away_is_caught_up_with(parties, gateway, until):
    """No ghost call after the reconnect: the gateway is asked."""
    await parties.talk()
    await gateway.drop_sockets(user="alice@example.com")
    await parties.bob.call.end(parties.received)
    await until(lambda: parties.alice.call.get_by_id(parties.made).state == "Ended")
    await parties.talk()


async def test_a_gateway_that_refuses_a_call(parties, gateway):
    """The gateway's code, and the next call works."""
    await gateway.fail(user="alice@example.com", method="POST", path="*/callControl", status=403, times=1)
    made = parties.alice.call.make("bob@example.com", {"audio": True})
    with pytest.raises(OperationFailed) as raised:
        await parties.alice.call.answered(made)
    assert raised.value.code == 403
    await parties.talk()


async def test_an_answer_that_the_gateway_refuses_can_be_repeated(parties, gateway, until, flows):
    """The call rings on, and the second answer has media."""
    await parties.ring()
    await gateway.wait_for_request("PUT", "*/callSessions/*", user="bob@example.com", count=2)
    await gateway.fail(user="bob@example.com", method="PUT", path="*/callSessions/*", status=500, times=1)
    with pytest.raises(OperationFailed):
        await parties.bob.call.answer(parties.received, {"audio": True})
    assert parties.bob.call.get_by_id(parties.received).state == "Ringing"
    await parties.bob.call.answer(parties.received, {"audio": True})
    await until(lambda: flows(parties.alice, parties.made))


async def test_a_gateway_that_never_answers_a_make(gateway, make_client):
    """After `restTimeout` the call has failed."""
    alice = await make_client(gateway, "alice", request={"restTimeout": 300})
    await gateway.delay(seconds=5, user="alice@example.com", path="*/callControl")
    made = alice.call.make("bob@example.com", {"audio": True})
    with pytest.raises(RequestTimedOut):
        await alice.call.answered(made)
    assert alice.call.get_by_id(made).state == "Ended"
    await gateway.clear()


@pytest.mark.parametrize("sdp", ["", "v=0\r\n", "no sdp at all", "v=0\r\nm=audio 9 RTP/AVP 0\r\n"])
async def test_an_answer_that_cannot_be_used_ends_the_call_on_both_sides(parties, raw_party, gateway, sdp, until):
    """Nobody is left in a call without media."""
    bob = await raw_party(gateway, "bob")
    made = parties.alice.call.make("bob@example.com", {"audio": True})
    bob.session = (await bob.notification("call"))["sessionParams"]["sessionData"]
    await bob.control("callAnswer", sdp=sdp or "\r\n")
    await until(lambda: parties.alice.call.get_by_id(made).state == "Ended")
    assert (await bob.notification("callEnd"))["eventType"] == "callEnd"


@pytest.mark.parametrize("sdp", ["v=0\r\n", "no sdp at all"])
async def test_an_offer_that_cannot_be_used_ends_the_incoming_call(make_client, raw_party, gateway, sdp):
    """It is told with the error, and the client can still make calls."""
    bob, alice = await make_client(gateway, "bob"), await raw_party(gateway, "alice")
    failed = bob.wait_for("call:stateChange", lambda event: "error" in event, timeout=30)
    await alice.call("bob@example.com", sdp)
    event = await failed
    assert bob.call.get_by_id(event.call_id).state == "Ended"
    await alice.end()
    made = bob.call.make("alice@example.com", {"audio": True})
    assert (await alice.notification("call"))["sessionParams"]["sdp"]
    await bob.call.end(made)


async def test_a_remote_re_offer_does_not_break_the_call(parties, gateway):
    """It is refused as one that comes at a bad time."""
    alice = parties.alice
    await parties.talk()
    refused = alice.wait_for(
        "call:operation", lambda event: not event.is_local and event.transition == "FINISH", timeout=30
    )
    session = alice.call.get_by_id(parties.made).wrtcs_session_id
    message = {"eventType": "startCallUpdate", "sessionParams": {"sessionData": session, "sdp": "v=0\r\n"}}
    await gateway.notify(user="alice@example.com", message=message)
    assert (await refused).error.code == "call:12"
    assert alice.call.get_by_id(parties.made).state == "Connected"


async def test_a_burst_of_notifications_loses_none_and_holds_up_no_other_call(parties, gateway):
    """Unknown sessions, repetitions and odd fields in between."""
    await parties.ring()
    for number in range(300):
        message = {"eventType": "ringing", "sessionParams": {"sessionData": f"nobody-{number}"}}
        await gateway.notify(user="alice@example.com", message=message)
    await gateway.notify(user="alice@example.com", message={"eventType": "callEnd", "sessionParams": 5})
    await parties.bob.call.answer(parties.received, {"audio": True})
    await parties.alice.call.answered(parties.made)

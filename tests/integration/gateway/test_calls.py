"""Calls between bare clients over real sockets; the rules one by one are in the unit tests of the switchboard."""

import asyncio

import pytest

from rbbn_sdk.gateway import Gateway, Timing


async def connected(alice, bob):
    """A call from alice to bob that both have up."""
    caller = await alice.make("sip:bob@example.com")
    await alice.put(caller, "audit")
    callee = await bob.ring()
    await alice.next_call("ringing")
    assert (await bob.put(callee, "callAnswer", sdp="answer")).status_code == 200
    await alice.next_call("respondCallUpdate")
    return caller, callee


def params(message):
    return message["sessionParams"]


async def test_a_call_from_its_making_to_its_end(device):
    """The example trace of call-signalling 11.6, with both parties shown in every notification."""
    alice, bob = await device("alice"), await device("bob")
    caller = await alice.make("sip:bob@example.com")
    assert (await alice.put(caller, "audit")).json() == {"callControlResponse": {"statusCode": 0}}
    call = await bob.next_call("call")
    callee = params(call)["sessionData"]
    assert params(call) == {"sessionData": callee, "sdp": "offer"}
    assert call["callNotificationParams"] == {
        "callerName": "Alice Archer",
        "callerDisplayNumber": "alice@example.com",
        "calleeName": "Bob Baker",
        "calleeDisplayNumber": "bob@example.com",
        "remoteName": "Alice Archer",
        "remoteDisplayNumber": "alice@example.com",
    }
    await bob.put(callee, "ringing")
    await bob.put(callee, "audit")
    ringing = await alice.next_call("ringing")
    assert params(ringing) == {"sessionData": caller}
    assert ringing["callNotificationParams"]["remoteName"] == "Bob Baker"
    await bob.put(callee, "callAnswer", sdp="answer")
    assert params(await alice.next_call("respondCallUpdate")) == {"sessionData": caller, "sdp": "answer"}
    assert (await bob.end(callee)).status_code == 204
    assert params(await alice.next_call("callEnd")) == {"sessionData": caller, "statusCode": "", "reasonText": ""}
    await bob.hears_nothing_before("mark")


async def test_of_two_devices_that_answer_at_once_one_wins(device):
    """The other is told so, reads the state, and is cancelled (call-signalling 8.3)."""
    alice = await device("alice")
    phone, desk = await device("bob", clientCorrelator="phone"), await device("bob", clientCorrelator="desk")
    await alice.put(await alice.make("sip:bob@example.com"), "audit")
    sids = [await phone.ring(), await desk.ring()]
    answers = await asyncio.gather(
        phone.put(sids[0], "callAnswer", sdp="of the phone"), desk.put(sids[1], "callAnswer", sdp="of the desk")
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    lost = next(number for number, answer in enumerate(answers) if answer.status_code == 409)
    loser, sid = (phone, desk)[lost], sids[lost]
    assert answers[lost].json() == {"callControlResponse": {"statusCode": 55}}
    state = await loser.request("GET", f"callControl/callSessions/{sid}")
    assert state.json() == {"callControlResponse": {"statusCode": 0, "state": "ANSWERED"}}
    assert params(await loser.next_call("callCancel"))["sessionData"] == sid
    await alice.next_call("ringing")
    won = params(await alice.next_call("respondCallUpdate"))["sdp"]
    assert won == ("of the desk", "of the phone")[lost]


async def test_an_answer_that_crosses_the_callers_end_finds_no_session(device):
    """The callee is cancelled, whichever comes first; nobody is left in a call."""
    alice, bob = await device("alice"), await device("bob")
    caller = await alice.make("sip:bob@example.com")
    await alice.put(caller, "audit")
    callee = await bob.ring()
    await alice.next_call("ringing")
    _, answer = await asyncio.gather(alice.end(caller), bob.put(callee, "callAnswer", sdp="answer"))
    end = await bob.next()
    assert (answer.status_code, end["eventType"]) in {(404, "callCancel"), (200, "callEnd")}
    await alice.hears_nothing_before("mark") if answer.status_code == 404 else await alice.next_call(
        "respondCallUpdate"
    )


async def test_a_hold_of_the_callee_reaches_the_caller_and_is_answered(device):
    """Re-offers go both ways."""
    alice, bob = await device("alice"), await device("bob")
    caller, callee = await connected(alice, bob)
    assert (await bob.put(callee, "startCallUpdate", sdp="hold")).status_code == 200
    assert params(await alice.next_call("startCallUpdate"))["sdp"] == "hold"
    await alice.put(caller, "respondCallUpdate", sdp="held")
    assert params(await bob.next_call("respondCallUpdate"))["sdp"] == "held"


async def test_a_hold_that_was_given_up_does_not_come_with_the_next_socket(nothing_is_left, device):
    """Its sender was refused and goes on as before; the other side would be on hold alone."""
    timing = Timing(settle=0.01, steady=0.01, reoffer=0.05)
    async with Gateway(timing=timing) as gateway:
        alice, bob = await device("alice", at=gateway), await device("bob", at=gateway)
        caller, _ = await connected(alice, bob)
        assert await gateway.drop_sockets(user=bob.username) == 1
        await alice.put(caller, "startCallUpdate", sdp="hold")
        assert (await alice.next_call("respondCallUpdate"))["statusCode"] == 49
        await bob.connect()
        await bob.hears_nothing_before("mark")


async def test_two_holds_that_cross_leave_one_that_succeeds(device):
    """As two clients do it: each refuses the other's while its own is under way (call-signalling 5.3)."""
    alice, bob = await device("alice"), await device("bob")
    caller, callee = await connected(alice, bob)
    await alice.put(caller, "startCallUpdate", sdp="of alice")
    await bob.next_call("startCallUpdate")
    await bob.put(callee, "startCallUpdate", sdp="of bob")
    assert (await bob.next_call("respondCallUpdate"))["statusCode"] == 49
    await bob.put(callee, "respondCallUpdate", statusCode="491")
    assert params(await bob.next_call("startCallUpdate"))["sdp"] == "of alice"
    await bob.put(callee, "respondCallUpdate", sdp="fine")
    answer = await alice.next_call("respondCallUpdate")
    assert params(answer)["sdp"] == "fine"
    assert "statusCode" not in answer


async def test_a_rejected_call_is_declined(device):
    """With the disposition request (call-signalling 3.4)."""
    alice, bob = await device("alice"), await device("bob")
    await alice.put(await alice.make("sip:bob@example.com"), "audit")
    sid = await bob.ring()
    body = {"callDispositionRequest": {"action": "reject", "sessionData": sid}}
    answer = await bob.request("POST", "calldisposition", body)
    assert (answer.status_code, answer.json()) == (200, {"callDispositionResponse": {"statusCode": 0}})
    await alice.next_call("ringing")
    end = params(await alice.next_call("callEnd"))
    assert (end["statusCode"], end["reasonText"]) == ("603", "Decline")


async def test_a_forwarded_call_is_answered_by_another_user(device):
    """The caller sees who it is."""
    alice, bob, carol = await device("alice"), await device("bob"), await device("carol")
    await alice.put(await alice.make("sip:bob@example.com"), "audit")
    sid = await bob.ring()
    body = {"callDispositionRequest": {"action": "forward", "sessionData": sid, "address": "sip:carol@example.com"}}
    assert (await bob.request("POST", "calldisposition", body)).status_code == 200
    await carol.put(await carol.ring(), "callAnswer", sdp="answer")
    kinds = [(await alice.next())["eventType"] for _ in range(2)]
    last = await alice.next()
    assert [*kinds, last["eventType"]] == ["ringing", "ringing", "respondCallUpdate"]
    assert last["callNotificationParams"]["remoteDisplayNumber"] == "carol@example.com"


async def test_a_call_that_nobody_answers_ends(nothing_is_left, device):
    """487 for the caller, a cancel for the devices."""
    async with Gateway(no_answer_timeout=0.2, timing=Timing(settle=0.01)) as gateway:
        alice, bob = await device("alice", at=gateway), await device("bob", at=gateway)
        await alice.put(await alice.make("sip:bob@example.com"), "audit")
        await bob.ring()
        await bob.next_call("callCancel")
        await alice.next_call("ringing")
        assert params(await alice.next_call("callEnd"))["statusCode"] == "487"


async def test_a_caller_that_leaves_no_trace_is_given_up(nothing_is_left, device):
    """It ended the call before it knew the session (call-signalling 3.5)."""
    async with Gateway(first_audit_timeout=0.1, timing=Timing(ready=0.01)) as gateway:
        alice, bob = await device("alice", at=gateway), await device("bob", at=gateway)
        await alice.make("sip:bob@example.com")
        assert (await alice.request("DELETE", "callControl")).status_code == 404
        await bob.next_call("call")
        await bob.next_call("callCancel")


@pytest.mark.parametrize(("to", "status"), [("sip:nobody@example.com", "404"), ("sip:carol@example.com", "480")])
async def test_a_call_to_nobody_is_made_and_then_ended(device, to, status):
    """The request succeeds; the reason comes as a notification (call-signalling 11.2)."""
    alice = await device("alice")
    caller = await alice.make(to)
    await alice.put(caller, "audit")
    assert params(await alice.next_call("callEnd"))["statusCode"] == status


async def test_a_call_goes_on_while_the_sockets_are_away(gateway, device):
    """The end, and a new call after it, are there when the client comes back (connection 6.3)."""
    alice, bob = await device("alice"), await device("bob")
    caller, callee = await connected(alice, bob)
    await gateway.drop_sockets(user=bob.username)
    await alice.end(caller)
    second = await alice.make("sip:bob@example.com")
    await alice.put(second, "audit")
    await bob.connect()
    heard = {message["eventType"]: params(message)["sessionData"] for message in (await bob.next(), await bob.next())}
    assert heard["callEnd"] == callee
    await bob.put(heard["call"], "ringing")
    await alice.next_call("ringing")


async def test_what_the_old_subscription_could_not_deliver_comes_with_the_new_one(gateway, device):
    """A client that could not reconnect subscribes anew: the end of its call must reach it there."""
    alice, old = await device("alice"), await device("bob")
    caller, callee = await connected(alice, old)
    await gateway.drop_sockets(user=old.username)
    await alice.end(caller)
    new = await device("bob")
    assert params(await new.next_call("callEnd"))["sessionData"] == callee


async def test_an_end_that_can_no_longer_be_delivered_is_found_by_the_audit(gateway, device):
    """The subscription is gone, and what waited for its socket with it."""
    alice, bob = await device("alice"), await device("bob")
    caller, callee = await connected(alice, bob)
    await gateway.drop_sockets(user=bob.username)
    await alice.end(caller)
    assert (await bob.put(callee, "audit")).status_code == 200
    await bob.unsubscribe()
    async with asyncio.timeout(30):
        while (await bob.put(callee, "audit")).status_code == 200:
            pass


async def test_an_end_that_was_lost_with_its_connection_comes_again(device):
    """A client that changed networks must not keep a ghost call; it knows a repetition by its id (connection 8.2)."""
    alice, bob = await device("alice"), await device("bob")
    caller, callee = await connected(alice, bob)
    lost = bob.socket
    await alice.end(caller)
    end = await bob.next_call("callEnd")
    await bob.connect()  # while the gateway still holds the old connection to be good
    assert await bob.next_call("callEnd") == end
    await lost.wait_closed()
    await bob.socket.send('{"message_type":"ping"}')
    await bob.hears_nothing_before("mark")
    await bob.connect()
    await bob.hears_nothing_before("mark")
    assert params(end)["sessionData"] == callee


async def test_a_new_subscription_takes_the_call_over(device):
    """A page that was loaded anew hears of the end of its call (call-signalling 11.1)."""
    alice, old = await device("alice"), await device("bob")
    caller, callee = await connected(alice, old)
    new = await device("bob")
    assert (await old.next())["eventType"] == "websocketOverridden"
    await alice.end(caller)
    assert params(await new.next_call("callEnd"))["sessionData"] == callee


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "answer"),
    [
        ("DELETE", "callControl", None, 404, {"callControlResponse": {"statusCode": 42}}),
        ("DELETE", "callControl/callSessions/x", None, 204, None),
        ("GET", "callControl/callSessions/x", None, 404, {"callControlResponse": {"statusCode": 47}}),
        ("PUT", "callControl/callSessions/x", {"type": "audit"}, 404, {"callControlResponse": {"statusCode": 42}}),
        ("PUT", "callControl/callSessions/x", {}, 400, {"callControlResponse": {"statusCode": 5}}),
        ("PUT", "callControl/callSessions/x", {"type": "dance"}, 400, {"callControlResponse": {"statusCode": 1004}}),
        ("POST", "callControl", {"type": "callStart"}, 400, {"callControlResponse": {"statusCode": 5}}),
        ("POST", "callControl", {"type": "callStart", "to": "b"}, 400, {"callControlResponse": {"statusCode": 5}}),
        ("POST", "callControl", {"type": "join"}, 403, {"callControlResponse": {"statusCode": 35}}),
        ("POST", "calldisposition", {}, 400, {"callDispositionResponse": {"statusCode": 5}}),
    ],
)
async def test_requests_that_cannot_be_met_say_why(device, method, path, body, status, answer):
    """In the resource's own words, so that clients find the code (call-signalling 1.1, 9.1)."""
    alice = await device("alice", connected=False)
    content = None if body is None else {"callControlRequest": body}
    refused = await alice.request(method, path, content)
    assert refused.status_code == status
    assert (refused.json() if refused.content else None) == answer


async def test_a_bad_request_about_a_call_does_not_hold_its_notifications_up(device):
    """What is refused is answered too, and then all goes on."""
    alice, bob = await device("alice"), await device("bob")
    caller, callee = await connected(alice, bob)
    for kind in ("startCallUpdate", "respondCallUpdate"):
        assert (await alice.put(caller, kind)).status_code == 400
    await bob.put(callee, "startCallUpdate", sdp="hold")
    await alice.next_call("startCallUpdate")

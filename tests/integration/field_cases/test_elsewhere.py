"""F40 and F42: calls that were answered elsewhere, and calls that came and went while the websocket was away."""

import json

import pytest

from rbbn_sdk.errors import RbbnError

pytestmark = pytest.mark.media


@pytest.mark.parametrize("code", ["200", 200], ids=["text", "number"])
@pytest.mark.parametrize("event_type", ["callEnd", "callCancel"])
async def test_f40_answered_elsewhere_is_told_with_its_code(event_type, code, phones, no_ghosts) -> None:
    """RFC 3326 2: `completed elsewhere` as text and as number; a later answer fails by itself."""
    alice, bob = phones
    outgoing = alice.make()
    incoming = await bob.rings()
    bob.notify(event_type, incoming, statusCode=code, reasonText="completed elsewhere")
    await bob.reaches(incoming, "Ended" if event_type == "callEnd" else "Cancelled")
    if event_type == "callEnd":
        (end,) = (event for event in bob.told if event.TYPE == "call:stateChange" and "transition" in event)
        assert dict(end.transition) == {"statusCode": 200, "reasonText": "completed elsewhere"}
    before = bob.state(incoming)
    with pytest.raises(RbbnError) as caught:
        await bob.answer(incoming)
    assert caught.value.code == "call:6"
    assert bob.state(incoming) == before
    await alice.end(outgoing)
    await no_ghosts(alice.gateway, alice, bob)


async def test_f40_an_end_after_the_cancel_changes_nothing(phones, no_ghosts) -> None:
    """Some gateways send both."""
    alice, bob = phones
    outgoing = alice.make()
    incoming = await bob.rings()
    bob.notify("callCancel", incoming)
    bob.notify("callEnd", incoming, statusCode="200", reasonText="completed elsewhere")
    await bob.settled()
    assert bob.state(incoming) == "Cancelled"
    assert [text for text in bob.events(incoming) if "<" in text][-1] == "Cancelled < Ringing"
    await alice.end(outgoing)
    await no_ghosts(alice.gateway, alice, bob)


async def test_f42_the_far_end_hung_up_and_called_anew_while_the_socket_was_away(
    gateway, phones, connect, still_works
) -> None:
    """The first call is over once, the second rings with its offer; old notifications come once more and late."""
    alice, bob = phones
    first, at_bob = await connect(alice, bob)
    alice.forget()
    await gateway.delay(path="*/websocket/*", seconds=0.5)
    await gateway.drop_sockets(user=alice.username, code=1006)
    await bob.end(at_bob)
    second_at_bob = bob.make(alice.username)
    second = await alice.rings()
    alice.notify("callEnd", first, statusCode="487", reasonText="late")
    alice.notify("callCancel", first)
    await alice.settled()
    assert alice.state(first) == "Ended"
    assert alice.state(second) == "Ringing"
    assert [text for text in alice.events(first) if "<" in text] == ["Ended < Connected"]
    await alice.answer(second)
    await bob.reaches(second_at_bob, "Connected")
    await alice.hears(second)
    await bob.end(second_at_bob)
    await alice.reaches(second, "Ended")
    await still_works(alice, bob)


async def test_f42_a_frame_that_comes_twice_over_two_sockets_counts_once(gateway, phones, connect, still_works) -> None:
    """The same `eventId` before and after the reconnect."""
    alice, bob = phones
    first, _ = await connect(alice, bob)
    session = alice.call(first).wrtcs_session_id
    params = {"sessionData": session, "statusCode": "487", "reasonText": "gone"}
    frame = json.dumps({"notificationMessage": {"eventType": "callEnd", "eventId": "same", "sessionParams": params}})
    alice.forget()
    alice.push(frame)
    await alice.reaches(first, "Ended")
    await gateway.drop_sockets(user=alice.username, code=1006)
    await alice.until(lambda: not alice.client.connection.get_socket_state().connected)
    alice.push(frame)
    await alice.settled()
    assert alice.events(first).count("END* START") == 1
    await bob.end(bob.live()[0].id)
    await still_works(alice, bob)

"""The gateway vanishes in the middle of a call: the parties go on talking, and each can hang up."""

import pytest

pytestmark = pytest.mark.media

ENDED_HERE = [
    "END START",
    "END UPDATE(ONGOING)",
    "tracksRemoved",
    "END FINISH(PENDING)",
    "Ended < Connected",
]


@pytest.fixture
async def quick_pair(gateway, phone):
    """Phones that do not wait long for a gateway that is gone."""
    given = {"request": {"restTimeout": 500}, "connectivity": {"reconnectLimit": 1}}
    return await phone(gateway, "alice", **given), await phone(gateway, "bob", **given)


async def test_media_go_on_without_the_gateway_and_each_side_can_hang_up(
    gateway, quick_pair, connect, still_works
) -> None:
    """The end is local where nobody can be told; a gateway that comes back on the same port is found again."""
    alice, bob = quick_pair
    outgoing, incoming = await connect(alice, bob)
    await gateway.stop()
    for side, call_id in ((alice, outgoing), (bob, incoming)):
        await side.until(lambda side=side: side.client.services.get_subscriptions().subscribed == ())
        await side.hears(call_id)
        assert side.state(call_id) == "Connected"
    for side, call_id in ((alice, outgoing), (bob, incoming)):
        side.forget()
        await side.end(call_id)
        assert side.events(call_id) == ENDED_HERE
    await gateway.start()
    for side in (alice, bob):
        await side.client.services.subscribe(["call"])
    await still_works(alice, bob)


async def test_audits_that_reach_nobody_do_not_end_a_call(hasty_gateway, phone, connect, still_works) -> None:
    """Nobody there, or an answer that says nothing: only a session that is unknown ends a call."""
    gateway = hasty_gateway
    alice, bob = await phone(gateway, "alice"), await phone(gateway, "bob")
    for status, body in ((0, None), (500, "<html>"), (503, None), (200, "<html>"), (404, {"x": 1})):
        await gateway.fail(user=alice.username, method="PUT", path="*callSessions*", status=status, body=body)
        outgoing, _ = await connect(alice, bob)
        await alice.hears(outgoing)
        await alice.until(lambda: any("audit of the call failed" in line for line in alice.logged))
        assert alice.state(outgoing) == "Connected"
        await gateway.clear()
        await alice.end(outgoing)
        alice.logged.clear()
    await still_works(alice, bob)


async def test_a_session_that_the_gateway_forgot_ends_the_call_at_both_sides(
    hasty_gateway, phone, connect, still_works
) -> None:
    """The order of `call-signalling` 8.12; nobody keeps a ghost."""
    gateway = hasty_gateway
    alice = await phone(gateway, "alice", call={"callAuditTimer": 500})
    bob = await phone(gateway, "bob")
    await gateway.fail(user=alice.username, method="PUT", path="*callSessions*", status=500)
    outgoing, incoming = await connect(alice, bob)
    alice.forget()
    await gateway.forget_sessions(user=alice.username)
    await gateway.clear()
    await alice.reaches(outgoing, "Ended")
    assert alice.events(outgoing) == ["END FINISH ! 42", "tracksRemoved", "Ended < Connected ! 42"]
    (end,) = (event for event in alice.told if event.TYPE == "call:stateChange")
    assert end.transition.status_code == 9909
    await bob.reaches(incoming, "Ended")
    await still_works(alice, bob)

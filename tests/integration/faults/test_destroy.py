"""A client is destroyed in each state of a call, on either side: nobody at the other end is left with a ghost.

That nothing of the destroyed client runs or is open any more is checked after every test.
"""

import pytest

from rbbn_sdk.errors import ClientDestroyed, RbbnError
from rbbn_sdk.gateway import Gateway
from rbbn_sdk.gateway.timing import Timing

pytestmark = pytest.mark.media

OVER = ("Ended", "Cancelled")


@pytest.fixture
async def strict_gateway(nothing_is_left):
    """It soon gives up callers who leave no trace."""
    async with Gateway(timing=Timing(settle=0.01, ready=0.1, first_audit_timeout=2.0)) as running:
        yield running


@pytest.fixture
async def pair(strict_gateway, phone):
    """Bob tells by hand that he rings."""
    manual = {"call": {"ringingFeedbackMode": "manual"}}
    return await phone(strict_gateway, "alice"), await phone(strict_gateway, "bob", **manual)


async def goes(phone) -> None:
    await phone.client.destroy()
    with pytest.raises(ClientDestroyed):
        phone.make()


@pytest.fixture
def nobody_waits(strict_gateway, phone, still_works, no_ghosts):
    """The one that is left has no live call, and can call the other's next client."""

    async def check(left, gone: str) -> None:
        await no_ghosts(strict_gateway, left)
        await still_works(left, await phone(strict_gateway, gone))

    return check


async def test_of_the_caller_while_the_offer_is_made(pair, nobody_waits) -> None:
    """The gateway was never asked."""
    alice, bob = pair
    outgoing = alice.make()
    handle = alice.client.call.answered(outgoing)
    await goes(alice)
    with pytest.raises(RbbnError):
        await handle
    assert bob.client.call.get_all() == ()
    await nobody_waits(bob, "alice")


async def test_of_the_caller_while_the_gateway_is_asked(pair, strict_gateway, nobody_waits) -> None:
    """The session is never known here: the gateway notices that nobody audits it."""
    alice, bob = pair
    await strict_gateway.delay(path="*/callControl", user=alice.username, seconds=0.2)
    outgoing = alice.make()
    await alice.until(lambda: "MAKE UPDATE(ONGOING)" in alice.events(outgoing))
    await goes(alice)
    await strict_gateway.clear()
    await nobody_waits(bob, "alice")


@pytest.mark.parametrize("gone", ["caller", "callee"])
@pytest.mark.parametrize("state", ["Initiated", "Ringing", "answering", "Connected", "ending"])
async def test_of_either(state, gone, pair, nobody_waits) -> None:
    """The other side hears of the end."""
    alice, bob = pair
    outgoing = alice.make()
    incoming = await bob.rings()
    await alice.reaches(outgoing, "Initiated")
    if state != "Initiated":
        await bob.client.call.send_ringing_feedback(incoming)
        await alice.reaches(outgoing, "Ringing")
    if state == "answering":
        handle = bob.client.call.answer(incoming, {"audio": True})
        await bob.until(lambda: "ANSWER UPDATE(ONGOING)" in bob.events(incoming))
    elif state in ("Connected", "ending"):
        await bob.answer(incoming)
        await alice.reaches(outgoing, "Connected")
        await alice.has_media(outgoing)
    leaving, left, call_id = (alice, bob, incoming) if gone == "caller" else (bob, alice, outgoing)
    if state == "ending":
        handle = leaving.client.call.end(outgoing if gone == "caller" else incoming)
    await goes(leaving)
    await left.reaches(call_id, *OVER)
    if state == "ending" or (state == "answering" and gone == "callee"):
        with pytest.raises(RbbnError):
            await handle
    await nobody_waits(left, "alice" if gone == "caller" else "bob")


async def test_of_the_callee_while_the_call_is_set_up(pair, nobody_waits) -> None:
    """In the handler of `call:receive`."""
    alice, bob = pair
    bob.client.on("call:receive", lambda _event: bob.client.destroy())
    outgoing = alice.make()
    await alice.reaches(outgoing, "Ended")
    await goes(bob)
    await nobody_waits(alice, "bob")


async def test_with_many_calls_in_different_states(pair, nobody_waits, strict_gateway, phone) -> None:
    """All of them end at the other ends."""
    alice, bob = pair
    carol = await phone(strict_gateway, "carol")
    to_carol = alice.make(carol.username)
    at_carol = await carol.rings()
    await carol.answer(at_carol)
    await alice.reaches(to_carol, "Connected")
    from_bob = bob.make(alice.username)
    await alice.rings()
    to_bob = alice.make()
    at_bob = await bob.rings()
    await goes(alice)
    await carol.reaches(at_carol, *OVER)
    await bob.reaches(from_bob, *OVER)
    await bob.reaches(at_bob, *OVER)
    assert to_bob != from_bob
    await nobody_waits(bob, "alice")


async def test_twice_and_in_the_middle_of_a_failing_call(pair, strict_gateway, nobody_waits) -> None:
    """The gateway refuses everything; destroying does not wait for it."""
    alice, bob = pair
    outgoing = alice.make()
    await bob.rings()
    await alice.reaches(outgoing, "Initiated")
    await strict_gateway.fail(user=alice.username, status=500)
    first, second = alice.client.destroy(), alice.client.destroy()
    await first
    await second
    await strict_gateway.clear()
    legs = strict_gateway._running.switchboard.legs
    for leg in legs.of_user(alice.username):  # the gateway was told and refused: as if it had noticed by itself
        strict_gateway._running.switchboard.hang_up(leg)
    await nobody_waits(bob, "alice")

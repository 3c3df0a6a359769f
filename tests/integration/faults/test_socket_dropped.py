"""The websocket breaks in each state of a call, at either side: what happened meanwhile comes with the next one."""

import pytest

pytestmark = pytest.mark.media

MANUAL = {"call": {"ringingFeedbackMode": "manual"}}


@pytest.fixture
async def pair(gateway, phone):
    """Bob tells by hand that he rings."""
    return await phone(gateway, "alice"), await phone(gateway, "bob", **MANUAL)


@pytest.fixture
def away(gateway):
    """The phone's connection breaks, and the next one takes a while: `await away(bob)`."""

    async def drop(phone) -> None:
        await gateway.delay(path="*/websocket/*", seconds=0.4)
        assert await gateway.drop_sockets(user=phone.username, code=1006) == 1

    return drop


@pytest.fixture
def back():
    """The connection is there again, and all that waited for it was handled."""

    async def wait(phone) -> None:
        await phone.until(lambda: phone.client.connection.get_socket_state().connected)

    return wait


async def rung(alice, bob) -> tuple[str, str]:
    outgoing, incoming = alice.make(), await bob.rings()
    await bob.client.call.send_ringing_feedback(incoming)
    await alice.reaches(outgoing, "Ringing")
    return outgoing, incoming


async def test_of_the_caller_in_initiating(pair, away, back, still_works) -> None:
    """The other side rings and answers before the caller can hear of it."""
    alice, bob = pair
    outgoing = alice.make()
    await away(alice)
    assert alice.state(outgoing) == "Initiating"
    incoming = await bob.rings()
    await bob.client.call.send_ringing_feedback(incoming)
    await bob.answer(incoming)
    await alice.reaches(outgoing, "Connected")
    assert [text for text in alice.events(outgoing) if "<" in text] == [
        "Initiated < Initiating",
        "Ringing < Initiated",
        "Connected < Ringing",
    ]
    await back(alice)
    await alice.hears(outgoing)
    await alice.end(outgoing)
    await bob.reaches(incoming, "Ended")
    await still_works(alice, bob)


async def test_of_the_caller_in_initiated(pair, away, back) -> None:
    """The ringing is heard later."""
    alice, bob = pair
    outgoing, incoming = alice.make(), await bob.rings()
    assert alice.state(outgoing) == "Initiated"
    await away(alice)
    await bob.client.call.send_ringing_feedback(incoming)
    assert not alice.client.connection.get_socket_state().connected
    await alice.reaches(outgoing, "Ringing")


@pytest.mark.parametrize("what", ["answer", "reject"])
async def test_of_the_caller_in_ringing(what, pair, away, no_ghosts) -> None:
    """The decision is heard later; a resync in between must not mistake the answer for another device's."""
    alice, bob = pair
    outgoing, incoming = await rung(alice, bob)
    await away(alice)
    await (bob.answer(incoming) if what == "answer" else bob.client.call.reject(incoming))
    assert not alice.client.connection.get_socket_state().connected
    if what == "answer":
        await alice.reaches(outgoing, "Connected")
        await alice.hears(outgoing)
        await alice.end(outgoing)
    await alice.reaches(outgoing, "Ended")
    await no_ghosts(alice.gateway, alice, bob)


@pytest.mark.parametrize("loser", ["caller", "callee"])
async def test_of_either_in_connected(loser, phones, connect, away, back, still_works) -> None:
    """Media go on; the other side's end is heard later, once."""
    alice, bob = phones
    outgoing, incoming = await connect(alice, bob)
    (lost, lost_call), (other, other_call) = (alice, outgoing), (bob, incoming)
    if loser == "callee":
        (lost, lost_call), (other, other_call) = (other, other_call), (lost, lost_call)
    await away(lost)
    await lost.until(lambda: not lost.client.connection.get_socket_state().connected)
    await lost.hears(lost_call)
    lost.forget()
    await other.end(other_call)
    await lost.reaches(lost_call, "Ended")
    await back(lost)
    assert lost.events(lost_call) == ["END* START", "tracksRemoved", "Ended < Connected", "END* FINISH(ONGOING)"]
    await still_works(alice, bob)


async def test_of_either_in_connected_while_nothing_happens(phones, connect, away, back) -> None:
    """The call is as it was."""
    alice, bob = phones
    calls = await connect(alice, bob)
    for side, call_id in zip(phones, calls, strict=True):
        side.forget()
        await away(side)
        await side.until(lambda side=side: not side.client.connection.get_socket_state().connected)
        await back(side)
        await side.gateway.wait_for_request("GET", "*callSessions*", user=side.username)
        await side.hears(call_id)
        assert side.state(call_id) == "Connected"
        assert side.events(call_id) == []


async def test_of_the_callee_before_the_call_comes(phones, away, connect) -> None:
    """It rings when the callee is back."""
    alice, bob = phones
    await away(bob)
    outgoing, _ = await connect(alice, bob)
    await alice.hears(outgoing)


@pytest.mark.parametrize("state", ["Initiating", "Initiated", "Ringing"])
async def test_of_the_callee_before_the_answer(state, pair, away, still_works) -> None:
    """The caller gives up; after the reconnect the call is cancelled, and nothing of it is left."""
    alice, bob = pair
    if state == "Initiating":
        outgoing = alice.make()
        await bob.until(bob.client.call.get_all)
        incoming = bob.live()[-1].id
    elif state == "Initiated":
        outgoing, incoming = alice.make(), await bob.rings()
    else:
        outgoing, incoming = await rung(alice, bob)
    assert bob.state(incoming) == state
    await away(bob)
    await alice.end(outgoing)
    await bob.reaches(incoming, "Cancelled")
    assert [text for text in bob.events(incoming) if "<" in text][-1].startswith("Cancelled < ")
    await still_works(alice, bob)


async def test_of_the_callee_in_ringing_who_answers_before_it_is_back(pair, away, connect, no_ghosts) -> None:
    """REST needs no websocket."""
    alice, bob = pair
    outgoing, incoming = await rung(alice, bob)
    await away(bob)
    await bob.answer(incoming)
    await alice.reaches(outgoing, "Connected")
    await alice.hears(outgoing)
    await bob.end(incoming)
    await no_ghosts(alice.gateway, alice, bob)

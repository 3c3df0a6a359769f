"""The gateway takes a request and does not answer in time: it may have done what was asked, or not."""

from contextlib import asynccontextmanager

import pytest

from rbbn_sdk.errors import RbbnError
from rbbn_sdk.gateway import Gateway
from rbbn_sdk.gateway.timing import Timing

pytestmark = pytest.mark.media

LONG = 60.0


@asynccontextmanager
async def late(gateway, phone, path):
    """Whatever the phone asks for there is answered when it has given up; before and after it waits as always."""
    usual = phone.client.get_config()["request"]
    await gateway.delay(path=path, user=phone.username, seconds=LONG)
    phone.client.update_config({"request": {"restTimeout": 250}})
    yield
    phone.client.update_config({"request": {"restTimeout": usual["restTimeout"]}})
    await gateway.clear()


@pytest.fixture
async def strict_gateway(nothing_is_left):
    """It soon gives up callers who leave no trace."""
    async with Gateway(timing=Timing(settle=0.01, ready=0.1, first_audit_timeout=2.0)) as running:
        yield running


async def test_of_make(strict_gateway, phone, still_works) -> None:
    """The order of `call-signalling` 8.10. The caller never knew the session, so the gateway has to clear up."""
    alice, bob = await phone(strict_gateway, "alice"), await phone(strict_gateway, "bob")
    async with late(strict_gateway, alice, "*/callControl"):
        outgoing = alice.make()
        await alice.reaches(outgoing, "Ended")
    code = alice.call(outgoing).error.code
    assert alice.events(outgoing) == [
        "start",
        "MAKE START",
        "MAKE UPDATE(ONGOING)",
        f"MAKE FINISH(PENDING) ! {code}",
        f"Ended < Initiating ! {code}",
    ]
    await still_works(alice, bob)


async def test_of_answer_that_was_taken(gateway, phone, still_works) -> None:
    """The failure is told, the call rings on; it can be ended, which ends it at the other side too."""
    alice, bob = await phone(gateway, "alice"), await phone(gateway, "bob")
    outgoing = alice.make()
    incoming = await bob.rings()
    bob.forget()
    async with late(gateway, bob, "*callSessions*"):
        with pytest.raises(RbbnError) as caught:
            await bob.answer(incoming)
    code = caught.value.code
    assert bob.events(incoming) == [
        "ANSWER START",
        "ANSWER UPDATE(ONGOING)",
        f"ANSWER FINISH(PENDING) ! {code}",
        f"Ringing < Ringing ! {code}",
    ]
    await alice.reaches(outgoing, "Connected")
    await bob.end(incoming)
    await alice.reaches(outgoing, "Ended")
    await still_works(alice, bob)


@pytest.fixture
async def unconfirmed(gateway, phone):
    """A call that bob has answered without hearing so: the gateway's reply was too late."""
    alice, bob = await phone(gateway, "alice"), await phone(gateway, "bob")
    outgoing = alice.make()
    incoming = await bob.rings()
    async with late(gateway, bob, "*callSessions*"):
        with pytest.raises(RbbnError):
            await bob.answer(incoming)
    await alice.reaches(outgoing, "Connected")
    return alice, bob, outgoing, incoming


async def test_of_answer_that_was_taken_and_is_repeated(unconfirmed, still_works) -> None:
    """The same answer goes out, so that both sides have media."""
    alice, bob, outgoing, incoming = unconfirmed
    await bob.answer(incoming)
    assert bob.state(incoming) == "Connected"
    await alice.hears(outgoing)
    await bob.hears(incoming)
    await alice.end(outgoing)
    await bob.reaches(incoming, "Ended")
    await still_works(alice, bob)


@pytest.mark.parametrize("how", ["reject", "ignore", "the caller"])
async def test_of_answer_that_was_taken_and_then_given_up(how, unconfirmed, still_works) -> None:
    """Nobody is left in a call with nobody."""
    alice, bob, outgoing, incoming = unconfirmed
    if how == "the caller":
        await alice.end(outgoing)
    else:
        await getattr(bob.client.call, how)(incoming)
    await alice.reaches(outgoing, "Ended")
    await bob.reaches(incoming, "Ended")
    await still_works(alice, bob)


async def test_of_answer_that_was_taken_before_a_reconnect(unconfirmed, gateway, still_works) -> None:
    """The gateway says that the call is answered: by us, and not by another device."""
    alice, bob, outgoing, incoming = unconfirmed
    await gateway.drop_sockets(user=bob.username, code=1006)
    await gateway.wait_for_request("GET", "*callSessions*", user=bob.username)
    await bob.settled()
    assert bob.state(incoming) == "Ringing"
    await bob.answer(incoming)
    await alice.hears(outgoing)
    await bob.end(incoming)
    await alice.reaches(outgoing, "Ended")
    await still_works(alice, bob)


async def test_of_answer_that_was_lost(gateway, phone, still_works) -> None:
    """The connection is cut before the gateway saw it; the second attempt is as good as a first one."""
    alice, bob = await phone(gateway, "alice"), await phone(gateway, "bob")
    outgoing = alice.make()
    incoming = await bob.rings()
    await gateway.fail(method="PUT", path="*callSessions*", user=bob.username, status=0)
    with pytest.raises(RbbnError):
        await bob.answer(incoming)
    assert bob.state(incoming) == "Ringing"
    await gateway.clear()
    await bob.answer(incoming)
    await alice.reaches(outgoing, "Connected")
    await alice.hears(outgoing)
    await bob.hears(incoming)
    await alice.end(outgoing)
    await still_works(alice, bob)


@pytest.mark.parametrize("side", ["caller", "callee"])
async def test_of_end(side, gateway, phone, connect, still_works) -> None:
    """The call is over here all the same, and media stop at once; the gateway did what was asked."""
    alice, bob = await phone(gateway, "alice"), await phone(gateway, "bob")
    calls = dict(zip(("caller", "callee"), await connect(alice, bob), strict=True))
    phones = {"caller": alice, "callee": bob}
    one, other = phones[side], phones["callee" if side == "caller" else "caller"]
    one.forget()
    async with late(gateway, one, "*callSessions*"):
        await one.end(calls[side])
    assert one.events(calls[side]) == [
        "END START",
        "END UPDATE(ONGOING)",
        "tracksRemoved",
        "END FINISH(PENDING)",
        "Ended < Connected",
    ]
    await other.reaches(calls["callee" if side == "caller" else "caller"], "Ended")
    await still_works(alice, bob)


async def test_of_the_audits(hasty_gateway, phone, connect, still_works) -> None:
    """They time out again and again; the call and its media go on."""
    alice = await phone(hasty_gateway, "alice", call={"callAuditTimer": 500})
    bob = await phone(hasty_gateway, "bob")
    await hasty_gateway.fail(method="PUT", path="*callSessions*", user=alice.username, status=500)
    outgoing, _ = await connect(alice, bob)
    asked = sum(1 for one in hasty_gateway.requests if one.method == "PUT" and alice.username in one.path)
    await hasty_gateway.clear()
    put = {"method": "PUT", "path": "*callSessions*", "user": alice.username, "answered": False}
    async with late(hasty_gateway, alice, "*callSessions*"):
        await hasty_gateway.wait_for_request(**put, count=asked + 2)
        await alice.hears(outgoing)
        assert alice.state(outgoing) == "Connected"
    await alice.end(outgoing)
    await still_works(alice, bob)


async def test_of_the_ringing_feedback(hasty_gateway, phone, still_works) -> None:
    """The call waits in Initiated and can be answered; the caller may have heard of the ringing or not."""
    alice, bob = await phone(hasty_gateway, "alice"), await phone(hasty_gateway, "bob")
    async with late(hasty_gateway, bob, "*callSessions*"):
        outgoing = alice.make()
        incoming = await bob.rings()
        assert bob.state(incoming) == "Initiated"
    await bob.answer(incoming)
    await alice.reaches(outgoing, "Connected")
    await alice.end(outgoing)
    await bob.reaches(incoming, "Ended")
    await still_works(alice, bob)

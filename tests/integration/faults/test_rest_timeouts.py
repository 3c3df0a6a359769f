"""The gateway takes a request and does not answer in time: it may have done what was asked, or not."""

import pytest

from rbbn_sdk.errors import RbbnError
from rbbn_sdk.gateway import Gateway
from rbbn_sdk.gateway.timing import Timing

pytestmark = pytest.mark.media

SHORT = {"request": {"restTimeout": 250}}
LONG = 5.0


@pytest.fixture
async def strict_gateway(nothing_is_left):
    """It soon gives up callers who leave no trace."""
    async with Gateway(timing=Timing(settle=0.01, ready=0.1, first_audit_timeout=0.4)) as running:
        yield running


async def test_of_make(strict_gateway, phone, still_works) -> None:
    """The order of `call-signalling` 8.10. The caller never knew the session, so the gateway has to clear up."""
    alice, bob = await phone(strict_gateway, "alice", **SHORT), await phone(strict_gateway, "bob")
    await strict_gateway.delay(path="*/callControl", user=alice.username, seconds=LONG)
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
    await strict_gateway.clear()
    await still_works(alice, bob)


async def test_of_answer_that_was_taken(gateway, phone, still_works) -> None:
    """The failure is told, the call rings on; it can be ended, which ends it at the other side too."""
    alice, bob = await phone(gateway, "alice"), await phone(gateway, "bob", **SHORT)
    outgoing = alice.make()
    incoming = await bob.rings()
    await gateway.delay(path="*callSessions*", user=bob.username, seconds=LONG)
    bob.forget()
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
    await gateway.clear()
    await bob.end(incoming)
    await alice.reaches(outgoing, "Ended")
    await still_works(alice, bob)


@pytest.fixture
async def unconfirmed(gateway, phone):
    """A call that bob has answered without hearing so: the gateway's reply was too late."""
    alice, bob = await phone(gateway, "alice"), await phone(gateway, "bob", **SHORT)
    outgoing = alice.make()
    incoming = await bob.rings()
    await gateway.delay(path="*callSessions*", user=bob.username, seconds=LONG)
    with pytest.raises(RbbnError):
        await bob.answer(incoming)
    await alice.reaches(outgoing, "Connected")
    await gateway.clear()
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
    alice, bob = await phone(gateway, "alice"), await phone(gateway, "bob", **SHORT)
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
    alice, bob = await phone(gateway, "alice", **SHORT), await phone(gateway, "bob", **SHORT)
    calls = dict(zip(("caller", "callee"), await connect(alice, bob), strict=True))
    phones = {"caller": alice, "callee": bob}
    one, other = phones[side], phones["callee" if side == "caller" else "caller"]
    await gateway.delay(path="*callSessions*", user=one.username, seconds=LONG)
    one.forget()
    await one.end(calls[side])
    assert one.events(calls[side]) == [
        "END START",
        "END UPDATE(ONGOING)",
        "tracksRemoved",
        "END FINISH(PENDING)",
        "Ended < Connected",
    ]
    await other.reaches(calls["callee" if side == "caller" else "caller"], "Ended")
    await gateway.clear()
    await still_works(alice, bob)


async def test_of_the_audits(hasty_gateway, phone, connect, still_works) -> None:
    """They time out again and again; the call and its media go on."""
    alice = await phone(hasty_gateway, "alice", **SHORT, call={"callAuditTimer": 500})
    bob = await phone(hasty_gateway, "bob")
    await hasty_gateway.fail(method="PUT", path="*callSessions*", user=alice.username, status=500)
    outgoing, _ = await connect(alice, bob)
    asked = sum(1 for one in hasty_gateway.requests if one.method == "PUT" and alice.username in one.path)
    await hasty_gateway.clear()
    await hasty_gateway.delay(path="*callSessions*", user=alice.username, seconds=LONG)
    put = {"method": "PUT", "path": "*callSessions*", "user": alice.username, "answered": False}
    await hasty_gateway.wait_for_request(**put, count=asked + 2)
    await alice.hears(outgoing)
    assert alice.state(outgoing) == "Connected"
    await hasty_gateway.clear()
    await alice.end(outgoing)
    await still_works(alice, bob)


async def test_of_the_ringing_feedback(hasty_gateway, phone, still_works) -> None:
    """The call waits in Initiated and can be answered; the caller may have heard of the ringing or not."""
    alice, bob = await phone(hasty_gateway, "alice"), await phone(hasty_gateway, "bob", **SHORT)
    await hasty_gateway.delay(path="*callSessions*", user=bob.username, seconds=LONG)
    outgoing = alice.make()
    incoming = await bob.rings()
    assert bob.state(incoming) == "Initiated"
    await hasty_gateway.clear()
    await bob.answer(incoming)
    await alice.reaches(outgoing, "Connected")
    await alice.end(outgoing)
    await bob.reaches(incoming, "Ended")
    await still_works(alice, bob)

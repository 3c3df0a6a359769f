"""Two devices of one user ring: one answers first, and the other is told (`call-signalling` 8.3)."""

import asyncio

import pytest

from rbbn_sdk.errors import RbbnError

pytestmark = pytest.mark.media


@pytest.fixture
async def trio(gateway, phone):
    """Alice, and two phones of bob."""
    alice, desk = await phone(gateway, "alice"), await phone(gateway, "bob", services=None)
    mobile = await phone(gateway, "bob", services=None)
    await desk.client.services.subscribe(["call"], client_correlator="desk")
    await mobile.client.services.subscribe(["call"], client_correlator="mobile")
    return alice, desk, mobile


@pytest.mark.parametrize("first", ["desk", "mobile"])
async def test_one_answers_and_the_other_is_cancelled(first, trio, no_ghosts, connect) -> None:
    """Media flow with the one that answered."""
    alice, desk, mobile = trio
    winner, loser = (desk, mobile) if first == "desk" else (mobile, desk)
    outgoing = alice.make()
    won, lost = await winner.rings(), await loser.rings()
    await winner.answer(won)
    await loser.reaches(lost, "Cancelled")
    assert loser.events(lost)[-3:] == ["CALL_CANCEL* START", "Cancelled < Ringing", "CALL_CANCEL* FINISH(ONGOING)"]
    await alice.reaches(outgoing, "Connected")
    await asyncio.gather(alice.hears(outgoing), winner.hears(won))
    with pytest.raises(RbbnError):
        await loser.answer(lost)
    await loser.settled()
    assert loser.state(lost) == "Cancelled"
    await alice.end(outgoing)
    await winner.reaches(won, "Ended")
    assert loser.state(lost) == "Cancelled"
    await no_ghosts(alice.gateway, *trio)


@pytest.mark.parametrize("round_", range(3))
async def test_both_answer_at_once(round_, trio, no_ghosts) -> None:
    """One wins and has media both ways; the other is Cancelled, whichever way it came to know (error 55 or cancel)."""
    alice, desk, mobile = trio
    outgoing = alice.make()
    calls = {desk: await desk.rings(), mobile: await mobile.rings()}
    order = (desk, mobile) if round_ % 2 else (mobile, desk)
    results = await asyncio.gather(*(one.answer(calls[one]) for one in order), return_exceptions=True)
    await alice.reaches(outgoing, "Connected")
    winners = [one for one in calls if one.state(calls[one]) == "Connected"]
    assert len(winners) == 1
    assert sum(isinstance(result, RbbnError) for result in results) == 1
    (winner,) = winners
    loser = mobile if winner is desk else desk
    await loser.reaches(calls[loser], "Cancelled")
    await asyncio.gather(alice.hears(outgoing), winner.hears(calls[winner]))
    await winner.end(calls[winner])
    await alice.reaches(outgoing, "Ended")
    await no_ghosts(alice.gateway, *trio)


async def test_one_that_answers_too_late_learns_it_from_the_gateway(trio, gateway, no_ghosts) -> None:
    """Error 55, then the state of the session: the order of 8.3."""
    alice, desk, mobile = trio
    outgoing = alice.make()
    at_desk, at_mobile = await desk.rings(), await mobile.rings()
    await gateway.delay(path="*/websocket/*", seconds=1.0)
    await drop(mobile)
    await desk.answer(at_desk)
    mobile.forget()
    with pytest.raises(RbbnError) as caught:
        await mobile.answer(at_mobile)
    assert caught.value.code == 55
    assert mobile.events(at_mobile) == [
        "ANSWER START",
        "ANSWER UPDATE(ONGOING)",
        "Cancelled < Ringing",
        "ANSWER FINISH(PENDING) ! 55",
        "Cancelled < Cancelled ! 55",
    ]
    await gateway.clear()
    await alice.reaches(outgoing, "Connected")
    await alice.hears(outgoing)
    await alice.end(outgoing)
    await desk.reaches(at_desk, "Ended")
    await no_ghosts(gateway, *trio)


async def drop(phone) -> None:
    """The websocket of this device only."""
    for subscription in phone.gateway._running.subscriptions.of_user(phone.username):
        if subscription.correlator == "mobile":
            socket = subscription.channel.detach()
            phone.gateway._cut(socket.scope)
    await phone.until(lambda: not phone.client.connection.get_socket_state().connected)


async def test_one_rejects_for_both(trio, no_ghosts) -> None:
    """The other is cancelled, the caller hears why."""
    alice, desk, mobile = trio
    outgoing = alice.make()
    at_desk, at_mobile = await desk.rings(), await mobile.rings()
    await desk.client.call.reject(at_desk)
    await mobile.reaches(at_mobile, "Cancelled")
    await alice.reaches(outgoing, "Ended")
    await no_ghosts(alice.gateway, *trio)


async def test_one_ignores_and_the_other_answers(trio, no_ghosts) -> None:
    """Ignoring is nobody else's business."""
    alice, desk, mobile = trio
    outgoing = alice.make()
    at_desk, at_mobile = await desk.rings(), await mobile.rings()
    await desk.client.call.ignore(at_desk)
    assert desk.state(at_desk) == "Ended"
    await mobile.answer(at_mobile)
    await alice.reaches(outgoing, "Connected")
    await desk.settled()
    assert desk.state(at_desk) == "Ended"
    await alice.end(outgoing)
    await no_ghosts(alice.gateway, *trio)


async def test_the_caller_gives_up_while_one_answers(trio, no_ghosts) -> None:
    """Crossing on the wire: nobody is left in a call."""
    alice, desk, mobile = trio
    outgoing = alice.make()
    at_desk, at_mobile = await desk.rings(), await mobile.rings()
    await asyncio.gather(desk.answer(at_desk), alice.end(outgoing), return_exceptions=True)
    await desk.reaches(at_desk, "Ended", "Cancelled")
    await mobile.reaches(at_mobile, "Cancelled")
    await no_ghosts(alice.gateway, *trio)

"""Closing in every phase: within a second, more than once, and nothing is left (the fixtures look)."""

import asyncio
import re

import pytest

from rbbn_sdk.errors import MediaError
from rbbn_sdk.io.webrtc import monitor
from rbbn_sdk.io.webrtc.private import ice
from rbbn_sdk.ports.peers import IceServer, PeerEventKind
from rbbn_sdk.types.call import MediaConnectionState, SdpType

pytestmark = pytest.mark.media

DEAD = IceServer(urls=("stun:127.0.0.1:9", "turn:127.0.0.1:9?transport=udp"))


async def opened(a, b):
    await a.open()


async def with_track(a, b):
    await (await a.open()).send("silence", "testpattern")


async def offering(a, b):
    await with_track(a, b)
    await a.peers.create_offer(a.peer)


async def gathering(a, b):
    await (await a.open(DEAD)).send("silence")
    await a.peers.set_local(a.peer, SdpType.OFFER, await a.peers.create_offer(a.peer))


async def offered(a, b):
    await with_track(b, a)
    await a.open()
    await a.take(SdpType.OFFER, await b.offer())


async def answered(a, b):
    await offered(a, b)
    await a.send("silence")
    await a.answer()


async def checking(a, b):
    await answered(a, b)
    await a.peers.start_transport(a.peer)
    await a.reaches(MediaConnectionState.CHECKING)


async def connected(a, b):
    await with_track(a, b)
    await b.open()
    await b.take(SdpType.OFFER, await a.offer())
    await b.send("silence", "testpattern")
    await a.take(SdpType.ANSWER, await b.answer())
    await b.peers.start_transport(b.peer)
    await a.reaches(MediaConnectionState.CONNECTED)


PHASES = [opened, with_track, offering, gathering, offered, answered, checking, connected]


@pytest.mark.parametrize("phase", PHASES, ids=lambda phase: phase.__name__)
async def test_a_peer_can_be_closed_in_every_phase(sides, phase):
    """Also twice, and at the same time."""
    a, b = sides
    await phase(a, b)
    async with asyncio.timeout(3):
        await asyncio.gather(a.peers.close(a.peer), a.peers.close(a.peer))
        await a.peers.close(a.peer)


@pytest.mark.parametrize("phase", PHASES, ids=lambda phase: phase.__name__)
async def test_a_closed_peer_says_so_and_takes_no_more_orders(sides, phase):
    """Whoever waits for events gets the end; whoever orders gets an error of ours."""
    a, b = sides
    await phase(a, b)
    await a.peers.close(a.peer)
    while (await a.peers.next_event(a.peer)).kind is not PeerEventKind.CLOSED:
        pass
    assert (await a.peers.next_event(a.peer)).kind is PeerEventKind.CLOSED
    for order in (a.peers.create_offer, a.peers.local_description, a.peers.start_transport, a.peers.gathering):
        with pytest.raises(MediaError, match="not open"):
            await order(a.peer)


async def test_a_peer_that_checks_hundreds_of_candidates_closes_within_a_second(sides):
    """A machine with very many interfaces is on the other side, and the user hangs up."""
    a, b = sides
    await (await b.open()).send("silence")
    offer = await b.offer()
    line = re.search(r"a=candidate:.*\r\n", offer)[0]
    fields = line.split()
    many = "".join(
        " ".join([f"{fields[0]}{n}", *fields[1:5], str(20000 + n), *fields[6:]]) + "\r\n" for n in range(300)
    )
    await a.open()
    await a.take(SdpType.OFFER, offer.replace(line, many))
    await a.answer()
    await a.peers.start_transport(a.peer)
    await a.reaches(MediaConnectionState.CHECKING)
    await asyncio.sleep(0.3)  # several dozen checks are under way
    async with asyncio.timeout(3):
        await a.peers.close(a.peer)


async def test_a_set_up_that_is_cancelled_anywhere_leaves_nothing(sides):
    """Sagas are cancelled at any await."""
    for turns in range(40):
        a, b = sides
        task = asyncio.create_task(connected(a, b))
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        for side in sides:
            await side.close()
            side.states.clear()


async def test_a_set_up_that_is_closed_anywhere_ends_with_an_error_of_ours(sides):
    """A hang-up comes at any time; whoever was at work on the peer learns it, and finds nothing to clean up."""
    a, b = sides
    for turns in range(40):
        task = asyncio.create_task(connected(a, b))
        for _ in range(turns):
            await asyncio.sleep(0)
        await asyncio.gather(a.close(), b.close())
        if not task.done():
            task.cancel()
        await asyncio.wait([task])
        if not task.cancelled() and task.exception() is not None:
            assert isinstance(task.exception(), (MediaError, AssertionError)), task.exception()
        await asyncio.gather(a.close(), b.close())
        a.states.clear()
        b.states.clear()


async def lost(data, addr):
    """What a network without the peer does."""


async def test_a_close_that_gets_stuck_is_cut_short(sides, monkeypatch):
    """A TURN server that does not answer the farewell, an engine that waits for itself: a second is the limit."""
    a, b = sides
    await connected(a, b)
    stuck = asyncio.Event()

    async def never(self):
        await stuck.wait()

    monkeypatch.setattr(ice.GatheringConnection, "close", never)
    async with asyncio.timeout(3):
        await a.peers.close(a.peer)
    monkeypatch.undo()


async def test_a_socket_that_breaks_ends_no_sender(sides):
    """The interface is gone; what is sent is lost, and closing still works."""
    a, b = sides
    await connected(a, b)
    for connection in a.peers._peers[a.peer]._engine.connections():
        for protocol in connection._protocols:
            protocol.transport.abort()
    await asyncio.sleep(0.1)
    async with asyncio.timeout(3):
        await a.peers.close(a.peer)


async def test_a_peer_that_vanishes_is_disconnected_then_failed(sides, monkeypatch):
    """Its process was killed: nothing says goodbye."""
    monkeypatch.setattr(monitor, "SILENCE_LIMIT", 0.5)
    monkeypatch.setattr(ice, "CONSENT_INTERVAL", 0.1)
    monkeypatch.setattr(ice, "CONSENT_LIMIT", 1.5)
    a, b = sides
    await connected(a, b)
    for connection in b.peers._peers[b.peer]._engine.connections():
        for protocol in connection._protocols:
            monkeypatch.setattr(protocol, "send_stun", lambda message, addr: None)
            monkeypatch.setattr(protocol, "send_data", lost)
    await a.reaches(MediaConnectionState.DISCONNECTED)
    await a.reaches(MediaConnectionState.FAILED)


async def test_a_peer_that_cannot_connect_fails_in_bounded_time(sides, monkeypatch):
    """The other side's candidates lead nowhere."""
    monkeypatch.setattr(monitor, "CONNECT_LIMIT", 0.5)
    a, b = sides
    await checking(a, b)
    await b.peers.close(b.peer)
    await a.reaches(MediaConnectionState.FAILED)

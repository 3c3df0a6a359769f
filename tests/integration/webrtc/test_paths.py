"""Ways between two machines: IPv6, and a new path under a running session."""

import asyncio
import socket

import pytest

from rbbn_sdk.io.webrtc.private.ice import GatheringConnection, IcePlan
from rbbn_sdk.io.webrtc.private.switch import SwitchableConnection
from rbbn_sdk.ports.peers import PeerConfig
from rbbn_sdk.types.call import MediaConnectionState, SdpType

pytestmark = pytest.mark.media


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as tried:
            tried.bind(("::1", 0))
    except OSError:
        return False
    return True


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
async def test_a_call_connects_over_ipv6(sides):
    """The only address of more and more networks."""
    a, b = sides
    for side in sides:
        await side.peers.open(side.peer, PeerConfig(ice_addresses=("::1",)))
    await a.send("silence")
    offer = await a.offer()
    assert "c=IN IP6 ::1" in offer
    await b.take(SdpType.OFFER, offer)
    await a.take(SdpType.ANSWER, await b.answer())
    await b.peers.start_transport(b.peer)
    await a.reaches(MediaConnectionState.CONNECTED)


async def test_an_address_that_does_not_exist_fails_in_bounded_time_and_no_sooner(sides, monkeypatch):
    """The network went down between two calls."""
    monkeypatch.setattr("rbbn_sdk.io.webrtc.monitor.CONNECT_LIMIT", 0.3)
    a, b = sides
    await (await b.open()).send("silence")
    await a.peers.open(a.peer, PeerConfig(ice_addresses=("192.0.2.1",)))
    await a.take(SdpType.OFFER, await b.offer())
    assert "a=candidate" not in await a.answer()
    await a.peers.start_transport(a.peer)
    await a.reaches(MediaConnectionState.FAILED)


def switch(*, controlling):
    plan = IcePlan(addresses=("127.0.0.1",), started=True)
    return SwitchableConnection(lambda **options: GatheringConnection(plan, **options), ice_controlling=controlling)


async def join(one, other):
    """Gather, exchange and connect."""
    for side in (one, other):
        await side.gather_candidates()
    for side, far in ((one, other), (other, one)):
        side.remote_username, side.remote_password = far.local_username, far.local_password
        for candidate in far.local_candidates:
            await side.add_remote_candidate(candidate)
        await side.add_remote_candidate(None)
    await asyncio.gather(one.connect(), other.connect())


async def test_a_new_path_takes_over_without_losing_what_is_under_way(nothing_left):
    """The session above notices nothing but a new path (RFC 8445, 9)."""
    one, other = switch(controlling=True), switch(controlling=False)
    await join(one, other)
    await one.send(b"\x80first")
    before = one.local_username
    for side in (one, other):
        side.restart()
    await one.send(b"\x80meanwhile")
    await join(one, other)
    await one.send(b"\x80after")
    assert one.local_username != before
    assert [await other.recv() for _ in range(3)] == [b"\x80first", b"\x80meanwhile", b"\x80after"]
    for side in (one, other):
        await side.close()


async def test_a_closed_path_ends_all_who_wait_for_it(nothing_left):
    """Readers get an error, watchers the end."""
    one, other = switch(controlling=True), switch(controlling=False)
    await join(one, other)
    reader, watcher = asyncio.create_task(one.recv()), asyncio.create_task(one.get_event())
    await asyncio.sleep(0)
    await one.close()
    await one.close()
    with pytest.raises(ConnectionError):
        await reader
    assert await watcher is not None
    with pytest.raises(ConnectionError):
        await one.send(b"\x80late")
    await other.close()

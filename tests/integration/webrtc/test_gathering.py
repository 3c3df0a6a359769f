"""Candidates come one by one, and nobody waits for a server that does not answer."""

import asyncio
import socket

import pytest
import pytest_asyncio

from rbbn_sdk.errors import MediaError
from rbbn_sdk.ports.peers import IceProgressKind, IceServer
from rbbn_sdk.types import SecretRef
from rbbn_sdk.types.call import IceGatheringState, MediaConnectionState, SdpType

pytestmark = pytest.mark.media


@pytest.fixture
def silent_port():
    """A port of 127.0.0.1 that takes everything and answers nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taker:
        taker.bind(("127.0.0.1", 0))
        yield taker.getsockname()[1]


class StunServer(asyncio.DatagramProtocol):
    """Answers binding requests with an address that is not the asker's (a NAT's, say)."""

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        value = b"\x00\x01" + bytes(a ^ b for a, b in zip((4242).to_bytes(2, "big"), b"\x21\x12", strict=True))
        value += bytes(a ^ b for a, b in zip(socket.inet_aton("192.0.2.7"), b"\x21\x12\xa4\x42", strict=True))
        attribute = b"\x00\x20\x00\x08" + value
        self.transport.sendto(b"\x01\x01" + len(attribute).to_bytes(2, "big") + data[4:20] + attribute, addr)


@pytest_asyncio.fixture
async def stun_port(nothing_left):
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(StunServer, local_addr=("127.0.0.1", 0))
    yield transport.get_extra_info("sockname")[1]
    transport.close()


def stun(port):
    return IceServer(urls=(f"stun:127.0.0.1:{port}?transport=udp",))


async def begin(side, *servers, **options):
    await (await side.open(*servers, **options)).send("silence")
    made = await side.peers.create_offer(side.peer)
    await side.peers.set_local(side.peer, SdpType.OFFER, made)


async def test_gathering_without_servers_is_complete_on_return(sides):
    """Renegotiation and most local calls need no wait at all."""
    a, _ = sides
    await begin(a)
    progress = await a.peers.gathering(a.peer)
    assert progress.state is IceGatheringState.COMPLETE
    assert [text.split()[4] for text in progress.candidates] == ["127.0.0.1"]
    assert progress.mids == ("0",)


async def test_a_dead_stun_server_does_not_hold_back_the_host_candidates(sides, silent_port):
    """`set_local` returns with gathering under way, and the candidates so far can be read."""
    a, _ = sides
    await begin(a, stun(silent_port))
    progress = await a.peers.gathering(a.peer)
    assert progress.state is IceGatheringState.GATHERING
    assert len(progress.candidates) == 1


async def test_reading_the_local_description_ends_gathering(sides, silent_port):
    """The check function's `StartCall` costs nothing but the turn of the loop."""
    a, _ = sides
    await begin(a, stun(silent_port))
    sdp = await a.peers.local_description(a.peer)
    assert sdp.count("a=candidate:") == 1
    assert (await a.peers.gathering(a.peer)).state is IceGatheringState.COMPLETE


async def test_the_second_stun_server_is_asked_when_the_first_is_dead(sides, silent_port, stun_port):
    """Several servers are there for that."""
    a, _ = sides
    await begin(a, stun(silent_port), stun(stun_port))
    steps = []
    while not any("srflx" in candidate for step in steps for candidate in step.candidates):
        steps.append(await a.peers.next_gathering(a.peer))
    assert [step.kind for step in steps] == [
        IceProgressKind.STATE,
        IceProgressKind.CANDIDATE,
        IceProgressKind.CANDIDATE,
    ]
    assert "192.0.2.7 4242 typ srflx raddr 127.0.0.1" in await a.peers.local_description(a.peer)


async def test_a_cancelled_wait_for_the_next_step_loses_nothing(sides, stun_port):
    """Sagas race it against timers."""
    a, _ = sides
    await a.open(stun(stun_port))
    waiting = asyncio.create_task(a.peers.next_gathering(a.peer))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait([waiting])
    await a.send("silence")
    await a.peers.set_local(a.peer, SdpType.OFFER, await a.peers.create_offer(a.peer))
    assert (await a.peers.next_gathering(a.peer)).kind is IceProgressKind.STATE


async def test_public_and_relay_policies_keep_the_own_address_to_themselves(sides, stun_port):
    """What the far end must not learn does not stand in the description."""
    a, b = sides
    await begin(a, stun(stun_port), ice_transport_policy="public")
    while (await a.peers.next_gathering(a.peer)).state is not IceGatheringState.COMPLETE:
        pass
    assert [c.split()[7] for c in (await a.peers.gathering(a.peer)).candidates] == ["srflx"]
    await begin(b, stun(stun_port), ice_transport_policy="relay")
    assert (await b.peers.gathering(b.peer)).candidates == ()


async def test_a_call_connects_although_its_servers_are_dead(sides, silent_port):
    """TURN over UDP and TCP included; the credential is read from where secrets are kept."""
    a, b = sides
    turn = SecretRef(id=a.kept.keep("hunter2", "turn").id, kind="turn")
    dead = IceServer(
        urls=(f"turn:127.0.0.1:{silent_port}", "turn:127.0.0.1:1?transport=tcp"), username="me", credential=turn
    )
    await (await a.open(dead, stun(silent_port))).send("silence")
    await b.open(stun(silent_port))
    await b.take(SdpType.OFFER, await a.offer())
    await a.take(SdpType.ANSWER, await b.answer())
    await b.peers.start_transport(b.peer)
    await a.reaches(MediaConnectionState.CONNECTED)


async def test_an_url_that_cannot_be_used_is_named_in_the_log_and_left_out(sides):
    """One typing error must not cost the call."""
    a, _ = sides
    await begin(a, IceServer(urls=("stun:", "http://example.com", "stuns:stun.example.com")))
    assert [level for level, _ in a.log] == ["warn", "warn", "warn"]
    assert (await a.peers.gathering(a.peer)).state is IceGatheringState.COMPLETE


async def test_waiting_for_gathering_ends_with_an_error_when_the_peer_is_closed(sides, silent_port):
    """A saga that waits must not wait for ever."""
    a, _ = sides
    await a.open()
    waiting = asyncio.create_task(a.peers.next_gathering(a.peer))
    await asyncio.sleep(0)
    await a.peers.close(a.peer)
    with pytest.raises(MediaError, match="closed"):
        await waiting

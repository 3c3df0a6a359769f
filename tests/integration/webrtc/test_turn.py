"""Calls through a relay: a TURN server of our own (RFC 8656, as much of it as one client needs), on 127.0.0.1."""

import asyncio
import hashlib
import struct

import pytest
import pytest_asyncio
from aioice import stun

from rbbn_sdk.ports.peers import IceServer
from rbbn_sdk.types import SecretRef
from rbbn_sdk.types.call import IceGatheringState, MediaConnectionState, SdpType

pytestmark = pytest.mark.media

USER, REALM, PASSWORD, NONCE = "1700:anna", "example.com", "k9-secret", b"nonce"
KEY = hashlib.md5(f"{USER}:{REALM}:{PASSWORD}".encode()).digest()


class Relay(asyncio.DatagramProtocol):
    """One client's relayed address: what comes from a bound peer goes to the client in its channel."""

    def __init__(self, server, client):
        self.server, self.client = server, client
        self.channels = {}

    def datagram_received(self, data, addr):
        for channel, peer in self.channels.items():
            if peer == addr:
                self.server.transport.sendto(struct.pack("!HH", channel, len(data)) + data, self.client)


class TurnServer(asyncio.DatagramProtocol):
    def __init__(self):
        self.relays = {}
        self.tasks = set()
        self.relayed = 0

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        if data[0] >= 0x40:
            channel, length = struct.unpack("!HH", data[:4])
            relay, socket = self.relays[addr]
            self.relayed += 1
            socket.sendto(data[4 : 4 + length], relay.channels[channel])
            return
        task = asyncio.create_task(self.answer(data, addr))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def answer(self, data, addr):
        asked = stun.parse_message(data)
        if asked.attributes.get("USERNAME") != USER or not asked.check_message_integrity(KEY):
            self.reply(asked, addr, stun.Class.ERROR, {"ERROR-CODE": (401, ""), "REALM": REALM, "NONCE": NONCE})
            return
        self.reply(asked, addr, stun.Class.RESPONSE, await self.do(asked, addr), KEY)

    async def do(self, asked, addr):
        if asked.message_method == stun.Method.ALLOCATE:
            loop = asyncio.get_running_loop()
            relay = Relay(self, addr)
            socket, _ = await loop.create_datagram_endpoint(lambda: relay, local_addr=("127.0.0.1", 0))
            self.relays[addr] = relay, socket
            own = socket.get_extra_info("sockname")
            return {"XOR-RELAYED-ADDRESS": own, "XOR-MAPPED-ADDRESS": addr, "LIFETIME": 600}
        if asked.message_method == stun.Method.CHANNEL_BIND:
            self.relays[addr][0].channels[asked.attributes["CHANNEL-NUMBER"]] = asked.attributes["XOR-PEER-ADDRESS"]
            return {}
        if asked.attributes.get("LIFETIME") == 0:
            self.relays.pop(addr)[1].close()
        return {"LIFETIME": asked.attributes.get("LIFETIME", 600)}

    def reply(self, asked, addr, kind, attributes, key=None):
        made = stun.Message(asked.message_method, kind, asked.transaction_id, attributes=attributes)
        if key is not None:
            made.add_message_integrity(key)
        self.transport.sendto(bytes(made), addr)


@pytest_asyncio.fixture
async def turn(nothing_left):
    transport, server = await asyncio.get_running_loop().create_datagram_endpoint(
        TurnServer, local_addr=("127.0.0.1", 0)
    )
    yield server
    transport.close()
    for _, socket in server.relays.values():
        socket.close()


def server_for(side, server, password=PASSWORD):
    ref = SecretRef(id=side.kept.keep(password, "turn").id, kind="turn")
    url = f"turn:127.0.0.1:{server.transport.get_extra_info('sockname')[1]}?transport=udp"
    return IceServer(urls=(url,), username=USER, credential=ref)


async def gathered(side):
    while (await side.peers.next_gathering(side.peer)).state is not IceGatheringState.COMPLETE:
        pass
    return [candidate.split()[7] for candidate in (await side.peers.gathering(side.peer)).candidates]


@pytest.mark.parametrize("relaying", ["caller", "callee", "both"])
async def test_a_call_with_the_relay_policy_goes_through_the_relay(turn, sides, relaying):
    """The answerer too, whose only candidate comes after its answer was made."""
    a, b = sides
    for side, name in ((a, "caller"), (b, "callee")):
        relay = relaying in (name, "both")
        await side.open(server_for(side, turn), ice_transport_policy="relay" if relay else "all")
    await a.send("silence")
    await a.peers.set_local(a.peer, SdpType.OFFER, await a.peers.create_offer(a.peer))
    assert "relay" in await gathered(a)
    await b.take(SdpType.OFFER, await a.peers.local_description(a.peer))
    await b.send("silence")
    await b.peers.set_local(b.peer, SdpType.ANSWER, await b.peers.create_answer(b.peer))
    assert "relay" in await gathered(b)
    await a.take(SdpType.ANSWER, await b.peers.local_description(b.peer))
    await b.peers.start_transport(b.peer)
    await asyncio.gather(a.reaches(MediaConnectionState.CONNECTED), b.reaches(MediaConnectionState.CONNECTED))
    assert turn.relayed


async def test_the_allocation_is_given_back_at_the_end(turn, sides):
    """A relay's ports are few."""
    a, _ = sides
    await (await a.open(server_for(a, turn))).send("silence")
    await a.peers.set_local(a.peer, SdpType.OFFER, await a.peers.create_offer(a.peer))
    assert await gathered(a) == ["host", "relay"]
    await a.peers.close(a.peer)
    assert turn.relays == {}


async def test_a_refused_credential_costs_the_relay_and_no_more(turn, sides):
    """Credentials expire."""
    a, _ = sides
    await (await a.open(server_for(a, turn, password="old"))).send("silence")
    await a.peers.set_local(a.peer, SdpType.OFFER, await a.peers.create_offer(a.peer))
    assert await gathered(a) == ["host"]


async def test_a_relay_that_dies_does_not_hold_up_the_close(turn, sides):
    """It cannot answer the farewell any more."""
    a, _ = sides
    await (await a.open(server_for(a, turn))).send("silence")
    await a.peers.set_local(a.peer, SdpType.OFFER, await a.peers.create_offer(a.peer))
    await gathered(a)
    turn.datagram_received = lambda data, addr: None
    async with asyncio.timeout(3):
        await a.peers.close(a.peer)

"""Connectivity checks of several who answer one offer: only the one whose answer counts is spoken to."""

import asyncio
import re

import pytest
from aioice.stun import Class, Message, Method, parse_message

from rbbn_sdk.types.call import SdpType

pytestmark = pytest.mark.media


class Prober(asyncio.DatagramProtocol):
    """Sends checks as a browser does from the moment it has made its answer, and collects what is answered."""

    def __init__(self, ufrag):
        self.ufrag = ufrag
        self.answers = asyncio.Queue()

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        message = parse_message(data)
        if message.message_class is not Class.REQUEST:
            self.answers.put_nowait(message.message_class)

    def check(self, offer):
        line = {name: re.search(f"a=ice-{name}:(.*)\r", offer)[1] for name in ("ufrag", "pwd")}
        request = Message(message_method=Method.BINDING, message_class=Class.REQUEST)
        request.attributes |= {"USERNAME": f"{line['ufrag']}:{self.ufrag}", "PRIORITY": 1, "ICE-CONTROLLED": 1}
        request.add_message_integrity(line["pwd"].encode())
        address = re.search(r"a=candidate:\S+ 1 udp \d+ (\S+) (\d+)", offer)
        self.transport.sendto(bytes(request), (address[1], int(address[2])))


async def test_a_device_that_was_too_late_is_never_spoken_to(sides):
    """It begins with DTLS once a check of it succeeds, and takes the session from the one that answered."""
    a, b = sides
    await (await a.open()).send("silence")
    await b.open()
    offer = await a.offer()
    await b.take(SdpType.OFFER, offer)
    answer = await b.answer()
    open_socket = asyncio.get_running_loop().create_datagram_endpoint
    probers = [Prober(ufrag) for ufrag in ("late", re.search("a=ice-ufrag:(.*)\r", answer)[1])]
    for prober in probers:
        await open_socket(lambda made=prober: made, local_addr=("127.0.0.1", 0))
        prober.check(offer)
    while len(held(a)) < 2:  # noqa: ASYNC110 -- what came in is not told
        await asyncio.sleep(0.01)
    assert all(prober.answers.empty() for prober in probers)
    await a.take(SdpType.ANSWER, answer)
    answers = [await asyncio.wait_for(prober.answers.get(), 5) for prober in probers]
    for prober in probers:
        prober.transport.close()
    assert answers == [Class.ERROR, Class.RESPONSE]


def held(side):
    (connection,) = side.peers._peers[side.peer]._made().connections()
    return connection._held

"""Answers of other makes with somebody behind them: connected, and each side hears the other."""

import asyncio
import re
from typing import Any

import pytest

from rbbn_sdk.types.call import SdpType

pytestmark = pytest.mark.media

NAKED = "m=video 0 UDP/TLS/RTP/SAVPF 19\r\n"


@pytest.fixture
async def sides(gateway, phone, raw_party):
    """Alice is ours, bob is not."""
    return await phone(gateway, "alice"), await raw_party(gateway, "bob")


def opus_number(offer: str) -> str:
    found = re.search(r"a=rtpmap:(\d+) opus/48000/2", offer)
    assert found, offer
    return found[1]


def with_number(offer: str, wanted: int) -> str:
    """The offer with another number for Opus, as if the other side had asked for it."""
    number = opus_number(offer)
    renumbered = re.sub(rf"(a=(?:rtpmap|fmtp|rtcp-fb):){number}\b", rf"\g<1>{wanted}", offer)
    return re.sub(rf"(m=audio .*) {number}\b", rf"\g<1> {wanted}", renumbered)


async def connects(sides: Any, peer: Any, answer: Any, **media: Any) -> str:
    """Alice calls, and the live peer answers with another make's words; both hear each other."""
    alice, bob = sides
    outgoing = alice.make(**media)
    offer = await bob.rings()
    theirs = answer(offer)
    await peer.takes(SdpType.OFFER, with_number(offer, 111) if "a=rtpmap:111 " in theirs else offer)
    await peer.answers_now()
    await bob.control("callAnswer", sdp=peer.behind(theirs))
    await alice.reaches(outgoing, "Connected")
    await asyncio.gather(alice.hears(outgoing), peer.hears())
    return str(outgoing)


async def over(sides: Any, outgoing: str) -> None:
    alice, bob = sides
    await alice.end(outgoing)
    assert await bob.notification("callEnd")


REFUSALS = {
    "naked": NAKED,
    "format 0": "m=video 0 UDP/TLS/RTP/SAVPF 0\r\n",
    "plain": "m=video 0 RTP/AVP 96\r\nc=IN IP4 0.0.0.0\r\n",
    "inactive": "m=video 0 UDP/TLS/RTP/SAVPF 19\r\na=inactive\r\n",
    "with codec": "m=video 0 UDP/TLS/RTP/SAVPF 97\r\na=mid:1\r\na=rtpmap:97 VP8/90000\r\n",
    "no format": "m=video 0 UDP/TLS/RTP/SAVPF\r\n",
    "left out": "",
}


async def test_f03_a_refused_video_section(sides, live, description, subtests) -> None:
    """RFC 3264 6: the call is connected, audio both ways, and no video track is shown."""
    for name, refusal in REFUSALS.items():
        with subtests.test(name):
            text = description("answer-rejected-video-bare").replace(NAKED, refusal)
            outgoing = await connects(sides, await live(), lambda _, text=text: text, video=True)
            assert len(sides[0].call(outgoing).remote_tracks) == 1
            await over(sides, outgoing)


async def test_f03_f22_an_answer_in_our_numbers_and_digits_at_another_rate(sides, live, description) -> None:
    """Opus at 48000 and digits at 8000 only: the audio is not harmed by it."""
    peer = await live()
    outgoing = await connects(sides, peer, lambda _: description("answer-opus-te8000"))
    await over(sides, outgoing)
    peer = await live()
    outgoing = await connects(
        sides, peer, lambda offer: description("answer-opus-te8000").replace("111", opus_number(offer))
    )
    await over(sides, outgoing)


VARIANTS = {
    "no mid": ("a=mid:0\r\n", ""),
    "no setup": ("a=setup:active\r\n", ""),
    "upper case": ("a=fingerprint:sha-256", "a=fingerprint:SHA-256"),
    "lf": ("\r\n", "\n"),
    "rtcp": ("a=rtcp-mux\r\n", "a=rtcp-mux\r\na=rtcp:40001\r\na=rtcp-rsize\r\n"),
    "no name": ("s=FreeSW\r\n", "s=\r\n"),
    "ports": ("m=audio 40000 ", "m=audio 40000/2 "),
    "tcp": ("a=candidate:1 ", "a=candidate:9 1 tcp 9 192.0.2.10 9 typ host tcptype active\r\na=candidate:1 "),
    "no direction": ("a=sendrecv\r\n", ""),
}


async def test_variants_of_an_answer(sides, live, description, subtests) -> None:
    """F01, F06, F10, F16 as answers: each still connects."""
    for name, (old, new) in VARIANTS.items():
        with subtests.test(name):
            text = description("answer-rejected-video-bare").replace(NAKED, "").replace(old, new)
            outgoing = await connects(sides, await live(), lambda _, text=text: text)
            await over(sides, outgoing)


async def test_an_announcement_and_then_somebody_else(gateway, phone, raw_party, live, description) -> None:
    """183 of a media server, 200 of the one who was called: both are heard, in one call."""
    alice, bob = await phone(gateway, "alice", call={"earlyMedia": True}), await raw_party(gateway, "bob")
    announcing, called = await live(), await live()
    outgoing = alice.make()
    offer = await bob.rings()
    theirs = description("vendors/freeswitch-verto").replace("a=setup:actpass", "a=setup:active")
    for peer in (announcing, called):
        await peer.takes(SdpType.OFFER, with_number(offer, 111))
        await peer.answers_now()
    await alice.reaches(outgoing, "Ringing")
    alice.notify("sessionProgress", outgoing, sdp=announcing.behind(theirs))
    await alice.reaches(outgoing, "Early Media")
    await alice.hears(outgoing)
    await bob.control("callAnswer", sdp=called.behind(theirs))
    await alice.reaches(outgoing, "Connected")
    await announcing.close()
    await asyncio.gather(alice.hears(outgoing), called.hears())
    await over((alice, bob), outgoing)

"""Offers and answers in the words of many makes, with somebody behind them: sound flows as was agreed."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from rbbn_sdk import sdp
from rbbn_sdk.types.call import SdpType

pytestmark = pytest.mark.media

FOLDER = Path(__file__).parents[2] / "data" / "sdp" / "vendors"
NOT_LIVE = {
    "sdes-only": "it is refused",
    "sipp-uac": "it is refused",
    "asterisk-audio-video-no-bundle": "it needs a peer for each of its transports",
}
NAMES = sorted(path.stem for path in FOLDER.glob("*.sdp") if path.stem not in NOT_LIVE)

ALONE = [name for name in NAMES if (FOLDER / f"{name}.sdp").read_text("utf-8").count("\nm=") == 1]
"""Those of one section, which can answer a call with sound."""


def sound_of(answer: str, *, lite: bool) -> str:
    """The answer to the one section that the peer really has. `lite`: the peer never begins to check."""
    description = sdp.parse(answer)
    live = next(one for one in description.media if sdp.media_line(one).kind == "audio" and sdp.media_line(one).port)
    left_out = ("mid", "candidate", "end-of-candidates") if lite else ("mid",)
    lines = [line for line in live.lines if line.attribute not in left_out]
    session = [line for line in description.session.lines if line.attribute != "group"]
    return "".join(line.text + line.end for line in (*session, *lines))


@pytest.mark.parametrize("name", NAMES)
async def test_sound_flows(name: str, gateway: Any, phone: Any, raw_party: Any, live: Any, description: Any) -> None:
    """The peer has other sources than its description says, as behind gateways; it only waits if it can be found."""
    bob, caller, peer = await phone(gateway, "bob"), await raw_party(gateway, "alice"), await live()
    await peer.offers()
    offer = peer.behind(description(f"vendors/{name}"))
    await caller.call(bob.username, offer)
    call_id = await bob.rings()
    await bob.answer(call_id)
    answer = (await caller.notification("respondCallUpdate"))["sessionParams"]["sdp"]
    sound = sound_of(answer, lite=" 127.0.0.1 " in offer)
    await peer.takes(SdpType.ANSWER, sound)
    way = sdp.direction(sdp.parse(sound), sdp.parse(sound).media[0])
    ears = [bob.hears(call_id), peer.hears()] if way == "sendrecv" else [bob.hears(call_id)]
    await asyncio.gather(*ears)
    await bob.end(call_id)
    assert await caller.notification("callEnd")
    assert bob.state(call_id) == "Ended"


@pytest.mark.parametrize("name", ALONE)
async def test_sound_flows_when_they_answer(
    name: str, gateway: Any, phone: Any, raw_party: Any, live: Any, description: Any
) -> None:
    """With payload types of their own, which are not those that we offered, and now one DTLS role, now the other."""
    alice, bob, peer = await phone(gateway, "alice"), await raw_party(gateway, "bob"), await live()
    ours, theirs = ("passive", "active") if ALONE.index(name) % 2 else ("active", "passive")
    answer = description(f"vendors/{name}")
    answer = re.sub(r"a=setup:\s*\w+", f"a=setup:{theirs}", answer)
    outgoing = alice.make()
    offer = await bob.rings()
    await peer.takes(SdpType.OFFER, with_first_codec(offer.replace("setup:actpass", f"setup:{ours}"), answer))
    await peer.answers_now()
    await bob.control("callAnswer", sdp=peer.behind(answer))
    await alice.reaches(outgoing, "Connected")
    way = sdp.direction(sdp.parse(answer), sdp.parse(answer).media[0])
    ears = [alice.hears(outgoing)] if way == "sendonly" else [alice.hears(outgoing), peer.hears()]
    await asyncio.gather(*ears)
    await alice.end(outgoing)
    assert await bob.notification("callEnd")


def with_first_codec(offer: str, answer: str) -> str:
    """The offer with one codec, the answer's first that can be heard, under the answer's number."""
    known = sdp.codecs(sdp.parse(answer).media[0])
    codec = next(one for one in known if one.name.lower() in ("opus", "g722", "pcmu", "pcma"))
    bare = re.sub(r"a=(rtpmap|fmtp|rtcp-fb):.*\r\n", "", offer)
    bare = re.sub(r"(m=audio \S+ \S+) .*\r\n", rf"\g<1> {codec.payload}\r\n", bare)
    return f"{bare}a=rtpmap:{codec.payload} {codec.rtpmap}\r\n"

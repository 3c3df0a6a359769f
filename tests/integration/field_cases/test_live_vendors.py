"""Offers in the words of many makes, with somebody behind them: sound flows in each direction that was agreed."""

import asyncio
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

"""Descriptions of other makes, as offers and as answers: they work, or are refused as `SdpError`, and no more."""

from pathlib import Path

import pytest

from rbbn_sdk.errors import SdpError
from rbbn_sdk.ports.peers import PeerConfig, RemoteMedia
from rbbn_sdk.types.call import SdpType

pytestmark = pytest.mark.media

FOLDER = Path(__file__).parents[2] / "data" / "sdp"
CASES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.sdp"))
REFUSED_OFFERS = {"reoffer-without-ice.sdp", "no-rtcp-mux.sdp", "setup-holdconn.sdp"}
"""They may be refused; the others must be taken."""


def text_of(name):
    return (FOLDER / name).read_bytes().decode("utf-8", "surrogateescape")


async def open_mute(side):
    """A peer with no address to send from: the candidates of these files lead anywhere."""
    await side.peers.open(side.peer, PeerConfig(ice_addresses=()))


@pytest.mark.parametrize("name", CASES)
async def test_a_foreign_offer_is_answered_or_refused_as_unusable(sides, name):
    """The answer has the offer's sections."""
    a, _ = sides
    await open_mute(a)
    try:
        await a.take(SdpType.OFFER, text_of(name))
    except SdpError:
        assert name in REFUSED_OFFERS or "/" in name
        return
    await a.send("silence")
    answer = await a.answer()
    assert answer.count("m=") == text_of(name).count("\nm=")


@pytest.mark.parametrize("devices", [("silence",), ("silence", "testpattern")], ids=["audio", "audio and video"])
@pytest.mark.parametrize("name", CASES)
async def test_a_foreign_answer_is_taken_or_refused_as_unusable(sides, name, devices):
    """Also when it answers quite another offer."""
    a, _ = sides
    await open_mute(a)
    await a.send(*devices)
    await a.offer()
    try:
        media = await a.take(SdpType.ANSWER, text_of(name))
    except SdpError:
        return
    assert isinstance(media, RemoteMedia)


async def test_a_video_section_that_was_turned_down_leaves_audio_alone(sides):
    """A naked `m=video 0` is how many gateways say no."""
    a, _ = sides
    await open_mute(a)
    await a.send("silence", "testpattern")
    await a.offer()
    media = await a.take(SdpType.ANSWER, text_of("answer-rejected-video-bare.sdp"))
    assert [track.kind for track in media.tracks] == ["audio"]
    assert media.problems

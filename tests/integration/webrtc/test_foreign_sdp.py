"""Descriptions of other makes, as offers and as answers: they work, or are refused as `SdpError`, and no more."""

import re
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SHA1

from rbbn_sdk.errors import SdpError
from rbbn_sdk.ports.peers import PeerConfig, RemoteMedia
from rbbn_sdk.types import PeerId
from rbbn_sdk.types.call import MediaConnectionState, SdpType

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


async def test_a_certificate_is_known_by_sha_1_from_who_has_no_better_hash(sides):
    """RFC 8122 5; and one that has another hash is not taken for it."""
    a, b = sides
    await (await a.open()).send("tone:440")
    offer = await a.offer()
    certificate = a.peers._peers[a.peer]._engine._RTCPeerConnection__certificates[0]._cert
    for digest, state in ((certificate.fingerprint(SHA1()), "connected"), (bytes(20), "failed")):
        b.peer = PeerId(state)
        await b.open()
        await b.take(SdpType.OFFER, re.sub(r"a=fingerprint:.*", f"a=fingerprint:sha-1 {digest.hex(':')}\r", offer))
        await b.send("silence")
        answer = await b.answer()
        await a.take(SdpType.PRANSWER, answer)
        await b.peers.start_transport(b.peer)
        await b.reaches(MediaConnectionState(state))

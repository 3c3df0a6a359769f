"""One offer, several who answer it: a network's announcement first, then the one who was called."""

import asyncio
import re

import numpy as np
import pytest

from rbbn_sdk import sdp
from rbbn_sdk.testing.media import dominant_frequency
from rbbn_sdk.types import PeerId
from rbbn_sdk.types.call import MediaConnectionState, SdpType

pytestmark = pytest.mark.media


async def answers(side, name, offer, *devices):
    """Another party takes the offer; its answer, and what it knows of the caller's tracks."""
    side.name, side.peer = name, PeerId(name)
    await side.open()
    media = await side.take(SdpType.OFFER, offer)
    await side.send(*devices)
    return await side.answer(), media


async def tone_of(side, track_id):
    """Which tone is heard, once the sound of before has gone."""
    frames = await side.hear(track_id, 1.0)
    samples = np.concatenate([frame.samples for frame in frames])
    return round(dominant_frequency(samples[-24000:], 48000) / 10) * 10


def only(offer, codec):
    remove = sdp.create_codec_remover([name for name in ("opus", "G722", "PCMU", "PCMA") if name != codec])
    return sdp.from_object(remove(sdp.to_object(offer), {}, sdp.to_object(offer)))


@pytest.mark.parametrize("codecs", [("PCMU", "opus"), ("opus", "opus")], ids=["another codec", "the same codec"])
async def test_the_one_who_answers_is_not_the_one_who_announced(sides, codecs):
    """RFC 3261 13.2.2.4: another dialog, with ICE, DTLS, sources and codecs of its own. Tracks stay what they are."""
    a, b = sides
    await (await a.open()).send("tone:440")
    offer = await a.offer()
    announcement, _ = await answers(b, "announcement", only(offer, codecs[0]), "tone:600")
    early = await a.take(SdpType.PRANSWER, announcement)
    await b.peers.start_transport(b.peer)
    await a.reaches(MediaConnectionState.CONNECTED)
    assert await tone_of(a, early.tracks[0].id) == 600
    answer, heard = await answers(b, "callee", only(offer, codecs[1]), "tone:900")
    a.states.clear()
    final = await a.take(SdpType.ANSWER, answer)
    await b.peers.start_transport(b.peer)
    await a.reaches(MediaConnectionState.CONNECTED)
    await b.peers.close(PeerId("announcement"))
    at_b = await tone_of(b, heard.tracks[0].id)
    assert (await tone_of(a, final.tracks[0].id), at_b) == (900, 440)
    assert MediaConnectionState.FAILED not in a.states
    assert MediaConnectionState.CLOSED not in a.states


async def test_three_parties_announce_before_one_of_them_answers(sides):
    """Also when the first is never reached; the last answer repeats its own announcement and disturbs nothing."""
    a, b = sides
    await (await a.open()).send("tone:440", "testpattern")
    offer = await a.offer()
    for name in ("first", "second", "third"):
        answer, heard = await answers(b, name, offer, "tone:600", "testpattern")
        media = await a.take(SdpType.PRANSWER, answer)
        if name != "first":
            await b.peers.start_transport(b.peer)
            await a.hear(media.tracks[0].id, 0.2)
    engine = a.peers._peers[a.peer]._engine
    before = engine.switches()[0].current
    assert (await a.take(SdpType.ANSWER, answer)).tracks == media.tracks
    await asyncio.gather(a.see(media.tracks[1].id, 2), b.hear(heard.tracks[0].id, 0.2), b.see(heard.tracks[1].id, 2))
    assert engine.switches()[0].current is before


async def test_a_transport_that_is_never_reached_does_not_keep_the_others_waiting(sides):
    """Without BUNDLE each section has its own; the dead one comes first."""
    a, b = sides
    await (await a.open(bundle_policy="max-compat")).send("testpattern", "tone:440")
    offer = re.sub(r"a=group:BUNDLE.*\r\n", "", await a.offer())
    session, video, audio = re.split(r"(?=^m=)", offer, flags=re.MULTILINE)
    dead = re.sub(r"a=candidate:.*\r\n", "a=candidate:1 1 udp 2130706431 127.0.0.1 9 typ host\r\n", video)
    dead = re.sub(r"a=ice-ufrag:.*\r\n", "a=ice-ufrag:nobody\r\n", dead)
    await b.open()
    at_b = await b.take(SdpType.OFFER, session + dead + audio)
    await b.send("tone:600", "testpattern")
    at_a = await a.take(SdpType.ANSWER, await b.answer())
    await b.peers.start_transport(b.peer)
    at = [next(track.id for track in media.tracks if track.kind == "audio") for media in (at_a, at_b)]
    await asyncio.gather(a.hear(at[0], 0.2), b.hear(at[1], 0.2))

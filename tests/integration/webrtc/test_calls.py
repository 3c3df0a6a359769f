"""Two peers of ours, over real ICE, DTLS and RTP on 127.0.0.1."""

import asyncio

import numpy as np
import pytest

from rbbn_sdk import sdp
from rbbn_sdk.errors import MediaError
from rbbn_sdk.media import WavFile, WebmFile
from rbbn_sdk.ports.peers import PeerConfig
from rbbn_sdk.testing.media import dominant_frequency, frames_move, pictures_of, sound_of
from rbbn_sdk.types import PeerId
from rbbn_sdk.types.call import MediaConnectionState, MediaKind, SdpType, TrackType

pytestmark = pytest.mark.media


def track_of(media, kind):
    return next(track for track in media.tracks if track.kind is kind)


async def test_a_tone_of_440_hz_arrives_as_440_hz(sides, connect):
    """The whole way: source, encoder, SRTP, jitter buffer, decoder, sink."""
    a, _ = sides
    at_a, _ = await connect("tone:440")
    frames = await a.hear(track_of(at_a, MediaKind.AUDIO).id, 1.5)
    samples = np.concatenate([frame.samples for frame in frames])[24000:]
    assert dominant_frequency(samples, 48000) == pytest.approx(440, abs=2)


async def test_pictures_of_the_other_side_move(sides, connect):
    """A frozen picture would look like video at first sight."""
    _, b = sides
    _, at_b = await connect("silence", "testpattern")
    frames = await b.see(track_of(at_b, MediaKind.VIDEO).id, 12)
    assert frames_move([frame.pixels[: frame.height] for frame in frames])


async def test_remote_tracks_have_the_ids_that_the_other_side_gave_them(sides, connect):
    """Both ends can talk about the same track."""
    at_a, _ = await connect("silence", "testpattern")
    assert {track.media_id for track in at_a.tracks} == {"media-b"}
    assert [track.id for track in at_a.tracks] == ["b-audio-0-silence", "b-video-0-testpattern"]


async def test_the_connection_is_reported_in_the_documented_words(sides, connect):
    """aiortc's own words differ (`completed`, `connecting`)."""
    a, b = sides
    await connect("silence")
    assert a.states == b.states == [MediaConnectionState.CHECKING, MediaConnectionState.CONNECTED]


async def test_both_sides_can_be_recorded_to_playable_files(sides, connect, tmp_path):
    """What the demonstration does: sound to WAV, sound and video to WebM."""
    a, b = sides
    at_a, at_b = await connect("tone:440", "testpattern")
    wav, webm = a.kept.keep(WavFile(tmp_path / "a.wav"), "sink"), b.kept.keep(WebmFile(tmp_path / "b.webm"), "sink")
    everything = tuple(track.id for track in at_b.tracks)
    assert await a.devices.render(tuple(track.id for track in at_a.tracks), wav)
    assert await b.devices.render(everything, webm) == everything
    await b.hear(track_of(at_b, MediaKind.AUDIO).id, 2.5)
    await a.devices.remove(tuple(track.id for track in at_a.tracks), wav)
    await b.devices.remove(everything, webm)
    for name in ("a.wav", "b.webm"):
        samples, rate = sound_of(tmp_path / name)
        assert len(samples) > 2 * rate
        assert dominant_frequency(samples[rate : 2 * rate], rate) == pytest.approx(440, abs=2)
    assert frames_move(pictures_of(tmp_path / "b.webm"))


async def test_a_recording_ends_with_its_tracks(sides, connect, tmp_path):
    """After a hang-up the file is whole, though nobody removed the sink."""
    a, _ = sides
    at_a, _ = await connect("tone:440")
    sink = a.kept.keep(WavFile(tmp_path / "a.wav"), "sink")
    remote = at_a.tracks[0].id
    await a.devices.render((remote,), sink)
    await a.hear(remote, 1.0)
    await a.peers.close(a.peer)
    await a.devices.remove((remote,), sink)
    samples, rate = sound_of(tmp_path / "a.wav")
    assert len(samples) > 0.9 * rate


async def test_nothing_reaches_the_caller_before_the_callee_starts_the_transport(sides):
    """A device that loses the race for a call must not have spoken to the caller (RFC 8445 checks included)."""
    a, b = sides
    await (await a.open()).send("tone:440")
    await b.open()
    await b.take(SdpType.OFFER, await a.offer())
    await b.send("tone:440")
    heard = watch_datagrams(a)
    await a.take(SdpType.ANSWER, await b.answer())
    await a.reaches(MediaConnectionState.CHECKING)
    await asyncio.sleep(0.3)  # the caller's checks arrive at the callee meanwhile, several times
    assert heard == []
    assert b.states == []
    await b.peers.start_transport(b.peer)
    await a.reaches(MediaConnectionState.CONNECTED)
    assert heard


def watch_datagrams(side):
    """Every datagram that the side's sockets receive from now on."""
    heard = []
    for connection in side.peers._peers[side.peer]._engine.connections():
        for protocol in connection._protocols:
            protocol.datagram_received = overheard(protocol.datagram_received, heard)
    return heard


def overheard(receive, heard):
    def take(data, addr):
        heard.append(data)
        receive(data, addr)

    return take


async def test_early_media_flows_on_a_provisional_answer(sides):
    """183 before 200: the caller hears the network's announcement; the answer that follows changes nothing."""
    a, b = sides
    await (await a.open()).send("silence")
    await b.open()
    await b.take(SdpType.OFFER, await a.offer())
    await b.send("tone:440")
    answer = await b.answer()
    early = await a.take(SdpType.PRANSWER, answer)
    await b.peers.start_transport(b.peer)
    frames = await a.hear(early.tracks[0].id, 0.5)
    assert dominant_frequency(np.concatenate([f.samples for f in frames])[9600:], 48000) == pytest.approx(440, abs=4)
    assert (await a.take(SdpType.ANSWER, answer)).tracks == early.tracks


async def test_a_repeated_answer_is_taken_as_what_it_is(sides, connect):
    """Gateways repeat themselves; another answer in that state is an error."""
    a, b = sides
    at_a, _ = await connect("silence")
    answer = await b.peers.local_description(b.peer)
    assert await a.take(SdpType.ANSWER, answer) == at_a
    with pytest.raises(MediaError) as caught:
        await a.take(SdpType.ANSWER, answer + "a=x\r\n")
    assert caught.value.code == "call:12"


async def test_a_codec_that_was_taken_out_of_our_answer_is_not_sent(sides):
    """The engine stores an edited answer and would go on with its own choice."""
    a, b = sides
    await (await a.open()).send("tone:440")
    await b.open()
    at_b = await b.take(SdpType.OFFER, await a.offer())
    await b.send("tone:440")
    made = await b.peers.create_answer(b.peer)
    await b.peers.set_local(b.peer, SdpType.ANSWER, without(made, "opus"))
    answer = await b.peers.local_description(b.peer)
    assert "opus" not in answer
    at_a = await a.take(SdpType.ANSWER, answer)
    await b.peers.start_transport(b.peer)
    for side, media in ((a, at_a), (b, at_b)):
        samples = np.concatenate([frame.samples for frame in await side.hear(media.tracks[0].id, 1.0)])
        assert dominant_frequency(samples[24000:], 48000) == pytest.approx(440, abs=2)
    senders = [t.sender for side in (a, b) for t in side.peers._peers[side.peer]._engine.getTransceivers()]
    assert {type(sender._RTCRtpSender__encoder).__name__ for sender in senders} == {"G722Encoder"}


def without(text, codec):
    remove = sdp.create_codec_remover([codec])
    return sdp.from_object(remove(sdp.to_object(text), {}, sdp.to_object(text)))


async def test_sections_without_bundle_get_a_transport_each(sides):
    """Older gateways do not bundle."""
    a, b = sides
    await (await a.open(bundle_policy="max-compat")).send("tone:440", "testpattern")
    await b.open()
    offer = sdp.remove_bundling(await a.offer())
    at_b = await b.take(SdpType.OFFER, offer)
    await b.send("silence")
    answer = await b.answer()
    assert "a=group:BUNDLE" not in answer
    await a.take(SdpType.ANSWER, answer)
    await b.peers.start_transport(b.peer)
    await b.hear(track_of(at_b, MediaKind.AUDIO).id, 0.5)
    assert await b.see(track_of(at_b, MediaKind.VIDEO).id, 3)
    assert len(b.peers._peers[b.peer]._engine.connections()) == 2


async def test_a_call_to_oneself_has_tracks_of_their_own_ids(sides):
    """One client holds both ends: the far end's id for a track is taken already."""
    side, _ = sides
    ids = PeerId("caller"), PeerId("callee")
    for peer_id in ids:
        await side.peers.open(peer_id, PeerConfig(ice_addresses=("127.0.0.1",)))
    track = await side.track(TrackType.AUDIO, "tone:440")
    await side.peers.add_track(ids[0], track.track_id)
    await side.peers.set_local(ids[0], SdpType.OFFER, await side.peers.create_offer(ids[0]))
    media = await side.peers.set_remote(ids[1], SdpType.OFFER, await side.peers.local_description(ids[0]))
    assert media.tracks[0].id != track.track_id


async def test_the_end_of_the_other_side_is_seen_at_once(sides, connect):
    """Its DTLS ends; whether the call ends is for the signalling to say."""
    a, b = sides
    await connect("silence")
    await a.peers.close(a.peer)
    await b.reaches(MediaConnectionState.DISCONNECTED)

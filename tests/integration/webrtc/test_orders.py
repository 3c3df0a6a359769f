"""Orders that cannot be carried out, and a second round of offer and answer."""

import asyncio
import re

import pytest

from rbbn_sdk.errors import MediaError
from rbbn_sdk.io.webrtc.private.peer import OwnPeerConnection
from rbbn_sdk.media import Silence
from rbbn_sdk.ports.peers import IceServer, PeerConfig
from rbbn_sdk.types import PeerId, SecretRef, TrackId
from rbbn_sdk.types.call import MediaConnectionState, SdpType, TrackType

pytestmark = pytest.mark.media


async def test_orders_for_an_unknown_peer_are_errors_but_closing_it_is_not(sides):
    """`close` is what one calls when in doubt."""
    a, _ = sides
    nobody = PeerId("nobody")
    for order in (a.peers.create_answer, a.peers.next_event, a.peers.next_gathering, a.peers.start_transport):
        with pytest.raises(MediaError, match="'nobody' is not open"):
            await order(nobody)
    await a.peers.close(nobody)


async def test_a_peer_id_is_used_once(sides):
    """Two peers of one name cannot be told apart."""
    a, _ = sides
    await a.open()
    with pytest.raises(MediaError, match="open already"):
        await a.open()


async def test_a_credential_that_was_freed_is_an_error_of_ours(sides):
    """The subscription ended between two calls."""
    a, _ = sides
    gone = IceServer(urls=("turn:127.0.0.1",), username="me", credential=SecretRef(id="gone", kind="turn"))
    with pytest.raises(MediaError, match="credential"):
        await a.open(gone)


async def test_descriptions_out_of_turn_are_errors_of_ours(sides):
    """Each says what is missing."""
    a, b = sides
    await a.open()
    with pytest.raises(MediaError, match="nothing to offer"):
        await a.peers.create_offer(a.peer)
    with pytest.raises(MediaError):
        await a.peers.create_answer(a.peer)
    with pytest.raises(MediaError, match="before it was made"):
        await a.peers.set_local(a.peer, SdpType.OFFER, "v=0")
    with pytest.raises(MediaError, match="no own description"):
        await a.peers.local_description(a.peer)
    with pytest.raises(MediaError, match="no own offer"):
        await a.take(SdpType.ANSWER, "v=0")
    await (await b.open()).send("silence")
    offer = await b.offer()
    with pytest.raises(MediaError, match="have-local-offer") as caught:
        await b.take(SdpType.OFFER, offer)
    assert caught.value.code == "call:12"


async def test_a_track_is_sent_once_and_must_be_open(sides):
    """Twice would be two senders of one track."""
    a, _ = sides
    await a.open()
    track = await a.track(TrackType.AUDIO, source=Silence())
    await a.peers.add_track(a.peer, track.track_id)
    with pytest.raises(MediaError, match="sent already"):
        await a.peers.add_track(a.peer, track.track_id)
    with pytest.raises(MediaError, match="not open"):
        await a.peers.add_track(a.peer, TrackId("gone"))


async def test_a_sender_whose_track_has_ended_is_used_again(sides):
    """No new section for a new microphone."""
    a, _ = sides
    await a.open()
    first = await a.track(TrackType.AUDIO, "silence")
    await a.peers.add_track(a.peer, first.track_id)
    await a.devices.stop(first.track_id)
    second = await a.track(TrackType.AUDIO, "tone:440")
    await a.peers.add_track(a.peer, second.track_id)
    offer = await a.offer()
    assert offer.count("m=audio") == 1
    assert second.track_id in offer


async def test_what_connecting_raises_is_logged_and_fails_the_connection(sides, monkeypatch):
    """aiortc would let it lie in a task that nobody looks at."""
    a, b = sides

    async def broken(self, _parameters):
        raise KeyError("holdconn")

    monkeypatch.setattr("aiortc.RTCIceTransport.start", broken)
    await (await a.open()).send("silence")
    await b.open()
    await b.take(SdpType.OFFER, await a.offer())
    await a.take(SdpType.ANSWER, await b.answer())
    await a.reaches(MediaConnectionState.FAILED)
    assert ("warn", "connecting failed: KeyError: 'holdconn'") in a.log


async def test_a_second_round_keeps_the_connection_and_takes_new_track_ids(sides, connect):
    """The offerer offers again; the other side finds another stream in the same section."""
    a, b = sides
    _, at_b = await connect("tone:440")
    old = at_b.tracks[0].id
    offer = re.sub(r"a=msid:.*", "a=msid:other-stream other-track", (await a.offer()).replace("\r\n", "\n"))
    again = await b.take(SdpType.OFFER, offer)
    await a.take(SdpType.ANSWER, await b.answer())
    assert [(track.id, track.media_id) for track in again.tracks] == [("other-track", "other-stream")]
    assert old not in b.tracks
    assert await b.hear(TrackId("other-track"), 0.2)
    assert a.states[-1] is b.states[-1] is MediaConnectionState.CONNECTED


async def test_without_settings_the_peer_asks_no_server_and_bundles(sides):
    """aiortc would ask a public STUN server when it is told of none."""
    a, _ = sides
    await a.peers.open(a.peer, PeerConfig(ice_addresses=(), bundle_policy="odd", ice_transport_policy="odd"))
    await a.send("silence", "testpattern")
    offer = await a.offer()
    assert "a=group:BUNDLE 0 1" in offer
    engine = a.peers._peers[a.peer]._engine
    assert isinstance(engine, OwnPeerConnection)
    assert len(engine.connections()) == 1
    assert engine._RTCPeerConnection__configuration.iceServers == []


async def test_two_calls_of_one_client_gather_on_their_own_addresses(sides):
    """Nothing is shared between peers, and nothing is set for the process."""
    a, _ = sides
    for name, address in (("one", "127.0.0.1"), ("other", "127.0.0.2")):
        peer = PeerId(name)
        await a.peers.open(peer, PeerConfig(ice_addresses=(address,)))
        track = await a.track(TrackType.AUDIO, source=Silence())
        await a.peers.add_track(peer, track.track_id)
        await a.devices.stop(track.track_id)

    async def offer(name):
        made = await a.peers.create_offer(PeerId(name))
        await a.peers.set_local(PeerId(name), SdpType.OFFER, made)
        return (await a.peers.gathering(PeerId(name))).candidates

    one, other = await asyncio.gather(offer("one"), offer("other"))
    assert [text.split()[4] for text in (*one, *other)] == ["127.0.0.1", "127.0.0.2"]

"""The media of a call: local tracks, the peer connection, and their end."""

from typing import Final

from rbbn_sdk.actions.call import (
    LocalTracksOpened,
    MediaConnectionChanged,
    MediaDropped,
    PeerOpened,
    RemoteOfferApplied,
)
from rbbn_sdk.effects.call.errors import USER_MEDIA
from rbbn_sdk.effects.call.pipeline import remote_for_peer
from rbbn_sdk.engine import fx
from rbbn_sdk.errors import MediaError
from rbbn_sdk.ports import Devices, Ids, LocalTrack, Objects, Peers, TrackSource
from rbbn_sdk.ports.peers import PeerEvent, PeerEventKind
from rbbn_sdk.selectors.call import call_by_id, is_done, peer_config
from rbbn_sdk.selectors.webrtc import media_session
from rbbn_sdk.types import NO_CODE, CallId, MediaId, PeerId, TrackId
from rbbn_sdk.types.call import CallDirection, MediaConnectionState, SdpType

LOST_AFTER: Final = 10.0
"""Seconds of `disconnected` that count as `failed` (`call-media` 18)."""


async def open_tracks(call_id: CallId, sources: tuple[TrackSource, ...]) -> tuple[LocalTrack, ...]:
    """Open local tracks one after the other; all or none. Raises `MediaError` `call:4`."""
    ids = [await _track_ids() for _ in sources]
    try:
        tracks = tuple([await _open(*pair, source) for pair, source in zip(ids, sources, strict=True)])
        await _require_live(call_id)
        await fx.put(LocalTracksOpened(call_id=call_id, tracks=tracks))
    except BaseException:
        for track_id, _ in ids:
            await fx.call(Devices.stop, track_id)
        raise
    return tracks


async def _require_live(call_id: CallId) -> None:
    """What is opened for a call that is over would be closed by nobody."""
    if await fx.select(is_done, call_id):
        raise MediaError(f"call {call_id} is over")


async def _track_ids() -> tuple[TrackId, MediaId]:
    return TrackId(await fx.call(Ids.uuid)), MediaId(await fx.call(Ids.uuid))


async def _open(track_id: TrackId, media_id: MediaId, source: TrackSource) -> LocalTrack:
    try:
        return await fx.call(Devices.open, track_id, media_id, source)
    except MediaError as error:
        raise MediaError(error.message, code=USER_MEDIA if error.code == NO_CODE else error.code) from None


async def free_sources(sources: tuple[TrackSource, ...]) -> None:
    """Forget the source objects of the application; the tracks that were opened have them."""
    for source in sources:
        if source.source is not None:
            await fx.call(Objects.free, source.source)


async def open_peer(call_id: CallId, tracks: tuple[LocalTrack, ...] = ()) -> PeerId:
    """Open a peer connection for the call, in place of one before, and give it tracks to send."""
    former = await fx.select(media_session, call_id)
    if former is not None and former.peer_id is not None:
        await fx.call(Peers.close, former.peer_id)
    peer_id = PeerId(await fx.call(Ids.uuid))
    try:
        await fx.call(Peers.open, peer_id, await fx.select(peer_config))
        await _require_live(call_id)
        await fx.put(PeerOpened(call_id=call_id, peer_id=peer_id))
    except BaseException:
        await fx.call(Peers.close, peer_id)
        raise
    await add_tracks(peer_id, tracks)
    return peer_id


async def add_tracks(peer_id: PeerId, tracks: tuple[LocalTrack, ...]) -> None:
    """Send tracks; one after the other, so that no two share a transceiver (`call-media` 2.5)."""
    for track in tracks:
        await fx.call(Peers.add_track, peer_id, track.track_id)


async def apply_offer(call_id: CallId, sdp: str) -> None:
    """Open a peer connection that knows the other side's offer."""
    peer_id = await open_peer(call_id)
    offer = await remote_for_peer(call_id, SdpType.OFFER, sdp, CallDirection.INCOMING)
    media = await fx.call(Peers.set_remote, peer_id, SdpType.OFFER, offer)
    for problem in media.problems:
        await fx.log("info", "CALL", f"About the caller's offer: {problem}", id=call_id)
    await fx.put(RemoteOfferApplied(call_id=call_id, sdp=sdp, remote_tracks=media.tracks))


async def renew(call_id: CallId) -> None:
    """After an answer that failed: close what it opened, and be ready for the next one."""
    session = await fx.select(media_session, call_id)
    if session is None:
        return
    for track_id in session.local_tracks:
        await fx.call(Devices.stop, track_id)
    await fx.put(MediaDropped(call_id=call_id))
    if not session.remote_offer:
        return
    try:
        await apply_offer(call_id, session.remote_offer)
    except MediaError as error:
        await fx.log("warn", "CALL", f"The offer cannot be applied once more: {error.message}", id=call_id)


async def close_media(call_id: CallId) -> None:
    """Stop the call's local tracks and close its peer connection. What is closed already is left alone."""
    session = await fx.select(media_session, call_id)
    if session is None:
        return
    if session.peer_id is not None:
        await fx.call(Peers.close, session.peer_id)
    for track_id in session.local_tracks:
        await fx.call(Devices.stop, track_id)


async def watch_peer(opened: PeerOpened) -> None:
    """Tell how the connection to the other side fares, until it is closed."""
    while True:
        event = await _next_event(opened.call_id, opened.peer_id)
        if event is None or event.kind is PeerEventKind.CLOSED:
            return
        if event.kind is PeerEventKind.CONNECTION and event.connection_state is not None:
            await fx.put(MediaConnectionChanged(call_id=opened.call_id, state=event.connection_state))


async def _next_event(call_id: CallId, peer_id: PeerId) -> PeerEvent | None:
    """The next event; None when the peer is gone. A connection that stays disconnected has failed."""
    call = await fx.select(call_by_id, call_id)
    is_lost = call is not None and call.media_connection_state is MediaConnectionState.DISCONNECTED
    try:
        if not is_lost:
            return await fx.call(Peers.next_event, peer_id)
        event, _ = await fx.race(fx.call(Peers.next_event, peer_id), fx.delay(LOST_AFTER))
    except MediaError:
        return None
    failed = PeerEvent(kind=PeerEventKind.CONNECTION, connection_state=MediaConnectionState.FAILED)
    return failed if event is None else event

"""The slice `webrtc`: devices, tracks, media and sessions (`call-media` 10, 19.2)."""

from collections.abc import Callable, Iterable

from attrs import frozen
from msgspec import UNSET, UnsetType
from pyrsistent import PMap, pmap

from rbbn_sdk.actions.call import (
    AnswerBroken,
    AnswerUnconfirmed,
    CallAnswered,
    CallCancelled,
    CallEnded,
    CallFact,
    CallIgnored,
    CallRejected,
    EarlyMediaBegan,
    IncomingCallFailed,
    LocalTracksOpened,
    MakeAborted,
    MakeFailed,
    MediaClosed,
    MediaDropped,
    PeerOpened,
    RemoteOfferApplied,
)
from rbbn_sdk.actions.webrtc import DevicesListed, TracksRemoved, TracksRendered
from rbbn_sdk.engine import Slice, evolve, with_item
from rbbn_sdk.ports import Device, LocalTrack
from rbbn_sdk.ports.peers import RemoteTrack
from rbbn_sdk.types import CallId, MappingRecord, MediaId, PeerId, TrackId
from rbbn_sdk.types.call import MediaKind, TrackState, TrackType


@frozen(kw_only=True, weakref_slot=False)
class TrackObject(MappingRecord):
    """A track as it was when it was asked for; it does not change. Ended tracks stay known."""

    id: TrackId
    track_id: TrackId
    """The same as `id`: the documentation knows both."""
    stream_id: MediaId
    kind: MediaKind
    type: TrackType
    """`screen` for a local screen capture, else the kind."""
    is_local: bool
    label: str = ""
    detached: bool = False
    muted: bool = False
    source_muted: bool = False
    state: TrackState = TrackState.LIVE
    disabled: bool = False
    """It has ended."""
    containers: tuple[str, ...] | UnsetType = UNSET
    """Names of the sinks it goes to; not there until it is first rendered."""


@frozen(kw_only=True, weakref_slot=False)
class MediaObject(MappingRecord):
    """Tracks that belong together."""

    id: MediaId
    local: bool
    detached: bool = False
    tracks: tuple[TrackId, ...] = ()


@frozen(kw_only=True, weakref_slot=False)
class MediaSession:
    """The media of a call that is not over."""

    peer_id: PeerId | None = None
    local_tracks: tuple[TrackId, ...] = ()
    remote_tracks: tuple[TrackId, ...] = ()
    remote_offer: str = ""
    """The offer that the peer connection was given, as it came."""
    unconfirmed_answer: str = ""
    """What we answered to it, if the gateway may have taken that but did not say so."""


@frozen(kw_only=True, weakref_slot=False)
class WebRtc:
    """All media of the client."""

    devices: tuple[Device, ...] = ()
    tracks: PMap[TrackId, TrackObject] = pmap()
    media: PMap[MediaId, MediaObject] = pmap()
    sessions: PMap[CallId, MediaSession] = pmap()


webrtc = Slice("webrtc", WebRtc())


@webrtc.on(DevicesListed)
def _listed(state: WebRtc, action: DevicesListed) -> WebRtc:
    return state if action.devices == state.devices else evolve(state, devices=action.devices)


@webrtc.on(LocalTracksOpened)
def _opened(state: WebRtc, action: LocalTracksOpened) -> WebRtc:
    after = _with_tracks(state, map(_local, action.tracks))
    session = state.sessions.get(action.call_id, MediaSession())
    ids = (track.track_id for track in action.tracks)
    return _with_session(after, action.call_id, evolve(session, local_tracks=_united(session.local_tracks, ids)))


@webrtc.on(PeerOpened)
def _peer(state: WebRtc, action: PeerOpened) -> WebRtc:
    """What a former peer connection received is gone with it."""
    session = state.sessions.get(action.call_id, MediaSession())
    return _with_session(
        state, action.call_id, evolve(session, peer_id=action.peer_id, remote_tracks=(), unconfirmed_answer="")
    )


@webrtc.on(RemoteOfferApplied)
def _offer(state: WebRtc, action: RemoteOfferApplied) -> WebRtc:
    after = _with_remote(state, action.call_id, action.remote_tracks)
    session = after.sessions.get(action.call_id)
    return after if session is None else _with_session(after, action.call_id, evolve(session, remote_offer=action.sdp))


@webrtc.on(AnswerUnconfirmed)
def _unconfirmed(state: WebRtc, action: AnswerUnconfirmed) -> WebRtc:
    session = state.sessions.get(action.call_id)
    if session is None:
        return state
    return _with_session(state, action.call_id, evolve(session, unconfirmed_answer=action.sdp))


@webrtc.on(EarlyMediaBegan)
def _early(state: WebRtc, action: EarlyMediaBegan) -> WebRtc:
    return _with_remote(state, action.call_id, action.remote_tracks)


@webrtc.on(CallAnswered)
def _answered(state: WebRtc, action: CallAnswered) -> WebRtc:
    return _with_remote(state, action.call_id, action.remote_tracks)


@webrtc.on(
    CallEnded,
    CallCancelled,
    CallRejected,
    CallIgnored,
    MakeFailed,
    IncomingCallFailed,
    AnswerBroken,
    MakeAborted,
    MediaDropped,
)
def _local_ended(state: WebRtc, action: CallFact) -> WebRtc:
    """What this client opened for the call is ended with it; the session stays until all is closed."""
    session = state.sessions.get(action.call_id)
    if session is None or not session.local_tracks:
        return state
    after = _with_ended(state, session.local_tracks)
    if isinstance(action, MediaDropped):
        return _with_session(after, action.call_id, evolve(session, local_tracks=(), unconfirmed_answer=""))
    return after


@webrtc.on(MediaClosed)
def _closed(state: WebRtc, action: MediaClosed) -> WebRtc:
    session = state.sessions.get(action.call_id)
    if session is None:
        return state
    ended = _with_ended(state, (*session.local_tracks, *session.remote_tracks))
    return evolve(ended, sessions=ended.sessions.remove(action.call_id))


@webrtc.on(TracksRendered)
def _rendered(state: WebRtc, action: TracksRendered) -> WebRtc:
    def add(track: TrackObject) -> TrackObject:
        known = _containers(track)
        return track if action.container in known else evolve(track, containers=(*known, action.container))

    return state if action.error is not None else _with_changed(state, action.track_ids, add)


@webrtc.on(TracksRemoved)
def _removed(state: WebRtc, action: TracksRemoved) -> WebRtc:
    def remove(track: TrackObject) -> TrackObject:
        known = _containers(track)
        kept = tuple(name for name in known if name != action.container)
        return track if kept == known else evolve(track, containers=kept)

    return state if action.error is not None else _with_changed(state, action.track_ids, remove)


def _containers(track: TrackObject) -> tuple[str, ...]:
    return () if isinstance(track.containers, UnsetType) else track.containers


def _local(track: LocalTrack) -> TrackObject:
    return TrackObject(
        id=track.track_id,
        track_id=track.track_id,
        stream_id=track.media_id,
        kind=MediaKind.AUDIO if track.type is TrackType.AUDIO else MediaKind.VIDEO,
        type=track.type,
        is_local=True,
        label=track.label,
    )


def _remote(track: RemoteTrack) -> TrackObject:
    return TrackObject(
        id=track.id,
        track_id=track.id,
        stream_id=track.media_id,
        kind=track.kind,
        type=TrackType(track.kind.value),
        is_local=False,
    )


def _with_session(state: WebRtc, call_id: CallId, session: MediaSession) -> WebRtc:
    return (
        state
        if state.sessions.get(call_id) == session
        else evolve(state, sessions=with_item(state.sessions, call_id, session))
    )


def _with_remote(state: WebRtc, call_id: CallId, tracks: tuple[RemoteTrack, ...]) -> WebRtc:
    session = state.sessions.get(call_id)
    if session is None:
        return state  # the call is over: nothing is known of its media any more
    after = _with_tracks(state, map(_remote, tracks))
    return _with_session(after, call_id, evolve(session, remote_tracks=tuple(track.id for track in tracks)))


def _with_tracks(state: WebRtc, tracks: Iterable[TrackObject]) -> WebRtc:
    """With tracks that were not known, each in its media."""
    new = [track for track in tracks if track.id not in state.tracks]
    if not new:
        return state
    known_tracks, media = state.tracks, state.media
    for track in new:
        known_tracks = known_tracks.set(track.id, track)
        known = media.get(track.stream_id, MediaObject(id=track.stream_id, local=track.is_local))
        media = media.set(track.stream_id, evolve(known, tracks=(*known.tracks, track.id)))
    return evolve(state, tracks=known_tracks, media=media)


def _with_changed(state: WebRtc, ids: Iterable[TrackId], change: Callable[[TrackObject], TrackObject]) -> WebRtc:
    tracks = state.tracks
    for track_id in ids:
        track = tracks.get(track_id)
        after = None if track is None else change(track)
        if after is not None and after is not track:
            tracks = with_item(tracks, track_id, after)
    return state if tracks is state.tracks else evolve(state, tracks=tracks)


def _with_ended(state: WebRtc, ids: Iterable[TrackId]) -> WebRtc:
    """With ended tracks; media of which no track is left are forgotten."""
    after = _with_changed(state, ids, _ended)
    if after is state:
        return state
    media = after.media
    for stream_id in dict.fromkeys(after.tracks[track_id].stream_id for track_id in ids if track_id in after.tracks):
        known = media.get(stream_id)
        if known is not None and all(after.tracks[track_id].disabled for track_id in known.tracks):
            media = media.remove(stream_id)
    return after if media is after.media else evolve(after, media=media)


def _ended(track: TrackObject) -> TrackObject:
    return track if track.disabled else evolve(track, state=TrackState.ENDED, disabled=True)


def _united(first: tuple[TrackId, ...], second: Iterable[TrackId]) -> tuple[TrackId, ...]:
    return tuple(dict.fromkeys((*first, *second)))

"""The remote tracks of one peer."""

from collections.abc import Callable
from uuid import uuid4

from aiortc.mediastreams import MediaStreamTrack

from rbbn_sdk.io.webrtc.hub import Hub
from rbbn_sdk.io.webrtc.incoming import Log, RemoteTrackPump
from rbbn_sdk.io.webrtc.tracks import Tracks
from rbbn_sdk.ports.peers import RemoteTrack
from rbbn_sdk.sdp import SectionPlan, StreamTrack
from rbbn_sdk.types import MediaId, TrackId
from rbbn_sdk.types.call import MediaKind

_NO_STREAM = "-"
"""The stream of a track that has none (RFC 8830, 2)."""


class RemoteTracks:
    """One for each section that the other side ever sent in; kept by the engine's mid."""

    def __init__(self, tracks: Tracks, ended: Callable[[TrackId], None], log: Log) -> None:
        self._tracks = tracks
        self._ended = ended
        self._log = log
        self._pumps: dict[str, RemoteTrackPump] = {}
        self._named: dict[str, StreamTrack | None] = {}

    def take(self, plan: SectionPlan, track: MediaStreamTrack) -> RemoteTrack:
        """The track of a section, read from now on if it is new."""
        named = plan.tracks[0] if plan.tracks else None
        pump = self._pumps.get(plan.engine_mid)
        if pump is None:
            hub = self._hub(plan, named)
            self._pumps[plan.engine_mid] = RemoteTrackPump(hub, track, self._ended, self._log)
        elif self._named[plan.engine_mid] != named:
            hub = self._hub(plan, named)
            self._tracks.discard(pump.hub.track_id)
            pump.hub = hub
        else:
            hub = pump.hub
        self._named[plan.engine_mid] = named
        return RemoteTrack(id=hub.track_id, media_id=hub.media_id, kind=hub.kind, mid=plan.engine_mid)

    def _hub(self, plan: SectionPlan, named: StreamTrack | None) -> Hub:
        track_id = TrackId(named.track_id if named is not None else "")
        if not track_id or track_id in self._tracks:
            track_id = TrackId(str(uuid4()))
        stream = named.stream_id if named is not None else ""
        media_id = MediaId(str(uuid4()) if stream in ("", _NO_STREAM) else stream)
        hub = Hub(track_id, media_id, MediaKind(plan.kind))
        self._tracks.add(hub)
        return hub

    async def close(self) -> None:
        """Stop reading, and forget the tracks."""
        for pump in self._pumps.values():
            await pump.close()
            self._tracks.discard(pump.hub.track_id)
        self._pumps.clear()

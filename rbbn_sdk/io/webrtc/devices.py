"""The port `Devices`: generated signals and files in, files and functions out."""

from collections.abc import Callable

from rbbn_sdk.errors import MediaError
from rbbn_sdk.io.webrtc.hub import Hub
from rbbn_sdk.io.webrtc.local import LocalTrackPump
from rbbn_sdk.io.webrtc.sources import PatternSource, ToneSource
from rbbn_sdk.io.webrtc.tracks import Tracks
from rbbn_sdk.media import TestPattern, Tone
from rbbn_sdk.ports.devices import LocalTrack, TrackSource
from rbbn_sdk.ports.objects import Objects
from rbbn_sdk.types import MediaId, TrackId
from rbbn_sdk.types.call import MediaKind, TrackType


class RtcDevices:
    def __init__(self, objects: Objects, tracks: Tracks, *, log: Callable[[str, str], None] = lambda a, b: None) -> None:
        self._tracks = tracks
        self._local: dict[TrackId, LocalTrackPump] = {}

    async def open(self, track_id: TrackId, media_id: MediaId, source: TrackSource) -> LocalTrack:
        kind = MediaKind.AUDIO if source.type is TrackType.AUDIO else MediaKind.VIDEO
        live = ToneSource(Tone()) if kind is MediaKind.AUDIO else PatternSource(TestPattern())
        hub = Hub(track_id, media_id, kind)
        self._tracks.add(hub)
        self._local[track_id] = LocalTrackPump(hub, live)
        return LocalTrack(track_id=track_id, media_id=media_id, type=source.type, label="tone")

    async def stop(self, track_id: TrackId) -> None:
        pump = self._local.pop(track_id, None)
        if pump:
            await pump.close()
            self._tracks.discard(track_id)

    async def close(self) -> None:
        for track_id in tuple(self._local):
            await self.stop(track_id)

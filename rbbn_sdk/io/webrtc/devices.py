"""The port `Devices`: generated signals, files and functions in; files and functions out."""

import asyncio
from collections.abc import Callable

from rbbn_sdk.errors import MediaError, RbbnError
from rbbn_sdk.io.webrtc.hub import Hub
from rbbn_sdk.io.webrtc.inputs import DEVICES, label_of, open_source, read_device, read_source
from rbbn_sdk.io.webrtc.local import LocalTrackPump
from rbbn_sdk.io.webrtc.sinks import LiveSink, open_sink, read_sink
from rbbn_sdk.io.webrtc.tracks import Tracks
from rbbn_sdk.media import Sink, Source
from rbbn_sdk.ports.devices import Device, LocalTrack, TrackSource
from rbbn_sdk.ports.objects import Objects
from rbbn_sdk.types import MediaId, ObjectRef, TrackId
from rbbn_sdk.types.call import MediaKind, TrackType

_NO_TRACK = TrackId("")


def _silent(level: str, text: str) -> None:
    """Log nowhere."""


class RtcDevices:
    """`Devices` without hardware. `tracks` is shared with the client's `AiortcPeers`; `log(level, text)` takes errors.

    A sink is what its description says: two references to `WavFile("a.wav")` are one sink. It is finished when the last
    of its tracks was removed or has ended.
    """

    def __init__(self, objects: Objects, tracks: Tracks, *, log: Callable[[str, str], None] = _silent) -> None:
        self._objects = objects
        self._tracks = tracks
        self._log = log
        self._local: dict[TrackId, LocalTrackPump] = {}
        self._sinks: dict[Sink, LiveSink] = {}
        self._finishing: dict[Sink, asyncio.Task[None]] = {}
        self._opening = asyncio.Lock()
        self._epoch = 0
        tracks.ended = self._track_ended

    async def list(self) -> tuple[Device, ...]:
        """The generated devices; `default` is silence for sound and a test pattern for video."""
        return DEVICES

    async def open(self, track_id: TrackId, media_id: MediaId, source: TrackSource) -> LocalTrack:
        """Open a local track, which gives its media from now on."""
        kind = MediaKind.AUDIO if source.type is TrackType.AUDIO else MediaKind.VIDEO
        if track_id in self._tracks:
            raise MediaError(f"track {track_id!r} is open already", code="call:4")
        meant = self._source(source, kind)
        epoch = self._epoch
        live = await open_source(meant, kind, source, self._log)
        if epoch != self._epoch or track_id in self._tracks:
            await live.close()
            raise MediaError(f"track {track_id!r} was not opened: its client closed, or opened it twice", code="call:4")
        hub = Hub(track_id, media_id, kind)
        self._tracks.add(hub)
        self._local[track_id] = LocalTrackPump(hub, live)
        return LocalTrack(track_id=track_id, media_id=media_id, type=source.type, label=label_of(meant))

    def _source(self, source: TrackSource, kind: MediaKind) -> Source:
        if source.source is None:
            return read_device(source.device_id, kind)
        return read_source(self._read(source.source), kind)

    def _read(self, ref: ObjectRef) -> object:
        try:
            return self._objects.read(ref)
        except RbbnError as error:
            raise MediaError(error.message, code="call:4") from error

    async def stop(self, track_id: TrackId) -> None:
        """End a local track."""
        pump = self._local.pop(track_id, None)
        if pump is not None:
            self._tracks.discard(track_id)
            await pump.close()

    async def render(self, track_ids: tuple[TrackId, ...], sink: ObjectRef) -> tuple[TrackId, ...]:
        """Give tracks to a sink, which is opened if it is not yet."""
        hubs = [hub for hub in map(self._tracks.get, track_ids) if hub is not None]
        if not hubs:
            return ()
        meant = read_sink(self._read(sink))
        live = await self._sink(meant)
        for hub in hubs:
            if hub.track_id in self._tracks:
                live.add(hub)
        if live.remove(_NO_TRACK):  # all have ended while a file was opened
            self._finish(meant)
        return tuple(hub.track_id for hub in hubs)

    async def _sink(self, sink: Sink) -> LiveSink:
        async with self._opening:
            if sink in self._finishing:
                await asyncio.wait([self._finishing[sink]])
            live = self._sinks.get(sink)
            if live is not None:
                return live
            epoch = self._epoch
            live = await open_sink(sink, self._log)
            if epoch != self._epoch:
                await live.close()
                raise MediaError("the sink was not opened: its client closed")
            self._sinks[sink] = live
            return live

    async def remove(self, track_ids: tuple[TrackId, ...], sink: ObjectRef) -> None:
        """Take tracks from a sink; finish it when none is left. Returns when a finished file is closed."""
        meant = read_sink(self._read(sink))
        live = self._sinks.get(meant)
        emptied = [] if live is None else [live.remove(track_id) for track_id in track_ids]
        if True in emptied:
            self._finish(meant)
        if meant in self._finishing:
            await asyncio.wait([self._finishing[meant]])

    def _track_ended(self, track_id: TrackId) -> None:
        for sink, live in tuple(self._sinks.items()):
            if live.remove(track_id):
                self._finish(sink)

    def _finish(self, sink: Sink) -> None:
        live = self._sinks.pop(sink, None)
        if live is not None:
            task = self._finishing[sink] = asyncio.create_task(live.close(), name="finish sink")
            task.add_done_callback(lambda _: self._finishing.pop(sink, None))

    async def close(self) -> None:
        """End all local tracks and finish all sinks; what is being opened is not."""
        self._epoch += 1
        for track_id in tuple(self._local):
            await self.stop(track_id)
        for sink in tuple(self._sinks):
            self._finish(sink)
        if self._finishing:
            await asyncio.wait(tuple(self._finishing.values()))

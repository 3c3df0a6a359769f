"""Recording tracks to a file."""

import asyncio
import queue
import time
from collections.abc import Callable
from typing import Protocol

from attrs import frozen

from rbbn_sdk.io.webrtc.container import ContainerWriter
from rbbn_sdk.io.webrtc.hub import Consumer, Frame, Hub
from rbbn_sdk.io.webrtc.mixing import LAG, Mixer
from rbbn_sdk.io.webrtc.sources import Samples, black
from rbbn_sdk.io.webrtc.worker import Worker
from rbbn_sdk.media import AudioFrame, VideoFrame
from rbbn_sdk.types import TrackId
from rbbn_sdk.types.call import MediaKind

WRITE_EVERY = 0.25
"""Seconds."""

MAX_WAITING = 60
"""Pictures that may wait for the encoder; beyond it new ones are left out."""


class FileWriter(Protocol):
    """Writes a file; used by one thread at a time."""

    def sound(self, samples: Samples) -> None: ...

    def picture(self, time: float, picture: VideoFrame) -> None: ...

    def close(self) -> None: ...


@frozen
class _Picture:
    time: float
    picture: VideoFrame


class Recorder:
    """Mixes the sound of its tracks, takes the pictures of its first video track, and writes both in a thread."""

    def __init__(self, writer: FileWriter, name: str, log: Callable[[str, str], None]) -> None:
        self._writer = writer
        self._name = name
        self._log = log
        self._start = time.monotonic()
        self._mixer = Mixer(self._start)
        self._consumers: dict[TrackId, tuple[Hub, Consumer]] = {}
        self._video: TrackId | None = None
        self._kinds: set[MediaKind] = set()
        self._size: VideoFrame | None = None
        self._work: queue.SimpleQueue[Samples | _Picture | None] = queue.SimpleQueue()
        self._worker = Worker(self._write, name=f"record {name}")
        self._timer = asyncio.create_task(self._flush_often(), name=f"record {name}")

    def add(self, hub: Hub) -> None:
        """Record a track too."""
        if hub.track_id in self._consumers:
            return
        if hub.kind is MediaKind.VIDEO and self._video is None:
            self._video = hub.track_id
        self._kinds.add(hub.kind)

        def consume(frame: Frame) -> None:
            self._take(hub.track_id, frame)

        self._consumers[hub.track_id] = hub, consume
        hub.attach(consume)

    def remove(self, track_id: TrackId) -> bool:
        """Record a track no longer. Returns whether none is left."""
        hub, consume = self._consumers.pop(track_id, (None, None))
        if hub is not None and consume is not None:
            hub.detach(consume)
        if track_id == self._video:
            self._video = next((one for one, (hub, _) in self._consumers.items() if hub.kind is MediaKind.VIDEO), None)
        return not self._consumers

    def _take(self, track_id: TrackId, frame: Frame) -> None:
        now = time.monotonic()
        if isinstance(frame, AudioFrame):
            self._mixer.add(track_id, frame.samples, now)
        elif track_id == self._video and self._work.qsize() < MAX_WAITING:
            self._size = self._size or frame
            self._work.put(_Picture(now - self._start, frame))

    async def _flush_often(self) -> None:
        while True:
            await asyncio.sleep(WRITE_EVERY)
            self._flush(time.monotonic() - LAG)

    def _flush(self, until: float) -> None:
        samples = self._mixer.take(until)
        if len(samples):
            self._work.put(samples)

    def _write(self) -> None:
        """In the thread: pictures wait for the first sound, which comes late enough to know what is recorded."""
        early: list[_Picture] = []
        begun = False
        try:
            while (piece := self._work.get()) is not None:
                if isinstance(piece, _Picture):
                    early[MAX_WAITING:] = [piece]
                    if not begun:
                        continue
                begun = begun or self._begin()
                for one in early:
                    self._writer.picture(one.time, one.picture)
                early.clear()
                if not isinstance(piece, _Picture):
                    self._writer.sound(piece)
            if not begun:
                self._begin()
            for one in early:
                self._writer.picture(one.time, one.picture)
        finally:
            self._writer.close()

    def _begin(self) -> bool:
        if isinstance(self._writer, ContainerWriter):
            picture = (self._size or black(640, 480)) if MediaKind.VIDEO in self._kinds else None
            self._writer.begin(sound=MediaKind.AUDIO in self._kinds, picture=picture)
        return True

    async def close(self) -> None:
        """Write all, to this moment, and close the file."""
        for track_id in tuple(self._consumers):
            self.remove(track_id)
        self._timer.cancel()
        await asyncio.wait([self._timer])
        self._flush(time.monotonic())
        self._work.put(None)
        await self._worker.wait()
        if self._worker.error is not None:
            self._log("error", f"recording to {self._name!r} failed: {self._worker.error}")

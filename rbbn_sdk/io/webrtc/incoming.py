"""Remote tracks: read for as long as they live, whether anybody listens or not; aiortc would pile them up otherwise."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import av
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av.error import FFmpegError

from rbbn_sdk.io.webrtc.convert import SoundConverter, picture_of
from rbbn_sdk.io.webrtc.hub import Frame, Hub
from rbbn_sdk.media import AudioFrame
from rbbn_sdk.types import TrackId

Log = Callable[[str, str], None]


class RemoteTrackPump:
    """Reads a remote track to its end and gives the frames to its hub."""

    def __init__(self, hub: Hub, track: MediaStreamTrack, ended: Callable[[TrackId], None], log: Log) -> None:
        self.hub = hub
        self._track = track
        self._ended = ended
        self._log = log
        self._sound = SoundConverter()
        self._task = asyncio.create_task(self._run(), name=f"remote track {hub.track_id}")

    async def _run(self) -> None:
        track: Any = self._track  # PyAV types its packets in part only
        receive: Callable[[], Awaitable[object]] = track.recv
        try:
            while True:
                frame = await receive()
                if self.hub.wanted:
                    self._give(frame)
        except MediaStreamError:
            self._ended(self.hub.track_id)

    def _give(self, frame: object) -> None:
        try:
            frames = list(self._frames(frame))
        except (FFmpegError, ValueError) as error:  # of a size or form that cannot be; the next may be better
            self._log("warn", f"a frame of track {self.hub.track_id!r} was passed over: {error}")
            return
        for ours in frames:
            self.hub.give(ours)

    def _frames(self, frame: object) -> Iterator[Frame]:
        if isinstance(frame, av.AudioFrame):
            yield from map(AudioFrame, self._sound.convert(frame))
        elif isinstance(frame, av.VideoFrame):
            yield picture_of(frame)

    async def close(self) -> None:
        """Stop reading."""
        self._task.cancel()
        await asyncio.wait([self._task])

"""Remote tracks: read for as long as they live, whether anybody listens or not; aiortc would pile them up otherwise."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import av
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack

from rbbn_sdk.io.webrtc.convert import SoundConverter, picture_of
from rbbn_sdk.io.webrtc.hub import Frame, Hub
from rbbn_sdk.media import AudioFrame
from rbbn_sdk.types import TrackId


class RemoteTrackPump:
    """Reads a remote track to its end and gives the frames to its hub."""

    def __init__(self, hub: Hub, track: MediaStreamTrack, ended: Callable[[TrackId], None]) -> None:
        self.hub = hub
        self._track = track
        self._ended = ended
        self._sound = SoundConverter()
        self._task = asyncio.create_task(self._run(), name=f"remote track {hub.track_id}")

    async def _run(self) -> None:
        track: Any = self._track  # PyAV types its packets in part only
        receive: Callable[[], Awaitable[object]] = track.recv
        try:
            while True:
                frame = await receive()
                if self.hub.wanted:
                    for ours in self._frames(frame):
                        self.hub.give(ours)
        except MediaStreamError:
            self._ended(self.hub.track_id)

    def _frames(self, frame: object) -> Iterator[Frame]:
        if isinstance(frame, av.AudioFrame):
            yield from map(AudioFrame, self._sound.convert(frame))
        elif isinstance(frame, av.VideoFrame):
            yield picture_of(frame)

    async def close(self) -> None:
        """Stop reading."""
        self._task.cancel()
        await asyncio.wait([self._task])

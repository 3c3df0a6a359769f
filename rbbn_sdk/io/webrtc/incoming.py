"""Remote tracks: read for as long as they live, whether anybody listens or not; aiortc would pile them up otherwise."""

import asyncio
from collections.abc import Callable, Iterator

import av
import numpy as np
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack

from rbbn_sdk.io.webrtc.hub import RATE, Frame, Hub
from rbbn_sdk.media import AudioFrame, VideoFrame
from rbbn_sdk.types import TrackId


class _Converter:
    """aiortc's frames in our form."""

    def __init__(self) -> None:
        self._resampler: av.AudioResampler | None = None

    def frames(self, frame: object) -> Iterator[Frame]:
        if isinstance(frame, av.AudioFrame):
            yield from map(_sound, self._resampled(frame))
        elif isinstance(frame, av.VideoFrame):
            yield _picture(frame)

    def _resampled(self, frame: av.AudioFrame) -> list[av.AudioFrame]:
        if frame.format.name == "s16" and frame.layout.name == "stereo" and frame.sample_rate == RATE:
            return [frame]
        if self._resampler is None:
            self._resampler = av.AudioResampler("s16", "stereo", RATE)
        frame.pts = None  # positions jump with the sender's source; here frames simply follow each other
        return self._resampler.resample(frame)


def _sound(frame: av.AudioFrame) -> AudioFrame:
    return AudioFrame(frame.to_ndarray().reshape(-1, 2).astype(np.int16, copy=False))


def _picture(frame: av.VideoFrame) -> VideoFrame:
    width, height = frame.width & ~1, frame.height & ~1
    even = frame.reformat(width=width, height=height, format="yuv420p")
    return VideoFrame(even.to_ndarray().astype(np.uint8, copy=False), width, height)


class RemoteTrackPump:
    """Reads a remote track to its end and gives the frames to its hub."""

    def __init__(self, hub: Hub, track: MediaStreamTrack, ended: Callable[[TrackId], None]) -> None:
        self.hub = hub
        self._track = track
        self._ended = ended
        self._task = asyncio.create_task(self._run(), name=f"remote track {hub.track_id}")

    async def _run(self) -> None:
        converter = _Converter()
        try:
            while True:
                frame = await self._track.recv()
                if self.hub.wanted:
                    for ours in converter.frames(frame):
                        self.hub.give(ours)
        except MediaStreamError:
            self._ended(self.hub.track_id)

    async def close(self) -> None:
        """Stop reading."""
        self._task.cancel()
        await asyncio.wait([self._task])

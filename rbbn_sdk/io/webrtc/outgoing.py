"""What our senders send.

aiortc's sender dies with its track, so each sender has one track of ours for life: it goes on with silence or black
when there is nothing to send, and changes its source without a jump of the RTP timestamps.
"""

import asyncio
import time
from collections import deque
from fractions import Fraction

import av
import numpy as np
from aiortc.mediastreams import VIDEO_CLOCK_RATE, VIDEO_TIME_BASE, MediaStreamError, MediaStreamTrack

from rbbn_sdk.io.webrtc.hub import BLOCK, RATE, Frame, Hub
from rbbn_sdk.io.webrtc.pacing import MAX_BEHIND, Now, Sleep
from rbbn_sdk.io.webrtc.sources import AUDIO_PERIOD, SILENT, Samples, black
from rbbn_sdk.media import AudioFrame, VideoFrame
from rbbn_sdk.types.call import MediaKind

LATENESS = 0.06
"""Seconds a source may be late before silence is sent instead."""

SPARE = 3
"""Blocks of sound that may wait beyond what is due; more would only be delay."""

IDLE_PICTURE = 0.2
"""Seconds between black pictures of a sender without source."""

REPEAT_PICTURE = 1.0
"""Seconds after which a picture is sent again when its source gives no new one."""


class AudioQueue:
    """Blocks of 20 ms, handed out at the pace of the clock."""

    def __init__(self, now: Now = time.monotonic, sleep: Sleep = asyncio.sleep) -> None:
        self._now = now
        self._sleep = sleep
        self._rest: Samples = SILENT[:0]
        self._blocks: deque[Samples] = deque(maxlen=round(MAX_BEHIND / AUDIO_PERIOD))
        self._arrived = asyncio.Event()
        self._due: float | None = None

    def put(self, samples: Samples) -> None:
        """Add sound of any length."""
        if len(self._rest):
            samples = np.concatenate((self._rest, samples))
        whole = len(samples) - len(samples) % BLOCK
        self._blocks.extend(samples[start : start + BLOCK] for start in range(0, whole, BLOCK))
        self._rest = samples[whole:]
        self._arrived.set()

    def clear(self) -> None:
        """Drop what was not handed out."""
        self._blocks.clear()
        self._rest = SILENT[:0]

    async def next(self, lateness: float) -> Samples:
        """The next block when it is due; silence when none came within `lateness` seconds after that."""
        if self._due is None:
            self._due = self._now()
        self._due = max(self._due, self._now() - MAX_BEHIND)
        await self._sleep(max(0.0, self._due - self._now()))
        block = self._take() or await self._wait(self._due + lateness)
        self._due += AUDIO_PERIOD
        return SILENT if block is None else block[0]

    def _take(self) -> tuple[Samples] | None:
        if not self._blocks:
            self._arrived.clear()
            return None
        block = self._blocks.popleft()
        ahead = self._due is not None and self._now() - self._due < SPARE * AUDIO_PERIOD
        while ahead and len(self._blocks) > SPARE:
            self._blocks.popleft()
        return (block,)

    async def _wait(self, until: float) -> tuple[Samples] | None:
        while (left := until - self._now()) > 0:
            try:
                async with asyncio.timeout(left):  # `wait_for` of Python 3.11 can swallow a cancellation
                    await self._arrived.wait()
            except TimeoutError:
                return self._take()
            block = self._take()
            if block is not None:
                return block
        return self._take()


class OutgoingTrack(MediaStreamTrack):
    """The track of one sender; `source` is what it sends, None is nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._source: Hub | None = None

    @property
    def source(self) -> Hub | None:
        """Where the media comes from."""
        return self._source

    def replace(self, source: Hub | None) -> None:
        """Change the source; no negotiation, no gap in the timestamps."""
        if self._source is not None:
            self._source.detach(self._put)
        self._source = source
        if source is not None:
            source.attach(self._put)

    def stop(self) -> None:
        """End the track, when its sender has ended."""
        self.replace(None)
        super().stop()

    def _put(self, frame: Frame) -> None:
        raise TypeError(f"a track of no kind was given {type(frame).__name__}")

    @property
    def free(self) -> bool:
        """Whether there is nothing to send."""
        return not self._live()

    def _silenced(self) -> bool:
        return not self._live() or (self._source is not None and not self._source.enabled)

    def _live(self) -> bool:
        return self._source is not None and not self._source.ended


class OutgoingAudio(OutgoingTrack):
    """Sound: 48 kHz, stereo (mono loses 3 dB in aiortc's Opus encoder), 20 ms a frame."""

    kind = "audio"

    def __init__(self, queue: AudioQueue | None = None) -> None:
        super().__init__()
        self._queue = AudioQueue() if queue is None else queue
        self._position = 0

    def replace(self, source: Hub | None) -> None:
        """Change the source."""
        self._queue.clear()
        super().replace(source)

    def _put(self, frame: Frame) -> None:
        if isinstance(frame, AudioFrame):
            self._queue.put(frame.samples)

    async def recv(self) -> av.AudioFrame:
        """The next 20 ms."""
        if self.readyState != "live":
            raise MediaStreamError
        samples = await self._queue.next(LATENESS if self._live() else 0.0)
        if self._silenced():
            samples = SILENT
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples).reshape(1, -1), format="s16", layout="stereo")
        frame.sample_rate = RATE
        frame.time_base = Fraction(1, RATE)
        frame.pts = self._position
        self._position += len(samples)
        return frame


class OutgoingVideo(OutgoingTrack):
    """Pictures as they come; black when muted or without source."""

    kind = "video"

    def __init__(self, now: Now = time.monotonic) -> None:
        super().__init__()
        self._now = now
        self._start: float | None = None
        self._pts = -1
        self._latest: VideoFrame = black(640, 480)
        self._arrived = asyncio.Event()

    def _put(self, frame: Frame) -> None:
        if isinstance(frame, VideoFrame):
            self._latest = frame
            self._arrived.set()

    async def recv(self) -> av.VideoFrame:
        """The newest picture, as soon as there is one that was not sent."""
        if self.readyState != "live":
            raise MediaStreamError
        await self._wait(REPEAT_PICTURE if self._live() else IDLE_PICTURE)
        picture = self._latest
        if self._silenced():
            picture = black(picture.width, picture.height)
        frame = av.VideoFrame.from_ndarray(picture.pixels, format="yuv420p")
        frame.time_base = VIDEO_TIME_BASE
        frame.pts = self._next_pts()
        return frame

    async def _wait(self, limit: float) -> None:
        try:
            async with asyncio.timeout(limit):
                await self._arrived.wait()
        except TimeoutError:
            return
        self._arrived.clear()

    def _next_pts(self) -> int:
        now = self._now()
        if self._start is None:
            self._start = now
        self._pts = max(self._pts + 1, round((now - self._start) * VIDEO_CLOCK_RATE))
        return self._pts


def outgoing_track(kind: MediaKind) -> OutgoingTrack:
    """A new track for a sender of a kind."""
    return OutgoingAudio() if kind is MediaKind.AUDIO else OutgoingVideo()

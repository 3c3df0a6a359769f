"""PyAV's frames in our form."""

import av
import numpy as np

from rbbn_sdk.io.webrtc.hub import RATE
from rbbn_sdk.io.webrtc.sources import Pixels, Samples
from rbbn_sdk.media import VideoFrame

_OURS = ("s16", "stereo", RATE)


class SoundConverter:
    """Any sound as 48 kHz, stereo, 16 bits."""

    def __init__(self) -> None:
        self._resampler: av.AudioResampler | None = None
        self._form: tuple[str, str, int] = _OURS

    def convert(self, frame: av.AudioFrame) -> list[Samples]:
        """The samples, of shape `(n, 2)`; a resampler may hold some back."""
        form = (frame.format.name, frame.layout.name, frame.sample_rate)
        if form != self._form:
            self._form = form
            self._resampler = None if form == _OURS else av.AudioResampler("s16", "stereo", RATE)
        frames = [frame]
        if self._resampler is not None:
            frame.pts = None  # positions may jump; here frames simply follow each other
            frames = self._resampler.resample(frame)
        return [one.to_ndarray().reshape(-1, 2).astype(np.int16, copy=False) for one in frames]


def picture_of(frame: av.VideoFrame) -> VideoFrame:
    """A picture in planar YUV 4:2:0, of even size."""
    width, height = frame.width & ~1, frame.height & ~1
    even = frame.reformat(width=width, height=height, format="yuv420p")
    return VideoFrame(even.to_ndarray().astype(np.uint8, copy=False), width, height)


def picture_of_rgb(rgb: Pixels) -> VideoFrame:
    """A picture of RGB pixels of shape `(height, width, 3)`."""
    return picture_of(av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24"))

"""Functions of an application as sources."""

from collections.abc import Callable
from typing import Any

import numpy as np

from rbbn_sdk.io.webrtc.convert import picture_of_rgb
from rbbn_sdk.io.webrtc.hub import BLOCK, Frame
from rbbn_sdk.io.webrtc.sources import AUDIO_PERIOD, SILENT, Samples, black
from rbbn_sdk.media import AudioFrame, VideoFrame

Read = Callable[[int], Any]
Log = Callable[[str, str], None]


class _Called:
    """Calls the function; its first error is logged, and every error is as if nothing came."""

    def __init__(self, read: Read, log: Log) -> None:
        self._read = read
        self._log = log
        self._failed = False

    def _call(self, argument: int, take: Callable[[Any], Frame]) -> Frame | None:
        try:
            value = self._read(argument)
            return None if value is None else take(value)
        except Exception as error:  # noqa: BLE001 - the application's
            if not self._failed:
                self._failed = True
                self._log("error", f"a media source raised {type(error).__name__}: {error}")
            return None

    async def close(self) -> None:
        """Nothing is open."""


class CalledSound(_Called):
    """Sound made by a function."""

    period = AUDIO_PERIOD

    def read(self, number: int) -> Frame:
        return self._call(BLOCK, lambda value: AudioFrame(_stereo(value))) or AudioFrame(SILENT)


class CalledVideo(_Called):
    """Pictures made by a function."""

    def __init__(self, read: Read, rate: float, log: Log) -> None:
        super().__init__(read, log)
        self.period = 1 / min(max(rate, 1.0), 60.0)
        self._last: VideoFrame = black(640, 480)

    def read(self, number: int) -> Frame:
        picture = self._call(number, lambda value: picture_of_rgb(np.asarray(value, np.uint8)))
        if isinstance(picture, VideoFrame):
            self._last = picture
        return self._last


def _stereo(value: Any) -> Samples:
    samples = np.asarray(value, np.int16)
    if samples.ndim == 1:
        samples = np.repeat(samples[:, None], 2, axis=1)
    if samples.ndim != 2 or samples.shape[1] != 2:
        raise ValueError(f"samples of shape {samples.shape} were returned, expected (n,) or (n, 2)")
    return samples

"""Live sources: what a local track's pump reads frame by frame."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rbbn_sdk.io.webrtc.hub import BLOCK, RATE, Frame
from rbbn_sdk.media import AudioFrame, TestPattern, Tone, VideoFrame

AUDIO_PERIOD = BLOCK / RATE

Samples = NDArray[np.int16]
Pixels = NDArray[np.uint8]

SILENT: Samples = np.zeros((BLOCK, 2), np.int16)
SILENT.setflags(write=False)

_BARS = ((235, 128, 128), (162, 44, 142), (131, 156, 44), (112, 72, 58), (84, 184, 198), (65, 100, 212), (35, 212, 114))
"""Y, U and V of white, yellow, cyan, green, magenta, red and blue."""


class LiveSource(Protocol):
    """Makes one frame for every tick of its period. `read` does not wait; `close` frees what was opened."""

    @property
    def period(self) -> float: ...

    def read(self, number: int) -> Frame: ...

    async def close(self) -> None: ...


class SilenceSource:
    """Zeros."""

    period = AUDIO_PERIOD

    def read(self, number: int) -> Frame:
        return AudioFrame(SILENT)

    async def close(self) -> None:
        """Nothing is open."""


class ToneSource:
    """A sine wave, whose phase follows from the frame's number."""

    period = AUDIO_PERIOD

    def __init__(self, tone: Tone) -> None:
        self._step = 2 * np.pi * tone.frequency / RATE
        self._peak = 32767 * min(max(tone.level, 0.0), 1.0)

    def read(self, number: int) -> Frame:
        wave = np.sin(self._step * np.arange(number * BLOCK, (number + 1) * BLOCK)) * self._peak
        return AudioFrame(np.repeat(wave.astype(np.int16)[:, None], 2, axis=1))

    async def close(self) -> None:
        """Nothing is open."""


def _even(value: int) -> int:
    return max(16, value - value % 2)


def picture(width: int, height: int, yuv: tuple[int, int, int]) -> Pixels:
    """A picture of one colour."""
    pixels = np.empty((height * 3 // 2, width), np.uint8)
    planes = pixels.reshape(-1)
    luma, chroma = width * height, width * height // 4
    planes[:luma], planes[luma : luma + chroma], planes[luma + chroma :] = yuv
    return pixels


BLACK = (16, 128, 128)


def black(width: int, height: int) -> VideoFrame:
    """A black picture."""
    return VideoFrame(picture(width, height, BLACK), width, height)


def _planes(pixels: Pixels, width: int, height: int) -> tuple[Pixels, Pixels, Pixels]:
    flat, luma = pixels.reshape(-1), width * height
    shape = (height // 2, width // 2)
    return (
        flat[:luma].reshape(height, width),
        flat[luma : luma + luma // 4].reshape(shape),
        flat[luma + luma // 4 :].reshape(shape),
    )


class PatternSource:
    """Colour bars with a white square that runs over them once in four seconds."""

    def __init__(self, pattern: TestPattern) -> None:
        self.period = 1 / pattern.rate
        self._size = _even(pattern.width), _even(pattern.height)
        self._bars = self._draw_bars()

    def _draw_bars(self) -> Pixels:
        width, height = self._size
        pixels = picture(width, height, BLACK)
        for plane, channel in zip(_planes(pixels, width, height), range(3), strict=True):
            width = plane.shape[1]
            plane[:] = np.array([_BARS[x * len(_BARS) // width][channel] for x in range(width)], np.uint8)
        return pixels

    def read(self, number: int) -> Frame:
        width, height = self._size
        pixels = self._bars.copy()
        side = max(4, min(width, height) // 5) & ~1
        left = int(number * self.period / 4 * (width - side)) % (width - side) & ~1
        top = (height - side) // 2 & ~1
        for plane, value, scale in zip(_planes(pixels, width, height), (235, 128, 128), (1, 2, 2), strict=True):
            plane[top // scale : (top + side) // scale, left // scale : (left + side) // scale] = value
        return VideoFrame(pixels, width, height)

    async def close(self) -> None:
        """Nothing is open."""

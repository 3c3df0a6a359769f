"""What a recording holds: for tests and demonstrations. Needs PyAV and NumPy, which this package brings along."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["dominant_frequency", "frames_move", "pictures_of", "sound_of"]

SILENCE = 30.0
"""Mean amplitude of 16-bit samples below which sound counts as silence."""

MOVED = 12.0
"""Difference of two brightness values (0 to 255) that counts as a change."""


def dominant_frequency(samples: NDArray[Any], rate: int) -> float | None:
    """The strongest frequency in Hz, or None for silence.

    `samples` are 16-bit values of shape `(n,)` or `(n, channels)`; channels are averaged. The longer the piece, the
    finer: half a second is exact to about 1 Hz.
    """
    wave = np.asarray(samples, np.float64)
    if wave.ndim > 1:
        wave = wave.mean(axis=1)
    if len(wave) < 2 or float(np.abs(wave).mean()) < SILENCE:
        return None
    size = 1 << (2 * len(wave) - 1).bit_length()  # padded with zeros, so that the peak is seen between the bins
    spectrum = np.abs(np.fft.rfft((wave - wave.mean()) * np.hanning(len(wave)), size))
    return float(np.argmax(spectrum)) * rate / size


def frames_move(pictures: Sequence[NDArray[Any]], *, share: float = 0.001) -> bool:
    """Whether a picture differs from the first: more than `share` of its brightness values changed visibly.

    The pictures are brightness values of one shape, as `pictures_of` gives them.
    """
    if not pictures:
        return False
    first = np.asarray(pictures[0], np.int16)
    return any(_changed(first, np.asarray(picture, np.int16)) > share for picture in pictures[1:])


def _changed(one: NDArray[np.int16], other: NDArray[np.int16]) -> float:
    return 1.0 if one.shape != other.shape else float((np.abs(one - other) > MOVED).mean())


def sound_of(path: str | Path) -> tuple[NDArray[np.int16], int]:
    """The first sound track of a file: 16-bit samples of shape `(n, 2)`, and their rate per second."""
    import av  # imported late: most users of this package's neighbours need no media

    resampler = av.AudioResampler("s16", "stereo", 48000)
    with av.open(str(path)) as container:
        pieces = [piece.to_ndarray() for frame in container.decode(audio=0) for piece in resampler.resample(frame)]
    if not pieces:
        return np.zeros((0, 2), np.int16), 48000
    return np.concatenate(pieces, axis=1).reshape(-1, 2).astype(np.int16, copy=False), 48000


def pictures_of(path: str | Path, *, most: int = 1000) -> list[NDArray[np.uint8]]:
    """The brightness values of the first `most` pictures of a file, each of shape `(height, width)`."""
    import av

    with av.open(str(path)) as container:
        return list(_brightness(container.decode(video=0), most))


def _brightness(frames: Iterator[Any], most: int) -> Iterator[NDArray[np.uint8]]:
    for _, frame in zip(range(most), frames, strict=False):
        yield frame.reformat(format="gray").to_ndarray()

"""The sound of several tracks on one line of time."""

import numpy as np
from numpy.typing import NDArray

from rbbn_sdk.io.webrtc.hub import RATE
from rbbn_sdk.io.webrtc.sources import Samples

SLACK = RATE // 2
"""Samples that a track may be ahead of or behind the clock before it is moved: jitter and stalls are less."""

LAG = 1.0
"""Seconds after which no more sound can come for a time; more than `SLACK`."""


class Mixer:
    """Puts pieces where their time is: a track's pieces follow each other, a gap in their arrival is a gap of silence.

    Times are seconds of a monotonic clock.
    """

    def __init__(self, start: float) -> None:
        self._start = start
        self._taken = 0
        self._sum: NDArray[np.int32] = np.zeros((0, 2), np.int32)
        self._next: dict[object, int] = {}

    def _position(self, time: float) -> int:
        return max(0, round((time - self._start) * RATE))

    def add(self, track: object, samples: Samples, now: float) -> None:
        """Mix in a piece of a track that has just arrived."""
        clock = self._position(now)
        begin = self._next.get(track)
        if begin is None or begin < clock - SLACK:
            begin = clock - len(samples)
        if begin > clock + SLACK:
            return
        self._next[track] = begin + len(samples)
        samples = samples[max(0, self._taken - begin) :]
        self._put(max(0, begin - self._taken), samples)

    def _put(self, at: int, samples: Samples) -> None:
        self._grow(at + len(samples))
        self._sum[at : at + len(samples)] += samples

    def _grow(self, length: int) -> None:
        missing = length - len(self._sum)
        if missing > 0:
            self._sum = np.concatenate((self._sum, np.zeros((missing, 2), np.int32)))

    def take(self, until: float) -> Samples:
        """All sound before a time, once."""
        count = max(0, self._position(until) - self._taken)
        self._grow(count)
        taken, self._sum = self._sum[:count], self._sum[count:]
        self._taken += count
        return np.clip(taken, -32768, 32767).astype(np.int16)

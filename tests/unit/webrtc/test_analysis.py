"""`rbbn_sdk.testing.media` tells sound from silence and motion from a still."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rbbn_sdk.testing.media import dominant_frequency, frames_move


def wave(frequency, seconds=0.5, peak=9000):
    return (np.sin(np.arange(int(48000 * seconds)) * 2 * np.pi * frequency / 48000) * peak).astype(np.int16)


@settings(max_examples=30)
@given(st.floats(50, 8000))
def test_a_frequency_is_found_to_a_hertz(frequency):
    """Half a second is enough."""
    assert dominant_frequency(wave(frequency), 48000) == pytest.approx(frequency, abs=1)


@pytest.mark.parametrize("samples", [np.zeros(4800, np.int16), np.zeros((0, 2), np.int16), wave(440, peak=10)])
def test_silence_has_no_frequency(samples):
    """Nor has the noise of a codec."""
    assert dominant_frequency(samples, 48000) is None


def test_channels_are_averaged():
    """A tone on one side counts."""
    one_side = np.stack([wave(440), np.zeros(24000, np.int16)], axis=1)
    assert dominant_frequency(one_side, 48000) == pytest.approx(440, abs=1)


def test_a_still_does_not_move_and_neither_does_noise():
    """Encoders let still pictures flicker."""
    still = np.full((48, 64), 100, np.uint8)
    noise = still + np.random.default_rng(1).integers(0, 8, still.shape, np.uint8)
    assert not frames_move([still, noise, still])
    assert not frames_move([])


def test_a_square_that_moves_is_seen():
    """So does a change of size."""
    one, other = np.full((48, 64), 100, np.uint8), np.full((48, 64), 100, np.uint8)
    other[:8, :8] = 235
    assert frames_move([one, one, other])
    assert frames_move([one, other[:24]])


def test_naming_a_source_loads_no_media_library():
    """A configuration names them long before the first call."""
    code = "import sys, rbbn_sdk.media; print({'av', 'aiortc', 'aioice', 'numpy'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"

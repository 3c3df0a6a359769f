"""What we change in aiortc."""

from itertools import pairwise

import av
import numpy as np
import pytest
from aiortc import rtp
from aiortc.rtp import RtpPacket
from hypothesis import given
from hypothesis import strategies as st

from rbbn_sdk.errors import MediaError
from rbbn_sdk.io.webrtc.private import check
from rbbn_sdk.io.webrtc.private.rtp import AudioJitterBuffer, audio_level

ORIGINAL_LEVEL = rtp.compute_audio_level_dbov


def packet(number):
    made = RtpPacket(sequence_number=number % 65536, timestamp=960 * number)
    made._data = number.to_bytes(4, "big")
    return made


def played(numbers):
    """The numbers that a buffer gave out, in order."""
    buffer = AudioJitterBuffer()
    frames = [buffer.add(packet(number))[1] for number in numbers]
    return [int.from_bytes(frame.data, "big") for frame in frames if frame is not None]


def test_sound_is_played_in_order_three_packets_behind():
    """80 ms with the packet that pushes it out."""
    assert played(range(65530, 65550)) == list(range(65530, 65547))


def test_a_lost_packet_costs_itself_and_no_delay():
    """aiortc's own buffer would lose five to seven frames and stay later for good."""
    numbers = [number for number in range(100) if number != 50]
    assert played(numbers) == numbers[:-3]


def test_packets_that_overtook_each_other_are_put_in_order():
    """A network may do that."""
    assert played([0, 2, 1, 3, 5, 4, 6, 7, 8]) == [0, 1, 2, 3, 4, 5]


@given(st.lists(st.integers(0, 200), max_size=200))
def test_whatever_arrives_is_played_once_and_in_order(numbers):
    """Repeated, late and missing packets included; only an overflow may begin anew."""
    out = played(numbers)
    assert len(out) <= len(numbers)
    restarts = sum(1 for one, other in pairwise(out) if other <= one)
    assert restarts <= len(numbers) // 2


@given(st.lists(st.integers(-32768, 32767), min_size=1, max_size=50))
def test_the_audio_level_is_what_aiortc_computes(samples):
    """It goes out in every packet (RFC 6464)."""
    frame = av.AudioFrame.from_ndarray(np.array([samples], np.int16), format="s16", layout="mono")
    assert audio_level(frame) == ORIGINAL_LEVEL(frame)


async def test_the_installed_version_has_all_we_need():
    """Else no call would work."""
    check._missing.cache_clear()
    check.check_privates()


async def test_a_missing_name_is_said_with_the_version(monkeypatch):
    """Someone forces another version: the first call says what is wrong, not an AttributeError in its midst."""
    check._missing.cache_clear()
    monkeypatch.setitem(check._OF_OBJECTS, "sender", ("_renamed",))
    with pytest.raises(MediaError, match=r"aiortc 1\.16\S* with aioice .* sender\._renamed"):
        check.check_privates()
    check._missing.cache_clear()

"""Frames leave at the pace of the clock, whatever the source and the loop do."""

import asyncio

import numpy as np
import pytest

from rbbn_sdk.io.webrtc.hub import BLOCK, Hub
from rbbn_sdk.io.webrtc.outgoing import AudioQueue, OutgoingAudio, OutgoingVideo
from rbbn_sdk.io.webrtc.pacing import Pacer
from rbbn_sdk.io.webrtc.sources import black
from rbbn_sdk.media import AudioFrame
from rbbn_sdk.types import MediaId, TrackId
from rbbn_sdk.types.call import MediaKind


def sound(value, blocks=1):
    return np.full((blocks * BLOCK, 2), value, np.int16)


def hub(kind=MediaKind.AUDIO):
    return Hub(TrackId("t"), MediaId("m"), kind)


async def test_a_pacer_does_not_add_up_the_time_its_user_takes(clock):
    """Ten ticks with 5 ms of work between them end 9 periods after the first."""
    pacer = Pacer(0.02, clock.now, clock.sleep)
    for _ in range(10):
        await pacer.tick()
        clock.time += 0.005
    assert clock.time == pytest.approx(100 + 9 * 0.02 + 0.005)


async def test_a_pacer_catches_up_a_short_stall(clock):
    """No frame is lost when the loop was busy for 200 ms."""
    pacer = Pacer(0.02, clock.now, clock.sleep)
    await pacer.tick()
    clock.time += 0.2
    numbers = [await pacer.tick() for _ in range(12)]
    assert numbers == list(range(1, 13))
    assert clock.time == pytest.approx(100.24)


async def test_a_pacer_skips_what_a_long_stall_made_worthless(clock):
    """A laptop that slept for an hour must not send an hour of sound at once."""
    pacer = Pacer(0.02, clock.now, clock.sleep)
    await pacer.tick()
    clock.time += 3600
    assert await pacer.tick() == pytest.approx(180000, abs=1)


async def test_sound_is_handed_out_in_blocks_of_20_ms_whatever_its_pieces(clock):
    """A resampler gives pieces of any length."""
    queue = AudioQueue(clock.now, clock.sleep)
    for piece in np.array_split(sound(7, blocks=3), 7):
        queue.put(piece)
    blocks = [await queue.next(0.0) for _ in range(3)]
    assert [len(block) for block in blocks] == [BLOCK] * 3
    assert all((block == 7).all() for block in blocks)


async def test_blocks_are_due_20_ms_apart(clock):
    """The receiver's clock counts samples, not packets."""
    queue = AudioQueue(clock.now, clock.sleep)
    queue.put(sound(1, blocks=3))
    for _ in range(3):
        await queue.next(0.0)
    assert clock.time == pytest.approx(100.04)


async def test_silence_fills_in_for_a_source_that_gives_nothing(clock):
    """The sender must not die of it."""
    queue = AudioQueue(clock.now, clock.sleep)
    assert not (await queue.next(0.0)).any()


async def test_a_source_that_is_too_fast_adds_no_delay(clock):
    """Old sound is dropped, not sent late for the rest of the call."""
    queue = AudioQueue(clock.now, clock.sleep)
    for number in range(1, 51):
        queue.put(sound(number))
    first = (await queue.next(0.0))[0, 0]
    second = (await queue.next(0.0))[0, 0]
    assert (first, second) == (1, 48)


async def test_a_stall_of_the_loop_costs_no_sound(clock):
    """Source and sender were both held up: all is sent, at once."""
    queue = AudioQueue(clock.now, clock.sleep)
    queue.put(sound(1))
    await queue.next(0.0)
    clock.time += 0.3
    for number in range(2, 15):
        queue.put(sound(number))
    assert [(await queue.next(0.0))[0, 0] for _ in range(13)] == list(range(2, 15))


async def test_timestamps_run_on_over_a_change_of_source(clock):
    """aiortc would let them jump backwards, and the receiver would drop what follows."""
    outgoing = OutgoingAudio(AudioQueue(clock.now, clock.sleep))
    one, other = hub(), hub()
    stamps = []
    for source in (one, None, other):
        outgoing.replace(source)
        if source is not None:
            source.give(AudioFrame(sound(5)))
        frame = await outgoing.recv()
        stamps.append(frame.pts)
        assert (frame.samples, frame.sample_rate, frame.layout.name) == (BLOCK, 48000, "stereo")
    assert stamps == [0, BLOCK, 2 * BLOCK]


async def test_a_muted_source_is_sent_as_silence_and_drained(clock):
    """What was said while muted is not heard after it."""
    outgoing, source = OutgoingAudio(AudioQueue(clock.now, clock.sleep)), hub()
    outgoing.replace(source)
    source.enabled = False
    source.give(AudioFrame(sound(5)))
    assert not (await outgoing.recv()).to_ndarray().any()
    source.enabled = True
    source.give(AudioFrame(sound(6)))
    assert (await outgoing.recv()).to_ndarray().max() == 6


async def test_a_source_that_was_replaced_is_not_heard_any_more(clock):
    """Its rest in the queue goes with it."""
    outgoing, source = OutgoingAudio(AudioQueue(clock.now, clock.sleep)), hub()
    outgoing.replace(source)
    source.give(AudioFrame(sound(5)))
    outgoing.replace(None)
    source.give(AudioFrame(sound(5)))
    assert not (await outgoing.recv()).to_ndarray().any()


async def test_pictures_are_stamped_by_the_clock_and_never_twice_alike(clock):
    """Encoders refuse a time that does not grow."""
    outgoing, source = OutgoingVideo(clock.now), hub(MediaKind.VIDEO)
    outgoing.replace(source)
    stamps = []
    for step in (0, 0, 0.5):
        clock.time += step
        source.give(black(32, 32))
        stamps.append((await outgoing.recv()).pts)
    assert stamps == [0, 1, 45000]


@pytest.mark.parametrize("state", ["muted", "ended"])
async def test_a_muted_or_ended_camera_is_sent_as_black(clock, state):
    """A frozen last picture would show what shall not be shown."""
    outgoing, source = OutgoingVideo(clock.now), hub(MediaKind.VIDEO)
    outgoing.replace(source)
    bright = black(32, 32)
    bright.pixels[:32] = 235
    source.give(bright)
    source.enabled = state != "muted"
    if state == "ended":
        source.end()
    frame = await outgoing.recv()
    assert (frame.width, frame.height) == (32, 32)
    assert set(frame.to_ndarray()[:32].flat) == {16}


async def test_a_block_that_is_a_little_late_is_waited_for():
    """Silence in between would be a click."""
    queue = AudioQueue()
    waiting = asyncio.create_task(queue.next(5.0))
    await asyncio.sleep(0.01)
    queue.put(sound(9))
    assert (await waiting == 9).all()


async def test_a_block_that_does_not_come_is_given_up():
    """The other side must hear something every 20 ms."""
    assert not (await AudioQueue().next(0.01)).any()

"""Recordings through trouble."""

import asyncio
import os
import signal
import sys

import av
import numpy as np
import pytest

from rbbn_sdk.media import WavFile
from rbbn_sdk.testing.media import dominant_frequency, frames_move, pictures_of, sound_of

pytestmark = pytest.mark.media

RECORD = """
import asyncio, sys
from rbbn_sdk.io.webrtc import RtcDevices, Tracks
from rbbn_sdk.ports.devices import TrackSource
from rbbn_sdk.types import MediaId, ObjectRef, TrackId
from rbbn_sdk.types.call import TrackType

class Objects:
    def read(self, ref):
        return ref.id

async def main():
    devices = RtcDevices(Objects(), Tracks())
    tone, camera = TrackId("tone"), TrackId("camera")
    await devices.open(tone, MediaId("m"), TrackSource(type=TrackType.AUDIO, device_id="tone:440"))
    await devices.open(camera, MediaId("m"), TrackSource(type=TrackType.VIDEO, width=160, height=120))
    for path in sys.argv[1:]:
        await devices.render((tone, camera), ObjectRef(id=path, kind="sink"))
    print("records", flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_a_recording_survives_the_kill_of_its_process(tmp_path):
    """All but the last seconds is there, and it opens in any player."""
    wav, webm, mp4 = (tmp_path / name for name in ("x.wav", "x.webm", "x.mp4"))
    command = (sys.executable, "-c", RECORD, str(wav), str(webm), str(mp4))
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    async with asyncio.timeout(100):
        assert await process.stdout.readline() == b"records\n"
        while not (  # noqa: ASYNC110 -- another process writes
            seconds_in(wav) > 3 and seconds_in(webm) > 1.5 and seconds_in(mp4) > 1.5
        ):  # however slow it is here
            await asyncio.sleep(0.2)
        os.kill(process.pid, signal.SIGKILL)
        await process.wait()
    samples, rate = sound_of(wav)
    assert len(samples) / rate > 2.5
    for path in (webm, mp4):
        samples, rate = sound_of(path)
        assert len(samples) > rate, path
        assert dominant_frequency(samples[rate // 2 : rate], rate) == pytest.approx(440, abs=2)
        assert frames_move(pictures_of(path))


def seconds_in(path) -> float:
    """How much sound is in a file that is being written; 0 when nothing can be read yet."""
    try:
        samples, rate = sound_of(path)
    except (av.FFmpegError, OSError, IndexError):
        return 0.0
    return len(samples) / rate


async def test_mute_and_stalls_of_the_loop_neither_shorten_a_recording_nor_tear_it(sides, connect, tmp_path):
    """Two tones with a mute between them, while the loop is blocked again and again."""
    a, b = sides
    at_a, _ = await connect("tone:440")
    remote = at_a.tracks[0].id
    local = next(hub for name, hub in b.tracks._hubs.items() if name.startswith("b-"))
    sink = a.kept.keep(WavFile(tmp_path / "x.wav"), "sink")
    await a.hear(remote, 0.5)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await a.devices.render((remote,), sink)
    for enabled in (True, False, True):
        local.enabled = enabled
        for _ in range(4):
            await a.hear(remote, 0.2)
            blocked = loop.time() + 0.1
            while loop.time() < blocked:
                pass
    await a.devices.remove((remote,), sink)
    took = loop.time() - begun
    samples, rate = sound_of(tmp_path / "x.wav")
    assert len(samples) / rate == pytest.approx(took, abs=0.3)
    assert loudness(samples, rate).count("quiet") == pytest.approx(len(samples) / rate / 3 * 10, abs=5)


def loudness(samples, rate):
    """Each tenth of a second in a word."""
    pieces = np.array_split(samples[:, 0].astype(float), len(samples) * 10 // rate)
    return ["loud" if np.abs(piece).mean() > 1000 else "quiet" for piece in pieces]


async def test_a_track_that_falls_silent_leaves_a_gap_of_its_length(sides, connect, tmp_path):
    """Hold: no packet comes for a while, the recording goes on."""
    a, b = sides
    at_a, _ = await connect("tone:440")
    remote = at_a.tracks[0].id
    sender = next(iter(b.peers._peers[b.peer]._engine.getTransceivers())).sender
    sink = a.kept.keep(WavFile(tmp_path / "x.wav"), "sink")
    await a.devices.render((remote,), sink)
    await a.hear(remote, 1.0)
    sender._enabled = False
    await asyncio.sleep(1.5)
    sender._enabled = True
    await a.hear(remote, 1.0)
    await a.devices.remove((remote,), sink)
    words = loudness(*sound_of(tmp_path / "x.wav"))
    assert words.count("quiet") >= 12
    assert words[-6:].count("loud") >= 3

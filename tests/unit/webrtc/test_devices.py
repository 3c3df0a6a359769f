"""Sources and sinks, without any call."""

import asyncio
import wave

import numpy as np
import pytest

from rbbn_sdk.errors import MediaError
from rbbn_sdk.io.webrtc.wav import WavWriter
from rbbn_sdk.media import CallbackSource, FileSource, Silence, TestPattern, Tone, WavFile, WebmFile
from rbbn_sdk.ports.devices import TrackSource
from rbbn_sdk.testing.media import dominant_frequency, frames_move, pictures_of, sound_of
from rbbn_sdk.types import MediaId, ObjectRef, TrackId
from rbbn_sdk.types.call import TrackType

LIMIT = 30.0


async def frames_of(desk, track, count):
    """So many frames of a track."""
    frames, done = [], asyncio.Event()

    def take(frame):
        frames.append(frame)
        if len(frames) >= count:
            done.set()

    ref = desk.keep(take)
    await desk.devices.render((track.track_id,), ref)
    async with asyncio.timeout(LIMIT):
        await done.wait()
    await desk.devices.remove((track.track_id,), ref)
    return frames


def wave_of(frames):
    return np.concatenate([frame.samples for frame in frames])


def write_tone(path, frequency=600, seconds=1.0, rate=44100):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(
            (np.sin(np.arange(int(seconds * rate)) * 2 * np.pi * frequency / rate) * 9000).astype("<i2").tobytes()
        )


async def test_the_list_tells_what_there_is(desk):
    """Each of them can be opened."""
    for device in await desk.devices.list():
        type_ = TrackType.AUDIO if device.kind == "audioinput" else TrackType.VIDEO
        track = await desk.open(device.device_id, type_)
        assert track.label
        await desk.devices.stop(track.track_id)


@pytest.mark.parametrize(
    ("device", "type_"),
    [
        ("mic0", TrackType.AUDIO),
        ("tone:loud", TrackType.AUDIO),
        ("tone:-3", TrackType.AUDIO),
        ("testpattern", TrackType.AUDIO),
        ("tone:440", TrackType.VIDEO),
        ("silence", TrackType.SCREEN),
        ("file:", TrackType.AUDIO),
        ("", TrackType.AUDIO),
    ],
)
async def test_an_unknown_device_is_named_with_what_there_is(desk, device, type_):
    """The application shows that to a person."""
    with pytest.raises(MediaError, match="there is default") as caught:
        await desk.open(device, type_)
    assert caught.value.code == "call:4"
    assert repr(device) in caught.value.message


@pytest.mark.parametrize("name", ["missing.wav", "text.wav", "."])
async def test_a_file_that_cannot_be_read_is_a_device_error(desk, tmp_path, name):
    """Missing, of no known kind, a folder."""
    (tmp_path / "text.wav").write_text("not a sound")
    with pytest.raises(MediaError, match="cannot be read") as caught:
        await desk.open(f"file:{tmp_path / name}")
    assert caught.value.code == "call:4"


async def test_a_file_without_the_wanted_kind_is_a_device_error(desk, tmp_path):
    """A sound file as camera."""
    write_tone(tmp_path / "tone.wav")
    with pytest.raises(MediaError, match="no video track"):
        await desk.open(f"file:{tmp_path / 'tone.wav'}", TrackType.VIDEO)


async def test_a_tone_has_its_frequency_and_level(desk):
    """Without a jump from block to block."""
    track = await desk.open(source=Tone(1000, level=0.5))
    samples = wave_of(await frames_of(desk, track, 25))
    assert dominant_frequency(samples, 48000) == pytest.approx(1000, abs=1)
    assert np.abs(samples).max() == pytest.approx(16383, abs=40)
    assert np.abs(np.diff(samples[:, 0].astype(int))).max() < 2200


async def test_a_test_pattern_has_the_wanted_size_and_moves(desk):
    """Odd sizes are made even: chroma is half."""
    track = await desk.open("testpattern", TrackType.VIDEO, width=161, height=121, frame_rate=30)
    frames = await frames_of(desk, track, 8)
    assert {(frame.width, frame.height) for frame in frames} == {(160, 120)}
    assert frames_move([frame.pixels[:120] for frame in frames])


async def test_a_file_is_played_and_then_silent(desk, tmp_path):
    """The call goes on after the announcement."""
    write_tone(tmp_path / "tone.wav", seconds=0.4)
    track = await desk.open(f"file:{tmp_path / 'tone.wav'}")
    samples = wave_of(await frames_of(desk, track, 40))
    assert dominant_frequency(samples[4800:14400], 48000) == pytest.approx(600, abs=3)
    assert not samples[-4800:].any()


async def test_a_looped_file_goes_on(desk, tmp_path):
    """Music on hold."""
    write_tone(tmp_path / "tone.wav", seconds=0.2)
    track = await desk.open(source=FileSource(tmp_path / "tone.wav", loop=True))
    samples = wave_of(await frames_of(desk, track, 50))
    assert dominant_frequency(samples[-9600:], 48000) == pytest.approx(600, abs=5)


async def test_functions_are_sources_and_sinks(desk):
    """For an application's own signal processing."""
    track = await desk.open(source=lambda count: np.full(count, 77, np.int16))
    samples = wave_of(await frames_of(desk, track, 3))
    assert (samples == 77).all()
    camera = await desk.open(
        type_=TrackType.VIDEO, source=CallbackSource(lambda _: np.full((48, 64, 3), 255, np.uint8)), frame_rate=30
    )
    (frame,) = await frames_of(desk, camera, 1)
    assert frame.pixels[:48].min() > 230


async def test_errors_of_a_source_function_are_logged_once_and_silence_is_sent(desk):
    """50 log lines a second would help nobody."""

    def broken(count):
        raise ValueError("no microphone")

    track = await desk.open(source=broken)
    assert not wave_of(await frames_of(desk, track, 4)).any()
    assert [text for _, text in desk.log] == ["a media source raised ValueError: no microphone"]


async def test_errors_of_a_sink_function_do_not_stop_the_media(desk):
    """One application's mistake is not the other sinks' loss."""
    track = await desk.open("tone:440")

    def broken(frame):
        raise ValueError("no speaker")

    await desk.devices.render((track.track_id,), desk.keep(broken))
    assert len(await frames_of(desk, track, 5)) == 5
    assert desk.log[0] == ("error", "a media callback raised ValueError: no speaker")


@pytest.mark.parametrize("wrong", [object(), 7, b"x.wav"], ids=["object", "number", "bytes"])
async def test_what_is_no_source_or_sink_is_refused_by_its_type(desk, wrong):
    """And the message says what would do."""
    with pytest.raises(MediaError, match="no source"):
        await desk.open(source=wrong)
    track = await desk.open()
    with pytest.raises(MediaError, match="expected"):
        await desk.devices.render((track.track_id,), desk.keep(wrong))


@pytest.mark.parametrize(
    ("source", "field"),
    [
        (Tone("a4"), "frequency"),
        (Tone(float("nan")), "frequency"),
        (Tone(-5), "frequency"),
        (Tone(24000), "frequency"),
        (Tone(level=None), "level"),
        (TestPattern(width="wide"), "width"),
        (TestPattern(height=480.5), "height"),
        (TestPattern(rate=float("inf")), "rate"),
    ],
    ids=str,
)
async def test_a_source_of_impossible_numbers_is_refused_by_its_field(desk, source, field):
    """Before it makes sound or pictures that nobody can compute."""
    kind = TrackType.AUDIO if isinstance(source, Tone) else TrackType.VIDEO
    with pytest.raises(MediaError, match=f"{field}: expected a .*number from 0.*, got") as caught:
        await desk.open(type_=kind, source=source)
    assert caught.value.code == "call:4"


async def test_a_source_of_the_other_kind_is_refused(desk):
    """A tone is no picture."""
    with pytest.raises(MediaError, match="Tone is no source of video"):
        await desk.open(type_=TrackType.VIDEO, source=Tone())
    with pytest.raises(MediaError, match="TestPattern is no source of audio"):
        await desk.open(source=TestPattern())


async def test_a_freed_reference_is_an_error_of_ours(desk):
    """The caller may be late."""
    gone = ObjectRef(id="gone", kind="source")
    with pytest.raises(MediaError, match="freed"):
        await desk.devices.open(TrackId("t"), MediaId("m"), TrackSource(type=TrackType.AUDIO, source=gone))


async def test_a_track_id_is_used_once(desk):
    """Two tracks of one name cannot be told apart."""
    source = TrackSource(type=TrackType.AUDIO)
    await desk.devices.open(TrackId("t"), MediaId("m"), source)
    with pytest.raises(MediaError, match="open already"):
        await desk.devices.open(TrackId("t"), MediaId("m"), source)


async def record(desk, path, *tracks, count=60):
    """Record tracks for so many blocks of 20 ms."""
    ids = tuple(track.track_id for track in tracks)
    sink = desk.keep(WavFile(path) if path.suffix == ".wav" else WebmFile(path))
    assert await desk.devices.render(ids, sink) == ids
    await frames_of(desk, tracks[0], count)
    await desk.devices.remove(ids, sink)


@pytest.mark.parametrize("suffix", [".wav", ".webm", ".mkv", ".mp4", ".ogg"])
async def test_recorded_sound_is_what_was_sent(desk, tmp_path, suffix):
    """Every kind of file can be played."""
    track = await desk.open("tone:500")
    await record(desk, tmp_path / f"x{suffix}", track)
    samples, rate = sound_of(tmp_path / f"x{suffix}")
    assert len(samples) / rate > 1.1
    assert dominant_frequency(samples[rate // 4 : rate], rate) == pytest.approx(500, abs=2)


@pytest.mark.parametrize("suffix", [".webm", ".mkv", ".mp4"])
async def test_recorded_video_moves_and_keeps_step_with_sound(desk, tmp_path, suffix):
    """Both tracks end together."""
    track = await desk.open("tone:500")
    camera = await desk.open("testpattern", TrackType.VIDEO, width=160, height=120)
    await record(desk, tmp_path / f"x{suffix}", track, camera, count=90)
    pictures = pictures_of(tmp_path / f"x{suffix}")
    assert frames_move(pictures)
    assert pictures[0].shape == (120, 160)
    assert len(sound_of(tmp_path / f"x{suffix}")[0]) > 70000


async def test_two_tracks_in_one_file_are_mixed(desk, tmp_path):
    """Both sides of a call."""
    low, high = await desk.open(source=Tone(500, 0.2)), await desk.open(source=Tone(3000, 0.1))
    await record(desk, tmp_path / "x.wav", low, high)
    samples = sound_of(tmp_path / "x.wav")[0][12000:36000]
    spectrum = np.abs(np.fft.rfft(samples[:, 0]))
    assert set(np.argsort(spectrum)[-2:] * 2) == {500, 3000}


async def test_the_same_file_is_the_same_sink_however_it_is_named(desk, tmp_path, monkeypatch):
    """An application describes it anew to remove it."""
    monkeypatch.chdir(tmp_path)
    track = await desk.open("tone:500")
    await desk.devices.render((track.track_id,), desk.keep("x.wav"))
    await frames_of(desk, track, 20)
    await desk.devices.remove((track.track_id,), desk.keep(WavFile(tmp_path / "x.wav")))
    assert len(sound_of(tmp_path / "x.wav")[0]) > 15000


async def test_a_sink_lives_until_the_last_of_its_tracks_is_removed(desk, tmp_path):
    """One of two may go."""
    one, other = await desk.open("tone:500"), await desk.open("silence")
    sink = desk.keep(WavFile(tmp_path / "x.wav"))
    await desk.devices.render((one.track_id, other.track_id), sink)
    await desk.devices.remove((other.track_id,), sink)
    await frames_of(desk, one, 30)
    await desk.devices.stop(one.track_id)
    await desk.devices.remove((one.track_id,), sink)
    assert len(sound_of(tmp_path / "x.wav")[0]) > 25000


async def test_unknown_tracks_are_not_rendered_and_open_no_file(desk, tmp_path):
    """They have ended meanwhile, perhaps."""
    sink = desk.keep(WavFile(tmp_path / "x.wav"))
    assert await desk.devices.render((TrackId("gone"),), sink) == ()
    await desk.devices.remove((TrackId("gone"),), sink)
    assert not (tmp_path / "x.wav").exists()


@pytest.mark.parametrize("name", ["no/such/folder/x.wav", "no/such/folder/x.webm", "x.txt"])
async def test_a_file_that_cannot_be_written_is_an_error_at_once(desk, tmp_path, name):
    """Not after the call."""
    track = await desk.open()
    with pytest.raises(MediaError, match=r"cannot be written|cannot be recorded|no file"):
        await desk.devices.render(
            (track.track_id,), desk.keep(WebmFile(tmp_path / name) if "wav" not in name else name)
        )


async def test_closing_finishes_files_and_tracks(desk, tmp_path):
    """`destroy` in the middle of a recording."""
    track = await desk.open("tone:500")
    await desk.devices.render((track.track_id,), desk.keep(WavFile(tmp_path / "x.wav")))
    await frames_of(desk, track, 20)
    await desk.devices.close()
    await desk.devices.close()
    assert len(sound_of(tmp_path / "x.wav")[0]) > 15000
    assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []


def test_descriptions_are_plain_values():
    """They are compared, hashed and printed."""
    assert Tone(440) == Tone() != Silence()
    assert len({WavFile("a"), WavFile("a"), WebmFile("a")}) == 2


async def test_a_video_file_is_a_camera_and_black_after_its_end(desk, tmp_path):
    """A clip instead of a face."""
    tone, pattern = await desk.open("tone:500"), await desk.open("testpattern", TrackType.VIDEO, width=160, height=120)
    await record(desk, tmp_path / "x.webm", tone, pattern, count=40)
    camera = await desk.open(f"file:{tmp_path / 'x.webm'}", TrackType.VIDEO)
    frames = await frames_of(desk, camera, 45)
    assert frames_move([frame.pixels[:120] for frame in frames[:15]])
    assert set(frames[-1].pixels[:120].flat) == {16}


async def test_a_file_that_breaks_off_is_played_as_far_as_it_goes(desk, tmp_path):
    """A download that was cut."""
    track = await desk.open("tone:500")
    await record(desk, tmp_path / "x.webm", track, count=60)
    whole = (tmp_path / "x.webm").read_bytes()
    (tmp_path / "cut.webm").write_bytes(whole[: len(whole) // 2])
    again = await desk.open(f"file:{tmp_path / 'cut.webm'}")
    samples = wave_of(await frames_of(desk, again, 20))
    assert dominant_frequency(samples[9600:], 48000) == pytest.approx(500, abs=5)


@pytest.mark.parametrize("what", ["source", "sink"])
async def test_an_opening_that_is_cancelled_or_overtaken_by_the_end_leaves_nothing_open(desk, tmp_path, what):
    """Files are opened in a thread; nobody may be waiting when it comes back."""
    write_tone(tmp_path / "tone.wav")
    track = await desk.open("tone:500")
    sink = desk.keep(WavFile(tmp_path / "x.wav"))

    async def opening():
        if what == "source":
            await desk.open(f"file:{tmp_path / 'tone.wav'}")
        else:
            await desk.devices.render((track.track_id,), sink)

    cancelled = asyncio.create_task(opening())
    await asyncio.sleep(0)
    cancelled.cancel()
    await asyncio.wait([cancelled])
    overtaken = asyncio.create_task(opening())
    await asyncio.sleep(0)
    await desk.devices.close()
    with pytest.raises(MediaError, match="its client closed"):
        await overtaken


async def test_a_sink_can_be_opened_again_after_it_was_finished(desk, tmp_path):
    """A second recording of the same name begins when the first is on disk."""
    track = await desk.open("tone:500")
    sink = desk.keep(WavFile(tmp_path / "x.wav"))
    await desk.devices.render((track.track_id,), sink)
    removing = asyncio.create_task(desk.devices.remove((track.track_id,), sink))
    await asyncio.sleep(0)
    await desk.devices.render((track.track_id,), sink)
    await removing
    await frames_of(desk, track, 20)
    await desk.devices.remove((track.track_id,), sink)
    assert len(sound_of(tmp_path / "x.wav")[0]) > 15000


async def test_a_disk_that_is_full_is_said_at_once(desk):
    """The header does not fit."""
    track = await desk.open("tone:500")
    with pytest.raises(MediaError, match="/dev/full"):
        await desk.devices.render((track.track_id,), desk.keep(WavFile("/dev/full")))


async def test_a_disk_that_becomes_full_is_logged_and_stops_nothing_else(desk, tmp_path, monkeypatch):
    """The call goes on."""

    def full(self, samples):
        raise OSError("no space left")

    monkeypatch.setattr(WavWriter, "sound", full)
    track = await desk.open("tone:500")
    await desk.devices.render((track.track_id,), desk.keep(WavFile(tmp_path / "x.wav")))
    assert await frames_of(desk, track, 10)
    await desk.devices.close()
    assert [(level, "no space left" in text) for level, text in desk.log] == [("error", True)]

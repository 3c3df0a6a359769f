"""Device ids and source objects, and the live sources they mean."""

from collections.abc import Callable
from math import inf
from numbers import Integral, Real
from pathlib import Path
from typing import Any

from attrs import evolve

from rbbn_sdk.errors import MediaError
from rbbn_sdk.io.webrtc.called import CalledSound, CalledVideo
from rbbn_sdk.io.webrtc.files import open_file
from rbbn_sdk.io.webrtc.hub import RATE
from rbbn_sdk.io.webrtc.sources import LiveSource, PatternSource, SilenceSource, ToneSource
from rbbn_sdk.media import CallbackSource, FileSource, Silence, Source, TestPattern, Tone
from rbbn_sdk.ports.devices import Device, TrackSource
from rbbn_sdk.types.call import MediaKind

Log = Callable[[str, str], None]

DEVICES = (
    Device(device_id="default", kind="audioinput", label="Silence (default)"),
    Device(device_id="silence", kind="audioinput", label="Silence"),
    Device(device_id="tone:440", kind="audioinput", label="Tone (any frequency in Hz after the colon)"),
    Device(device_id="default", kind="videoinput", label="Test pattern (default)"),
    Device(device_id="testpattern", kind="videoinput", label="Test pattern"),
)
"""What is always there. Files are devices too: `file:/path`."""

_THERE = {
    MediaKind.AUDIO: "default (silence), silence, tone:<Hz>, file:<path>",
    MediaKind.VIDEO: "default (test pattern), testpattern, file:<path>",
}


def _tone(argument: str) -> Source | None:
    try:
        frequency = float(argument or 440)
    except ValueError:
        return None
    return Tone(frequency) if 0 < frequency < 24000 else None


def _file(argument: str) -> Source | None:
    return FileSource(argument) if argument else None


_Reader = Callable[[str], Source | None]
_READERS: dict[tuple[MediaKind, str], _Reader] = {
    (MediaKind.AUDIO, "default"): lambda _: Silence(),
    (MediaKind.AUDIO, "silence"): lambda _: Silence(),
    (MediaKind.AUDIO, "tone"): _tone,
    (MediaKind.AUDIO, "file"): _file,
    (MediaKind.VIDEO, "default"): lambda _: TestPattern(),
    (MediaKind.VIDEO, "testpattern"): lambda _: TestPattern(),
    (MediaKind.VIDEO, "file"): _file,
}


def read_device(device_id: str, kind: MediaKind) -> Source:
    """The source of a device id. Raises `MediaError` `call:4`."""
    name, _, argument = device_id.partition(":")
    reader = _READERS.get((kind, name))
    source = None if reader is None else reader(argument)
    if source is None:
        raise MediaError(f"there is no {kind} device {device_id!r}; there is {_THERE[kind]}", code="call:4")
    return source


_NUMBERS: dict[type, tuple[tuple[str, type[Real], float], ...]] = {
    Tone: (("frequency", Real, RATE / 2), ("level", Real, inf)),
    TestPattern: (("width", Integral, inf), ("height", Integral, inf), ("rate", Real, inf)),
}
"""What the fields of a source have to be, and what they have to be below."""


def _checked(source: Source) -> Source:
    for name, kind, limit in _NUMBERS.get(type(source), ()):
        value: Any = getattr(source, name)
        if not (isinstance(value, kind) and 0 <= float(value) < limit):
            what = "a whole number" if kind is Integral else "a number"
            upper = "" if limit == inf else f" to {limit:g}"
            text = f"{type(source).__name__}.{name}: expected {what} from 0{upper or ' on'}, got {value!r}"
            raise MediaError(text, code="call:4")
    return source


def read_source(value: object, kind: MediaKind) -> Source:
    """The source that an application's object means. Raises `MediaError` `call:4`."""
    if isinstance(value, (FileSource, CallbackSource)):
        return value
    if isinstance(value, (Silence, Tone) if kind is MediaKind.AUDIO else TestPattern):
        source: Source = value
        return _checked(source)
    if isinstance(value, (str, Path)):
        return FileSource(value)
    if callable(value):
        read: Callable[[int], Any] = value
        return CallbackSource(read)
    raise MediaError(f"{type(value).__name__} is no source of {kind}; see rbbn_sdk.media", code="call:4")


def _sized(pattern: TestPattern, wanted: TrackSource) -> TestPattern:
    return evolve(
        pattern,
        width=min(wanted.width or pattern.width, 3840),
        height=min(wanted.height or pattern.height, 2160),
        rate=min(max(wanted.frame_rate or pattern.rate, 1.0), 60.0),
    )


async def open_source(source: Source, kind: MediaKind, wanted: TrackSource, log: Log) -> LiveSource:
    """Open a source. Raises `MediaError` `call:4`."""
    match source:
        case Silence():
            return SilenceSource()
        case Tone():
            return ToneSource(source)
        case TestPattern():
            return PatternSource(_sized(source, wanted))
        case FileSource():
            return await open_file(source, kind, log)
        case CallbackSource():
            if kind is MediaKind.AUDIO:
                return CalledSound(source.read, log)
            return CalledVideo(source.read, wanted.frame_rate or TestPattern().rate, log)


def label_of(source: Source) -> str:
    """A name for people."""
    match source:
        case Tone():
            return f"Tone of {source.frequency:g} Hz"
        case FileSource():
            return Path(source.path).name
        case CallbackSource():
            return getattr(source.read, "__qualname__", "function")
        case Silence():
            return "Silence"
        case TestPattern():
            return "Test pattern"

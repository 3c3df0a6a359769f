"""Live sinks: where rendered tracks go."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from attrs import evolve

from rbbn_sdk.errors import MediaError
from rbbn_sdk.io.webrtc.container import ContainerWriter
from rbbn_sdk.io.webrtc.hub import Frame, Hub
from rbbn_sdk.io.webrtc.recording import FileWriter, Recorder
from rbbn_sdk.io.webrtc.wav import WavWriter
from rbbn_sdk.io.webrtc.worker import open_in_thread
from rbbn_sdk.media import AudioFrame, Callback, Sink, VideoFrame, WavFile, WebmFile
from rbbn_sdk.types import TrackId

Log = Callable[[str, str], None]


class LiveSink(Protocol):
    """Takes tracks until it is closed."""

    def add(self, hub: Hub) -> None: ...

    def remove(self, track_id: TrackId) -> bool: ...

    async def close(self) -> None: ...


class CallbackSink:
    """Gives frames to a function of the application. Its first error is logged, the others are counted."""

    def __init__(self, call: Callable[[AudioFrame | VideoFrame], object], log: Log) -> None:
        self._call = call
        self._log = log
        self._hubs: dict[TrackId, Hub] = {}
        self._errors = 0

    def _give(self, frame: Frame) -> None:
        try:
            self._call(frame)
        except Exception as error:  # noqa: BLE001 - the application's
            self._errors += 1
            if self._errors == 1:
                self._log("error", f"a media callback raised {type(error).__name__}: {error}")

    def add(self, hub: Hub) -> None:
        """Give the frames of a track too."""
        self._hubs[hub.track_id] = hub
        hub.attach(self._give)

    def remove(self, track_id: TrackId) -> bool:
        """Leave a track. Returns whether none is left."""
        hub = self._hubs.pop(track_id, None)
        if hub is not None:
            hub.detach(self._give)
        return not self._hubs

    async def close(self) -> None:
        """Give no more frames."""
        for track_id in tuple(self._hubs):
            self.remove(track_id)
        if self._errors > 1:
            self._log("error", f"a media callback raised {self._errors} times")


def read_sink(value: object) -> Sink:
    """The sink that an application's object means. Raises `MediaError`."""
    if isinstance(value, (WavFile, WebmFile)):
        return evolve(value, path=Path(value.path).absolute())  # the same file is the same sink, however it is written
    if isinstance(value, Callback):
        return value
    if isinstance(value, (str, Path)):
        path = Path(value).absolute()
        return WavFile(path) if path.suffix.lower() == ".wav" else WebmFile(path)
    if callable(value):
        call: Callable[[Any], object] = value
        return Callback(call)
    raise MediaError(f"{type(value).__name__} is no sink: expected a path, a function, or a sink of rbbn_sdk.media")


def _writer(sink: WavFile | WebmFile, path: Path) -> FileWriter:
    return WavWriter(path) if isinstance(sink, WavFile) else ContainerWriter(path)


async def open_sink(sink: Sink, log: Log) -> LiveSink:
    """Open a sink. Raises `MediaError`."""
    if isinstance(sink, Callback):
        return CallbackSink(sink.call, log)
    path = Path(sink.path)
    try:
        writer = await open_in_thread(lambda: _writer(sink, path), lambda writer: writer.close())
    except (OSError, ValueError) as error:  # FFmpeg's errors are one or the other
        raise MediaError(f"file {str(path)!r} cannot be written: {error}") from error
    return Recorder(writer, str(path), log)

"""Files as sources: decoded in a thread, a little ahead of the clock."""

import queue
import threading
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from attrs import frozen
from av.container import InputContainer
from av.error import FFmpegError

from rbbn_sdk.errors import MediaError
from rbbn_sdk.io.webrtc.convert import SoundConverter, picture_of
from rbbn_sdk.io.webrtc.hub import BLOCK, Frame
from rbbn_sdk.io.webrtc.sources import AUDIO_PERIOD, SILENT, black
from rbbn_sdk.io.webrtc.worker import Worker, open_in_thread
from rbbn_sdk.media import AudioFrame, FileSource, VideoFrame
from rbbn_sdk.types.call import MediaKind

AHEAD_SOUND = 50
"""Blocks of 20 ms decoded ahead."""

AHEAD_PICTURES = 8

DEFAULT_RATE = 15.0
"""Pictures per second of a file that does not say."""

PATIENCE = 0.1
"""Seconds after which the decoding thread looks whether it shall end."""


@frozen
class _Timed:
    """A decoded piece and its time in the file, in seconds."""

    time: float
    frame: Frame


class FileSourceReader:
    """Reads a file's first track of a kind. Made by `open_file`."""

    def __init__(
        self, container: InputContainer, source: FileSource, kind: MediaKind, log: Callable[[str, str], None]
    ) -> None:
        self._container = container
        self._source = source
        self._kind = kind
        self._log = log
        self._ahead: queue.Queue[_Timed | None] = queue.Queue(
            AHEAD_SOUND if kind is MediaKind.AUDIO else AHEAD_PICTURES
        )
        self._closed = threading.Event()
        self._next: _Timed | None = None
        self._ended = False
        self._size = (640, 480)
        self._picture: VideoFrame | None = None
        self.period = AUDIO_PERIOD if kind is MediaKind.AUDIO else 1 / _rate(container)
        self._worker = Worker(self._decode, name=f"file {source.path}")

    def read(self, number: int) -> Frame:
        """What is due at the number's time; silence, or the picture before, when decoding is not that far."""
        if self._kind is MediaKind.AUDIO:
            piece = self._take()
            return AudioFrame(SILENT) if piece is None else piece.frame
        return self._picture_at(number * self.period)

    def _picture_at(self, time: float) -> VideoFrame:
        while self._next is None or self._next.time <= time:
            if self._next is not None and isinstance(self._next.frame, VideoFrame):
                self._picture = self._next.frame
            self._next = self._take()
            if self._next is None:
                break
        if self._picture is None or (self._ended and self._next is None):
            width, height = self._size if self._picture is None else (self._picture.width, self._picture.height)
            return black(width, height)
        return self._picture

    def _take(self) -> _Timed | None:
        if self._ended:
            return None
        try:
            piece = self._ahead.get_nowait()
        except queue.Empty:
            return None
        self._ended = piece is None
        return piece

    def _decode(self) -> None:
        try:
            for piece in self._pieces():
                if not self._put(piece):
                    return
        except FFmpegError as error:
            self._log("warn", f"reading {self._source.path} ended: {error}")
        finally:
            self._put(None)
            self._container.close()

    def _put(self, piece: _Timed | None) -> bool:
        while not self._closed.is_set():
            try:
                self._ahead.put(piece, timeout=PATIENCE)
            except queue.Full:
                continue
            return True
        return False

    def _pieces(self) -> Iterator[_Timed]:
        decode = self._sound if self._kind is MediaKind.AUDIO else self._pictures
        offset = 0.0
        while True:
            last = offset
            for piece in decode(offset):
                last = piece.time
                yield piece
            if not self._source.loop or last == offset:
                return
            offset = last + self.period
            self._container.seek(0)

    def _sound(self, offset: float) -> Iterator[_Timed]:
        converter, rest, time = SoundConverter(), SILENT[:0], offset
        for frame in self._container.decode(audio=0):
            rest = np.concatenate((rest, *converter.convert(frame)))
            whole = len(rest) - len(rest) % BLOCK
            for start in range(0, whole, BLOCK):
                yield _Timed(time, AudioFrame(rest[start : start + BLOCK]))
                time += AUDIO_PERIOD
            rest = rest[whole:]
        if len(rest):
            yield _Timed(time, AudioFrame(np.concatenate((rest, SILENT))[:BLOCK]))

    def _pictures(self, offset: float) -> Iterator[_Timed]:
        for number, frame in enumerate(self._container.decode(video=0)):
            time = number * self.period if frame.pts is None else frame.time
            yield _Timed(offset + time, picture_of(frame))

    async def close(self) -> None:
        """End the thread, which closes the file."""
        self._closed.set()
        while not self._ahead.empty():
            self._ahead.get_nowait()  # it may wait for room
        await self._worker.wait()


def _rate(container: InputContainer) -> float:
    rate: Fraction | None = container.streams.video[0].average_rate
    return min(60.0, max(1.0, float(rate))) if rate else DEFAULT_RATE


def _open(source: FileSource, kind: MediaKind) -> InputContainer:
    path = Path(source.path)
    try:
        container = av.open(str(path))
    except (OSError, ValueError) as error:  # FFmpegError is both, by its kind
        raise MediaError(f"file {str(path)!r} cannot be read: {error}", code="call:4") from error
    tracks = container.streams.audio if kind is MediaKind.AUDIO else container.streams.video
    if not tracks:
        container.close()
        raise MediaError(f"file {str(path)!r} has no {kind} track", code="call:4")
    return container


async def open_file(source: FileSource, kind: MediaKind, log: Callable[[str, str], None]) -> FileSourceReader:
    """Open a file. Raises `MediaError` `call:4`."""
    container = await open_in_thread(lambda: _open(source, kind), InputContainer.close)
    return FileSourceReader(container, source, kind, log)

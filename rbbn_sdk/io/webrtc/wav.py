"""WAV files that are whole at any time, also when the process is killed."""

import struct
from io import FileIO
from pathlib import Path

from rbbn_sdk.io.webrtc.hub import RATE
from rbbn_sdk.io.webrtc.sources import Samples
from rbbn_sdk.media import VideoFrame

_CHANNELS, _BYTES = 2, 2
_HEADER = 44
_MOST = 0xFFFFFFFF - _HEADER


def _header(size: int) -> bytes:
    size = min(size, _MOST)
    frame = _CHANNELS * _BYTES
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, _CHANNELS, RATE, RATE * frame, frame, 8 * _BYTES)
    return struct.pack("<4sI4s", b"RIFF", size + _HEADER - 8, b"WAVE") + form + struct.pack("<4sI", b"data", size)


class WavWriter:
    """Writes sound; the header is true after every piece. Pictures are left out."""

    def __init__(self, path: Path) -> None:
        self._file: FileIO = path.open("wb", buffering=0)
        self._size = 0
        try:
            self._file.write(_header(0))
        except OSError:
            self._file.close()
            raise

    def sound(self, samples: Samples) -> None:
        """Append samples of shape `(n, 2)`."""
        data = samples.astype("<i2").tobytes()
        self._file.seek(_HEADER + self._size)
        self._file.write(data)
        self._size += len(data)
        self._file.seek(0)
        self._file.write(_header(self._size))

    def picture(self, time: float, picture: VideoFrame) -> None:
        """There is no place for it."""

    def close(self) -> None:
        """Close the file."""
        self._file.close()

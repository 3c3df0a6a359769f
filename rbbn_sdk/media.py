"""Where media comes from and goes to, as an application names it.

A source or sink is a plain description, and importing this module loads no media library. A source is what a local
track sends; a sink is what `render_tracks` gives the media of tracks to. Nothing is opened before it is used, and what
was opened is closed by the client: a source with its track, a sink when the last of its tracks is removed or the client
is destroyed.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from numpy import int16, uint8
    from numpy.typing import NDArray

__all__ = [
    "AudioFrame",
    "Callback",
    "CallbackSource",
    "FileSource",
    "Silence",
    "Sink",
    "Source",
    "TestPattern",
    "Tone",
    "VideoFrame",
    "WavFile",
    "WebmFile",
]


@frozen(eq=False)
class AudioFrame:
    """A piece of sound: 48000 samples per second, two channels, 16 bits."""

    samples: "NDArray[int16]"
    """Shape `(samples, 2)`. Shared between all who listen: do not write to it."""
    sample_rate: int = 48000


@frozen(eq=False)
class VideoFrame:
    """A picture in planar YUV 4:2:0."""

    pixels: "NDArray[uint8]"
    """Shape `(height * 3 // 2, width)`: the luma plane, then both chroma planes. Shared: do not write to it."""
    width: int
    height: int


@frozen
class Silence:
    """Sound of no level."""


@frozen
class Tone:
    """A sine wave.

    `frequency` is in Hz; `level` is the amplitude, from 0 to 1 (full scale).
    """

    frequency: float = 440.0
    level: float = 0.3


@frozen
class TestPattern:
    """Colour bars with a square that moves across them.

    `width` and `height` are in pixels and made even; `rate` is in pictures per second.
    """

    __test__ = False  # a name that pytest would take for a test class

    width: int = 640
    height: int = 480
    rate: float = 15.0


@frozen
class FileSource:
    """The first sound or video track of a media file, at the speed of the clock.

    Any container and codec that FFmpeg reads. After its end the track goes on with silence or black, unless `loop`.
    """

    path: str | Path
    loop: bool = False


@frozen
class CallbackSource:
    """What a function of the application returns.

    For sound it is called every 20 ms with the number of samples wanted (960) and returns 16-bit samples of shape
    `(n,)` or `(n, 2)` at 48000 per second. For video it is called at the track's rate with the number of the picture
    and returns 8-bit RGB of shape `(height, width, 3)`. None means silence, or the picture before. It runs on the
    client's event loop and must not block. What it raises is logged, and counts as None.
    """

    read: "Callable[[int], NDArray[int16] | NDArray[uint8] | None]"


@frozen
class WavFile:
    """Records sound to a WAV file: 48000 samples per second, two channels, 16 bits.

    Several tracks are mixed. Time in which nothing arrives is silence, so that the file is as long as the recording.
    """

    path: str | Path


@frozen
class WebmFile:
    """Records sound and video to a WebM file, or to another container if the name ends in `.mkv`, `.mp4` or `.ogg`.

    Several sound tracks are mixed; of several video tracks the first one is recorded.
    """

    path: str | Path


@frozen
class Callback:
    """Calls a function with every `AudioFrame` and `VideoFrame`, on the client's event loop.

    It must not block. What it raises is logged and does no harm to the media.
    """

    call: Callable[[AudioFrame | VideoFrame], object]


Source = Silence | Tone | TestPattern | FileSource | CallbackSource
Sink = WavFile | WebmFile | Callback

"""WebM and other containers, with sound and pictures."""

from fractions import Fraction
from io import FileIO
from pathlib import Path
from typing import Any

import av
from attrs import frozen

from rbbn_sdk.errors import MediaError
from rbbn_sdk.io.webrtc.hub import RATE
from rbbn_sdk.io.webrtc.sources import Samples, black
from rbbn_sdk.media import VideoFrame

VIDEO_BITRATE = 1_000_000
KEYFRAME_EVERY = 60
"""Pictures."""

_MILLISECOND = Fraction(1, 1000)
_FAST = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"}


@frozen(kw_only=True)
class _Form:
    name: str
    sound: str
    video: str | None
    options: dict[str, str]
    video_options: dict[str, str]


_MATROSKA = {"cluster_time_limit": "1000", "flush_packets": "1"}
_FORMS = {
    ".webm": _Form(name="webm", sound="libopus", video="libvpx", options=_MATROSKA, video_options=_FAST),
    ".mkv": _Form(name="matroska", sound="libopus", video="libvpx", options=_MATROSKA, video_options=_FAST),
    ".mp4": _Form(
        name="mp4",
        sound="aac",
        video="libx264",
        options={"movflags": "empty_moov+default_base_moof", "frag_duration": "500000", "flush_packets": "1"},
        video_options={"preset": "ultrafast", "tune": "zerolatency"},
    ),
    ".ogg": _Form(name="ogg", sound="libopus", video=None, options={"flush_packets": "1"}, video_options={}),
}


class ContainerWriter:
    """Writes sound and pictures. What the file holds is decided when its first piece comes."""

    # PyAV's containers, streams and packets are typed in part only, so they are Any here and nowhere else.

    def __init__(self, path: Path) -> None:
        form = _FORMS.get(path.suffix.lower())
        if form is None:
            raise MediaError(f"{path.name!r} is no file that can be recorded to: expected one of {', '.join(_FORMS)}")
        self._form = form
        # opened here, for FFmpeg would open it with the first piece; unbuffered, so that a killed process loses little
        self._file: FileIO = path.open("wb", buffering=0)
        self._container: Any = av.open(self._file, "w", format=form.name, options=form.options)
        self._sound: Any | None = None
        self._video: Any | None = None
        self._written = 0
        self._last_time = -1
        self._last: VideoFrame | None = None

    def begin(self, *, sound: bool, picture: VideoFrame | None) -> None:
        """Make the streams: sound if wanted, video of the size of `picture` unless that is None."""
        if sound:
            self._sound = self._container.add_stream(self._form.sound, rate=RATE, layout="stereo")
        if picture is not None and self._form.video is not None:
            self._video = self._video_stream(self._form.video, picture)

    def _video_stream(self, codec: str, picture: VideoFrame) -> Any:
        stream: Any = self._container.add_stream(codec, rate=30, options=self._form.video_options)
        stream.width, stream.height, stream.pix_fmt = picture.width, picture.height, "yuv420p"
        stream.codec_context.time_base = _MILLISECOND
        stream.bit_rate = VIDEO_BITRATE
        stream.gop_size = KEYFRAME_EVERY
        return stream

    def sound(self, samples: Samples) -> None:
        """Append samples of shape `(n, 2)`."""
        if self._sound is None or not len(samples):
            return
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="stereo")
        frame.sample_rate, frame.time_base, frame.pts = RATE, Fraction(1, RATE), self._written
        self._written += len(samples)
        self._container.mux(self._sound.encode(frame))

    def picture(self, time: float, picture: VideoFrame) -> None:
        """Show a picture from a time on, in seconds of the file."""
        if self._video is None:
            return
        self._last = picture
        self._last_time = max(self._last_time + 1, round(time * 1000))
        frame = av.VideoFrame.from_ndarray(picture.pixels, format="yuv420p")
        if (picture.width, picture.height) != (self._video.width, self._video.height):
            frame = frame.reformat(width=self._video.width, height=self._video.height)
        frame.time_base, frame.pts = _MILLISECOND, self._last_time
        self._container.mux(self._video.encode(frame))

    def close(self) -> None:
        """Write what the encoders hold, and close the file."""
        try:
            if self._video is not None:
                self.picture(self._written / RATE, self._last or black(self._video.width, self._video.height))
            for stream in (self._sound, self._video):
                if stream is not None:
                    self._container.mux(stream.encode(None))
        finally:
            self._container.close()
            self._file.close()

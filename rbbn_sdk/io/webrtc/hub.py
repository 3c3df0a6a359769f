"""What a track carries, given to all who want it."""

from collections.abc import Callable

from rbbn_sdk.media import AudioFrame, VideoFrame
from rbbn_sdk.types import MediaId, TrackId
from rbbn_sdk.types.call import MediaKind

RATE = 48000
BLOCK = 960
"""Samples in 20 ms."""

Frame = AudioFrame | VideoFrame
Consumer = Callable[[Frame], None]
"""Takes a frame at once and does not raise."""


class Hub:
    """One track, local or remote: whoever makes its frames gives them, consumers get each of them."""

    def __init__(self, track_id: TrackId, media_id: MediaId, kind: MediaKind) -> None:
        self.track_id = track_id
        self.media_id = media_id
        self.kind = kind
        self.enabled = True
        """False while a local track is muted: senders send silence or black then."""
        self.ended = False
        self._consumers: list[Consumer] = []

    @property
    def wanted(self) -> bool:
        """Whether anybody listens."""
        return bool(self._consumers)

    def attach(self, consumer: Consumer) -> None:
        """Begin to give frames to a consumer; one that is attached already stays so."""
        if consumer not in self._consumers:
            self._consumers.append(consumer)

    def detach(self, consumer: Consumer) -> None:
        """Stop giving frames to a consumer; one that is not attached is ignored."""
        if consumer in self._consumers:
            self._consumers.remove(consumer)

    def give(self, frame: Frame) -> None:
        """Pass a frame on."""
        for consumer in tuple(self._consumers):
            consumer(frame)

    def end(self) -> None:
        """There will be no more frames; forget all consumers."""
        self.ended = True
        self._consumers.clear()

"""Receiving and measuring sound better than aiortc does."""

import math
from collections.abc import Awaitable, Callable
from typing import Any

import aiortc.rtp
import av
import numpy as np
from aiortc import RTCRtpReceiver
from aiortc.jitterbuffer import JitterBuffer, JitterFrame
from aiortc.rtp import RtpPacket

PREFETCH = 3


class AudioJitterBuffer(JitterBuffer):
    """Gives sound out as soon as `PREFETCH` packets wait, also over a gap.

    aiortc's own waits for the lost packet until the buffer is full: each loss costs 5 to 7 frames and stays as delay.
    """

    def __init__(self) -> None:
        super().__init__(capacity=16, prefetch=PREFETCH)

    def _remove_frame(self, sequence_number: int) -> JitterFrame | None:
        origin = self._origin
        if origin is None:
            return None
        waiting = [i for i in range(self.capacity) if self._packets[(origin + i) % self.capacity] is not None]
        if len(waiting) <= self._prefetch:
            return None
        packet: Any = self._packets[(origin + waiting[0]) % self.capacity]
        self.remove(waiting[0] + 1)
        return JitterFrame(data=packet._data, timestamp=packet.timestamp)  # noqa: SLF001 - set by the receiver


def mend_audio_receiver(receiver: RTCRtpReceiver) -> None:
    """Give a receiver that has not started our jitter buffer, and drop packets without payload.

    FFmpeg takes an empty packet as the end of the stream and decodes nothing after it.
    """
    setattr(receiver, "_RTCRtpReceiver__jitter_buffer", AudioJitterBuffer())  # noqa: B010 - a mangled name
    owned: Any = receiver
    handle: Callable[..., Awaitable[None]] = owned._handle_rtp_packet  # noqa: SLF001

    async def handle_payload(packet: RtpPacket, arrival_time_ms: int) -> None:
        if packet.payload:
            await handle(packet, arrival_time_ms=arrival_time_ms)

    setattr(receiver, "_handle_rtp_packet", handle_payload)  # noqa: B010 - a method is not assignable


def audio_level(frame: av.AudioFrame) -> int:
    """The level of RFC 6465, appendix A: -127 to 0 dBov. What aiortc computes sample by sample."""
    samples = np.frombuffer(bytes(frame.planes[0]), np.int16).astype(np.float64)
    mean = float(samples @ samples) / max(1, frame.samples)
    if mean <= 0:
        return -127
    return round(min(0.0, max(-127.0, 10 * math.log10(mean) - 20 * math.log10(32767))))


def speed_up_audio_level() -> None:
    """Replace aiortc's computation in this process; same values, a sixth of the processor time of a call less."""
    aiortc.rtp.compute_audio_level_dbov = audio_level

"""Ending a transceiver's work when aiortc's own close does not come to an end."""

from collections.abc import Callable
from typing import Any

from aiortc import RTCRtpTransceiver

SENDER_TASKS = ("_RTCRtpSender__rtp_task", "_RTCRtpSender__rtcp_task")
RECEIVER_TASKS = ("_RTCRtpReceiver__rtcp_task",)
DTLS_TASKS = ("_task",)
ICE_TASKS = ("_RTCIceTransport__monitor_task",)
STOP_DECODER = "_RTCRtpReceiver__stop_decoder"


def cut(transceiver: RTCRtpTransceiver) -> None:
    """Cancel its tasks and those of its transports, and end its decoder thread."""
    dtls = transceiver.receiver.transport
    owners: tuple[tuple[Any, tuple[str, ...]], ...] = (
        (transceiver.sender, SENDER_TASKS),
        (transceiver.receiver, RECEIVER_TASKS),
        (dtls, DTLS_TASKS),
        (dtls.transport, ICE_TASKS),
    )
    for owner, names in owners:
        for name in names:
            task = getattr(owner, name)
            if task is not None:
                task.cancel()
    stop_decoder: Callable[[], None] = getattr(transceiver.receiver, STOP_DECODER)
    stop_decoder()

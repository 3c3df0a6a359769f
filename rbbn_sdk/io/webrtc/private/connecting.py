"""Connecting the transports of a peer connection, and turning them to another party that answers the same offer."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from aiortc import RTCRtpTransceiver
from aiortc.rtcdtlstransport import State

SENDER = (
    "_RTCRtpSender__track",
    "_RTCRtpSender__started",
    "_RTCRtpSender__encoder",
    "_RTCRtpSender__rtx_payload_type",
    "_RTCRtpSender__rtp_started",
    "_RTCRtpSender__rtp_exited",
    "_RTCRtpSender__rtcp_started",
    "_RTCRtpSender__rtcp_exited",
)
RECEIVER = ("_RTCRtpReceiver__codecs",)
ICE = ("_RTCIceTransport__start", "_RTCIceTransport__monitor_task")
DTLS = ("_register_rtp_receiver", "encrypted", "_state", "_set_state", "_task", "_role", "_ssl", "_rx_srtp", "_tx_srtp")
HANDSHAKE_DONE = "_RTCDtlsTransport__handshake_done"
PEER = (
    "_RTCPeerConnection__remoteIce",
    "_RTCPeerConnection__remoteDtls",
    "_RTCPeerConnection__localRtp",
    "_RTCPeerConnection__remoteRtp",
)


async def connect_all(peer: Any) -> None:
    """Start each transport and what rides on it.

    aiortc takes one after the other, so that one which is never reached keeps the others from starting.
    """
    riders: dict[Any, list[RTCRtpTransceiver]] = {}
    for transceiver in peer.getTransceivers():
        if transceiver in peer._RTCPeerConnection__remoteIce:  # noqa: SLF001
            riders.setdefault(transceiver.receiver.transport, []).append(transceiver)
    works: list[Coroutine[Any, Any, None]] = [_connect(peer, dtls, group) for dtls, group in riders.items()]
    for outcome in await asyncio.gather(*works, return_exceptions=True):
        if isinstance(outcome, BaseException):
            raise outcome


async def _connect(peer: Any, dtls: Any, riders: list[RTCRtpTransceiver]) -> None:
    first, ice = riders[0], dtls.transport
    if not ice.iceGatherer.getLocalCandidates():
        return
    await ice.start(peer._RTCPeerConnection__remoteIce[first])  # noqa: SLF001
    if dtls.state == "new":
        await dtls.start(peer._RTCPeerConnection__remoteDtls[first])  # noqa: SLF001
    for transceiver in riders if dtls.state == "connected" else ():
        if transceiver.currentDirection in ("sendonly", "sendrecv"):
            await transceiver.sender.send(peer._RTCPeerConnection__localRtp(transceiver))  # noqa: SLF001
        if transceiver.currentDirection in ("recvonly", "sendrecv"):
            await _receive(transceiver, dtls, peer._RTCPeerConnection__remoteRtp(transceiver))  # noqa: SLF001


async def _receive(transceiver: RTCRtpTransceiver, dtls: Any, parameters: Any) -> None:
    """Also what is new for a receiver that runs already, which aiortc leaves as it began."""
    receiver: Any = transceiver.receiver
    if receiver in dtls._rtp_router.receivers:  # noqa: SLF001
        receiver._RTCRtpReceiver__codecs.update((codec.payloadType, codec) for codec in parameters.codecs)  # noqa: SLF001
        dtls._register_rtp_receiver(receiver, parameters)  # noqa: SLF001
    await receiver.receive(parameters)


async def turn_away(transceivers: list[RTCRtpTransceiver]) -> None:
    """Forget the party of before, so that connecting begins anew with the next description.

    Whoever answers an offer after another (RFC 3261 13.2.2.4) brings its own ICE and DTLS; our addresses, credentials
    and certificate are those of the offer, and tracks stay what they are.
    """
    for transceiver in transceivers:
        await _stop_sending(transceiver.sender)
    for dtls in dict.fromkeys(transceiver.receiver.transport for transceiver in transceivers):
        await _forget_keys(dtls)
        await _forget_path(dtls.transport)


async def _stop_sending(sender: Any) -> None:
    """As the sender's own `stop`, but it can start again and its track lives on."""
    if not sender._RTCRtpSender__started:  # noqa: SLF001
        return
    track, sender._RTCRtpSender__track = sender._RTCRtpSender__track, None  # noqa: SLF001
    await sender.stop()
    for name in ("rtp_started", "rtp_exited", "rtcp_started", "rtcp_exited"):
        setattr(sender, f"_RTCRtpSender__{name}", asyncio.Event())
    sender._RTCRtpSender__started = False  # noqa: SLF001
    sender._RTCRtpSender__encoder = sender._RTCRtpSender__rtx_payload_type = None  # noqa: SLF001
    sender._RTCRtpSender__track = track  # noqa: SLF001


async def _forget_keys(dtls: Any) -> None:
    tell: Callable[[Any], None] = dtls._set_state  # noqa: SLF001
    dtls._set_state = _tell_nobody  # noqa: SLF001 - its end would close the peer connection
    if dtls._task is not None:  # noqa: SLF001
        dtls._task.cancel()  # noqa: SLF001
        await asyncio.wait([dtls._task])  # noqa: SLF001
    dtls._set_state = tell  # noqa: SLF001
    dtls.encrypted = False
    setattr(dtls, HANDSHAKE_DONE, False)
    dtls._task = dtls._ssl = dtls._rx_srtp = dtls._tx_srtp = None  # noqa: SLF001
    dtls._set_state(State.NEW)  # noqa: SLF001


def _tell_nobody(_state: State) -> None:
    """In place of a state's report."""


async def _forget_path(ice: Any) -> None:
    await ice._connection.begin_again()  # noqa: SLF001
    if ice._RTCIceTransport__monitor_task is not None:  # noqa: SLF001
        ice._RTCIceTransport__monitor_task.cancel()  # noqa: SLF001
    ice._RTCIceTransport__start = None  # noqa: SLF001
    ice.iceGatherer._remote_candidates_end = False  # noqa: SLF001

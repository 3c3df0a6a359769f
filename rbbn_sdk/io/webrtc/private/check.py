"""Looks whether the private names we use are there."""

from functools import cache
from importlib.metadata import version
from types import ModuleType

import aioice.ice
import aiortc.rtp
from aiortc import RTCConfiguration, RTCPeerConnection

from rbbn_sdk.errors import MediaError
from rbbn_sdk.io.webrtc.private import connecting, cut

_OF_CLASSES: tuple[tuple[type | ModuleType, tuple[str, ...]], ...] = (
    (
        RTCPeerConnection,
        ("_RTCPeerConnection__createDtlsTransport", "_RTCPeerConnection__connect"),
    ),
    (aiortc.rtp, ("compute_audio_level_dbov", "DYNAMIC_PAYLOAD_TYPES")),
    (aioice.ice, ("server_reflexive_candidate", "relayed_candidate", "StunProtocol")),
    (
        aioice.ice.Connection,
        ("get_component_candidates", "query_consent", "request_received", "data_received", "_pair_remote_candidate"),
    ),
)

_OF_OBJECTS: dict[str, tuple[str, ...]] = {
    "transceiver": ("_codecs", "_offerDirection"),
    "sender": ("_stream_id", "_track_id", *cut.SENDER_TASKS, *connecting.SENDER),
    "receiver": (
        "_RTCRtpReceiver__jitter_buffer",
        "_handle_rtp_packet",
        *cut.RECEIVER_TASKS,
        *connecting.RECEIVER,
        cut.STOP_DECODER,
    ),
    "jitter buffer": ("_packets", "_origin", "_prefetch"),
    "DTLS transport": (
        "_set_role",
        "_rtp_router",
        "_validate_peer_identity",
        connecting.HANDSHAKE_DONE,
        *connecting.DTLS,
        *cut.DTLS_TASKS,
    ),
    "ICE transport": ("_connection", "_recv", "_send", *connecting.ICE, *cut.ICE_TASKS),
    "ICE gatherer": ("_connection", "_remote_candidates_end"),
    "ICE connection": (
        "_protocols",
        "_local_candidates",
        "_local_candidates_start",
        "_local_candidates_end",
        "_remote_candidates",
        "_check_list",
        "_check_list_done",
        "_nominated",
        "_query_consent_task",
    ),
    "peer connection": ("_RTCPeerConnection__iceTransports", *connecting.PEER),
}


def _missing_of_classes() -> list[str]:
    return [f"{owner.__name__}.{name}" for owner, names in _OF_CLASSES for name in names if not hasattr(owner, name)]


def _missing_of_objects() -> list[str]:
    peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    transceiver = peer.addTransceiver("audio")  # makes the objects; opens no socket and starts no task
    ice = transceiver.receiver.transport.transport
    found: dict[str, object] = {
        "transceiver": transceiver,
        "sender": transceiver.sender,
        "receiver": transceiver.receiver,
        "jitter buffer": getattr(transceiver.receiver, "_RTCRtpReceiver__jitter_buffer", None),
        "DTLS transport": transceiver.receiver.transport,
        "ICE transport": ice,
        "ICE gatherer": ice.iceGatherer,
        "ICE connection": getattr(ice, "_connection", None),
        "peer connection": peer,
    }
    return [f"{what}.{name}" for what, names in _OF_OBJECTS.items() for name in names if not hasattr(found[what], name)]


@cache
def _missing() -> tuple[str, ...]:
    return (*_missing_of_classes(), *_missing_of_objects())


def check_privates() -> None:
    """Raise `MediaError` when aiortc or aioice lack a name that this package needs. Looks once in a process."""
    missing = _missing()
    if missing:
        raise MediaError(
            f"aiortc {version('aiortc')} with aioice {version('aioice')} cannot be used: without {', '.join(missing)}; "
            "install the versions that this package asks for"
        )

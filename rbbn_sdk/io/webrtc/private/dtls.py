"""Taking in what other makes' transports bring, where aiortc is stricter than the standards."""

from typing import Any

import aiortc.rtp
from aiortc import RTCDtlsTransport
from aiortc.rtcdtlstransport import (
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RtpReceiver,
    RtpRouter,
    certificate_digest,
)
from aiortc.rtp import RtpPacket
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.x509 import Certificate

_KNOWN = "sha-256"


class MidRouter(RtpRouter):
    """Looks also at a packet's mid when source and payload type do not tell whose it is (RFC 9143, 9.2).

    Sections on one transport share payload types, and gateways that mix or transcode send from sources that no
    description named.
    """

    def route_rtp(self, packet: RtpPacket) -> RtpReceiver | None:
        known = super().route_rtp(packet)
        if known is not None or packet.extensions.mid is None:
            return known
        named = self.mid_table.get(packet.extensions.mid)
        if named is None or named not in self.payload_type_table.get(packet.payload_type, ()):
            return None
        self.ssrc_table[packet.ssrc] = named
        return named


def mend_dtls(transport: RTCDtlsTransport) -> None:
    """Route by mid too, and be content with one of several fingerprints: before anything is received."""
    owned: Any = transport
    owned._rtp_router = MidRouter()  # noqa: SLF001
    owned._validate_peer_identity = _lenient(owned)  # noqa: SLF001


def take_low_payload_types() -> None:
    """Let aiortc take dynamic payload types of 35 to 63 too: in this process.

    Those who run out of 96 to 127 use them (RFC 5761, 4), as browsers do since they offer so many formats.
    """
    setattr(aiortc.rtp, "DYNAMIC_PAYLOAD_TYPES", (*range(96, 128), *range(35, 64)))  # noqa: B010 - a `range` there


def _lenient(transport: Any) -> Any:
    """An endpoint may name several certificates and has one of them (RFC 8122, 5.1); aiortc wants all to match.

    Nor does it know sha-1; a hash that fits is given to it as one that it knows.
    """
    strict = transport._validate_peer_identity  # noqa: SLF001

    def validate(remote: RTCDtlsParameters) -> None:
        certificate = transport._ssl.get_peer_certificate(as_cryptography=True)  # noqa: SLF001
        fits = any(one.value.upper() == _digest(certificate, one.algorithm) for one in remote.fingerprints)
        known = RTCDtlsFingerprint(algorithm=_KNOWN, value=certificate_digest(certificate, _KNOWN) if fits else "")
        strict(RTCDtlsParameters(fingerprints=[known], role=remote.role))

    return validate


def _digest(certificate: Certificate, algorithm: str) -> str:
    if algorithm.lower() != "sha-1":
        return certificate_digest(certificate, algorithm.lower())
    return certificate.fingerprint(SHA1()).hex(":").upper()  # noqa: S303 - whose peer knows nothing better

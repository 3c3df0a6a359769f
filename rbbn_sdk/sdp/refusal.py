"""Why a section of a foreign description cannot be used, as a table of questions."""

from collections.abc import Callable
from typing import Final

from attrs import frozen

from rbbn_sdk.sdp.media import MEDIA_KINDS, Codec, MediaLine, codecs
from rbbn_sdk.sdp.model import Section
from rbbn_sdk.sdp.transport import Transport


@frozen(kw_only=True, weakref_slot=False)
class Reading:
    """What was read of a section, for the questions."""

    section: Section
    line: MediaLine
    transport: Transport
    common: tuple[Codec, ...]
    bundle_only: bool
    """Port 0 only says that the section rides on the transport of its group (RFC 8843 6)."""


Question = Callable[[Reading], str]


def refusal(reading: Reading) -> str:
    """The first reason, or nothing for a section that can be used."""
    return next((reason for reason in (question(reading) for question in _QUESTIONS) if reason), "")


def _kind(reading: Reading) -> str:
    return "" if reading.line.kind in MEDIA_KINDS else f"media kind {reading.line.kind or '(none)'} is not supported"


def _port(reading: Reading) -> str:
    return "" if reading.line.port or reading.bundle_only else "its port is 0"


def _protocol(reading: Reading) -> str:
    protocol = reading.line.protocol
    return "" if "RTP/" in protocol.upper() else f"protocol {protocol or '(none)'} is not supported"


def _dtls(reading: Reading) -> str:
    if reading.transport.has_dtls:
        return ""
    if reading.transport.fingerprints:
        names = ", ".join(fingerprint.algorithm for fingerprint in reading.transport.fingerprints)
        return f"no DTLS fingerprint that can be checked (only {names})"
    return (
        "it offers SDES keys only and no DTLS fingerprint" if reading.section.has("crypto") else "no DTLS fingerprint"
    )


def _ice(reading: Reading) -> str:
    return "" if reading.transport.has_ice else "no ICE user name or password"


def _rtcp_mux(reading: Reading) -> str:
    return "" if reading.transport.rtcp_mux else "rtcp-mux is missing, which is required (RFC 8829 4.1.1)"


def _codecs(reading: Reading) -> str:
    if reading.common:
        return ""
    names = ", ".join(dict.fromkeys(codec.name for codec in codecs(reading.section)))
    return f"no codec in common (it has {names or 'none that is known'})"


_QUESTIONS: Final[tuple[Question, ...]] = (_kind, _port, _protocol, _dtls, _ice, _rtcp_mux, _codecs)

"""Typed readers of a section's transport: ICE, DTLS, candidates. Session-level values are defaults."""

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

from attrs import frozen

from rbbn_sdk.sdp.model import Description, Section
from rbbn_sdk.sdp.read import connection_address, inherited, is_token, number

OTHER_COMPONENT: Final = "not the first component"
SETUP_VALUES: Final = ("actpass", "active", "passive", "holdconn")

_ICE_WORD = re.compile(r"[!-~]{1,256}")  # wider than RFC 8839 5.4: gateways use more than letters, digits, + and /
_HASHES: Final = {"sha-1": 20, "sha-256": 32, "sha-384": 48, "sha-512": 64}
"""Hash functions a DTLS engine can check, with their lengths in bytes."""
_WEAK: Final = ("sha-1",)
"""Taken from those only who have nothing better (RFC 8122 5)."""
_CANDIDATE_TYPES: Final = ("host", "srflx", "prflx", "relay")
_DISCARD: Final = 9
"""The port that says nothing (RFC 8840 4.1.3)."""


@frozen(kw_only=True, weakref_slot=False)
class Fingerprint:
    """The hash of a certificate: `sha-256`, and pairs of upper-case digits with colons."""

    algorithm: str
    value: str

    @property
    def checkable(self) -> bool:
        """Whether it is a hash that a DTLS engine can compare."""
        pairs = self.value.split(":")
        wanted = _HASHES.get(self.algorithm)
        return len(pairs) == wanted and all(re.fullmatch(r"[0-9A-F]{2}", pair) for pair in pairs)


@frozen(kw_only=True, weakref_slot=False)
class Candidate:
    """A candidate that can be used: UDP, first component, an address of this world."""

    foundation: str
    priority: int
    address: str
    port: int
    type: str
    related_address: str = ""
    related_port: int = 0

    @property
    def text(self) -> str:
        """The value of `a=candidate`, in normal form."""
        related = f" raddr {self.related_address} rport {self.related_port}" if self.related_address else ""
        return f"{self.foundation} 1 udp {self.priority} {self.address} {self.port} typ {self.type}{related}"


@frozen(kw_only=True, weakref_slot=False)
class Transport:
    """What is needed to reach the other side. Missing parts are empty."""

    ufrag: str = ""
    pwd: str = ""
    fingerprints: tuple[Fingerprint, ...] = ()
    setup: str = ""
    rtcp_mux: bool = False
    candidates: tuple[Candidate, ...] = ()
    candidates_complete: bool = False
    lite: bool = False
    trickle: bool = False

    @property
    def has_ice(self) -> bool:
        """Whether ICE can start."""
        return bool(self.ufrag and self.pwd)

    @property
    def has_dtls(self) -> bool:
        """Whether DTLS can be checked."""
        return bool(self.checkable_fingerprints)

    @property
    def checkable_fingerprints(self) -> tuple[Fingerprint, ...]:
        """Those that say whom to expect."""
        checkable = tuple(fingerprint for fingerprint in self.fingerprints if fingerprint.checkable)
        return tuple(fingerprint for fingerprint in checkable if fingerprint.algorithm not in _WEAK) or checkable


@frozen(kw_only=True, weakref_slot=False)
class Skipped:
    """A candidate line that cannot be used, and why."""

    line: str
    reason: str


def transport(description: Description, section: Section) -> Transport:
    """The section's transport, with the session's values where it has none of its own."""
    options = " ".join(inherited(description, section, "ice-options")).split()
    return Transport(
        ufrag=_ice_word(inherited(description, section, "ice-ufrag")),
        pwd=_ice_word(inherited(description, section, "ice-pwd")),
        fingerprints=fingerprints(description, section),
        setup=_setup(inherited(description, section, "setup")),
        rtcp_mux=section.has("rtcp-mux") or section.has("rtcp-mux-only") or description.session.has("rtcp-mux"),
        candidates=tuple(_usable(section)) or tuple(_usable(description.session)),
        candidates_complete=section.has("end-of-candidates") or description.session.has("end-of-candidates"),
        lite=description.session.has("ice-lite") or section.has("ice-lite"),
        trickle="trickle" in options,
    )


def fingerprints(description: Description, section: Section) -> tuple[Fingerprint, ...]:
    """The section's fingerprints, else the session's, in normal form."""
    words = (value.split() for value in inherited(description, section, "fingerprint"))
    pairs = (Fingerprint(algorithm=two[0].lower(), value=two[1].upper()) for two in words if len(two) == 2)
    return tuple(dict.fromkeys(pairs))


def skipped_candidates(section: Section) -> tuple[Skipped, ...]:
    """The candidates that cannot be used, each with the reason."""
    readings = ((value, candidate(value)) for value in section.attributes("candidate"))
    return tuple(Skipped(line=value, reason=reading) for value, reading in readings if isinstance(reading, str))


def candidate(value: str) -> Candidate | str:
    """A candidate from the value of `a=candidate`, or the reason why it cannot be used (RFC 8839 5.1)."""
    words = value.split()
    if len(words) < 8 or words[6].lower() != "typ":
        return "too short"
    foundation, component, protocol, priority, address, port, _, kind = words[:8]
    related = dict(zip(words[8::2], words[9::2], strict=False))
    reason = (
        _unusable_kind(component, protocol, kind.lower())
        or _unusable_address(address)
        or _unusable_numbers(foundation, number(priority), number(port))
    )
    return reason or Candidate(
        foundation=foundation,
        priority=number(priority) or 0,
        address=address,
        port=number(port) or 0,
        type=kind.lower(),
        related_address=_plain_address(related.get("raddr", "")),
        related_port=number(related.get("rport", ""), at_most=65535) or 0,
    )


def default_candidate(description: Description, section: Section, port: int) -> tuple[Candidate, ...]:
    """The place of the `c=` and `m=` lines, for one who told no candidate that can be used.

    Servers on public addresses may write names as candidates, or none; who is to tell them later writes port 9.
    """
    address = connection_address(description, section)
    if port in (0, _DISCARD) or not address or _unusable_address(address) or is_mdns(address):
        return ()
    return (Candidate(foundation="default", priority=1, address=address, port=port, type="host"),)


def is_mdns(address: str) -> bool:
    """Whether an address is a name that is asked for on the local link only."""
    return address.lower().endswith(".local")


def _usable(section: Section) -> Iterator[Candidate]:
    seen: set[tuple[str, int]] = set()
    for value in section.attributes("candidate"):
        reading = candidate(value)
        if isinstance(reading, Candidate) and (reading.address, reading.port) not in seen:
            seen.add((reading.address, reading.port))
            yield reading


def _ice_word(values: tuple[str, ...]) -> str:
    return next((value for value in values if _ICE_WORD.fullmatch(value)), "")


def _setup(values: tuple[str, ...]) -> str:
    return next((value.lower() for value in values if value.lower() in SETUP_VALUES), "")


def _unusable_kind(component: str, protocol: str, kind: str) -> str:
    if component != "1":
        return OTHER_COMPONENT
    if protocol.lower() != "udp":
        return f"protocol {protocol}"
    return "" if kind in _CANDIDATE_TYPES else f"unknown type {kind}"


def _unusable_numbers(foundation: str, priority: int | None, port: int | None) -> str:
    if not foundation.isascii() or priority is None or priority >= 2**32:
        return "foundation or priority cannot be read"
    return "" if port and port < 65536 else "port cannot be used"


def _unusable_address(address: str) -> str:
    if is_mdns(address):
        return "" if is_token(address) else "address cannot be read"
    ip = _ip(address)
    if ip is None:
        return "not an IP address"
    if isinstance(ip, IPv6Address) and (ip.scope_id or ip.is_link_local):
        return "link-local address (its zone is another machine's)"  # RFC 4007 11
    if ip.is_unspecified or ip.is_multicast or str(ip) == "255.255.255.255":
        return "nobody's address"
    return ""


def _ip(address: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(address)
    except ValueError:
        return None


def _plain_address(address: str) -> str:
    ip = _ip(address)
    return "" if ip is None or (isinstance(ip, IPv6Address) and ip.scope_id) else address

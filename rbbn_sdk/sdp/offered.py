"""Questions about a foreign description that need no engine."""

from attrs import frozen

from rbbn_sdk.sdp.media import media_line
from rbbn_sdk.sdp.model import Description, Section
from rbbn_sdk.sdp.parse import parse
from rbbn_sdk.sdp.read import bitrate, connection_address, origin
from rbbn_sdk.sdp.transport import fingerprints as section_fingerprints

_NOWHERE = "0.0.0.0"
_DISCARD = 9


@frozen(kw_only=True, weakref_slot=False)
class RemoteBandwidth:
    """What the writer wants to receive at most, in bit/s; None where it says nothing."""

    call: int | None = None
    audio: int | None = None
    video: int | None = None


def media_offered(sdp: str) -> tuple[str, ...]:
    """The kinds of media that have a section, each once, in order, whatever direction or port (`call-media` 6.2)."""
    kinds = (media_line(section).kind for section in parse(sdp).media)
    return tuple(dict.fromkeys(kind for kind in kinds if kind))


def remote_bandwidth(sdp: str) -> RemoteBandwidth:
    """The limits of a description: of the session, and of the first section of each kind that has one."""
    description = parse(sdp)
    return RemoteBandwidth(
        call=bitrate(description.session),
        audio=_first_bitrate(description, "audio"),
        video=_first_bitrate(description, "video"),
    )


def origin_session_id(sdp: str) -> str:
    """The session id of the `o=` line; nothing when there is none."""
    known = origin(parse(sdp))
    return known.session_id if known else ""


def fingerprints(sdp: str) -> tuple[str, ...]:
    """All certificate fingerprints in normal form (`sha-256 AB:...`), each once, in order."""
    description = parse(sdp)
    parts = (description.session, *description.media)
    found = (one for part in parts for one in section_fingerprints(description, part))
    return tuple(dict.fromkeys(f"{one.algorithm} {one.value}" for one in found))


def is_connection_hold(sdp: str) -> bool:
    """Whether it is an old-style hold (RFC 3264 8.4): a section with the address 0.0.0.0 and none without.

    With port 9 that address only says that candidates are still to come (RFC 8829 5.2.1).
    """
    description = parse(sdp)
    live = [section for section in description.media if media_line(section).port]
    return bool(live) and all(_is_held(description, section) for section in live)


def _is_held(description: Description, section: Section) -> bool:
    port = media_line(section).port
    return connection_address(description, section) == _NOWHERE and port != _DISCARD


def _first_bitrate(description: Description, kind: str) -> int | None:
    sections = (section for section in description.media if media_line(section).kind == kind)
    return next((limit for limit in map(bitrate, sections) if limit is not None), None)

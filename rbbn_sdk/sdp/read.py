"""Typed readers of what concerns the whole description: origin, groups, directions, bandwidth, names."""

import re
from typing import Final

from attrs import frozen

from rbbn_sdk.sdp.model import Description, Section

DIRECTIONS: Final = ("sendrecv", "sendonly", "recvonly", "inactive")
REVERSED: Final = {"sendrecv": "sendrecv", "sendonly": "recvonly", "recvonly": "sendonly", "inactive": "inactive"}
MAX_BITRATE: Final = 2**31 - 1
"""Bits per second. What is announced above it counts as this, as no link is faster."""

_TOKEN = re.compile(r"[!#$%&'*+\-.0-9A-Z^_`a-z{|}~]+")  # RFC 8866 9, `token`
_WORD = re.compile(r"[!-~]+")
_DIGITS = re.compile(r"[0-9]+")


@frozen(kw_only=True, weakref_slot=False)
class Origin:
    """The `o=` line."""

    username: str = "-"
    session_id: str
    version: str
    net_type: str = "IN"
    address_type: str = "IP4"
    address: str = "127.0.0.1"

    @property
    def text(self) -> str:
        """The line's value."""
        words = (self.username, self.session_id, self.version, self.net_type, self.address_type, self.address)
        return " ".join(words)


@frozen(kw_only=True, weakref_slot=False)
class Bandwidth:
    """One `b=` line: `AS` in kbit/s, `TIAS` in bit/s, any other type in units of its own."""

    type: str
    limit: int


def number(text: str, *, at_most: int = 2**63 - 1) -> int | None:
    """A decimal number of ASCII digits, capped; None for anything else."""
    if not _DIGITS.fullmatch(text):
        return None
    return min(int(text), at_most) if len(text) <= 20 else at_most


def first_word(text: str) -> tuple[str, str]:
    """A value's first word and the rest; between them stand blanks, or tabs as some devices write them."""
    first, *rest = text.split(maxsplit=1) or [""]
    return first, "".join(rest)


def is_token(text: str) -> bool:
    """Whether the text can stand as a word in an SDP line (RFC 8866 `token`)."""
    return _TOKEN.fullmatch(text) is not None


def origin(description: Description) -> Origin | None:
    """The `o=` line, if there is one with at least a user name, a session id and a version."""
    words = description.session.value("o").split()
    if len(words) < 3:
        return None
    place = words[3:6]
    net_type, address_type, address = (*place, *("IN", "IP4", "0.0.0.0")[len(place) :])
    return Origin(
        username=words[0],
        session_id=words[1],
        version=words[2],
        net_type=net_type,
        address_type=address_type,
        address=address,
    )


def bundle_groups(description: Description) -> tuple[tuple[str, ...], ...]:
    """The mids of each BUNDLE group."""
    groups = (value.split() for value in description.session.attributes("group"))
    return tuple(tuple(words[1:]) for words in groups if words and words[0].upper() == "BUNDLE")


def mid(section: Section) -> str | None:
    """The section's mid as a word, or None when it has none that can be used.

    Wider than RFC 5888 4, which wants a token: a name is only compared and given back.
    """
    words = section.attribute("mid").split()
    return words[0] if words and _WORD.fullmatch(words[0]) else None


def own_direction(section: Section) -> str | None:
    """The direction written in this section."""
    attributes = (line.attribute for line in section.lines if line.type == "a")
    return next((attribute for attribute in attributes if attribute in DIRECTIONS), None)


def direction(description: Description, section: Section) -> str:
    """The section's direction, else the session's, else `sendrecv` (RFC 8866 6.7)."""
    return own_direction(section) or own_direction(description.session) or "sendrecv"


def inherited(description: Description, section: Section, name: str) -> tuple[str, ...]:
    """The values of an attribute in the section, else in the session part."""
    own = tuple(value for value in section.attributes(name) if value)
    return own or tuple(value for value in description.session.attributes(name) if value)


def connection_address(description: Description, section: Section) -> str:
    """The address of the section's `c=` line, else of the session's; nothing when there is none."""
    words = (section.value("c") or description.session.value("c")).split()
    return words[2].partition("/")[0] if len(words) >= 3 else ""


def bandwidths(section: Section) -> tuple[Bandwidth, ...]:
    """The `b=` lines that can be read, with huge numbers capped."""
    pairs = (value.partition(":") for value in section.values("b"))
    limits = ((name.strip(), number(limit.strip(), at_most=MAX_BITRATE)) for name, _, limit in pairs)
    return tuple(Bandwidth(type=name, limit=limit) for name, limit in limits if limit is not None and is_token(name))


def bitrate(section: Section) -> int | None:
    """The announced limit in bit/s: `TIAS`, else `AS`, never more than `MAX_BITRATE`; None when there is none."""
    limits = {limit.type.upper(): limit.limit for limit in reversed(bandwidths(section))}
    if "TIAS" in limits:
        return limits["TIAS"]
    return min(limits["AS"] * 1000, MAX_BITRATE) if "AS" in limits else None

"""The built-in SDP handlers (`call-media` 4.3 and 4.4), as functions from text to text that keep all other lines."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from rbbn_sdk.sdp.media import media_line
from rbbn_sdk.sdp.model import Description, Line, LineEdit
from rbbn_sdk.sdp.parse import parse

_OWN_LIMITS: Final = ("AS", "TIAS")
_BEFORE_BANDWIDTH: Final = "vosiuepcm"
"""Lines that stand before `b=` (RFC 8866 5; `m` in media sections)."""
_MAX_KBITS: Final = 2**31 // 1000

LineTest = Callable[[Line], bool]


def remove_trickle_option(sdp: str) -> str:
    """Without media-level `a=ice-options` whose whole value is `trickle`."""
    return parse(sdp).edit_all_media(_without(_is_trickle)).text


def remove_bundling(sdp: str) -> str:
    """Without session-level `a=group` lines."""
    return parse(sdp).edit_session(_without(lambda line: line.attribute == "group")).text


def fix_dtls_role(sdp: str, role: str) -> str:
    """With `role` in place of every DTLS role; for our later answers, whose role is settled."""
    return _with_setup(sdp, role, lambda _: True)


def fix_actpass(sdp: str, role: str) -> str:
    """With `role` in every section if the answer leaves it open in one (`call-media` 2.6)."""
    if not any(line.attribute_value == "actpass" for line in _setup_lines(parse(sdp))):
        return sdp
    return fix_dtls_role(sdp, role)


def open_dtls_role(sdp: str) -> str:
    """With `actpass` in place of every `active`; for foreign re-offers (`call-media` 2.6)."""
    return _with_setup(sdp, "actpass", lambda line: line.attribute_value == "active")


def first_setup(sdp: str) -> str:
    """The first DTLS role of a description, of a section before that of the session; nothing when it has none."""
    description = parse(sdp)
    in_media = (value for section in description.media for value in section.attributes("setup") if value)
    return next(in_media, description.session.attribute("setup"))


def remove_sdes(sdp: str) -> str:
    """Without `a=crypto` in sections that have a fingerprint of their own."""
    description = parse(sdp)
    for at, section in enumerate(description.media):
        if section.has("crypto") and section.has("fingerprint"):
            description = description.edit_media(at, _without(lambda line: line.attribute == "crypto"))
    return description.text


def set_bandwidth(
    sdp: str, *, call: float | None = None, audio: float | None = None, video: float | None = None
) -> str:
    """With `b=AS` and `b=TIAS` for each limit given, in kbit/s; other `b=` lines stay (`call-media` 4.4)."""
    description = parse(sdp)
    limits: Mapping[str, float | None] = {"audio": audio, "video": video}
    if call:
        description = description.edit_session(_limiting(description, call))
    for at, section in enumerate(description.media):
        limit = limits.get(media_line(section).kind)
        if limit:
            description = description.edit_media(at, _limiting(description, limit))
    return description.text


def _without(unwanted: LineTest) -> LineEdit:
    return lambda lines: (line for line in lines if not unwanted(line))


def _is_trickle(line: Line) -> bool:
    return line.attribute == "ice-options" and line.attribute_value == "trickle"


def _setup_lines(description: Description) -> Iterator[Line]:
    sections = (description.session, *description.media)
    return (line for section in sections for line in section.lines if line.attribute == "setup")


def _with_setup(sdp: str, role: str, applies: LineTest) -> str:
    def edit(lines: tuple[Line, ...]) -> Iterator[Line]:
        for line in lines:
            fits = line.attribute == "setup" and applies(line)
            yield Line(text=f"a=setup:{role}", end=line.end) if fits else line

    return parse(sdp).edit_session(edit).edit_all_media(edit).text


def _limiting(description: Description, kbits: float) -> LineEdit:
    limit = min(int(kbits), _MAX_KBITS)
    ours = [description.line(f"b=AS:{limit}"), description.line(f"b=TIAS:{limit * 1000}")]

    def edit(lines: tuple[Line, ...]) -> Iterable[Line]:
        kept = [line for line in lines if not _is_own_limit(line)]
        at = max(
            (place + 1 for place, line in enumerate(kept) if line.type and line.type in _BEFORE_BANDWIDTH), default=0
        )
        return (*kept[:at], *ours, *kept[at:])

    return edit


def _is_own_limit(line: Line) -> bool:
    return line.type == "b" and line.value.partition(":")[0].strip() in _OWN_LIMITS

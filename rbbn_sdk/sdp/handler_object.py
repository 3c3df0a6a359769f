"""The object form that applications' SDP handlers get and give back (`call-media` 4.1): plain dicts and lists.

    {"version", "origin": {...}, "name", "bandwidth": [...], "groups": [{"type", "mids"}], ..., "lines": "v=0...",
     "media": [{"type", "port", "protocol", "payloads", "rtp": [...], "fmtp": [...], ..., "lines": "m=audio..."}]}

`lines` is the text of the session part or media section. What has no key of its own travels in it, and a part that
nobody changed is written from it byte for byte. Where a key was changed, added or taken away, its lines follow.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from rbbn_sdk.errors import SdpError
from rbbn_sdk.sdp.media import MediaLine, media_line
from rbbn_sdk.sdp.model import Description, Line, Section
from rbbn_sdk.sdp.object_fields import MEDIA_FIELDS, SESSION_FIELDS, Field, Item, as_list, as_record, int_if_int
from rbbn_sdk.sdp.parse import parse

SdpObject = dict[str, Any]

_ORDER: Final = "mvosiuepcbtrzka"
"""RFC 8866 5: where a new line goes, after those of its type and of types before it."""


def to_object(sdp: str) -> SdpObject:
    """The object form of a description. `from_object(to_object(sdp)) == sdp` for every text."""
    description = parse(sdp)
    session = _fields_of(description.session, SESSION_FIELDS)
    return {**session, "media": [_media_object(section) for section in description.media]}


def from_object(sdp: Mapping[str, Any]) -> str:
    """The text of an object form. Raises `SdpError` that names the place when a value cannot be written."""
    media = _list(sdp.get("media") or [], "media")
    eol = parse(_raw(sdp) + "".join(map(_raw, media))).eol
    session = _edited(parse(_raw(sdp)).session, SESSION_FIELDS, sdp, "", eol)
    sections = tuple(_media_section(section, f"media[{at}].", eol) for at, section in enumerate(media))
    whole = Description(session=session, media=sections)
    return whole.edit_session(lambda lines: lines).text


def _media_object(section: Section) -> SdpObject:
    line = media_line(section)
    head: SdpObject = {"type": line.kind, "port": line.port, "protocol": line.protocol, "payloads": _payloads(line)}
    if line.port_count != 1:
        head["numPorts"] = line.port_count
    return {**head, **_fields_of(section, MEDIA_FIELDS)}


def _payloads(line: MediaLine) -> int | str:
    return int_if_int(" ".join(line.formats))


def _fields_of(section: Section, fields: tuple[Field, ...]) -> SdpObject:
    found = {field.key: _value(section, field) for field in fields}
    lines = "".join(line.text + line.end for line in section.lines)
    return {**{key: value for key, value in found.items() if value is not None}, "lines": lines}


def _value(section: Section, field: Field) -> Item:
    items = [item for item in map(field.read, section.lines) if item is not None]
    if not items:
        return None
    return items if field.many else items[0]


def _list(value: object, path: str) -> list[Any]:
    items = as_list(value)
    if items is None:
        msg = f"{path} must be a list, not {type(value).__name__}"
        raise SdpError(msg, code="call:7")
    return items


def _raw(part: object) -> str:
    lines = (as_record(part) or {}).get("lines", "")
    return lines if isinstance(lines, str) else ""


def _media_section(value: object, path: str, eol: str) -> Section:
    part = as_record(value)
    if part is None:
        msg = f"{path[:-1]} must be an object, not {type(value).__name__}"
        raise SdpError(msg, code="call:7")
    lines = [line for section in _parts(_raw(part)) for line in section.lines]
    head = Section(lines=tuple(lines[:1])) if lines and lines[0].type == "m" else Section()
    first = _head(part, head, path, eol)
    return _edited(Section(lines=(first, *lines[len(head.lines) :])), MEDIA_FIELDS, part, path, eol)


def _parts(text: str) -> Iterator[Section]:
    description = parse(text)
    yield from (description.session, *description.media)


def _head(part: Mapping[str, Any], head: Section, path: str, eol: str) -> Line:
    """The `m=` line: the old one as long as it says the same."""
    wanted = {key: part.get(key) for key in ("type", "port", "protocol", "payloads", "numPorts")}
    if head.lines:
        old = _media_object(head)
        if all(wanted[key] == old.get(key) for key in wanted):
            return head.lines[0]
    if any(wanted[key] is None for key in ("type", "port", "protocol", "payloads")):
        missing = ", ".join(key for key in ("type", "port", "protocol", "payloads") if wanted[key] is None)
        msg = f"{path[:-1]} lacks {missing}"
        raise SdpError(msg, code="call:7")
    formats = " ".join(map(str, as_list(wanted["payloads"]) or [wanted["payloads"]]))
    count = f"/{wanted['numPorts']}" if wanted["numPorts"] else ""
    return Line(text=f"m={wanted['type']} {wanted['port']}{count} {wanted['protocol']} {formats}", end=eol)


def _edited(section: Section, fields: tuple[Field, ...], part: Mapping[str, Any], path: str, eol: str) -> Section:
    lines = section.lines
    for field in fields:
        lines = _with_field(lines, field, part.get(field.key), path, eol)
    return Section(lines=lines)


def _with_field(lines: tuple[Line, ...], field: Field, value: Item, path: str, eol: str) -> tuple[Line, ...]:
    places = [at for at, line in enumerate(lines) if field.read(line) is not None]
    if not field.many and value is not None:
        places = places[:1]  # further lines of its kind are not shown, and stay
    old = [(field.read(lines[at]), lines[at]) for at in places]
    new = _items(field, value, path)
    if [item for item, _ in old] == new:
        return lines
    written = [_line(field, item, old, f"{path}{field.key}", eol) for item in new]
    return _replaced(lines, places, written, field.type)


def _items(field: Field, value: Item, path: str) -> list[Item]:
    if value is None:
        return []
    return _list(value, f"{path}{field.key}") if field.many else [value]


def _line(field: Field, item: Item, old: list[tuple[Item, Line]], path: str, eol: str) -> Line:
    """The old line of an item that stayed, else a new one."""
    at = next((at for at, (known, _) in enumerate(old) if known == item), None)
    if at is not None:
        return old.pop(at)[1]
    try:
        return Line(text=field.write(item), end=eol)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        msg = f"{path}: {item!r} cannot be written as an SDP line ({type(error).__name__}: {error})"
        raise SdpError(msg, code="call:7") from None


def _replaced(lines: tuple[Line, ...], places: list[int], written: list[Line], letter: str) -> tuple[Line, ...]:
    """The new lines in the places of the old ones; those that stayed keep their own places where they can."""
    kept = [at for at in places if any(line is lines[at] for line in written)]
    if [lines[at] for at in kept] == written:
        gone = set(places) - set(kept)
        return tuple(line for at, line in enumerate(lines) if at not in gone)
    rest = list(written)
    result: list[Line] = []
    for at, line in enumerate(lines):
        if at not in places:
            result.append(line)
        elif at == places[-1]:
            result += rest
            rest = []
        elif rest:
            result.append(rest.pop(0))
    return tuple(result) if not rest else _inserted(tuple(result), rest, letter)


def _inserted(lines: tuple[Line, ...], new: list[Line], letter: str) -> tuple[Line, ...]:
    rank = _ORDER.index(letter)
    after = (at + 1 for at, line in enumerate(lines) if line.type and 0 <= _ORDER.find(line.type) <= rank)
    at = max(after, default=0)
    return (*lines[:at], *new, *lines[at:])

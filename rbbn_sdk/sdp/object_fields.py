"""The fields of the object form: how each is read from a line, and how a line is written from it.

A reader gives None for a line that is not its own or that it cannot read; such lines stay as they are.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from attrs import frozen

from rbbn_sdk.sdp.model import Line
from rbbn_sdk.sdp.read import DIRECTIONS

Item = Any  # a JSON value: applications write these
Record = dict[str, Any]


@frozen(kw_only=True)
class Field:
    """One key of the object form."""

    key: str
    many: bool
    """A list with one item a line; else the first such line counts."""
    type: str
    """The letter of its lines, which says where a new one goes."""
    needle: str
    """A text that each of its lines has; looking for it is quicker than reading."""
    read_line: Callable[[Line], Item]
    write: Callable[[Item], str]

    def read(self, line: Line) -> Item:
        """The item that a line is, None if it is none of this field."""
        return self.read_line(line) if self.needle in line.text else None


def as_record(value: object) -> Mapping[str, Any] | None:
    """The value if it is an object."""
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else None


def as_list(value: object) -> list[Any] | None:
    """The value if it is a list."""
    return list(cast("list[Any]", value)) if isinstance(value, (list, tuple)) else None


def int_if_int(text: str) -> int | str:
    """A number where the text is the plain spelling of one."""
    return int(text) if re.fullmatch(r"0|-?[1-9][0-9]{0,17}", text) else text


def _plain(letter: str, key: str) -> Field:
    """A line whose whole value is the field: `s=`."""
    return Field(
        key=key,
        many=False,
        type=letter,
        needle=f"{letter}=",
        read_line=lambda line: int_if_int(line.value) if line.type == letter else None,
        write=lambda item: f"{letter}={item}",
    )


def _text(name: str, key: str) -> Field:
    """An attribute whose whole value is the field, as text: `a=mid:0`."""
    return Field(
        key=key,
        many=False,
        type="a",
        needle=name,
        read_line=lambda line: line.attribute_value or None if line.attribute == name else None,
        write=lambda item: f"a={name}:{item}",
    )


def _number(name: str, key: str) -> Field:
    field = _text(name, key)
    return Field(
        key=key,
        many=False,
        type="a",
        needle=name,
        read_line=lambda line: _int_or_none(field.read(line)),
        write=field.write,
    )


def _flag(name: str, key: str) -> Field:
    """An attribute without a value; the field is its name."""
    return Field(
        key=key,
        many=False,
        type="a",
        needle=name,
        read_line=lambda line: name if line.attribute == name else None,
        write=lambda item: f"a={name}",
    )


def _pattern(
    letter: str, key: str, pattern: str, write: Callable[[Record], str], *, many: bool = True, texts: str = ""
) -> Field:
    """A line whose value matches; named groups are the keys of a record, numbers unless named in `texts`."""
    compiled, kept = re.compile(pattern), texts.split()

    def read(line: Line) -> Record | None:
        match = compiled.fullmatch(line.value) if line.type == letter else None
        if match is None:
            return None
        found = {name: value for name, value in match.groupdict().items() if value is not None}
        return {name: value if name in kept else int_if_int(value) for name, value in found.items()}

    needle = pattern.partition(":")[0] if letter == "a" else f"{letter}="
    return Field(
        key=key,
        many=many,
        type=letter,
        needle=needle,
        read_line=read,
        write=lambda item: f"{letter}={write(item)}",
    )


def _int_or_none(value: Item) -> Item:
    return None if value is None else int_if_int(value)


def _joined(*parts: object) -> str:
    return " ".join(str(part) for part in parts if part is not None and part != "")


def _rtp(item: Record) -> str:
    encoding = f"/{item['encoding']}" if item.get("encoding") else ""
    return f"rtpmap:{item['payload']} {item['codec']}/{item['rate']}{encoding}"


def _extension(item: Record) -> str:
    way = f"/{item['direction']}" if item.get("direction") else ""
    return _joined(f"extmap:{item['value']}{way}", item["uri"], item.get("config"))


def _ssrc(item: Record) -> str:
    value = f":{item['value']}" if item.get("value") is not None else ""
    return f"ssrc:{item['id']} {item['attribute']}{value}"


def _origin(item: Record) -> str:
    return _joined(
        item["username"],
        item["sessionId"],
        item["sessionVersion"],
        item.get("netType", "IN"),
        f"IP{item.get('ipVer', 4)}",
        item.get("address", "0.0.0.0"),
    )


_CANDIDATE: Final = ("foundation", "component", "transport", "priority", "ip", "port")


def _read_candidate(line: Line) -> Record | None:
    words = line.attribute_value.split() if line.attribute == "candidate" else []
    if len(words) < 8 or words[6] != "typ":
        return None
    record: Record = dict(zip(_CANDIDATE, (words[0], *map(int_if_int, words[1:6])), strict=True))
    record["type"] = words[7]
    extensions = zip(words[8::2], words[9::2], strict=False)
    record.update((name, int_if_int(value)) for name, value in extensions if name not in record)
    return record


def _write_candidate(item: Record) -> str:
    fixed = (item[name] for name in _CANDIDATE)
    extensions = (word for name, value in item.items() if name not in (*_CANDIDATE, "type") for word in (name, value))
    return f"a=candidate:{_joined(*fixed, 'typ', item['type'], *extensions)}"


_CONNECTION: Final = _pattern(
    "c",
    "connection",
    r"IN\s+IP(?P<version>\d)\s+(?P<ip>\S+)",
    lambda item: f"IN IP{item.get('version', 4)} {item['ip']}",
    many=False,
    texts="ip",
)
_BANDWIDTH: Final = _pattern(
    "b", "bandwidth", r"(?P<type>[^:\s]+)\s*:\s*(?P<limit>\S+)", lambda item: f"{item['type']}:{item['limit']}"
)
_DIRECTION: Final = Field(
    key="direction",
    many=False,
    type="a",
    needle="a=",
    read_line=lambda line: line.attribute if line.attribute in DIRECTIONS else None,
    write=lambda item: f"a={item}",
)
_FINGERPRINT: Final = _pattern(
    "a",
    "fingerprint",
    r"fingerprint:\s*(?P<type>\S+)\s+(?P<hash>\S+)",
    lambda item: f"fingerprint:{item['type']} {item['hash']}",
    many=False,
    texts="type hash",
)
_EXTENSIONS: Final = _pattern(
    "a",
    "ext",
    r"extmap:\s*(?P<value>\d+)(?:/(?P<direction>\w+))?\s+(?P<uri>\S+)(?:\s+(?P<config>.+))?",
    _extension,
    texts="direction uri config",
)
_SHARED: Final = (
    _text("ice-ufrag", "iceUfrag"),
    _text("ice-pwd", "icePwd"),
    _text("ice-options", "iceOptions"),
    _FINGERPRINT,
    _text("setup", "setup"),
    _DIRECTION,
)

SESSION_FIELDS: Final[tuple[Field, ...]] = (
    _plain("v", "version"),
    _pattern(
        "o",
        "origin",
        r"(?P<username>\S+)\s+(?P<sessionId>\S+)\s+(?P<sessionVersion>\S+)"
        r"\s+(?P<netType>\S+)\s+IP(?P<ipVer>\d)\s+(?P<address>\S+)",
        _origin,
        many=False,
        texts="username netType address",
    ),
    _plain("s", "name"),
    _CONNECTION,
    _BANDWIDTH,
    _pattern(
        "t",
        "timing",
        r"(?P<start>\S+)\s+(?P<stop>\S+)",
        lambda item: f"{item['start']} {item['stop']}",
        many=False,
    ),
    _pattern(
        "a",
        "groups",
        r"group:\s*(?P<type>\S+)(?:\s+(?P<mids>.+))?",
        lambda item: _joined(f"group:{item['type']}", item.get("mids")),
        texts="type mids",
    ),
    *_SHARED,
)

MEDIA_FIELDS: Final[tuple[Field, ...]] = (
    _CONNECTION,
    _BANDWIDTH,
    _text("mid", "mid"),
    *_SHARED,
    _text("msid", "msid"),
    _flag("rtcp-mux", "rtcpMux"),
    _pattern(
        "a",
        "crypto",
        r"crypto:\s*(?P<id>\d+)\s+(?P<suite>\S+)\s+(?P<config>\S+)(?:\s+(?P<sessionConfig>.+))?",
        lambda item: _joined(f"crypto:{item['id']}", item["suite"], item["config"], item.get("sessionConfig")),
        texts="suite config sessionConfig",
    ),
    _EXTENSIONS,
    _pattern(
        "a",
        "rtp",
        r"rtpmap:\s*(?P<payload>\d+)\s+(?P<codec>[^\s/]+)/(?P<rate>\d+)(?:/(?P<encoding>\S+))?",
        _rtp,
        texts="codec",
    ),
    _pattern(
        "a",
        "fmtp",
        r"fmtp:\s*(?P<payload>\S+)\s+(?P<config>.+)",
        lambda item: f"fmtp:{item['payload']} {item['config']}",
        texts="config",
    ),
    _pattern(
        "a",
        "rtcpFb",
        r"rtcp-fb:\s*(?P<payload>\*|\d+)\s+(?P<type>\S+)(?:\s+(?P<subtype>.+))?",
        lambda item: _joined(f"rtcp-fb:{item['payload']}", item["type"], item.get("subtype")),
        texts="type subtype",
    ),
    _number("ptime", "ptime"),
    _number("maxptime", "maxptime"),
    Field(
        key="candidates",
        many=True,
        type="a",
        needle="candidate",
        read_line=_read_candidate,
        write=_write_candidate,
    ),
    _flag("end-of-candidates", "endOfCandidates"),
    _pattern(
        "a",
        "ssrcGroups",
        r"ssrc-group:\s*(?P<semantics>\S+)\s+(?P<ssrcs>.+)",
        lambda item: f"ssrc-group:{item['semantics']} {item['ssrcs']}",
        texts="semantics ssrcs",
    ),
    _pattern(
        "a",
        "ssrcs",
        r"ssrc:\s*(?P<id>\d+)\s+(?P<attribute>[^\s:]+)(?::(?P<value>.*))?",
        _ssrc,
        texts="attribute value",
    ),
)

"""Typed readers of a media section: its `m=` line, codecs, header extensions, streams."""

import re
from collections.abc import Iterator
from typing import Final

from attrs import frozen

from rbbn_sdk.sdp.model import Section
from rbbn_sdk.sdp.read import first_word, is_token, number

MEDIA_KINDS: Final = ("audio", "video")

STATIC_PAYLOADS: Final = {
    0: ("PCMU", 8000, 1),
    3: ("GSM", 8000, 1),
    4: ("G723", 8000, 1),
    8: ("PCMA", 8000, 1),
    9: ("G722", 8000, 1),
    13: ("CN", 8000, 1),
    15: ("G728", 8000, 1),
    18: ("G729", 8000, 1),
    34: ("H263", 90000, 1),
}
"""RFC 3551 6: payload types that need no `a=rtpmap`."""

_TELEPHONE_EVENT: Final = "telephone-event"
_PARAMETER = re.compile(r"[A-Za-z0-9_.\-]+")
_PRINTABLE = re.compile(r"[!-~]+")


@frozen(kw_only=True, weakref_slot=False)
class MediaLine:
    """The `m=` line. What is missing in it is empty, 0 or 1."""

    kind: str
    port: int
    port_count: int
    protocol: str
    formats: tuple[str, ...]


@frozen(kw_only=True, weakref_slot=False)
class Codec:
    """One format of an audio or video section."""

    payload: int
    name: str
    rate: int
    channels: int = 1
    parameters: tuple[tuple[str, str], ...] = ()
    """From `a=fmtp`, names in lower case; a word without `=` has the value ''."""
    config: str = ""
    """The text of `a=fmtp` as it stands."""
    feedback: tuple[str, ...] = ()
    """From `a=rtcp-fb`, those for all formats included."""

    def parameter(self, name: str) -> str | None:
        """The value of a format parameter, None when it is not there."""
        return next((value for key, value in self.parameters if key == name), None)

    @property
    def rtpmap(self) -> str:
        """`opus/48000/2`: the value of `a=rtpmap` without the payload type."""
        return f"{self.name}/{self.rate}" + (f"/{self.channels}" if self.channels != 1 else "")

    @property
    def is_rtx(self) -> bool:
        """Whether it is a retransmission format (RFC 4588)."""
        return self.name.lower() == "rtx"

    @property
    def is_telephone_event(self) -> bool:
        """Whether it carries DTMF (RFC 4733)."""
        return self.name.lower() == _TELEPHONE_EVENT


@frozen(kw_only=True, weakref_slot=False)
class HeaderExtension:
    """One `a=extmap`. `direction` is '' when it has none."""

    id: int
    uri: str
    direction: str = ""


@frozen(kw_only=True, weakref_slot=False)
class StreamTrack:
    """A stream and a track of it, as `a=msid` or the older `a=ssrc` lines name them. A track may have no name."""

    stream_id: str
    track_id: str


@frozen(kw_only=True, weakref_slot=False)
class Ssrc:
    """A synchronisation source. `rtx` is that of its retransmissions."""

    id: int
    cname: str = ""
    rtx: int | None = None


def media_line(section: Section) -> MediaLine:
    """The section's `m=` line."""
    kind, port, protocol, *formats = (*section.value("m").split(), *[""] * 3)
    port_text, _, count = port.partition("/")
    return MediaLine(
        kind=kind,
        port=number(port_text, at_most=65535) or 0,
        port_count=number(count, at_most=65535) or 1,
        protocol=protocol,
        formats=tuple(word for word in formats if word),
    )


def is_media(section: Section) -> bool:
    """Whether the section is audio or video: the kinds that a WebRTC engine has sections for."""
    return media_line(section).kind in MEDIA_KINDS


def codecs(section: Section) -> tuple[Codec, ...]:
    """The formats of the `m=` line that are known by `a=rtpmap` or by number, in order, each once."""
    maps, configs, feedback = _rtpmaps(section), _by_payload(section, "fmtp"), _by_payload(section, "rtcp-fb")
    for_all = feedback.get("*", [])
    return tuple(
        _codec(payload, maps[payload], configs.get(str(payload), []), feedback.get(str(payload), []) + for_all)
        for payload in payloads(section)
        if payload in maps
    )


def payloads(section: Section) -> tuple[int, ...]:
    """The payload types of the `m=` line that are numbers an RTP packet can hold, each once."""
    numbers = (number(word) for word in media_line(section).formats)
    return tuple(dict.fromkeys(value for value in numbers if value is not None and value < 128))


def telephone_events(section: Section) -> tuple[Codec, ...]:
    """The formats for DTMF, in order."""
    return tuple(codec for codec in codecs(section) if codec.is_telephone_event)


def header_extensions(section: Section) -> tuple[HeaderExtension, ...]:
    """The `a=extmap` lines that can be read, each id and each uri once."""
    found: dict[int, HeaderExtension] = {}
    for value in section.attributes("extmap"):
        extension = _extension(value)
        if extension is not None and extension.uri not in {other.uri for other in found.values()}:
            found.setdefault(extension.id, extension)
    return tuple(found.values())


def stream_tracks(section: Section) -> tuple[StreamTrack, ...]:
    """Streams and tracks by `a=msid`, else by `a=ssrc` lines: `msid`, or `mslabel` and `label` (`call-media` 8.1)."""
    named = (value.split() for value in section.attributes("msid"))
    modern = [StreamTrack(stream_id=words[0], track_id="".join(words[1:2])) for words in named if words]
    return tuple(dict.fromkeys(modern or _plan_b_tracks(section)))


def ssrcs(section: Section) -> tuple[Ssrc, ...]:
    """The section's sources, those of retransmissions joined to their own source."""
    cnames: dict[int, str] = {}
    for ident, name, value in _ssrc_lines(section):
        cnames.setdefault(ident, "")
        if name == "cname" and is_token(value):
            cnames[ident] = value
    pairs = _retransmissions(section)
    second = set(pairs.values())
    return tuple(
        Ssrc(id=ident, cname=cname, rtx=pairs.get(ident)) for ident, cname in cnames.items() if ident not in second
    )


def _rtpmaps(section: Section) -> dict[int, tuple[str, int, int]]:
    maps: dict[int, tuple[str, int, int]] = {}
    for value in section.attributes("rtpmap"):
        payload, encoding = first_word(value)
        key, described = number(payload), _encoding(encoding)
        if key is not None and described is not None:
            maps.setdefault(key, described)
    static = STATIC_PAYLOADS if media_line(section).kind in MEDIA_KINDS else {}
    return {**static, **maps, **_misspelt(maps, static)}


def _misspelt(
    maps: dict[int, tuple[str, int, int]], static: dict[int, tuple[str, int, int]]
) -> dict[int, tuple[str, int, int]]:
    """Static types whose number settles the clock rate: G722 samples at 16000 and some write that (RFC 3551 4.5.2)."""
    return {
        number: static[number]
        for number, (name, _, _) in maps.items()
        if number in static and name.lower() == static[number][0].lower()
    }


def _encoding(text: str) -> tuple[str, int, int] | None:
    name, rate, channels, *_ = (*(part.strip() for part in text.split("/")), "", "")
    clock = number(rate, at_most=2**31 - 1)
    if not is_token(name) or not clock:
        return None
    return name, clock, number(channels, at_most=255) or 1


def _codec(payload: int, encoding: tuple[str, int, int], configs: list[str], feedback: list[str]) -> Codec:
    name, rate, channels = encoding
    config = configs[0] if configs else ""
    return Codec(
        payload=payload,
        name=name,
        rate=rate,
        channels=channels,
        parameters=tuple(_parameters(";".join(configs))),
        config=config,
        feedback=tuple(dict.fromkeys(" ".join(value.split()) for value in feedback)),
    )


def _by_payload(section: Section, name: str) -> dict[str, list[str]]:
    """The values of an attribute without their payload types, by payload type."""
    found: dict[str, list[str]] = {}
    for value in section.attributes(name):
        payload, rest = first_word(value)
        if rest:
            found.setdefault(payload, []).append(rest)
    return found


def _parameters(config: str) -> Iterator[tuple[str, str]]:
    for part in filter(None, config.split(";")):
        key, _, value = (word.strip() for word in part.partition("="))
        if _PARAMETER.fullmatch(key) and (not value or _PRINTABLE.fullmatch(value)):
            yield key.lower(), value


def _extension(value: str) -> HeaderExtension | None:
    ident, uri, *_ = (*value.split(), "", "")
    digits, _, way = ident.partition("/")
    key = number(digits)
    if not key or key > 255 or key == 15 or not _PRINTABLE.fullmatch(uri):  # 15 is reserved (RFC 8285 4.2)
        return None
    return HeaderExtension(id=key, uri=uri, direction=way)


def _words(values: tuple[str, ...]) -> Iterator[list[str]]:
    return (words for words in (value.split() for value in values) if len(words) >= 2)


def _plan_b_tracks(section: Section) -> list[StreamTrack]:
    by_name: dict[str, dict[int, str]] = {"msid": {}, "mslabel": {}, "label": {}}
    for ident, name, value in _ssrc_lines(section):
        by_name.get(name, {}).setdefault(ident, value)
    named = [StreamTrack(stream_id=words[0], track_id=words[1]) for words in _words(tuple(by_name["msid"].values()))]
    labels = by_name["label"]
    old = [(stream, labels[key]) for key, stream in by_name["mslabel"].items() if key in labels]
    return named or [StreamTrack(stream_id=stream, track_id=track) for stream, track in old if stream and track]


def _ssrc_lines(section: Section) -> Iterator[tuple[int, str, str]]:
    for value in section.attributes("ssrc"):
        ident, rest = first_word(value)
        name, _, content = rest.partition(":")
        key = _source(ident)
        if key is not None:
            yield key, name, content.strip()


def _retransmissions(section: Section) -> dict[int, int]:
    pairs: dict[int, int] = {}
    for value in section.attributes("ssrc-group"):
        semantics, *members = value.split() or [""]
        idents = [_source(member) for member in members]
        if semantics == "FID" and len(idents) >= 2 and idents[0] is not None and idents[1] is not None:
            pairs.setdefault(idents[0], idents[1])
    return {first: second for first, second in pairs.items() if first not in pairs.values()}


def _source(text: str) -> int | None:
    ident = number(text)
    return ident if ident is not None and ident < 2**32 else None

"""Writes our own descriptions for the wire out of the engine's."""

from collections.abc import Iterable, Iterator
from typing import Final

from attrs import frozen

from rbbn_sdk.sdp.media import Codec, HeaderExtension, codecs, header_extensions, media_line
from rbbn_sdk.sdp.model import Description, Section
from rbbn_sdk.sdp.read import Origin, own_direction

_ICE: Final = ("ice-ufrag", "ice-pwd", "ice-options")
SENDING: Final = ("sendrecv", "sendonly")


@frozen(kw_only=True, weakref_slot=False)
class WireSection:
    """An own section for the wire."""

    engine: Section
    """The engine's section: address, transport, candidates, codecs, streams."""
    protocol: str
    mid: str | None
    events: tuple[Codec, ...] = ()
    """Formats for DTMF, which the engine does not know."""
    configs: tuple[tuple[int, str], ...] = ()
    """For payload types whose `a=fmtp` is not the engine's."""
    extensions: tuple[HeaderExtension, ...] | None = None
    """None for the engine's own."""


def description_text(origin: Origin, bundles: Iterable[tuple[str, ...]], sections: Iterable[tuple[str, ...]]) -> str:
    """A whole description of sections that are lines already."""
    lines = ["v=0", f"o={origin.text}", "s=-", "t=0 0"]
    lines += [f"a=group:BUNDLE {' '.join(mids)}" for mids in bundles if mids]
    lines.append("a=msid-semantic: WMS *")
    lines += [line for section in sections for line in section]
    return "".join(f"{line}\r\n" for line in lines)


def refused_lines(section: Section, mid: str | None) -> tuple[str, ...]:
    """A section that is turned down: port 0 and one of the formats (RFC 3264 6)."""
    line = media_line(section)
    head = f"m={line.kind or 'audio'} 0 {line.protocol or 'RTP/AVP'} {line.formats[0] if line.formats else '0'}"
    name = () if mid is None else (f"a=mid:{mid}",)
    return (head, "c=IN IP4 0.0.0.0", *name, "a=inactive")


def live_lines(wire: WireSection) -> tuple[str, ...]:
    """A section that is in use."""
    return tuple(_live_lines(wire))


def engine_sections(engine: Description) -> dict[str, Section]:
    """The engine's sections by mid."""
    return {section.attribute("mid"): section for section in engine.media}


def _live_lines(wire: WireSection) -> Iterator[str]:
    line = media_line(wire.engine)
    known = codecs(wire.engine)
    numbers = (str(codec.payload) for codec in (*known, *wire.events))
    address = wire.engine.value("c") or "IN IP4 0.0.0.0"
    yield f"m={line.kind} {line.port or 9} {wire.protocol} {' '.join(numbers)}"
    yield f"c={address}"
    yield f"a=rtcp:{line.port or 9} {address}"
    yield from _copied(wire.engine, "candidate", "end-of-candidates")
    yield from _copied(wire.engine, *_ICE)
    yield from _fingerprint_lines(wire.engine)
    yield from _copied(wire.engine, "setup")
    if wire.mid is not None:
        yield f"a=mid:{wire.mid}"
    yield from _extension_lines(wire)
    way = own_direction(wire.engine) or "sendrecv"
    yield f"a={way}"
    yield from _copied(wire.engine, "msid") if way in SENDING else ()
    yield "a=rtcp-mux"
    configs = dict(wire.configs)
    for codec in (*known, *wire.events):
        yield from _codec_lines(codec, configs.get(codec.payload, codec.config))
    yield from _copied(wire.engine, "ssrc-group", "ssrc") if way in SENDING else ()


def _fingerprint_lines(engine: Section) -> Iterator[str]:
    """One hash, which every peer knows (RFC 8122 5): some gateways cannot read a second line."""
    values = engine.attributes("fingerprint")
    best = next((value for value in values if value.lower().startswith("sha-256 ")), None)
    return (f"a=fingerprint:{value}" for value in ((best,) if best else values))


def _extension_lines(wire: WireSection) -> Iterator[str]:
    extensions = header_extensions(wire.engine) if wire.extensions is None else wire.extensions
    for extension in extensions:
        way = f"/{extension.direction}" if extension.direction else ""
        yield f"a=extmap:{extension.id}{way} {extension.uri}"


def _codec_lines(codec: Codec, config: str) -> Iterator[str]:
    yield f"a=rtpmap:{codec.payload} {codec.rtpmap}"
    yield from (f"a=rtcp-fb:{codec.payload} {feedback}" for feedback in codec.feedback)
    if config:
        yield f"a=fmtp:{codec.payload} {config}"


def _copied(section: Section, *names: str) -> Iterator[str]:
    return (line.text for name in names for line in section.lines if line.attribute == name)

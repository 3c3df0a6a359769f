"""Writes a description for the engine: new, in normal form, with nothing in it that the engine does not need."""

from collections.abc import Iterable, Iterator

from attrs import frozen

from rbbn_sdk.sdp.media import Codec, HeaderExtension, Ssrc, StreamTrack
from rbbn_sdk.sdp.transport import Transport


@frozen(kw_only=True, weakref_slot=False)
class EngineSection:
    """One section of the engine's text."""

    kind: str
    mid: str
    direction: str
    transport: Transport
    codecs: tuple[Codec, ...]
    extensions: tuple[HeaderExtension, ...] = ()
    track: StreamTrack | None = None
    ssrc: Ssrc | None = None


def engine_text(sections: Iterable[EngineSection], bundle: Iterable[str]) -> str:
    """The whole text. `bundle` are the mids on one transport."""
    sections = tuple(sections)
    return "".join(f"{line}\r\n" for line in _lines(sections, tuple(bundle)))


def _lines(sections: tuple[EngineSection, ...], bundle: tuple[str, ...]) -> Iterator[str]:
    yield from ("v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=-", "t=0 0", "a=msid-semantic:WMS *")
    if any(section.transport.lite for section in sections):
        yield "a=ice-lite"
    yield f"a=group:BUNDLE {' '.join(bundle)}"
    for section in sections:
        yield from _section_lines(section)


def _section_lines(section: EngineSection) -> Iterator[str]:
    formats = " ".join(str(codec.payload) for codec in section.codecs)
    yield f"m={section.kind} 9 UDP/TLS/RTP/SAVPF {formats}"
    yield "c=IN IP4 0.0.0.0"
    yield f"a={section.direction}"
    yield f"a=mid:{section.mid}"
    yield from (f"a=extmap:{extension.id} {extension.uri}" for extension in section.extensions)
    if section.track is not None:
        yield f"a=msid:{section.track.stream_id} {section.track.track_id}"
    yield from ("a=rtcp:9 IN IP4 0.0.0.0", "a=rtcp-mux")
    yield from _ssrc_lines(section.ssrc)
    for codec in section.codecs:
        yield from _codec_lines(codec)
    yield from _transport_lines(section.transport)


def _ssrc_lines(ssrc: Ssrc | None) -> Iterator[str]:
    if ssrc is None:
        return
    cname = ssrc.cname or "-"
    if ssrc.rtx is not None:
        yield f"a=ssrc-group:FID {ssrc.id} {ssrc.rtx}"
    yield f"a=ssrc:{ssrc.id} cname:{cname}"
    if ssrc.rtx is not None:
        yield f"a=ssrc:{ssrc.rtx} cname:{cname}"


def _codec_lines(codec: Codec) -> Iterator[str]:
    yield f"a=rtpmap:{codec.payload} {codec.rtpmap}"
    yield from (f"a=rtcp-fb:{codec.payload} {feedback}" for feedback in codec.feedback)
    if codec.parameters:
        config = ";".join(f"{name}={value}" if value else name for name, value in codec.parameters)
        yield f"a=fmtp:{codec.payload} {config}"


def _transport_lines(transport: Transport) -> Iterator[str]:
    yield from (f"a=candidate:{candidate.text}" for candidate in transport.candidates)
    if transport.candidates_complete:
        yield "a=end-of-candidates"
    yield f"a=ice-ufrag:{transport.ufrag}"
    yield f"a=ice-pwd:{transport.pwd}"
    yield from (f"a=fingerprint:{print_.algorithm} {print_.value}" for print_ in transport.fingerprints)
    yield f"a=setup:{transport.setup}"

"""Comparing and completing own descriptions: what handlers took out, what gathering brought in."""

from collections.abc import Iterator, Sequence
from typing import Final

from attrs import frozen

from rbbn_sdk.sdp.media import Codec, codecs, is_media, media_line
from rbbn_sdk.sdp.model import Description, Line
from rbbn_sdk.sdp.parse import parse
from rbbn_sdk.sdp.read import Origin, mid
from rbbn_sdk.sdp.transport import candidate

_GATHERED: Final = ("candidate", "end-of-candidates")
_NO_CODECS: Final[tuple[Codec, ...]] = ()


@frozen(kw_only=True, weakref_slot=False)
class CodecChange:
    """What became of the codecs of one audio or video section."""

    index: int
    """Its place on the wire."""
    engine_index: int
    """Its place among audio and video sections, which is its place in the engine."""
    mid: str | None
    kept: tuple[Codec, ...]
    """In the order in which they stand now."""
    removed: tuple[Codec, ...]


def codec_changes(original: str, munged: str) -> tuple[CodecChange, ...]:
    """For each audio and video section of an own description, what the handlers did to its codecs.

    A codec is gone when its payload type is not on the `m=` line any more. Sections that are gone have lost all.
    """
    return tuple(_codec_changes(parse(original), parse(munged)))


def with_candidates(own: str, gathered: Sequence[Sequence[str]], *, complete: bool) -> str:
    """An own description with the candidates gathered so far in it, and nothing else changed.

    `gathered` are values of `a=candidate` (with or without `candidate:` before them), one list for each audio and
    video section in order; candidates, address and port of each section that is in use are written anew.
    """
    description, place = parse(own), 0
    for at, section in enumerate(description.media):
        if is_media(section):
            found = gathered[place] if place < len(gathered) else ()
            place += 1
            if media_line(section).port:
                description = _with_candidates(description, at, tuple(map(_bare, found)), complete=complete)
    return description.text


def with_origin(own: str, origin: Origin) -> str:
    """A description with another `o=` line and nothing else changed."""
    description = parse(own)

    def edit(lines: tuple[Line, ...]) -> Iterator[Line]:
        for line in lines:
            yield Line(text=f"o={origin.text}", end=line.end) if line.type == "o" else line

    return description.edit_session(edit).text


def _codec_changes(before: Description, after: Description) -> Iterator[CodecChange]:
    place = 0
    for at, section in enumerate(before.media):
        if is_media(section):
            had, has = codecs(section), codecs(after.media[at]) if at < len(after.media) else _NO_CODECS
            numbers = {codec.payload for codec in has}
            removed = tuple(codec for codec in had if codec.payload not in numbers)
            yield CodecChange(index=at, engine_index=place, mid=mid(section), kept=has, removed=removed)
            place += 1


def _bare(value: str) -> str:
    return value.removeprefix("a=").removeprefix("candidate:")


def _with_candidates(description: Description, at: int, found: tuple[str, ...], *, complete: bool) -> Description:
    port, address = _default_address(found)

    def edit(lines: tuple[Line, ...]) -> Iterator[Line]:
        kept = [line for line in lines if line.attribute not in _GATHERED]
        texts = [f"a=candidate:{value}" for value in found] + (["a=end-of-candidates"] if complete else [])
        for line in kept:
            yield _placed(line, port, address)
            if line.type == "m" and not any(other.type == "c" for other in kept):
                yield description.line(f"c={address}")
        yield from map(description.line, texts)

    return description.edit_media(at, edit)


def _placed(line: Line, port: int, address: str) -> Line:
    if line.type == "m":
        kind, _, *rest = line.value.split()
        return Line(text=f"m={' '.join((kind, str(port), *rest))}", end=line.end)
    if line.type == "c":
        return Line(text=f"c={address}", end=line.end)
    return Line(text=f"a=rtcp:{port} {address}", end=line.end) if line.attribute == "rtcp" else line


def _default_address(found: tuple[str, ...]) -> tuple[int, str]:
    """Port and address of the least preferred candidate, which is the likeliest to be reached (RFC 8445 5.1.4)."""
    usable = [one for one in map(candidate, found) if not isinstance(one, str)]
    if not usable:
        return 9, "IN IP4 0.0.0.0"
    default = min(usable, key=lambda one: one.priority)
    return default.port, f"IN IP{6 if ':' in default.address else 4} {default.address}"

"""Our offer on the wire, from the engine's offer."""

from collections.abc import Iterator
from typing import Final

from attrs import frozen

from rbbn_sdk.sdp.media import Codec, codecs, is_media, media_line, payloads, telephone_events
from rbbn_sdk.sdp.model import Description, Section
from rbbn_sdk.sdp.parse import parse
from rbbn_sdk.sdp.read import Origin, mid, own_direction
from rbbn_sdk.sdp.wire import SENDING, WireSection, description_text, live_lines, refused_lines

_EVENTS: Final = ((48000, 110), (8000, 126))
"""Clock rates of the telephone events we offer, and the payload types we would like for them."""
_ALL_EVENTS: Final = "0-16"


@frozen(kw_only=True, weakref_slot=False)
class _Place:
    """A section of the offer: the engine's, or one of the last answer that the engine cannot have."""

    section: Section
    refused: bool
    before: Section | None
    """The section in the last answer."""


def wire_offer(engine_offer: str, *, origin: Origin, negotiated: str = "") -> str:
    """Our offer for the wire: telephone events added, sections that the engine cannot have put back.

    `negotiated` is the last answer of the session, whoever wrote it. Its sections of other kinds keep their places;
    one that it refused stays refused as long as we do not want to send there; its numbers for telephone events stay.
    """
    engine, last = parse(engine_offer), parse(negotiated)
    places = tuple(_places(engine, last))
    taken = {number for section in engine.media for number in payloads(section)}
    mids = (mid(place.section) for place in places if not place.refused)
    bundle = tuple(name for name in mids if name is not None)
    return description_text(origin, (bundle,), [_lines(place, taken) for place in places])


def _places(engine: Description, last: Description) -> Iterator[_Place]:
    """The engine's sections, with those of other kinds between them as in the last answer."""
    ours = iter(engine.media)
    for before in last.media:
        if not is_media(before):
            yield _Place(section=before, refused=True, before=before)
        elif (section := next(ours, None)) is not None:
            sends = own_direction(section) in SENDING
            yield _Place(section=section, refused=not (media_line(before).port or sends), before=before)
    yield from (_Place(section=section, refused=False, before=None) for section in ours)


def _lines(place: _Place, taken: set[int]) -> tuple[str, ...]:
    section = place.section
    if place.refused:
        return refused_lines(section, mid(section))
    line = media_line(section)
    events = tuple(_events(place, taken)) if line.kind == "audio" else ()
    return live_lines(WireSection(engine=section, protocol=line.protocol, mid=mid(section), events=events))


def _events(place: _Place, taken: set[int]) -> Iterator[Codec]:
    rates = {codec.rate for codec in codecs(place.section)} | {8000}
    before = telephone_events(place.before) if place.before else ()
    known = {event.rate: event.payload for event in before}
    for rate, wish in _EVENTS:
        if rate in rates:
            number = _free(known.get(rate, wish), taken)
            taken.add(number)
            yield Codec(payload=number, name="telephone-event", rate=rate, config=_ALL_EVENTS)


def _free(wish: int, taken: set[int]) -> int:
    numbers = (wish, *range(127, 95, -1), *range(63, 34, -1))
    return next((number for number in numbers if number not in taken), wish)

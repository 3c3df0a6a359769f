"""Our answer on the wire: the offer's sections, in its order and with its names, whatever the engine made of them."""

from collections.abc import Iterator

import attrs

from rbbn_sdk.sdp.media import Codec, HeaderExtension, codecs, header_extensions, media_line, telephone_events
from rbbn_sdk.sdp.model import Description, Section
from rbbn_sdk.sdp.parse import parse
from rbbn_sdk.sdp.read import REVERSED, Origin, bundle_groups
from rbbn_sdk.sdp.view import EngineView, SectionPlan
from rbbn_sdk.sdp.wire import WireSection, description_text, engine_sections, live_lines, refused_lines

_ALL_EVENTS = "0-16"
_EVENT_RATE = 8000
_ASYMMETRIC = "level-asymmetry-allowed=1;"


def wire_answer(engine_answer: str, *, offer: str, view: EngineView, origin: Origin) -> str:
    """Our answer to a foreign offer, from the engine's answer to `view`, which is `view_offer(offer)`.

    Same sections, kinds, protocols and mids as in the offer; sections that cannot be used have port 0; BUNDLE only as
    far as it was offered; the offer's telephone events and header extension ids.
    """
    description, engine = parse(offer), engine_sections(parse(engine_answer))
    sections = [_section(description, plan, engine.get(plan.engine_mid)) for plan in view.sections]
    return description_text(origin, _bundles(description, view, engine), sections)


def _section(offer: Description, plan: SectionPlan, engine: Section | None) -> tuple[str, ...]:
    offered = offer.media[plan.index]
    if engine is None or not plan.usable:
        return refused_lines(offered, plan.mid)
    wire = WireSection(
        engine=engine,
        protocol=media_line(offered).protocol,
        mid=plan.mid,
        events=tuple(_events(offered, engine)),
        configs=tuple(_configs(offered, engine)),
        extensions=tuple(_extensions(offered, engine)),
    )
    return live_lines(wire)


def _events(offered: Section, engine: Section) -> Iterator[Codec]:
    """The offer's telephone events: at 8000, and at the clock of the codec we are going to use (RFC 4733 2.1)."""
    chosen = codecs(engine)
    rates = {_EVENT_RATE, *(codec.rate for codec in chosen[:1])}
    for event in telephone_events(offered):
        if event.rate in rates and event.payload not in {codec.payload for codec in chosen}:
            rates.discard(event.rate)
            yield attrs.evolve(event, config=event.config or _ALL_EVENTS, feedback=())


def _configs(offered: Section, engine: Section) -> Iterator[tuple[int, str]]:
    """H264 in the profile as it is offered, with no level above it unless the offer allows that (RFC 6184 8.2.2)."""
    theirs = {codec.payload: codec for codec in codecs(offered)}
    for codec in codecs(engine):
        asked = theirs[codec.payload].parameter("profile-level-id") if codec.payload in theirs else None
        ours = codec.parameter("profile-level-id")
        if asked and ours:
            asymmetric = theirs[codec.payload].parameter("level-asymmetry-allowed") == "1"
            level = ours[4:] if asymmetric else min(asked[4:].lower(), ours[4:])
            yield (
                codec.payload,
                f"{_ASYMMETRIC if asymmetric else ''}packetization-mode=1;profile-level-id={asked[:4]}{level}",
            )


def _extensions(offered: Section, engine: Section) -> Iterator[HeaderExtension]:
    ways = {extension.uri: extension.direction for extension in header_extensions(offered)}
    for extension in header_extensions(engine):
        way = ways.get(extension.uri, "")
        yield attrs.evolve(extension, direction=REVERSED.get(way, ""))


def _bundles(offer: Description, view: EngineView, engine: dict[str, Section]) -> Iterator[tuple[str, ...]]:
    accepted = {plan.mid for plan in view.sections if plan.usable and plan.engine_mid in engine}
    for group in bundle_groups(offer)[:1]:  # the engine has one transport that sections share
        yield tuple(name for name in group if name in accepted)

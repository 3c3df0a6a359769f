"""What the engine gets of a foreign offer."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, count

from rbbn_sdk.errors import SdpError
from rbbn_sdk.sdp.abilities import AIORTC, EngineAbilities
from rbbn_sdk.sdp.engine_text import EngineSection, engine_text
from rbbn_sdk.sdp.media import Codec
from rbbn_sdk.sdp.model import Description
from rbbn_sdk.sdp.parse import parse
from rbbn_sdk.sdp.read import origin
from rbbn_sdk.sdp.reading import (
    ReadSection,
    engine_transport,
    is_bundled,
    live_section,
    plan,
    problems,
    read_sections,
    usable_bundle,
)
from rbbn_sdk.sdp.view import EngineView, SectionPlan


def view_offer(
    sdp: str, *, abilities: EngineAbilities = AIORTC, known_mids: Sequence[str] = (), reoffer: bool = False
) -> EngineView:
    """The engine's text of a foreign offer, and the plan of its sections.

    `known_mids` are the engine's mids of the session so far, in the engine's order; they name sections that come
    without a mid. `reoffer` says that DTLS runs already with this very peer: its role is settled, so `active` and
    `passive` are read as `actpass` (`call-media` 2.6).

    Raises `SdpError` (`call:2`) when no section can be used; the message has the reasons.
    """
    description = parse(sdp)
    sections = read_sections(description, abilities)
    if not any(section.usable for section in sections):
        raise unusable("offer", sections)
    mids = engine_mids(sections, known_mids)
    setups = {at: "actpass" if reoffer else _offered_setup(section) for at, section in enumerate(sections)}
    return assemble(description, sections, mids, setups, abilities)


def unusable(what: str, sections: Sequence[ReadSection]) -> SdpError:
    """The error of a description without a usable section."""
    if not sections:
        return SdpError(f"The {what} cannot be used: it has no media section", code="call:2")
    reasons = "; ".join(f"section {section.index} ({section.line.kind}): {section.refused}" for section in sections[:8])
    return SdpError(f"The {what} cannot be used: {reasons}", code="call:2")


def engine_mids(sections: Sequence[ReadSection], known: Sequence[str]) -> dict[int, str]:
    """A mid for each section that is in the engine, by index on the wire, no two alike."""
    taken: dict[int, str] = {}
    wanted = {section.mid for section in sections}
    in_engine = [section for section in sections if section.in_engine]
    for place, section in enumerate(in_engine):
        spare = known[place] if place < len(known) and known[place] not in wanted else ""
        taken[section.index] = _free_mid(section.mid or spare, section.index, taken.values(), wanted)
    return taken


def assemble(
    description: Description,
    sections: tuple[ReadSection, ...],
    mids: dict[int, str],
    setups: dict[int, str],
    abilities: EngineAbilities,
) -> EngineView:
    """The view of sections whose names and roles are known."""
    live = {
        section.index: live_section(section, mids[section.index], setups[section.index], abilities)
        for section in sections
        if section.usable
    }
    engine = tuple(
        live.get(section.index) or idle_section(section, mids[section.index], tuple(live.values()), abilities)
        for section in sections
        if section.in_engine
    )
    first = next(section for section in sections if section.usable)
    known = origin(description)
    return EngineView(
        text=engine_text(engine, _engine_bundle(description, sections, mids)),
        sections=tuple(_plans(sections, mids)),
        bundled=is_bundled(description, sections),
        problems=tuple(problems(sections, abilities)),
        fingerprints=tuple(f"{one.algorithm} {one.value}" for one in first.transport.fingerprints),
        session_id=known.session_id if known else "",
    )


def idle_section(
    read: ReadSection, engine_mid: str, live: tuple[EngineSection, ...], abilities: EngineAbilities
) -> EngineSection:
    """A stand-in for a refused section: the engine must see every section it once had, and cannot see a bare one.

    It stays idle, on the transport of a live section, of its own kind if there is one.
    """
    neighbour = next((section for section in live if section.kind == read.line.kind), live[0])
    return EngineSection(
        kind=read.line.kind,
        mid=engine_mid,
        direction="inactive",
        transport=engine_transport(neighbour.transport, neighbour.transport.setup, abilities),
        codecs=read.common or (_idle_codec(read.line.kind, live, abilities),),
    )


def _idle_codec(kind: str, live: tuple[EngineSection, ...], abilities: EngineAbilities) -> Codec:
    ability = abilities.of_kind(kind)[0]
    ranges = (range(last, first - 1, -1) for first, last in abilities.dynamic_payloads)
    taken = {codec.payload for section in live for codec in section.codecs}
    free = (payload for payload in (ability.payload, *chain.from_iterable(ranges)) if payload not in taken)
    return Codec(
        payload=next(free, ability.payload),
        name=ability.name,
        rate=ability.rate,
        channels=ability.channels,
        parameters=ability.parameters,
    )


def _engine_bundle(description: Description, sections: tuple[ReadSection, ...], mids: dict[int, str]) -> Iterator[str]:
    """The mids that share a transport, in the order of the sections.

    The order matters: the engine drops the transports of all but the first, and its sections were made in this order.
    Idle sections ride along with the neighbour whose transport they were given.
    """
    group = usable_bundle(description, sections)
    usable = [section for section in sections if section.usable]
    host = next((section for section in usable if section.mid in group), usable[0])
    members = {host.index} | {section.index for section in usable if section.mid in group}
    for section in sections:
        if section.in_engine and (section.index in members or _rides_along(section, host, usable)):
            yield mids[section.index]


def _rides_along(section: ReadSection, host: ReadSection, usable: list[ReadSection]) -> bool:
    if section.usable:
        return False
    same_kind = next((other for other in usable if other.line.kind == section.line.kind), None)
    return same_kind is None or same_kind.index == host.index or same_kind.transport == host.transport


def _plans(sections: tuple[ReadSection, ...], mids: dict[int, str]) -> Iterator[SectionPlan]:
    place = 0
    for section in sections:
        if section.in_engine:
            yield plan(section, place, mids[section.index])
            place += 1
        else:
            yield plan(section, None, "")


def _free_mid(wanted: str, index: int, taken: Iterable[str], offered: set[str | None]) -> str:
    used = set(taken)
    if wanted and wanted not in used:
        return wanted
    return next(name for name in map(str, count(index)) if name not in used and name not in offered)


def _offered_setup(section: ReadSection) -> str:
    setup = section.transport.setup
    return setup if setup in ("active", "passive") else "actpass"

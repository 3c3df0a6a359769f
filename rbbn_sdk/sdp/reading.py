"""Reads all sections of a foreign description, with transports shared as its BUNDLE group says."""

from collections.abc import Iterable, Iterator

import attrs
from attrs import frozen

from rbbn_sdk.sdp.abilities import EngineAbilities
from rbbn_sdk.sdp.common import common_codecs, common_extensions
from rbbn_sdk.sdp.engine_text import EngineSection
from rbbn_sdk.sdp.media import MEDIA_KINDS, Codec, MediaLine, media_line, ssrcs, stream_tracks, telephone_events
from rbbn_sdk.sdp.model import Description, Section
from rbbn_sdk.sdp.read import bitrate, bundle_groups, direction, mid
from rbbn_sdk.sdp.refusal import Reading, refusal
from rbbn_sdk.sdp.transport import (
    OTHER_COMPONENT,
    Transport,
    default_candidate,
    is_mdns,
    skipped_candidates,
    transport,
)
from rbbn_sdk.sdp.view import SectionPlan

_NO_TRANSPORT = Transport()


@frozen(kw_only=True, weakref_slot=False)
class ReadSection:
    """A section of the wire with all that the views need."""

    index: int
    section: Section
    line: MediaLine
    mid: str | None
    direction: str
    transport: Transport
    common: tuple[Codec, ...]
    refused: str

    @property
    def usable(self) -> bool:
        """Whether the engine can use it."""
        return not self.refused

    @property
    def in_engine(self) -> bool:
        """Whether the engine has a section for it, be it an idle one."""
        return self.line.kind in MEDIA_KINDS


def read_sections(description: Description, abilities: EngineAbilities) -> tuple[ReadSection, ...]:
    """All sections in order, each usable or with the reason why not."""
    group = _bundle(description)
    transports = tuple(transport(description, section) for section in description.media)
    lender = _lender(description, transports, group)
    sections = (
        _read(description, at, transports[at], lender if mid(section) in group else None, abilities)
        for at, section in enumerate(description.media)
    )
    return _sharing(tuple(sections), group)


def usable_bundle(description: Description, sections: Iterable[ReadSection]) -> tuple[str, ...]:
    """The mids of the first BUNDLE group that can be used, in the group's order."""
    usable = {section.mid for section in sections if section.usable}
    return tuple(name for name in _bundle(description) if name in usable)


def is_bundled(description: Description, sections: Iterable[ReadSection]) -> bool:
    """Whether all usable sections are on one transport."""
    usable = [section for section in sections if section.usable]
    group = usable_bundle(description, usable)
    return len(usable) < 2 or all(section.mid in group for section in usable)


def plan(read: ReadSection, engine_index: int | None, engine_mid: str) -> SectionPlan:
    """What the adapter is told of a section."""
    sources = ssrcs(read.section) if read.usable else ()
    return SectionPlan(
        index=read.index,
        kind=read.line.kind,
        mid=read.mid,
        engine_index=engine_index,
        engine_mid=engine_mid,
        refused=read.refused,
        direction=read.direction if read.usable else "inactive",
        tracks=stream_tracks(read.section) if read.usable else (),
        codecs=read.common if read.usable else (),
        telephone_events=telephone_events(read.section) if read.usable else (),
        bitrate=bitrate(read.section) if read.usable else None,
        ssrc=sources[0].id if sources else None,
    )


def live_section(read: ReadSection, engine_mid: str, setup: str, abilities: EngineAbilities) -> EngineSection:
    """The engine's section for one that can be used."""
    tracks, sources = stream_tracks(read.section), ssrcs(read.section)
    return EngineSection(
        kind=read.line.kind,
        mid=engine_mid,
        direction=read.direction,
        transport=engine_transport(read.transport, setup, abilities),
        codecs=read.common,
        extensions=common_extensions(read.section, abilities),
        track=tracks[0] if tracks and tracks[0].track_id else None,
        ssrc=sources[0] if sources else None,
    )


def engine_transport(full: Transport, setup: str, abilities: EngineAbilities) -> Transport:
    """The transport with what the engine can use, and with another DTLS role."""
    usable = [candidate for candidate in full.candidates if abilities.mdns or not is_mdns(candidate.address)]
    best = sorted(usable, key=lambda candidate: -candidate.priority)[: abilities.max_candidates]
    places = {(candidate.address, candidate.port) for candidate in best}
    kept = tuple(candidate for candidate in usable if (candidate.address, candidate.port) in places)
    return attrs.evolve(
        full,
        setup=setup,
        fingerprints=full.checkable_fingerprints,
        candidates=kept,
        candidates_complete=bool(kept) and (full.candidates_complete or not full.trickle),
    )


def problems(sections: Iterable[ReadSection], abilities: EngineAbilities) -> Iterator[str]:
    """Sentences for the log."""
    for read in sections:
        name = f"section {read.index} ({read.line.kind or 'no kind'})"
        if read.refused:
            yield f"{name} is refused: {read.refused}"
            continue
        for skipped in skipped_candidates(read.section):
            if skipped.reason != OTHER_COMPONENT:  # as it must be with rtcp-mux
                yield f"{name}: candidate passed over, {skipped.reason}: {skipped.line[:120]}"
        yield from _other_problems(read, name, abilities)


def _other_problems(read: ReadSection, name: str, abilities: EngineAbilities) -> Iterator[str]:
    if (spare := len(read.transport.candidates) - abilities.max_candidates) > 0:
        yield f"{name}: {spare} candidates of low priority are left out"
    if (streams := len(stream_tracks(read.section))) > 1:
        yield f"{name}: {streams - 1} further streams are ignored, one is played"
    if read.transport.setup == "holdconn":
        yield f"{name}: setup holdconn is read as actpass (RFC 8842 5.1 forbids it)"


def _bundle(description: Description) -> tuple[str, ...]:
    groups = bundle_groups(description)
    return groups[0] if groups else ()


def _lender(description: Description, transports: tuple[Transport, ...], group: tuple[str, ...]) -> Transport:
    """The transport of the first section of the group that has one of its own (RFC 8843 7)."""
    by_mid = {mid(section): own for section, own in zip(description.media, transports, strict=True)}
    members = (by_mid.get(name, _NO_TRANSPORT) for name in group)
    return next((own for own in members if own.has_ice and own.has_dtls), _NO_TRANSPORT)


def _read(
    description: Description, at: int, own: Transport, lender: Transport | None, abilities: EngineAbilities
) -> ReadSection:
    section = description.media[at]
    line = media_line(section)
    common = common_codecs(section, abilities) if line.kind in MEDIA_KINDS else ()
    used = own if lender is None else _borrowing(own, lender)
    if not used.candidates and not used.trickle:
        used = attrs.evolve(used, candidates=default_candidate(description, section, line.port))
    bundle_only = lender is not None and section.has("bundle-only")
    reading = Reading(section=section, line=line, transport=used, common=common, bundle_only=bundle_only)
    return ReadSection(
        index=at,
        section=section,
        line=line,
        mid=mid(section),
        direction=direction(description, section),
        transport=used,
        common=common,
        refused=refusal(reading),
    )


def _borrowing(own: Transport, lender: Transport) -> Transport:
    """A section of a group needs no transport lines of its own; often only the first has the candidates."""
    if own.has_ice and own.has_dtls:
        mux = own.rtcp_mux or lender.rtcp_mux
        if own.candidates or own.ufrag != lender.ufrag:
            return attrs.evolve(own, rtcp_mux=mux)
        complete = lender.candidates_complete
        return attrs.evolve(own, rtcp_mux=mux, candidates=lender.candidates, candidates_complete=complete)
    return attrs.evolve(lender, setup=own.setup or lender.setup)


def _sharing(sections: tuple[ReadSection, ...], group: tuple[str, ...]) -> tuple[ReadSection, ...]:
    """All sections on one transport are told the same about it, that of the group's first usable section."""
    by_mid = {section.mid: section for section in sections if section.usable}
    first = next((by_mid[name] for name in group if name in by_mid), None)
    if first is None:
        return sections
    return tuple(
        attrs.evolve(section, transport=first.transport) if section.usable and section.mid in group else section
        for section in sections
    )

"""What the engine gets of a foreign answer: always every section of our offer, in our order, with our mids."""

from collections.abc import Iterator

import attrs
from attrs import frozen

from rbbn_sdk.errors import SdpError
from rbbn_sdk.sdp.abilities import AIORTC, EngineAbilities
from rbbn_sdk.sdp.media import Codec, codecs, is_media, media_line
from rbbn_sdk.sdp.model import Description, Line, Section
from rbbn_sdk.sdp.offer_view import assemble, unusable
from rbbn_sdk.sdp.parse import parse
from rbbn_sdk.sdp.read import REVERSED, direction, mid
from rbbn_sdk.sdp.reading import ReadSection, read_sections
from rbbn_sdk.sdp.view import EngineView, SectionPlan


@frozen(kw_only=True, weakref_slot=False)
class _Offered:
    """Our offer as it went out, and the engine's mids of its audio and video sections by index on the wire."""

    description: Description
    mids: dict[int, str]


def view_answer(  # each keyword is a fact of the session that the answer alone does not tell
    sdp: str,
    *,
    wire_offer: str,
    engine_offer: str,
    abilities: EngineAbilities = AIORTC,
    local_is_caller: bool = True,
    remote_setup: str = "",
) -> EngineView:
    """The engine's text of a foreign answer (or provisional answer) to our offer, and the plan of its sections.

    `wire_offer` is our offer as it was sent, `engine_offer` the engine's own. An answer that leaves the DTLS role open
    gets `passive` for a caller and `active` for a callee; one that says nothing gets `remote_setup`, the role that the
    other side had so far, else `active` (`call-media` 2.6).

    Raises `SdpError`: `call:11` when the sections do not match those of the offer, else `call:2` when none can be used.
    """
    offered = _offered(wire_offer, engine_offer)
    description = _completed(parse(sdp), offered.description)
    _check_order(description, offered.description)
    sections = tuple(_against(section, offered) for section in read_sections(description, abilities))
    if not any(section.usable for section in sections):
        raise unusable("answer", sections)
    unsaid = "passive" if local_is_caller else "active"
    setups = {section.index: _answered_setup(section, unsaid, remote_setup) for section in sections}
    view = assemble(description, sections, offered.mids, setups, abilities)
    return attrs.evolve(view, sections=tuple(_with_aliases(one, offered.description) for one in view.sections))


def _offered(wire_offer: str, engine_offer: str) -> _Offered:
    description, engine = parse(wire_offer), parse(engine_offer)
    places = [at for at, section in enumerate(description.media) if is_media(section)]
    if len(places) != len(engine.media):
        msg = f"Our offer has {len(places)} audio and video sections and the engine's has {len(engine.media)}"
        raise SdpError(msg, code="call:2")
    names = (mid(section) or str(at) for at, section in enumerate(engine.media))
    return _Offered(description=description, mids=dict(zip(places, names, strict=True)))


def _completed(answer: Description, offer: Description) -> Description:
    """The answer with a refusal for each section that it left out, and with our mids where it has none."""
    if len(answer.media) > len(offer.media):
        msg = f"The answer has {len(answer.media)} media sections for the {len(offer.media)} that were offered"
        raise SdpError(msg, code="call:11")
    missing = tuple(_refusal(section) for section in offer.media[len(answer.media) :])
    media = (*answer.media, *missing)
    named = (_named(section, mid(ours)) for section, ours in zip(media, offer.media, strict=True))
    return Description(session=answer.session, media=tuple(named))


def _refusal(offered: Section) -> Section:
    line = media_line(offered)
    return Section(lines=(Line(text=f"m={line.kind} 0 {line.protocol} {' '.join(line.formats[:1]) or '0'}"),))


def _named(section: Section, name: str | None) -> Section:
    if mid(section) is not None or name is None:
        return section
    return Section(lines=(*section.lines, Line(text=f"a=mid:{name}")))


def _check_order(answer: Description, offer: Description) -> None:
    names = [mid(section) for section in offer.media]
    for at, (section, ours) in enumerate(zip(answer.media, offer.media, strict=True)):
        kind, wanted, name = media_line(section).kind, media_line(ours).kind, mid(section)
        if kind != wanted:
            msg = f"Section {at} of the answer is {kind or '(no kind)'}, but {wanted} was offered there"
            raise SdpError(msg, code="call:11")
        if name != names[at] and name in names:
            msg = f"Section {at} of the answer has the mid {name} of section {names.index(name)} of the offer"
            raise SdpError(msg, code="call:11")


def _against(read: ReadSection, offered: _Offered) -> ReadSection:
    """The answered section with no more in it than was offered."""
    ours = offered.description.media[read.index]
    known = codecs(ours)
    numbers = {str(codec.payload) for codec in read.common if not codec.is_rtx and _offered_codec(codec, known)}
    common = tuple(codec for codec in read.common if {str(codec.payload), codec.parameter("apt")} & numbers)
    refused = read.refused or _own_refusal(ours, common)
    theirs = REVERSED[direction(offered.description, ours)]
    return attrs.evolve(read, common=common, refused=refused, direction=_both(read.direction, theirs))


def _own_refusal(ours: Section, common: tuple[Codec, ...]) -> str:
    if not media_line(ours).port:
        return "it was not offered (port 0)"
    return "" if common else "none of its codecs was offered"


def _both(one: str, other: str) -> str:
    sends = one.startswith("send") and other.startswith("send")
    receives = "recv" in one and "recv" in other
    return {(True, True): "sendrecv", (True, False): "sendonly", (False, True): "recvonly"}.get(
        (sends, receives), "inactive"
    )


def _offered_codec(codec: Codec, known: tuple[Codec, ...]) -> Codec | None:
    same = [other for other in known if other.name.lower() == codec.name.lower() and other.rate == codec.rate]
    by_number = next((other for other in same if other.payload == codec.payload), None)
    return by_number or next(iter(same), None)


def _answered_setup(section: ReadSection, unsaid: str, so_far: str) -> str:
    setup = section.transport.setup
    if setup in ("active", "passive"):
        return setup
    return unsaid if setup == "actpass" else so_far or "active"


def _with_aliases(plan: SectionPlan, offer: Description) -> SectionPlan:
    return attrs.evolve(plan, payload_aliases=tuple(_aliases(plan, codecs(offer.media[plan.index]))))


def _aliases(plan: SectionPlan, known: tuple[Codec, ...]) -> Iterator[tuple[int, int]]:
    for codec in plan.codecs:
        ours = _offered_codec(codec, known)
        if ours is not None and ours.payload != codec.payload and not codec.is_rtx:
            yield ours.payload, codec.payload

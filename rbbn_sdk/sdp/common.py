"""Which of the other side's codecs and header extensions the engine can do."""

import re
from collections.abc import Iterator
from typing import Final

import attrs

from rbbn_sdk.sdp.abilities import MID_EXTENSION, CodecAbility, EngineAbilities
from rbbn_sdk.sdp.media import Codec, HeaderExtension, codecs, header_extensions, media_line
from rbbn_sdk.sdp.model import Section
from rbbn_sdk.sdp.read import mid, number

_FORBIDDEN_PAYLOADS: Final = range(72, 77)
"""RFC 5761 4: with rtcp-mux they would look like RTCP."""
_H264_LEVELS: Final = (10, 11, 12, 13, 20, 21, 22, 30, 31, 32, 40, 41, 42, 50, 51, 52)
_H264_PROFILES: Final = (
    (0x42, "x1xx0000", "constrained baseline"),
    (0x4D, "1xxx0000", "constrained baseline"),
    (0x58, "11xx0000", "constrained baseline"),
    (0x42, "x0xx0000", "baseline"),
    (0x58, "10xx0000", "baseline"),
    (0x4D, "0x0x0000", "main"),
    (0x64, "00000000", "high"),
    (0x64, "00001100", "constrained high"),
    (0xF4, "00000000", "high 4:4:4"),
)
"""RFC 6184 8.1, table 5: first byte, pattern of the second, profile."""
_H264_UNSAID: Final = "42e01f"
"""What WebRTC engines take a missing `profile-level-id` for."""
_MAX_MID: Final = 16
"""Bytes of a mid in a one-byte header extension."""


def common_codecs(section: Section, abilities: EngineAbilities) -> tuple[Codec, ...]:
    """The section's codecs that the engine can do, in the section's order, each with its retransmission format."""
    offered = codecs(section)
    return tuple(_with_retransmissions(offered, media_line(section).kind, abilities))


def common_extensions(section: Section, abilities: EngineAbilities) -> tuple[HeaderExtension, ...]:
    """The section's header extensions that the engine can do."""
    known = abilities.extensions(media_line(section).kind)
    return tuple(
        extension
        for extension in header_extensions(section)
        if extension.uri in known and extension.direction != "inactive" and _has_sense(section, extension)
    )


def h264_profile(profile_level_id: str) -> str | None:
    """The name of a profile, or None when profile or level do not exist."""
    if not re.fullmatch(r"[0-9a-fA-F]{6}", profile_level_id):
        return None
    idc, constraints, level = (int(profile_level_id[at : at + 2], 16) for at in (0, 2, 4))
    if level not in _H264_LEVELS:
        return None
    fitting = (name for first, pattern, name in _H264_PROFILES if first == idc and _fits(constraints, pattern))
    return next(fitting, None)


def _with_retransmissions(offered: tuple[Codec, ...], kind: str, abilities: EngineAbilities) -> Iterator[Codec]:
    for codec in offered:
        ability = _ability(codec, kind, abilities)
        if ability is None:
            continue
        yield _normal(codec, ability, abilities)
        rtx = next((other for other in offered if abilities.rtx and _retransmits(other, codec, abilities)), None)
        if rtx is not None:
            yield attrs.evolve(rtx, parameters=(("apt", str(codec.payload)),), feedback=(), channels=1)


def _ability(codec: Codec, kind: str, abilities: EngineAbilities) -> CodecAbility | None:
    return next((ability for ability in abilities.of_kind(kind) if _matches(codec, ability, abilities)), None)


def _matches(codec: Codec, ability: CodecAbility, abilities: EngineAbilities) -> bool:
    return (
        codec.name.lower() == ability.name.lower()
        and codec.rate == ability.rate
        and codec.channels in (1, ability.channels)
        and (_is_dynamic(codec.payload, abilities) or codec.payload == ability.payload)
        and all((codec.parameter(name) or "") == value for name, value in ability.parameters)
        and _profile_matches(codec, ability)
    )


def _profile_matches(codec: Codec, ability: CodecAbility) -> bool:
    if not ability.h264_profiles:
        return True
    profile = h264_profile(codec.parameter("profile-level-id") or _H264_UNSAID)
    return profile is not None and profile in {h264_profile(able) for able in ability.h264_profiles}


def _retransmits(rtx: Codec, codec: Codec, abilities: EngineAbilities) -> bool:
    apt = number(rtx.parameter("apt") or "")
    return rtx.is_rtx and apt == codec.payload and rtx.rate == codec.rate and _is_dynamic(rtx.payload, abilities)


def _is_dynamic(payload: int, abilities: EngineAbilities) -> bool:
    in_range = any(first <= payload <= last for first, last in abilities.dynamic_payloads)
    return in_range and payload not in _FORBIDDEN_PAYLOADS


def _normal(codec: Codec, ability: CodecAbility, abilities: EngineAbilities) -> Codec:
    return attrs.evolve(
        codec,
        channels=ability.channels,
        feedback=tuple(feedback for feedback in codec.feedback if feedback in ability.feedback),
        parameters=tuple(_readable_parameters(codec, abilities)),
    )


def _readable_parameters(codec: Codec, abilities: EngineAbilities) -> Iterator[tuple[str, str]]:
    for name, value in dict(codec.parameters).items():
        if name not in abilities.integer_parameters or number(value) is not None:
            yield name, value


def _has_sense(section: Section, extension: HeaderExtension) -> bool:
    name = mid(section)
    return extension.uri != MID_EXTENSION or (name is not None and len(name) <= _MAX_MID)


def _fits(byte: int, pattern: str) -> bool:
    return all(wanted in ("x", bit) for wanted, bit in zip(pattern, f"{byte:08b}", strict=True))

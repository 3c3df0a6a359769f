"""The media argument of `make` and `answer` (`call-media` 13)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from attrs import frozen

from rbbn_sdk.api.arguments import expected, mapping
from rbbn_sdk.errors import InvalidArgument
from rbbn_sdk.media import Source
from rbbn_sdk.ports import Objects, TrackSource
from rbbn_sdk.types import ErrorInfo
from rbbn_sdk.types.call import TrackType

MAKE_ORDER: Final = (TrackType.SCREEN, TrackType.AUDIO, TrackType.VIDEO)
ANSWER_ORDER: Final = (TrackType.AUDIO, TrackType.VIDEO, TrackType.SCREEN)

_INVALID: Final = "call:7"
_KEYS: Final = "audio, video, screen, audioOptions, videoOptions, screenOptions, medias"


class MediaProblem(Exception):
    """Media that cannot be had."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.info = ErrorInfo(code=code, message=message)


@frozen(kw_only=True)
class _Wish:
    """One track that is wanted."""

    type: TrackType
    options: dict[str, Any]
    source: object = None


def read_media(media: object, order: Sequence[TrackType], objects: Objects) -> tuple[TrackSource, ...]:
    """The tracks to open, in order. Raises `MediaProblem` with the documented error; nothing is kept then."""
    try:
        given = mapping("media", media)
        _check_detached(given.get("medias"), given)
        wishes = [_wish(given, kind) for kind in order if _is_wanted(given, kind)]
        plain = [_plain(wish) for wish in wishes]
    except InvalidArgument as error:
        raise MediaProblem(_INVALID, f"{error.message}; media may have {_KEYS}") from None
    return tuple(_with_source(source, wish, objects) for source, wish in zip(plain, wishes, strict=True))


def _check_detached(medias: object, given: Mapping[str, Any]) -> None:
    """Detached media (`call-media` 12): each of a kind that is not asked for in another way."""
    if medias is None:
        return
    if not isinstance(medias, (list, tuple)):
        raise MediaProblem("call:2", f"media.medias: expected a list of {{type, media}}, got {type(medias).__name__}")
    for place, entry in enumerate(cast("Sequence[object]", medias)):
        if not isinstance(entry, Mapping) or "type" not in entry or "media" not in entry:
            raise MediaProblem("call:2", f"media.medias[{place}]: expected a mapping with type and media")
        kind = cast("Mapping[str, object]", entry)["type"]
        if isinstance(kind, str) and given.get(kind):
            raise MediaProblem("call:2", f"media.medias[{place}]: {kind} is asked for as new media too")
        raise MediaProblem("call:2", f"media.medias[{place}]: it is no detached local media of this client")


def _is_wanted(given: Mapping[str, Any], kind: TrackType) -> bool:
    flag = given.get(kind)
    if flag is None or isinstance(flag, (bool, Mapping, Source)):
        return bool(flag) or isinstance(flag, Mapping)
    raise expected(f"media.{kind}", "True, False, a mapping of options or a source of rbbn_sdk.media", flag)


def _wish(given: Mapping[str, Any], kind: TrackType) -> _Wish:
    """Options beside the flag replace it, unless they are empty."""
    flag = given[kind]
    options = mapping(f"media.{kind}Options", given.get(f"{kind}Options"))
    if not options and isinstance(flag, Mapping):
        options = mapping(f"media.{kind}", cast("object", flag))
    source = options.get("source", flag if isinstance(flag, Source) else None)
    if source is not None and not isinstance(source, Source):
        raise expected(f"media.{kind}Options.source", "a source of rbbn_sdk.media", source)
    return _Wish(type=kind, options=options, source=source)


def _plain(wish: _Wish) -> TrackSource:
    where = f"media.{wish.type}Options"
    device = _constraint(f"{where}.deviceId", wish.options.get("deviceId"))
    if device is not None and not isinstance(device, str):
        raise expected(f"{where}.deviceId", "a text", device)
    width, height, rate = (_number(f"{where}.{key}", wish.options.get(key)) for key in ("width", "height", "frameRate"))
    return TrackSource(
        type=wish.type,
        device_id=device or "default",
        width=None if width is None else int(width),
        height=None if height is None else int(height),
        frame_rate=rate,
    )


def _constraint(where: str, value: object) -> object:
    """A plain value, or what a constraint of `exact` and `ideal` asks for; `exact` decides."""
    if not isinstance(value, Mapping):
        return value
    options = mapping(where, cast("object", value))
    return options.get("exact", options.get("ideal"))


def _number(where: str, value: object) -> float | None:
    number = _constraint(where, value)
    if number is None:
        return None
    if isinstance(number, bool) or not isinstance(number, (int, float)) or not 0 < number < _HUGE:
        raise expected(where, "a number above 0", number)
    return float(number)


_HUGE: Final = 100_000


def _with_source(plain: TrackSource, wish: _Wish, objects: Objects) -> TrackSource:
    if wish.source is None:
        return plain
    ref = objects.keep(wish.source, "source", repr(wish.source))
    return TrackSource(
        type=plain.type,
        device_id=plain.device_id,
        source=ref,
        width=plain.width,
        height=plain.height,
        frame_rate=plain.frame_rate,
    )

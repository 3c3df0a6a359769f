"""The options of `make` and `answer`."""

import json
from collections.abc import Sequence
from typing import Final, cast

from attrs import frozen
from msgspec import UNSET, UnsetType

from rbbn_sdk.actions.call import UNLIMITED, Bandwidth
from rbbn_sdk.api.arguments import expected, mapping
from rbbn_sdk.errors import InvalidArgument
from rbbn_sdk.ports import CustomParameter
from rbbn_sdk.types import ErrorInfo, JsonText, MappingRecord

INVALID: Final = "call:7"
_KEYS: Final = ("bandwidth", "displayName", "customParameters", "customBodies")


@frozen(kw_only=True)
class CallOptions:
    """What an application wants of a call."""

    bandwidth: Bandwidth = UNLIMITED
    display_name: str | UnsetType = UNSET
    custom_parameters: tuple[CustomParameter, ...] | UnsetType = UNSET
    custom_bodies: JsonText | UnsetType = UNSET
    problem: ErrorInfo | None = None
    """What is wrong with them; all else is as if they had not been given."""
    unused: tuple[str, ...] = ()
    """Keys that have no effect, `dscpControls` among them."""


def read_options(options: object) -> CallOptions:
    """The options that an application gave."""
    try:
        given = mapping("options", options)
        return CallOptions(
            unused=tuple(sorted(str(key) for key in given if key not in _KEYS)),
            bandwidth=_bandwidth(given.get("bandwidth")),
            display_name=_display_name(given.get("displayName")),
            custom_parameters=_parameters(given.get("customParameters")),
            custom_bodies=_bodies(given.get("customBodies")),
        )
    except InvalidArgument as error:
        return CallOptions(problem=ErrorInfo(code=INVALID, message=error.message))


def _bandwidth(value: object) -> Bandwidth:
    """Limits per kind are numbers above zero; anything else is no limit (`call-media` 4.4)."""
    given = mapping("options.bandwidth", value)
    call = _limit(given.get("call"))
    return Bandwidth(
        call=UNSET if call is None else call, audio=_limit(given.get("audio")), video=_limit(given.get("video"))
    )


def _limit(value: object) -> int | float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return value if 0 < value < _ENDLESS else None


_ENDLESS: Final = float("inf")


def _display_name(value: object) -> str | UnsetType:
    if value is None:
        return UNSET
    if not isinstance(value, str):
        raise expected("options.displayName", "a text", value)
    return value


def _parameters(value: object) -> tuple[CustomParameter, ...] | UnsetType:
    if value is None:
        return UNSET
    if not isinstance(value, (list, tuple)):
        raise expected("options.customParameters", "a list of {name, value}", value)
    return tuple(_parameter(place, entry) for place, entry in enumerate(cast("Sequence[object]", value)))


def _parameter(place: int, entry: object) -> CustomParameter:
    where = f"options.customParameters[{place}]"
    given = mapping(where, dict(entry) if isinstance(entry, MappingRecord) else entry)
    name, value = given.get("name"), given.get("value")
    if not isinstance(name, str) or not isinstance(value, str):
        raise expected(where, "a mapping of the texts name and value", entry)
    return CustomParameter(name=name, value=value)


def _bodies(value: object) -> JsonText | UnsetType:
    if value is None:
        return UNSET
    try:
        return JsonText(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError, RecursionError):
        raise expected("options.customBodies", "plain JSON", value) from None

"""Reading a whole configuration: what was given becomes checked values, with findings; nothing given is changed."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from attrs import frozen
from msgspec import UNSET

from rbbn_sdk.config.checks import RESET
from rbbn_sdk.config.classes import Authentication, Configuration, Network, Request, Subscription, Websocket
from rbbn_sdk.config.copying import copied
from rbbn_sdk.config.findings import Finding, Place, shown
from rbbn_sdk.config.option import Section, options_of
from rbbn_sdk.config.sections import Values, given, read_section, values_of
from rbbn_sdk.errors import InvalidArgument

LEAST_EXPIRES: Final = 60
"""Seconds; a smaller `subscription.expires` becomes this when a client is made."""

_Given = dict[object, object]


@frozen(kw_only=True)
class Reading:
    """What was read."""

    values: Values
    """Checked values by documented keys: the given ones after an update, all after creation."""
    unknown: Mapping[tuple[str, ...], object]
    """Copies of what stands under unknown keys."""
    findings: tuple[Finding, ...]


def read_configuration(value: object) -> Reading:
    """A configuration to make a client of. Raises `ConfigurationError` when none can be made of it."""
    place = Place.root(updating=False)
    values = _read(value, place)
    if values is None:
        place.fail(f"{shown(value)} cannot be used; expected a mapping, or Configuration of rbbn_sdk.config")
        place.check()
    filled = with_defaults(values or {})
    for missing in _missing(Configuration, filled, place):
        missing.fail("is required and missing")
    place.check()
    subscription = filled["subscription"]
    subscription["expires"] = max(subscription["expires"], LEAST_EXPIRES)
    return _reading(filled, place)


def read_update(value: object) -> Reading:
    """Options for a running client. Raises `InvalidArgument` for what is no object at all."""
    place = Place.root(updating=True)
    values = _read(value, place)
    if values is None:
        msg = f"new_config_values: expected a mapping, or a Configuration of rbbn_sdk.config, got {shown(value)}"
        raise InvalidArgument(msg)
    for key in options_of(Network):
        if key in values.get("network", ()):
            place.inside("network").inside(key).warn("is read when a client is made; it is left as it was")
    values.pop("network", None)
    return _reading(values, place)


def _reading(values: Values, place: Place) -> Reading:
    unknown = {keys: copied(value) for keys, value in place.unknown.items()}
    return Reading(values=values, unknown=unknown, findings=place.findings)


def _read(value: object, place: Place) -> Values | None:
    stated = given(Configuration, value)
    if stated is None:
        return None
    values = read_section(Configuration, _in_todays_places(stated, place), place)
    call = values.get("call", {})
    if call.get("skipIceCollection"):
        _skip_ice_collection(call, place.inside("call"))
    return values


def _skip_ice_collection(call: Values, place: Place) -> None:
    if call.get("trickleIceMode", "FULL") != "FULL":
        place.inside("trickleIceMode").warn("is set to 'FULL', for `skipIceCollection` is True")
    call["trickleIceMode"] = "FULL"


def _in_todays_places(stated: _Given, place: Place) -> _Given:
    """Options that stood elsewhere in earlier releases, moved (`connection` 1)."""
    moved = dict(stated)
    _move_request(moved, place)
    authentication = given(Authentication, moved.get("authentication"))
    if authentication is not None:
        _move_subscription(moved, authentication, place.inside("authentication"))
        moved["authentication"] = authentication
    return moved


def _move_request(moved: _Given, place: Place) -> None:
    """`requests`, the key under which an earlier release kept `request`."""
    if "requests" not in moved:
        return
    place.inside("requests").warn("is taken as `request`; please use that")
    former = moved.pop("requests")
    current = given(Request, moved.get("request"))
    former_items = given(Request, former)
    moved["request"] = former if former_items is None else {**former_items, **(current or {})}


def _move_subscription(moved: _Given, authentication: _Given, place: Place) -> None:
    """`authentication.subscription.expires` and `authentication.websocket`, which win over today's."""
    former = given(Subscription, authentication.get("subscription"))
    websocket = given(Websocket, authentication.get("websocket"))
    if former is None and websocket is None:
        return
    subscription = given(Subscription, moved.get("subscription")) or {}
    if former is not None:
        del authentication["subscription"]
        place.inside("subscription").info("has become the section `subscription`; please use that")
        subscription.update(former)
    if websocket is not None:
        del authentication["websocket"]
        place.inside("websocket").info("has become `subscription.websocket`; please use that")
        subscription["websocket"] = {**(given(Websocket, subscription.get("websocket")) or {}), **websocket}
    moved["subscription"] = subscription


def with_defaults(values: Values, kind: type[Section] = Configuration) -> Values:
    """The same with the defaults of all options that have one."""
    return dict(_filled(values, kind))


def _filled(values: Values, kind: type[Section]) -> Iterator[tuple[str, Any]]:
    for key, opt in options_of(kind).items():
        value = values.get(key, UNSET)
        inner, section_values = opt.section, values_of(value)
        if inner is not None and (section_values is not None or _always_there(value, opt.default, inner)):
            yield key, with_defaults(section_values or {}, inner)
        elif value is not UNSET:
            yield key, value
        elif opt.default is not UNSET:
            yield key, copied(opt.default)


def _always_there(value: object, default: object, inner: type[Section]) -> bool:
    """Whether a section that was not given is there nevertheless: when any of its options has a default."""
    return value is UNSET and default is UNSET and bool(with_defaults({}, inner) or _is_required(inner))


def _is_required(kind: type[Section]) -> bool:
    return any(opt.required for opt in options_of(kind).values())


def _missing(kind: type[Section], values: Values, place: Place) -> Iterator[Place]:
    for key, opt in options_of(kind).items():
        if opt.required and key not in values:
            yield place.inside(key)
        inner = values_of(values.get(key))
        if inner is not None and opt.section is not None:
            yield from _missing(opt.section, inner, place.inside(key))


def merged(current: Values, changes: Values) -> Values:
    """Deep merge: sections key by key, everything else replaced; an option that was reset is left out."""
    result = dict(current)
    for key, value in changes.items():
        section_values = values_of(value)
        if value is RESET:
            result.pop(key, None)
        elif section_values is not None:
            result[key] = merged(values_of(result.get(key)) or {}, section_values)
        else:
            result[key] = value
    return result

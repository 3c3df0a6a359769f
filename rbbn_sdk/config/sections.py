"""Reading one section: a mapping with documented keys, or the class of the section, becomes a dict of checked values.

Checked values are scalars, tuples, dicts of sections, and `Secret` and `Live` where references will stand.
"""

from collections.abc import Iterator
from typing import Any, Final, cast

from msgspec import UNSET

from rbbn_sdk.config.checks import RESET, Check, Refused, Reset, sequence
from rbbn_sdk.config.copying import mapping_of
from rbbn_sdk.config.findings import Place, shown
from rbbn_sdk.config.option import Option, Section, options_of

Values = dict[str, Any]
"""Checked values by documented keys."""


def values_of(value: object) -> Values | None:
    """The value if it is a section's checked values."""
    return cast("Values", value) if isinstance(value, dict) else None


_LEFT_OUT: Final = Reset()


def given(kind: type[Section], value: object) -> dict[object, object] | None:
    """What stands in a section, by documented keys; None when it is no section at all."""
    if isinstance(value, kind):
        stated = ((opt.key, getattr(value, opt.attribute)) for opt in options_of(kind).values())
        return {key: item for key, item in stated if item is not UNSET}
    mapping = mapping_of(value)
    return None if mapping is None else {key: item for key, item in mapping.items() if item is not UNSET}


def read_section(kind: type[Section], value: object, place: Place) -> Values:
    """The checked values of a section. What cannot be used is noted and left out."""
    stated = given(kind, value)
    if stated is None:
        raise Refused(f"a mapping, or {kind.__name__} of rbbn_sdk.config")
    options = options_of(kind)
    values: Values = {}
    for key, item in _present_names(kind, stated, place).items():
        opt = options.get(key) if isinstance(key, str) else None
        if opt is None:
            _note_unknown(kind, key, item, place)
            continue
        checked = read_option(opt, item, place.inside(key))
        if checked is not _LEFT_OUT:
            values[opt.key] = checked
    return values


def read_option(opt: Option, value: object, place: Place) -> object:
    """A checked value, or a mark that there is none."""
    try:
        if opt.check is not None:
            return _without_value(opt.check(value, place), place)
        return read_section(opt.section or Section, value, place)
    except Refused as refused:
        what = "the value" if opt.secret else shown(value)
        text = f"{what} cannot be used; expected {refused.accepts}"
        if refused.fatal:
            place.fail(text)
        else:
            place.warn(f"{text}. {_instead(opt, place)}")
        return _LEFT_OUT


def _without_value(checked: object, place: Place) -> object:
    return _LEFT_OUT if checked is RESET and not place.updating else checked


def _instead(opt: Option, place: Place) -> str:
    if place.updating:
        return "It is left as it was"
    if opt.default is UNSET:
        return "It is ignored"
    return (
        f"The default {shown(opt.default)} is used"
        if isinstance(opt.default, (str, int, float))
        else "The default is used"
    )


def _present_names(kind: type[Section], stated: dict[object, object], place: Place) -> dict[object, object]:
    """The same with today's names; where both names are given, today's wins."""
    renamed: dict[object, object] = {}
    other_names = {**kind.ALIASES, **kind.FORMER}
    for key, item in stated.items():
        name = other_names.get(key) if isinstance(key, str) else None
        if name is None:
            renamed[key] = item
            continue
        if key in kind.FORMER:
            place.inside(key).info(f"is a former name of {name}; please use that")
        if name not in stated:
            renamed.setdefault(name, item)
    return renamed


def _note_unknown(kind: type[Section], key: object, value: object, place: Place) -> None:
    if not isinstance(key, str):
        place.warn(f"a key of type {type(key).__name__} is ignored; keys are texts")
        return
    inner = place.inside(key if key.isidentifier() and len(key) < 80 else shown(key))
    if key in kind.REMOVED:
        inner.warn(kind.REMOVED[key])
        return
    inner.warn_of_unknown(f"is no known option; {place.path} takes {', '.join(options_of(kind))}")
    if place.keys or place.updating:
        place.inside(key).keep_unknown(value)


def section_list(kind: type[Section], what: str, required: str) -> Check:
    """A check for a list of sections; an item without its `required` key is left out."""

    def check(value: object, place: Place) -> tuple[Values, ...]:
        items = sequence(value, f"a list of {what}", fatal=True)
        return tuple(_usable(kind, required, items, place))

    return check


def _usable(kind: type[Section], required: str, items: tuple[object, ...], place: Place) -> Iterator[Values]:
    for index, item in enumerate(items):
        inner = place.inside(index)
        try:
            values = read_section(kind, item, inner)
        except Refused as refused:
            inner.warn(f"{shown(item)} is left out; expected {refused.accepts}")
            continue
        if required in values:
            yield {key: one for key, one in values.items() if one is not RESET}
        else:
            inner.warn(f"is left out, for it has no usable `{required}`")

"""Copies of what an application gave: containers are copied, everything else is the same object."""

from collections.abc import Mapping
from typing import cast


def mapping_of(value: object) -> Mapping[object, object] | None:
    """The value if it is a mapping."""
    return cast("Mapping[object, object]", value) if isinstance(value, Mapping) else None


def items_of(value: object) -> tuple[object, ...] | None:
    """The items if it is a list or tuple."""
    return tuple(cast("list[object]", value)) if isinstance(value, (list, tuple)) else None


def copied(value: object, _known: dict[int, object] | None = None) -> object:
    """A deep copy of mappings, lists and tuples; callables and other objects by reference. Cycles stay cycles."""
    known = {} if _known is None else _known
    key = id(value)
    if key in known:
        return known[key]
    mapping, items = mapping_of(value), items_of(value)
    if mapping is not None:
        made: dict[object, object] = {}
        known[key] = made
        made.update((name, copied(item, known)) for name, item in mapping.items())
        return made
    if isinstance(value, list):
        listed: list[object] = []
        known[key] = listed
        listed.extend(copied(item, known) for item in items or ())
        return listed
    return tuple(copied(item, known) for item in items) if items is not None else value

"""What differs between two states (`logs` 9.4)."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, cast

import attrs
from attrs import frozen
from msgspec import UNSET
from pyrsistent import PMap, PVector

__all__ = ["Difference", "Kind", "differences"]


class Kind(StrEnum):
    CHANGED = "CHANGED"
    ADDED = "ADDED"
    DELETED = "DELETED"
    ARRAY = "ARRAY"


@frozen(kw_only=True)
class Difference:
    """One difference. For ARRAY, `path` ends in the index, and one of the values is UNSET."""

    kind: Kind
    path: str
    before: object = UNSET
    after: object = UNSET


def differences(before: object, after: object, path: str = "") -> Iterator[Difference]:
    """All differences, in the order of the old value's keys, then the new keys. What is the same object is skipped."""
    if before is after:
        return
    old_items, new_items = _list_items(before), _list_items(after)
    old_keys, new_keys = _fields(before), _fields(after)
    if old_items is not None and new_items is not None:
        yield from _in_lists(old_items, new_items, path)
    elif old_keys is not None and new_keys is not None and _kind(before) is _kind(after):
        yield from _in_mappings(old_keys, new_keys, path)
    elif type(before) is not type(after) or not _equal(before, after):
        yield Difference(kind=Kind.CHANGED, path=path, before=before, after=after)


def _in_mappings(before: Mapping[str, object], after: Mapping[str, object], path: str) -> Iterator[Difference]:
    for key, value in before.items():
        inner = _join(path, key)
        if key in after:
            yield from differences(value, after[key], inner)
        else:
            yield Difference(kind=Kind.DELETED, path=inner, before=value)
    for key, value in after.items():
        if key not in before:
            yield Difference(kind=Kind.ADDED, path=_join(path, key), after=value)


def _in_lists(before: Sequence[object], after: Sequence[object], path: str) -> Iterator[Difference]:
    for index, (old, new) in enumerate(zip(before, after, strict=False)):
        yield from differences(old, new, _join(path, str(index)))
    for index in range(len(before), len(after)):
        yield Difference(kind=Kind.ARRAY, path=f"{path}[{index}]", after=after[index])
    for index in range(len(after), len(before)):
        yield Difference(kind=Kind.ARRAY, path=f"{path}[{index}]", before=before[index])


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _list_items(value: object) -> Sequence[object] | None:
    return cast("Sequence[object]", value) if isinstance(value, (tuple, list, PVector)) else None


def _fields(value: Any) -> Mapping[str, object] | None:
    """The members of a record, a persistent map (in the order of its keys' texts) or a mapping."""
    kind = _type(value)
    if attrs.has(kind):
        return {field.name: getattr(value, field.name) for field in attrs.fields(kind)}
    if isinstance(value, PMap):
        items = cast("PMap[object, object]", value)
        return {str(key): items[key] for key in sorted(items, key=str)}
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else None


def _kind(value: Any) -> type[Any]:
    return dict if isinstance(value, (PMap, dict)) else _type(value)


def _type(value: object) -> type[Any]:
    return type(value)


def _equal(before: object, after: object) -> bool:
    if isinstance(before, float) and before != before:
        return isinstance(after, float) and after != after
    return before == after

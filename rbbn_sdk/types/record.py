"""Frozen records that also read as mappings by their documented (camelCase) keys."""

from collections.abc import ItemsView, Iterator, KeysView, ValuesView
from functools import cache
from typing import Any

import attrs
from msgspec import UNSET


@cache
def documented_key(field: str) -> str:
    """The documented spelling of a field: `call_id` is `callId`, `from_` is `from`."""
    head, *rest = field.rstrip("_").split("_")
    return head + "".join(part.capitalize() for part in rest)


_FieldsByKey = dict[str, str]


@cache
def _fields_of(record: type[Any]) -> _FieldsByKey:
    return {documented_key(field.name): field.name for field in attrs.fields(record)}


def _fields_by_key(record: object) -> _FieldsByKey:
    kind: Any = type(record)
    return _fields_of(kind)


class MappingRecord:
    """Mix-in for frozen attrs classes: `record["callId"]` is `record.call_id`.

    A field that is `UNSET` is a key that is not there. Not a `collections.abc.Mapping`, whose `__eq__` would hide the
    record's own; it has its methods and works with `dict(record)` and `**record`.
    """

    __slots__ = ()

    def __getitem__(self, key: str) -> Any:
        value = self.get(key, UNSET)
        if value is UNSET:
            raise KeyError(key)
        return value

    def get(self, key: str, default: Any = None) -> Any:
        """The value of a documented key, or `default` when it is not there."""
        name = _fields_by_key(self).get(key)
        value = UNSET if name is None else getattr(self, name)
        return default if value is UNSET else value

    def __contains__(self, key: object) -> bool:
        name = _fields_by_key(self).get(key) if isinstance(key, str) else None
        return name is not None and getattr(self, name) is not UNSET

    def __iter__(self) -> Iterator[str]:
        return (key for key, name in _fields_by_key(self).items() if getattr(self, name) is not UNSET)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def keys(self) -> KeysView[str]:
        """The documented keys that are there."""
        return dict.fromkeys(self).keys()

    def items(self) -> ItemsView[str, Any]:
        """Documented keys with their values."""
        return {key: self[key] for key in self}.items()

    def values(self) -> ValuesView[Any]:
        """The values of the keys that are there."""
        return {key: self[key] for key in self}.values()

"""Persistent maps by the shortest way: one value looked up (`item_of`), one value replaced (`with_item`).

Both look inside `PMap`; if it is not made inside as they believe, its own methods take their places.
"""

from typing import Any, TypeVar

from pyrsistent import PMap, pmap

_K = TypeVar("_K")
_V = TypeVar("_V")

_map: Any = PMap
_new: Any = object.__new__


def item_of(mapping: PMap[_K, _V], key: _K) -> _V | None:
    """The same as `mapping.get(key)`, in half the time: the first step of nearly every reducer and selector.

    It looks into the one bucket that may hold the key, where `PMap.get` goes through three methods and an exception.
    """
    inside: Any = mapping
    buckets = inside._buckets  # noqa: SLF001 -- checked by _check at import
    bucket: list[tuple[_K, _V]] | None = buckets[hash(key) % len(buckets)]
    if bucket:
        for known, value in bucket:
            if known == key:
                return value
    return None


def with_item(mapping: PMap[_K, _V], key: _K, value: _V) -> PMap[_K, _V]:
    """The same as `mapping.set(key, value)`; several times as fast when the key is there already.

    To replace a record is what nearly every reducer does. It copies the one bucket that holds the key, where `PMap.set`
    makes an evolver of all of them.
    """
    inside: Any = mapping
    buckets = inside._buckets  # noqa: SLF001 -- as above
    index = hash(key) % len(buckets)
    bucket: list[tuple[_K, _V]] = buckets[index] or []
    for place, (known, was) in enumerate(bucket):
        if known == key:
            if was is value:
                return mapping
            changed = bucket.copy()
            changed[place] = (known, value)
            made = _new(_map)
            made._size = inside._size  # noqa: SLF001 -- as above
            made._buckets = buckets.set(index, changed)  # noqa: SLF001 -- as above
            return made  # type: ignore[no-any-return]  # made by hand
    return mapping.set(key, value)


def _check() -> bool:
    """Whether this pyrsistent's maps are made inside as this module believes."""
    before = pmap({number: str(number) for number in range(20)})
    try:
        after = with_item(before, 7, "seven")
        found = [item_of(after, number) for number in (7, 8, 20)]
    except (AttributeError, TypeError):
        return False
    fine = (
        found == ["seven", "8", None]
        and after == before.set(7, "seven")
        and len(after) == len(before)
        and before[7] == "7"
        and hash(after) == hash(before.set(7, "seven"))
    )
    return fine and with_item(before, 20, "20") == before.set(20, "20")


def _get(mapping: PMap[_K, _V], key: _K) -> _V | None:
    return mapping.get(key)


def _set(mapping: PMap[_K, _V], key: _K, value: _V) -> PMap[_K, _V]:
    return mapping.set(key, value)


if not _check():
    item_of, with_item = _get, _set

"""Persistent maps by the shortest way: one value looked up (`item_of`), one value replaced (`with_item`)."""

from typing import Any, TypeVar

from pyrsistent import PMap, pmap

_K = TypeVar("_K")
_V = TypeVar("_V")

_make: Any = PMap


def item_of(mapping: PMap[_K, _V], key: _K) -> _V | None:
    """The same as `mapping.get(key)`, in half the time: the first step of nearly every reducer and selector."""
    return _looked_up(mapping, key) if _KNOWN_INSIDE else mapping.get(key)


def _looked_up(mapping: PMap[_K, _V], key: _K) -> _V | None:
    """Look into the one bucket that may hold the key, where `PMap.get` goes through three methods and an exception."""
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

    To replace a record is what nearly every reducer does.
    """
    return _replaced(mapping, key, value) if _KNOWN_INSIDE else mapping.set(key, value)


def _replaced(mapping: PMap[_K, _V], key: _K, value: _V) -> PMap[_K, _V]:
    """Copy the one bucket that holds the key, where `PMap.set` makes an evolver of all of them."""
    inside: Any = mapping
    buckets = inside._buckets  # noqa: SLF001 -- checked by _check at import
    index = hash(key) % len(buckets)
    bucket: list[tuple[_K, _V]] = buckets[index] or []
    for known, was in bucket:
        if known == key:
            if was is value:
                return mapping
            changed = [(k, value if k == key else v) for k, v in bucket]
            made: PMap[_K, _V] = _make(inside._size, buckets.set(index, changed))  # noqa: SLF001 -- as above
            return made
    return mapping.set(key, value)


def _check() -> bool:
    """Whether pyrsistent's maps are made inside as this module believes; if not, it uses `PMap.set`."""
    before = pmap({number: str(number) for number in range(20)})
    try:
        after = _replaced(before, 7, "seven")
        found = [_looked_up(after, number) for number in (7, 8, 20)]
    except (AttributeError, TypeError):
        return False
    fine = (
        found == ["seven", "8", None]
        and after == before.set(7, "seven")
        and len(after) == len(before)
        and before[7] == "7"
    )
    return fine and _replaced(before, 20, "20") == before.set(20, "20")


_KNOWN_INSIDE = _check()

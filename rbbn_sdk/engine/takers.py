"""Who waits for which action: an index, so that a dispatch costs the same however many wait for others."""

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any

import attrs

from rbbn_sdk.engine.action import Action


class Pattern:
    """Actions of some classes, and of these only the ones whose fields have the given values."""

    __slots__ = ("classes", "names", "values")

    def __init__(self, classes: tuple[type[Action], ...], fields: Mapping[str, object]) -> None:
        if not classes:
            raise TypeError("name at least one action class; `Action` stands for any action")
        for cls in classes:
            _check(cls, fields)
        self.classes = tuple(cls for cls in dict.fromkeys(classes) if not _has_base_in(cls, classes))
        self.names = tuple(sorted(fields))
        values = tuple(fields[name] for name in self.names)
        self.values: object = values[0] if len(values) == 1 else values
        hash(self.values)  # a value that cannot be hashed is refused here, in the saga that gave it


def _check(cls: type[Action], fields: Mapping[str, object]) -> None:
    if not _is_action_class(cls):
        raise TypeError(f"{cls!r} is not an action class")
    missing = fields.keys() - {field.name for field in attrs.fields(cls)} if fields else ()
    if missing:
        raise TypeError(f"{cls.__name__} has no field {', '.join(sorted(missing))}")


def _is_action_class(cls: object) -> bool:
    return isinstance(cls, type) and issubclass(cls, Action)


def _has_base_in(cls: type[Action], classes: tuple[type[Action], ...]) -> bool:
    return any(other is not cls and issubclass(cls, other) for other in classes)


class Taker:
    """Somebody who waits. `live` is False as soon as it does no more."""

    __slots__ = ("live", "pattern", "seq")

    def __init__(self, pattern: Pattern) -> None:
        self.pattern = pattern
        self.live = True
        self.seq = 0

    def accept(self, action: Action) -> None:
        """The action has come."""
        raise TypeError(f"{type(self).__name__} accepts nothing")  # each kind of taker says what it does


_BySeq = dict[int, Taker]


class Keyed:
    """The takers of one class that ask for the same fields, by the values they ask for."""

    __slots__ = ("by_value", "read")

    def __init__(self, names: tuple[str, ...]) -> None:
        self.read: Callable[[Any], object] = attrgetter(*names)
        self.by_value: dict[object, _BySeq] = {}


class Bucket:
    """The takers of one class."""

    __slots__ = ("keyed", "plain")

    def __init__(self) -> None:
        self.plain: _BySeq = {}
        self.keyed: dict[tuple[str, ...], Keyed] = {}

    def add(self, taker: Taker) -> None:
        """Note a taker."""
        pattern = taker.pattern
        if not pattern.names:
            self.plain[taker.seq] = taker
            return
        keyed = self.keyed.get(pattern.names)
        if keyed is None:
            keyed = self.keyed[pattern.names] = Keyed(pattern.names)
        keyed.by_value.setdefault(pattern.values, {})[taker.seq] = taker

    def remove(self, taker: Taker) -> None:
        """Forget a taker, and with the last one of its kind what was kept for the kind."""
        pattern = taker.pattern
        if not pattern.names:
            self.plain.pop(taker.seq, None)
            return
        keyed = self.keyed.get(pattern.names)
        if keyed is None:
            return
        takers = keyed.by_value.get(pattern.values, {})
        takers.pop(taker.seq, None)
        if not takers:
            keyed.by_value.pop(pattern.values, None)
        if not keyed.by_value:
            del self.keyed[pattern.names]


def _seq(taker: Taker) -> int:
    return taker.seq


class TakerIndex:
    """All takers of a store."""

    __slots__ = ("_buckets", "_seq")

    def __init__(self) -> None:
        self._buckets: dict[type[Action], Bucket] = {}
        self._seq = 0

    def buckets_for(self, action_class: type[Action]) -> tuple[Bucket, ...]:
        """Where takers of this class can stand: its own bucket and those of its bases. They stay the same objects."""
        bases = (base for base in action_class.__mro__ if issubclass(base, Action))
        return tuple(self._bucket(base) for base in bases)

    def buckets(self) -> tuple[Bucket, ...]:
        """All buckets."""
        return tuple(self._buckets.values())

    def add(self, taker: Taker) -> None:
        """Wait from now on; an action that is being delivered does not reach it."""
        self._seq += 1
        taker.seq = self._seq
        for cls in taker.pattern.classes:
            self._bucket(cls).add(taker)

    def remove(self, taker: Taker) -> None:
        """Wait no more."""
        taker.live = False
        for cls in taker.pattern.classes:
            self._bucket(cls).remove(taker)

    def _bucket(self, cls: type[Action]) -> Bucket:
        bucket = self._buckets.get(cls)
        if bucket is None:
            bucket = self._buckets[cls] = Bucket()
        return bucket


def takers_of(buckets: tuple[Bucket, ...], action: Action) -> list[Taker]:
    """Who waits for this action, in the order in which they began to wait."""
    found: list[Taker] = []
    for bucket in buckets:
        if bucket.plain:
            found.extend(bucket.plain.values())
        if bucket.keyed:
            for keyed in bucket.keyed.values():
                takers = keyed.by_value.get(keyed.read(action))
                if takers:
                    found.extend(takers.values())
    if len(found) > 1:
        found.sort(key=_seq)
    return found

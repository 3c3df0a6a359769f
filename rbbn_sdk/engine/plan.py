"""What a store does with an action class, worked out once."""

from collections.abc import Iterable
from typing import Any

from rbbn_sdk.engine.action import Action
from rbbn_sdk.engine.derivation import Derivation, Derivations
from rbbn_sdk.engine.registry import is_registered
from rbbn_sdk.engine.request import Fact, Request
from rbbn_sdk.engine.slice import Reducer, Slice
from rbbn_sdk.engine.takers import Bucket, TakerIndex


class Plan:
    """The way of one action class through the store."""

    __slots__ = ("buckets", "derivations", "is_fact", "is_request", "reducers")

    def __init__(
        self,
        reducers: tuple[tuple[str, Reducer], ...],
        derivations: tuple[Derivation, ...],
        buckets: tuple[Bucket, ...],
        cls: type[Action],
    ) -> None:
        self.reducers = reducers
        self.derivations = derivations
        self.buckets = buckets
        self.is_fact = issubclass(cls, Fact)
        self.is_request = issubclass(cls, Request)


class Planner:
    """Makes plans for one store."""

    __slots__ = ("_derivations", "_slices", "_takers")

    def __init__(self, slices: Iterable[Slice[Any]], derivations: Iterable[Derivations], takers: TakerIndex) -> None:
        self._slices = tuple(slices)
        self._derivations = tuple(derivations)
        self._takers = takers

    def plan(self, action: object) -> Plan:
        """The plan for an action's class. Raises `TypeError` for what cannot be dispatched."""
        if not isinstance(action, Action):
            raise TypeError(f"{action!r} cannot be dispatched: it is no Action; subclass rbbn_sdk.engine.Action")
        cls = type(action)
        if not is_registered(cls):
            raise TypeError(f"{cls.__name__} cannot be dispatched: it has no TYPE of its own, so no log could name it")
        reducers = ((a_slice.name, a_slice.reducer_of(cls)) for a_slice in self._slices)
        found = tuple((name, reducer) for name, reducer in reducers if reducer is not None)
        functions = (function for table in self._derivations for function in table.functions_for(cls))
        return Plan(found, tuple(dict.fromkeys(functions)), self._takers.buckets_for(cls), cls)

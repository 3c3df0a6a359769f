"""A slice of the state: its name, its first value, its reducers and its typed root selector, in one."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

from rbbn_sdk.engine.action import Action
from rbbn_sdk.engine.state import State

_S = TypeVar("_S")
_A = TypeVar("_A", bound=Action)
_B = TypeVar("_B", bound=Action)
_C = TypeVar("_C", bound=Action)
_D = TypeVar("_D", bound=Action)
_E = TypeVar("_E", bound=Action)

Reducer = Callable[[Any, Any], Any]


class Slice(Generic[_S]):
    """`calls = Slice("call", Calls())`; `calls(state)` reads it; `@calls.on(CallMade)` adds a reducer.

    A reducer is pure and total: no I/O, no clock, no chance, no exception. It returns the very same object when there
    is nothing to change.
    """

    __slots__ = ("_reducers", "initial", "name")

    def __init__(self, name: str, initial: _S) -> None:
        if not name.isidentifier() or name.startswith("_"):
            raise ValueError(f"{name!r} cannot name a slice; use an identifier without leading underscore")
        self.name = name
        self.initial = initial
        self._reducers: dict[type[Action], Reducer] = {}

    def __call__(self, state: State) -> _S:
        """This slice of a root state."""
        try:
            value: _S = state.__dict__[self.name]
        except KeyError:
            raise LookupError(f"this state has no slice {self.name!r}; give {self!r} to its Store") from None
        return value

    def __repr__(self) -> str:
        return f"Slice({self.name!r}, {type(self.initial).__name__})"

    @overload
    def on(self, a: type[_A], /) -> Callable[[Callable[[_S, _A], _S]], Callable[[_S, _A], _S]]: ...
    @overload
    def on(
        self, a: type[_A], b: type[_B], /
    ) -> Callable[[Callable[[_S, _A | _B], _S]], Callable[[_S, _A | _B], _S]]: ...
    @overload
    def on(
        self, a: type[_A], b: type[_B], c: type[_C], /
    ) -> Callable[[Callable[[_S, _A | _B | _C], _S]], Callable[[_S, _A | _B | _C], _S]]: ...
    @overload
    def on(
        self, a: type[_A], b: type[_B], c: type[_C], d: type[_D], /
    ) -> Callable[[Callable[[_S, _A | _B | _C | _D], _S]], Callable[[_S, _A | _B | _C | _D], _S]]: ...
    @overload
    def on(
        self, a: type[_A], b: type[_B], c: type[_C], d: type[_D], e: type[_E], /
    ) -> Callable[[Callable[[_S, _A | _B | _C | _D | _E], _S]], Callable[[_S, _A | _B | _C | _D | _E], _S]]: ...
    @overload
    def on(
        self,
        a: type[Action],
        b: type[Action],
        c: type[Action],
        d: type[Action],
        e: type[Action],
        f: type[Action],
        /,
        *more: type[Action],
    ) -> Callable[[Callable[[_S, Any], _S]], Callable[[_S, Any], _S]]: ...
    def on(self, *action_classes: type[Action]) -> Callable[[Callable[[_S, Any], _S]], Callable[[_S, Any], _S]]:
        """Decorator: reduce these actions with this function. One function for each class."""

        def add(reducer: Callable[[_S, Any], _S]) -> Callable[[_S, Any], _S]:
            for cls in action_classes:
                known = self._reducers.setdefault(cls, reducer)
                if known is not reducer:
                    raise TypeError(
                        f"slice {self.name!r} reduces {cls.__name__} already, in {_name(known)};"
                        f" {_name(reducer)} cannot reduce it too"
                    )
            return reducer

        return add

    def reducer_of(self, action_class: type[Action]) -> Reducer | None:
        """The function for a class: its own, else that of the nearest base class that has one."""
        reducers = self._reducers
        return next((reducers[base] for base in action_class.__mro__ if base in reducers), None)

    def reduce(self, state: _S, action: Action) -> _S:
        """What the slice becomes. An action it does not know gives back the same object."""
        reducer = self.reducer_of(type(action))
        if reducer is None:
            return state
        after: _S = reducer(state, action)
        return after


def _name(function: Reducer) -> str:
    name: str = getattr(function, "__qualname__", repr(function))
    return name

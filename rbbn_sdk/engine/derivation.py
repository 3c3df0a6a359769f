"""Public events, made of an action and the states before and after it."""

from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar, overload

from rbbn_sdk.engine.action import Action
from rbbn_sdk.engine.state import State

_A = TypeVar("_A", bound=Action)
_B = TypeVar("_B", bound=Action)
_C = TypeVar("_C", bound=Action)
_D = TypeVar("_D", bound=Action)
_E = TypeVar("_E", bound=Action)
_T = TypeVar("_T")
_X = TypeVar("_X", bound=Action)

Derivation = Callable[[Any, State, State], Iterable[object]]


class _Adds(Protocol[_X]):
    """The decorator that `on` gives."""

    def __call__(
        self, function: Callable[[_X, State, State], Iterable[_T]], /
    ) -> Callable[[_X, State, State], Iterable[_T]]: ...


class Derivations:
    """Pure functions `(action, before, after) -> events` by action class.

    A *change* compares the two states and yields nothing when they do not differ; a *report* is made of the fact.
    """

    __slots__ = ("_entries",)

    def __init__(self) -> None:
        self._entries: list[tuple[type[Action], Derivation]] = []

    @overload
    def on(self, a: type[_A], /) -> _Adds[_A]: ...
    @overload
    def on(self, a: type[_A], b: type[_B], /) -> _Adds[_A | _B]: ...
    @overload
    def on(self, a: type[_A], b: type[_B], c: type[_C], /) -> _Adds[_A | _B | _C]: ...
    @overload
    def on(self, a: type[_A], b: type[_B], c: type[_C], d: type[_D], /) -> _Adds[_A | _B | _C | _D]: ...
    @overload
    def on(
        self, a: type[_A], b: type[_B], c: type[_C], d: type[_D], e: type[_E], /
    ) -> _Adds[_A | _B | _C | _D | _E]: ...
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
    ) -> _Adds[Any]: ...
    def on(self, *action_classes: type[Action]) -> _Adds[Any]:
        """Decorator: derive events from these actions, and from their subclasses, with this function."""

        def add(function: Callable[[Any, State, State], Iterable[_T]]) -> Callable[[Any, State, State], Iterable[_T]]:
            self._entries.extend((cls, function) for cls in action_classes)
            return function

        return add

    def functions_for(self, action_class: type[Action]) -> tuple[Derivation, ...]:
        """All functions for a class, in the order in which they were added, each once."""
        return tuple(dict.fromkeys(f for cls, f in self._entries if issubclass(action_class, cls)))

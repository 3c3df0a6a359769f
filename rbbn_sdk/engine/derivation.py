"""Public events, made of an action and the states before and after it."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from rbbn_sdk.engine.action import Action
from rbbn_sdk.engine.state import State

_A = TypeVar("_A", bound=Action)
_E = TypeVar("_E")

Derivation = Callable[[Any, State, State], Iterable[object]]


class Derivations:
    """Pure functions `(action, before, after) -> events` by action class.

    A *change* compares the two states and yields nothing when they do not differ; a *report* is made of the fact.
    """

    __slots__ = ("_entries",)

    def __init__(self) -> None:
        self._entries: list[tuple[type[Action], Derivation]] = []

    def on(
        self, *action_classes: type[_A]
    ) -> Callable[[Callable[[_A, State, State], Iterable[_E]]], Callable[[_A, State, State], Iterable[_E]]]:
        """Decorator: derive events from these actions, and from their subclasses, with this function."""

        def add(function: Callable[[_A, State, State], Iterable[_E]]) -> Callable[[_A, State, State], Iterable[_E]]:
            self._entries.extend((cls, function) for cls in action_classes)
            return function

        return add

    def functions_for(self, action_class: type[Action]) -> tuple[Derivation, ...]:
        """All functions for a class, in the order in which they were added, each once."""
        return tuple(dict.fromkeys(f for cls, f in self._entries if issubclass(action_class, cls)))

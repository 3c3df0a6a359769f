"""Memoised selectors."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload
from weakref import WeakKeyDictionary

_S = TypeVar("_S")
_T1 = TypeVar("_T1")
_T2 = TypeVar("_T2")
_T3 = TypeVar("_T3")
_T4 = TypeVar("_T4")
_T5 = TypeVar("_T5")
_R = TypeVar("_R")

_Memo = tuple[tuple[object, ...], Any]


class Selector(Generic[_S, _R]):
    """Computes anew only when one of its inputs is another object than the last time.

    It remembers one result for each store (each store has its own root class), so two stores do not disturb each
    other, and what it remembers goes with the store.
    """

    __slots__ = ("__weakref__", "_combine", "_inputs", "_memos")

    def __init__(self, inputs: tuple[Callable[[Any], object], ...], combine: Callable[..., _R]) -> None:
        self._inputs = inputs
        self._combine = combine
        self._memos: WeakKeyDictionary[type, _Memo] = WeakKeyDictionary()

    def __call__(self, state: _S) -> _R:
        """The value for a state; the identical object for identical inputs."""
        inputs = tuple([read(state) for read in self._inputs])
        memo = self._memos.get(type(state))
        if memo is not None and all(now is was for now, was in zip(inputs, memo[0], strict=True)):
            known: _R = memo[1]
            return known
        result = self._combine(*inputs)
        self._memos[type(state)] = (inputs, result)
        return result

    def __repr__(self) -> str:
        return f"<selector {getattr(self._combine, '__qualname__', self._combine)}>"


@overload
def create_selector(a: Callable[[_S], _T1], combine: Callable[[_T1], _R], /) -> Selector[_S, _R]: ...
@overload
def create_selector(
    a: Callable[[_S], _T1], b: Callable[[_S], _T2], combine: Callable[[_T1, _T2], _R], /
) -> Selector[_S, _R]: ...
@overload
def create_selector(
    a: Callable[[_S], _T1], b: Callable[[_S], _T2], c: Callable[[_S], _T3], combine: Callable[[_T1, _T2, _T3], _R], /
) -> Selector[_S, _R]: ...
@overload
def create_selector(
    a: Callable[[_S], _T1],
    b: Callable[[_S], _T2],
    c: Callable[[_S], _T3],
    d: Callable[[_S], _T4],
    combine: Callable[[_T1, _T2, _T3, _T4], _R],
    /,
) -> Selector[_S, _R]: ...
@overload
def create_selector(
    a: Callable[[_S], _T1],
    b: Callable[[_S], _T2],
    c: Callable[[_S], _T3],
    d: Callable[[_S], _T4],
    e: Callable[[_S], _T5],
    combine: Callable[[_T1, _T2, _T3, _T4, _T5], _R],
    /,
) -> Selector[_S, _R]: ...
def create_selector(*functions: Callable[..., Any]) -> Selector[Any, Any]:
    """A memoised selector: `create_selector(input, ..., combine)`.

    Inputs are named functions of the state (a slice, another selector); `combine` gets what they return.
    """
    *inputs, combine = functions
    if not inputs:
        raise TypeError("create_selector needs at least one input selector before the function that combines")
    return Selector(tuple(inputs), combine)

"""Hypothesis strategies for actions and records, made of their field types.

Ids come from small pools, so that actions of a random sequence speak of the same calls and requests.
"""

from collections.abc import Callable, Sequence
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, NewType, Union, get_args, get_origin, get_type_hints

import attrs
from msgspec import UNSET, UnsetType
from pyrsistent import PMap, PVector, pmap, pvector

from rbbn_sdk.engine import Action, registered_actions
from rbbn_sdk.types import JsonText, RequestId

try:
    from hypothesis import strategies as st
except ModuleNotFoundError as missing:
    msg = f"the strategies need {missing.name}, which is not installed: pip install 'rbbn-sdk[testing]'"
    raise ModuleNotFoundError(msg, name=missing.name) from missing

__all__ = ["any_action", "any_actions", "values_of"]

POOL = 3
"""How many different ids of each kind there are."""

_TEXT = st.text(max_size=12)
_NUMBERS = st.integers(min_value=-(2**40), max_value=2**40)
_FRACTIONS = st.floats(allow_nan=False, allow_infinity=False, width=32)
_JSON = st.sampled_from([JsonText("{}"), JsonText("[]"), JsonText('{"notificationMessage": {}}'), JsonText("null")])

_SCALARS: dict[Any, st.SearchStrategy[Any]] = {
    str: _TEXT,
    int: _NUMBERS,
    float: _FRACTIONS,
    bool: st.booleans(),
    bytes: st.binary(max_size=12),
    NoneType: st.none(),
    UnsetType: st.just(UNSET),
    object: st.none(),
}


def values_of(kind: Any) -> st.SearchStrategy[Any]:
    """Values of a field's type: a scalar, enum, record, tuple, union, `PMap` or `PVector`.

    Raises `TypeError` for a type that state and actions may not have.
    """
    return _strategy(kind)


def any_action() -> st.SearchStrategy[Action]:
    """An action of any registered class, with any fields."""
    return st.sampled_from(_client_actions()).flatmap(values_of)


def any_actions(max_size: int = 30) -> st.SearchStrategy[list[Action]]:
    """A sequence of actions: any order, any ids, repeated, late."""
    return st.lists(any_action(), max_size=max_size)


def _client_actions() -> Sequence[type[Action]]:
    """In the order of their names, which does not vary with the order of imports."""
    return sorted(registered_actions(), key=lambda kind: kind.TYPE)


@cache
def _strategy(kind: Any) -> st.SearchStrategy[Any]:
    if kind in _SCALARS:
        return _SCALARS[kind]
    if kind is JsonText:
        return _JSON
    if isinstance(kind, NewType):
        return _ids(kind.__name__)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(sorted(kind, key=lambda member: member.name))
    if isinstance(kind, type) and attrs.has(kind):
        return st.deferred(lambda: _record(kind))
    return _composite(kind)


def _ids(name: str) -> st.SearchStrategy[str]:
    ids = [f"{name}-{number}" for number in range(POOL)]
    return st.sampled_from(["", *ids] if name == RequestId.__name__ else ids)


def _record(kind: type) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind)
    return st.fixed_dictionaries({field.name: _strategy(hints[field.name]) for field in attrs.fields(kind)}).map(
        lambda fields: kind(**fields)
    )


def _composite(kind: Any) -> st.SearchStrategy[Any]:
    make = _COMPOSITES.get(get_origin(kind))
    if make is None:
        msg = f"{kind!r} is no type for state and actions: scalars, enums, records, tuples, PMap and PVector are"
        raise TypeError(msg)
    return make(get_args(kind))


def _union(kinds: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    return st.one_of(*(_strategy(kind) for kind in kinds))


def _tuple(kinds: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return st.lists(_strategy(kinds[0]), max_size=POOL).map(tuple)
    return st.tuples(*(_strategy(kind) for kind in kinds))


def _map(kinds: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    key, value = kinds
    return st.dictionaries(_strategy(key), _strategy(value), max_size=POOL).map(pmap)


def _vector(kinds: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    return st.lists(_strategy(kinds[0]), max_size=POOL).map(pvector)


_COMPOSITES: dict[Any, Callable[[tuple[Any, ...]], st.SearchStrategy[Any]]] = {
    Union: _union,
    UnionType: _union,
    tuple: _tuple,
    PMap: _map,
    PVector: _vector,
    Literal: st.sampled_from,
}

"""What state, actions and port results are made of, seen over all rooms."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Any, get_args, get_type_hints

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rbbn_sdk.actions
import rbbn_sdk.ports
import rbbn_sdk.reducers
import rbbn_sdk.types
from rbbn_sdk.engine import Action, decode, decode_action, encode, encode_action, registered_actions
from rbbn_sdk.engine.evolve import is_plain
from rbbn_sdk.testing.strategies import values_of
from rbbn_sdk.types import port_method_name
from rbbn_sdk.types.log import LogEntry, LogEntryTarget, LogTimer


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    yield package
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(found.name)


def _own(package: ModuleType, module: ModuleType) -> list[type]:
    classes = [value for value in vars(module).values() if inspect.isclass(value)]
    return [one for one in classes if one.__module__ == module.__name__ and one.__module__.startswith(package.__name__)]


NOT_STATE = {LogEntry, LogEntryTarget, LogTimer}
"""What log handlers get: its messages may be anything."""


def _records(*packages: ModuleType) -> list[type]:
    found = [
        one
        for package in packages
        for module in _modules(package)
        for one in _own(package, module)
        if attrs.has(one) and one not in NOT_STATE
    ]
    return sorted(found, key=lambda record: f"{record.__module__}.{record.__qualname__}")


RESULTS = _records(rbbn_sdk.ports)
STATE = _records(rbbn_sdk.reducers, rbbn_sdk.types)
ACTIONS = sorted(
    (one for module in _modules(rbbn_sdk.actions) for one in registered_actions() if one.__module__ == module.__name__),
    key=lambda one: one.TYPE,
)
PROTOCOLS = [
    one
    for module in _modules(rbbn_sdk.ports)
    for one in _own(rbbn_sdk.ports, module)
    if getattr(one, "_is_protocol", False)
]
METHODS = [method for one in PROTOCOLS for method in vars(one).values() if hasattr(method, "__port_method__")]


@pytest.mark.parametrize("record", STATE, ids=lambda record: record.__qualname__)
def test_a_record_of_the_state_is_copied_by_its_slots(record: type) -> None:
    """A converter, validator, inherited field or `weakref` slot would make `evolve` the slow `attrs.evolve`."""
    assert is_plain(record)


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.TYPE)
def test_an_action_is_a_frozen_record(action: type) -> None:
    """It can be logged, compared and read back."""
    assert attrs.has(action)
    assert action.__attrs_props__.is_frozen if hasattr(action, "__attrs_props__") else True
    assert not hasattr(action, "__weakref__")


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.TYPE)
@given(data=st.data())
@settings(max_examples=10)
def test_an_action_is_read_back_as_it_was_written(action: type[Action], data: st.DataObject) -> None:
    """A log of actions rebuilds the session, whatever is in their fields."""
    value = data.draw(values_of(action))
    assert decode_action(encode_action(value)) == value


@pytest.mark.parametrize("record", [*STATE, *RESULTS], ids=lambda record: record.__qualname__)
@given(data=st.data())
@settings(max_examples=10)
def test_a_record_is_read_back_as_it_was_written(record: type, data: st.DataObject) -> None:
    """States are compared by their digests, and results of ports are recorded."""
    value = data.draw(values_of(record))
    assert decode(encode(value), record) == value


def _secret_fields(kind: Any, seen: set[Any]) -> list[str]:
    """Text fields of a record, and of those within it, whose name promises a secret."""
    if kind in seen:
        return []
    seen.add(kind)
    if not attrs.has(kind):
        return [found for part in get_args(kind) for found in _secret_fields(part, seen)]
    hints = get_type_hints(kind)
    named = [
        f"{kind.__name__}.{name}" for name, hint in hints.items() if _is_secret(name) and str in (hint, *get_args(hint))
    ]
    return named + [found for hint in hints.values() for found in _secret_fields(hint, seen)]


def _is_secret(name: str) -> bool:
    return any(word in name for word in ("password", "token", "hmac", "bearer", "secret", "credential"))


@pytest.mark.parametrize("method", METHODS, ids=port_method_name)
def test_the_result_of_a_port_holds_no_secret(method: Any) -> None:
    """Adapters keep what they find in an answer, and give a reference."""
    assert _secret_fields(get_type_hints(method).get("return"), set()) == []

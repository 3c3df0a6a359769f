"""`client.logger`."""

import pytest

from rbbn_sdk.actions.config import ConfigSet
from rbbn_sdk.actions.logs import LogHandlersChanged, LogLevelsChanged, SetLogLevel
from rbbn_sdk.api.context import ApiContext
from rbbn_sdk.api.logger import LoggerApi
from rbbn_sdk.effects.config import watch
from rbbn_sdk.engine import Store, run_saga
from rbbn_sdk.io.ids import SystemIds
from rbbn_sdk.io.objects import KeptObjects
from rbbn_sdk.io.secrets import KeptSecrets
from rbbn_sdk.ports import Objects
from rbbn_sdk.reducers.logs import KNOWN_TYPES, Logs, logs
from rbbn_sdk.types import ObjectRef
from rbbn_sdk.types.options import LogOptions, Options


@pytest.fixture
def actions():
    return []


@pytest.fixture
def logger(registry, clock, actions):
    store = Store([logs], taps=[lambda action, _before, _after: actions.append(action)])
    return LoggerApi(
        ApiContext(store, SystemIds(), clock, KeptSecrets(), KeptObjects(), registry, lambda: None), registry
    )


def test_the_constant_names_the_documented_levels(logger):
    """In lower case, while entries carry upper case."""
    assert dict(logger.levels) == {
        "SILENT": "silent",
        "ERROR": "error",
        "WARN": "warn",
        "INFO": "info",
        "DEBUG": "debug",
    }


def test_a_level_is_set_for_all_loggers(logger, registry, actions):
    """And told to the state before and after."""
    logger.set_level("warn")
    assert registry.get("CALL").get_level() == "WARN"
    assert (logger.get_level(), logger.get_level("CALL"), logger.get_level("NONSENSE")) == ("WARN", "WARN", None)
    assert actions == [SetLogLevel(level="WARN"), LogLevelsChanged(level="WARN")]


def test_a_level_is_set_for_one_type(logger, registry):
    """Also for one that the SDK does not know."""
    logger.setLevel("ERROR", "CALL")
    logger.setLevel("info", "MINE")
    levels = [logger.getLevel(name) for name in ("DEFAULT", "CALL", "MINE", "AUTH")]
    assert levels == ["DEBUG", "ERROR", "INFO", "DEBUG"]
    assert logger.getTypes()[0] == "DEFAULT"
    assert "MINE" in logger.get_types()


@pytest.mark.parametrize("level", ["loud", None, 5], ids=repr)
def test_a_wrong_level_is_an_error_entry(logger, entries, actions, level):
    """And changes nothing."""
    logger.set_level(level)
    assert [(entry.target.type, entry.messages[1]) for entry in entries if entry.level == "ERROR"] == [("LOGS", level)]
    assert actions == []


def test_a_handler_is_set_and_the_former_one_freed(logger, registry, actions, entries):
    """The state holds references, and the action names those that are done with."""
    first, second = [], []
    logger.set_handler(first.append)
    logger.setHandler(second.append, "CALL")
    registry.get("CALL").info("x")
    registry.get("AUTH").info("y")
    logger.set_handler(None)
    assert [e.messages[0] for e in first if e.level == "INFO"] == ["y"]
    assert [e.messages[0] for e in second if e.level == "INFO"] == ["x"]
    assert isinstance(actions[-1], LogHandlersChanged)
    assert [ref.id for ref in actions[-1].replaced] == ["object-1", "object-2"]


def test_a_wrong_handler_is_an_error_entry(logger, entries, actions):
    """Documented nowhere, and harmless."""
    logger.set_handler("print")
    assert [entry.target.type for entry in entries if entry.level == "ERROR"] == ["LOGS"]
    assert actions == []


def test_replaced_handlers_are_freed():
    """By the saga of the configuration."""
    ref = ObjectRef(id="o", kind="log_handler")
    ran = run_saga(watch(), answers={Objects.free: None}, actions=[LogHandlersChanged(handler=None, replaced=(ref,))])
    assert ran.called == [("objects.free", (ref,))]


def test_a_repeated_change_changes_nothing():
    """The very same object, so that nothing is computed anew."""
    once = logs.reduce(Logs(), LogLevelsChanged(level="WARN"))
    assert logs.reduce(once, LogLevelsChanged(level="WARN")) is once
    handled = logs.reduce(once, LogHandlersChanged(handler=None, type="CALL"))
    assert logs.reduce(handled, LogHandlersChanged(handler=None, type="CALL")) is handled


AT_WARN = ConfigSet(config=Options(logs=LogOptions(log_level="WARN")))


def levels(state):
    return {known.type: known.level for known in state.levels}


def test_one_type_has_its_level_until_all_get_another():
    """A type that is new is added last; a configuration of the same level takes nothing back."""
    everywhere = dict.fromkeys(KNOWN_TYPES, "WARN")
    all_at_warn = logs.reduce(Logs(), AT_WARN)
    assert (all_at_warn.default, levels(all_at_warn)) == ("WARN", everywhere)
    one = logs.reduce(all_at_warn, LogLevelsChanged(level="ERROR", type="CALL"))
    assert (one.default, levels(one)) == ("WARN", everywhere | {"CALL": "ERROR"})
    assert len(one.levels) == len(KNOWN_TYPES)
    two = logs.reduce(one, LogLevelsChanged(level="INFO", type="MINE"))
    assert list(levels(two).items()) == list((everywhere | {"CALL": "ERROR", "MINE": "INFO"}).items())
    assert logs.reduce(two, AT_WARN) is two
    again = logs.reduce(two, LogLevelsChanged(level="WARN"))
    assert levels(again) == everywhere | {"MINE": "WARN"}


def test_one_type_has_its_handler_until_all_get_another():
    """The newest is the last."""
    state = Logs()
    for name, type_, expected in (
        ("a", "CALL", [("CALL", "a")]),
        ("b", "AUTH", [("CALL", "a"), ("AUTH", "b")]),
        ("c", "CALL", [("AUTH", "b"), ("CALL", "c")]),
        ("d", "DEFAULT", [("DEFAULT", "d")]),
    ):
        change = LogHandlersChanged(handler=ObjectRef(id=name, kind="log_handler"), type=type_)
        state = logs.reduce(state, change)
        assert [(one.type, one.handler.id) for one in state.handlers] == expected

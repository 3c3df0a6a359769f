"""`client.logger`."""

import pytest

from rbbn_sdk.actions.logs import LogHandlersChanged, LogLevelsChanged, SetLogLevel
from rbbn_sdk.api.context import ApiContext
from rbbn_sdk.api.logger import LoggerApi
from rbbn_sdk.effects.config import watch
from rbbn_sdk.engine import Store, run_saga
from rbbn_sdk.io.ids import SystemIds
from rbbn_sdk.io.objects import KeptObjects
from rbbn_sdk.io.secrets import KeptSecrets
from rbbn_sdk.ports import Objects
from rbbn_sdk.reducers.logs import Logs, logs
from rbbn_sdk.types import ObjectRef


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

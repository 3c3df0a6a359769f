"""Loggers: levels, handlers, entries, timers."""

import gc

import pytest
from msgspec import UNSET

from rbbn_sdk.errors import InvalidArgument
from rbbn_sdk.ports import LogTarget
from rbbn_sdk.types.log import METHOD_LEVELS, LogEntry, LogEntryTarget, LogLevel, LogTimer

CALL = LogTarget(type="CALL", id="ab12")


def test_an_entry_has_the_documented_fields(registry, entries):
    """It reads as an object and as a mapping."""
    registry.get("CALL", "ab12").info("Example text", {"n": 1})
    [entry] = entries
    target = LogEntryTarget(type="CALL", id="ab12", name="CALL-ab12")
    assert entry == LogEntry(
        timestamp=1_700_000_000_123,
        method="info",
        level=LogLevel.INFO,
        target=target,
        messages=("Example text", {"n": 1}),
    )
    assert entry["target"]["name"] == "CALL-ab12"
    assert "timer" not in entry


def test_messages_are_handed_over_as_they_are(registry, entries):
    """Not copied, not made into texts."""
    thing = object()
    registry.get("CALL").debug("x", thing)
    assert entries[0].messages[1] is thing


def test_a_target_without_id_is_named_by_its_type(registry, entries):
    """And its id is the empty text."""
    registry.get("CALL").info("x")
    assert (entries[0].target.id, entries[0].target.name) == ("", "CALL")


def test_ids_are_texts_and_name_the_same_logger(registry):
    """Zero too."""
    logger = registry.get("REQUEST", 0)
    assert logger is registry.get("REQUEST", "0")
    assert (logger.id, logger.name, logger.type) == ("0", "REQUEST-0", "REQUEST")


def test_loggers_that_nobody_holds_cost_nothing(registry):
    """A load test makes one for each of a million calls."""
    for number in range(100):
        registry.get("CALL", number).trace("x")
    gc.collect()
    assert len(registry._loggers) == 0


@pytest.mark.parametrize("method", sorted(METHOD_LEVELS))
@pytest.mark.parametrize("level", list(LogLevel))
def test_an_entry_passes_when_its_level_is_not_below_the_loggers(registry, entries, method, level):
    """The table of levels by methods."""
    order = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "SILENT"]
    registry.set_level(level)
    registry.write(method, CALL, ("x",))
    passes = order.index(METHOD_LEVELS[method]) >= order.index(level)
    assert len(entries) == passes


def test_every_method_of_a_logger_makes_an_entry_of_its_name(registry, entries):
    """The documented methods in Python's spelling."""
    registry.set_level("trace")
    logger = registry.get("CALL")
    for method in (logger.trace, logger.debug, logger.log, logger.info, logger.warn, logger.error):
        method("x")
    logger.group("x")
    logger.group_collapsed("x")
    logger.group_end()
    assert [entry.method for entry in entries] == [
        *("trace", "debug", "log", "info", "warn", "error"),
        *("group", "groupCollapsed", "groupEnd"),
    ]


@pytest.mark.parametrize("level", ["loud", "", None, 3], ids=repr)
def test_a_level_that_is_none_is_refused(registry, level):
    """The message names those there are."""
    with pytest.raises(InvalidArgument, match="expected one of trace, debug"):
        registry.set_level(level)


def test_a_handler_that_is_no_function_is_refused(registry):
    """At every place where one can be set."""
    with pytest.raises(InvalidArgument, match="handler"):
        registry.set_handler("print")
    with pytest.raises(InvalidArgument, match="handler"):
        registry.get("CALL").set_handler(5)


def test_the_level_of_a_type_is_that_of_its_loggers(registry):
    """Existing and new ones; other types keep theirs."""
    logger = registry.get("CALL", "1")
    registry.set_level("WARN", "CALL")
    assert (logger.get_level(), registry.get("CALL", "2").get_level()) == ("WARN", "WARN")
    assert registry.get("AUTH").get_level() == "DEBUG"


def test_a_logger_can_have_a_level_and_a_handler_of_its_own(registry, entries):
    """Until its type, or everything, gets another."""
    mine = []
    logger = registry.get("CALL", "1")
    logger.set_level("error")
    logger.set_handler(mine.append)
    logger.error("x")
    assert (len(mine), len(entries), registry.get("CALL", "2").get_level()) == (1, 0, "DEBUG")
    registry.set_level("info", "CALL")
    registry.set_handler(entries.append, "CALL")
    assert logger.get_level() == "INFO"
    logger.info("y")
    assert len(entries) == 1


def test_setting_everything_wins_over_what_was_set_before(registry, entries):
    """Also over levels and handlers of types and of single loggers; the handler of action logs stays."""
    others, actions = [], []
    registry.set_level("error", "CALL")
    registry.set_handler(others.append, "CALL")
    registry.set_handler(actions.append, "ACTION")
    registry.set_level("info")
    registry.set_handler(entries.append)
    registry.get("CALL").info("x")
    registry.get("ACTION").info("y")
    assert (len(others), len(entries), len(actions)) == (0, 1, 1)


def test_a_timer_tells_start_split_and_end(registry, entries, clock):
    """With times in milliseconds, and one sentence."""
    logger = registry.get("CALL", "1")
    clock.time = 1000
    logger.time("setup")
    clock.time = 1250
    logger.time_log("setup")
    clock.time = 1400
    logger.time_end("setup")
    assert [(entry.method, entry.timer) for entry in entries] == [
        ("time", LogTimer(event="time", name="setup", start=1000)),
        ("timeLog", LogTimer(event="timeLog", name="setup", start=1000, split=1250, elapsed=250)),
        ("timeEnd", LogTimer(event="timeEnd", name="setup", start=1000, end=1400, elapsed=400)),
    ]
    assert [len(entry.messages) for entry in entries] == [1, 1, 1]


def test_a_timer_that_runs_is_not_started_again(registry, entries, clock):
    """A warning shows the first start."""
    logger = registry.get("CALL")
    logger.time("t")
    clock.time += 5
    logger.time("t")
    assert (entries[1].level, entries[1].timer) == ("WARN", LogTimer(event="time", name="t", start=1_700_000_000_123))


def test_a_timer_that_does_not_run_is_a_warning(registry, entries):
    """Whether it never ran, or has ended, or is another logger's."""
    logger = registry.get("CALL", "1")
    registry.get("CALL", "2").time("t")
    logger.time_log("t")
    logger.time_end("t")
    assert [(entry.method, entry.timer) for entry in entries[1:]] == [
        ("warn", LogTimer(event="timeLog", name="t", start=UNSET)),
        ("warn", LogTimer(event="timeEnd", name="t", start=UNSET)),
    ]


def test_timers_run_when_their_entries_are_hidden(registry, entries, clock):
    """A level changed in between does not lose the start."""
    registry.set_level("error")
    registry.get("CALL").time("t")
    registry.set_level("debug")
    clock.time += 7
    registry.get("CALL").time_end("t")
    assert [entry.timer.elapsed for entry in entries] == [7]

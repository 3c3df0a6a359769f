"""A burst of entries for each action."""

import re

import pytest
from attrs import frozen
from pyrsistent import pmap

from rbbn_sdk.engine import Action, Slice, Store
from rbbn_sdk.io.log import ActionLog, HiddenAction, LogRegistry
from rbbn_sdk.types.options import LogActionOptions, LogOptions


@frozen(kw_only=True, weakref_slot=False)
class Counted(Action):
    TYPE = "test-logs/COUNTED"
    by: int = 1


@frozen(kw_only=True, weakref_slot=False)
class Counts:
    n: int = 0


counts = Slice("counts", Counts())


@counts.on(Counted)
def _counted(state, action):
    return Counts(n=state.n + action.by) if action.by else state


def quiet_registry(clock, handler=lambda entry: None):
    registry = LogRegistry(clock)
    registry.set_handler(handler)
    return registry


def a_store(clock, entries, log_level="DEBUG", **options):
    """A store with action logs, or without when the level does not want them."""
    log_options = LogOptions(log_level=log_level, log_actions=LogActionOptions(**options))
    registry = quiet_registry(clock)
    action_log = ActionLog.of(log_options, entries.append, registry)
    if action_log is None:
        return Store([counts]), None
    return Store([counts], filters=[action_log.filter], taps=[action_log]), action_log


GROUP, END = "group", "groupEnd"
PREV, ACTION, NEXT = "prev state", "action    ", "next state"


def shape(entries):
    """Rows as method and label."""
    return [
        (e.method, "title" if str(e.messages[:1]).startswith("('action test") else e.messages[0])
        if e.messages
        else (e.method, None)
        for e in entries
    ]


DIFF = [(GROUP, "diff"), ("log", "%c CHANGED:"), (END, None)]
FULL = [(GROUP, "title"), ("debug", PREV), ("debug", ACTION), ("debug", NEXT), (END, None)]


@pytest.mark.parametrize(
    ("level", "options", "rows"),
    [
        ("DEBUG", {}, FULL),
        ("TRACE", {}, FULL),
        ("DEBUG", {"collapsed": True}, [("groupCollapsed", "title"), *FULL[1:]]),
        ("DEBUG", {"diff": True}, [*FULL[:-1], *DIFF, (END, None)]),
        ("DEBUG", {"action_only": True}, [(GROUP, "title"), ("info", ACTION), (END, None)]),
        ("DEBUG", {"action_only": True, "diff": True}, [(GROUP, "title"), ("info", ACTION), *DIFF, (END, None)]),
        ("INFO", {"diff": True, "collapsed": True}, [(GROUP, "title"), (END, None)]),
        ("INFO", {"action_only": True, "diff": True}, [(GROUP, "title"), ("info", ACTION), (END, None)]),
        (
            "DEBUG",
            {"level": "trace"},
            [FULL[0], ("trace", PREV), ("trace", ACTION), ("trace", NEXT), FULL[-1]],
        ),
        ("DEBUG", {"level": "info"}, [("info", PREV), ("info", ACTION), ("info", NEXT)]),
        ("DEBUG", {"level": "error", "diff": True}, [("error", PREV), ("error", ACTION), ("error", NEXT)]),
        ("DEBUG", {"level": "info", "action_only": True}, [("info", ACTION)]),
        ("DEBUG", {"level": "warn", "action_only": True}, []),
        ("DEBUG", {"level": "silent"}, []),
        ("WARN", {}, []),
        ("ERROR", {}, []),
        ("SILENT", {}, []),
    ],
    ids=str,
)
def test_a_burst_has_the_rows_of_its_options(clock, level, options, rows):
    """The documented combinations of level and options."""
    entries = []
    store, _ = a_store(clock, entries, level, **options)
    store.dispatch(Counted())
    assert shape(entries) == rows


def test_the_records_themselves_are_handed_over(clock):
    """States and actions are immutable, so nobody has to copy them."""
    entries = []
    store, _ = a_store(clock, entries)
    before, action = store.state, Counted(by=2)
    store.dispatch(action)
    assert [entry.messages[1] for entry in entries[1:4]] == [before, action, store.state]
    assert entries[2].messages[1] is action
    assert {entry.target.type for entry in entries} == {"ACTION"}


def test_the_title_tells_name_time_and_duration(clock):
    """In local time."""
    entries = []
    store, _ = a_store(clock, entries)
    store.dispatch(Counted())
    assert re.fullmatch(r"action test-logs/COUNTED @ \d\d:\d\d:\d\d\.123 \(in \d+\.\d\d ms\)", entries[0].messages[0])


@pytest.mark.parametrize("level", ["DEBUG", "INFO"])
def test_payloads_can_be_hidden(clock, level):
    """At every level, also where the vendor's SDK forgets to."""
    entries = []
    store, _ = a_store(clock, entries, level, action_only=True, expose_payloads=False)
    store.dispatch(Counted(by=77))
    assert entries[1].messages == (ACTION, HiddenAction(TYPE="test-logs/COUNTED"))
    assert "77" not in repr(entries)


def test_excluded_actions_are_not_logged(clock):
    """By name."""
    entries = []
    store, _ = a_store(clock, entries, exclude_actions=("test-logs/COUNTED",))
    store.dispatch(Counted())
    assert entries == []


def test_nothing_is_logged_after_the_end(clock):
    """Actions of the cleanup are nobody's business."""
    entries = []
    store, action_log = a_store(clock, entries)
    action_log.close()
    store.dispatch(Counted())
    assert entries == []


def test_no_difference_is_one_entry_that_says_so(clock):
    """The text holds `no diff`."""
    entries = []
    store, _ = a_store(clock, entries, diff=True, action_only=True)
    store.dispatch(Counted(by=0))
    assert entries[3].messages == ("no diff",)


def test_a_handler_that_raises_does_not_stop_the_store(clock, caplog):
    """In the vendor's SDK it leaves through the dispatch."""
    log_options = LogOptions(log_actions=LogActionOptions())
    registry = quiet_registry(clock)

    def handler(entry):
        raise OSError("no disk")

    action_log = ActionLog.of(log_options, handler, registry)
    store = Store([counts], filters=[action_log.filter], taps=[action_log])
    store.dispatch(Counted())
    assert counts(store.state).n == 1
    assert caplog.text.count("raised OSError") == 1


def test_action_logs_do_not_go_to_the_log_handler(clock):
    """Unless it is given for them too; a new handler for everything else does not get them either."""
    others, actions = [], []
    log_options = LogOptions(log_actions=LogActionOptions())
    registry = quiet_registry(clock, others.append)
    action_log = ActionLog.of(log_options, actions.append, registry)
    registry.set_handler(others.append)
    action_log(Counted(), None, None)
    assert (len(others), len(actions)) == (0, 5)


def test_without_the_filter_only_the_duration_is_unknown(clock):
    """An extension of an application may use the tap alone."""
    entries = []
    log_options = LogOptions(log_actions=LogActionOptions())
    action_log = ActionLog.of(log_options, entries.append, quiet_registry(clock))
    action_log(Counted(), None, None)
    assert ".123 (in 0.00 ms)" in entries[0].messages[0]


def test_the_rows_of_a_diff_have_the_documented_messages(clock):
    """Styles included, for handlers that show colours."""
    entries = []
    log_options = LogOptions(log_actions=LogActionOptions(diff=True, action_only=True))
    action_log = ActionLog.of(log_options, entries.append, quiet_registry(clock))
    action_log(Counted(), pmap({"a": 1, "b": 1, "l": (1, 2)}), pmap({"b": 2, "c": 3, "l": (1,)}))
    action_log(Counted(), pmap({"l": ()}), pmap({"l": (5,)}))
    rows = [entry.messages for entry in entries if entry.method == "log"]
    blue, green, red = (f"color: {c}; font-weight: bold" for c in ("#2196F3", "#4CAF50", "#F44336"))
    assert rows == [
        ("%c DELETED:", red, "a"),
        ("%c CHANGED:", blue, "b", 1, "→", 2),
        ("%c ARRAY:", blue, "l[1]", {"kind": "D", "lhs": 2}),
        ("%c ADDED:", green, "c", 3),
        ("%c ARRAY:", blue, "l[0]", {"kind": "N", "rhs": 5}),
    ]

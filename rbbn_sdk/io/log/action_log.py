"""Action logs: a burst of entries for each action that was reduced (`logs` 9)."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from time import perf_counter
from typing import Final, TypeVar

from attrs import frozen
from msgspec import UNSET

from rbbn_sdk.io.log.console import ConsoleActionHandler
from rbbn_sdk.io.log.diff import Difference, Kind, differences
from rbbn_sdk.io.log.registry import LogRegistry
from rbbn_sdk.ports import LogTarget
from rbbn_sdk.types.log import LogHandler, LogLevel
from rbbn_sdk.types.options import LogActionOptions, LogOptions

__all__ = ["ActionLog", "HiddenAction"]

_A = TypeVar("_A")
_Row = tuple[str, tuple[object, ...]]
"""A logger method and its messages."""

_TARGET: Final = LogTarget(type="ACTION")
_SILENT: Final = "silent"
_LABEL_WIDTH: Final = 10
_BLUE, _GREEN, _RED = "#2196F3", "#4CAF50", "#F44336"
_LEVELS: Final = frozenset({LogLevel.TRACE, LogLevel.DEBUG, LogLevel.INFO})


@frozen(kw_only=True, weakref_slot=False)
class HiddenAction:
    """Stands for an action whose payload is not shown: its name, and the error it reports."""

    TYPE: str
    error: object = None


class ActionLog:
    """A tap that logs each action. Its `filter`, put last among the filters, notes when an action came.

    Actions and states are handed over as the immutable records that they are.
    """

    def __init__(self, options: LogActionOptions, level: LogLevel, registry: LogRegistry) -> None:
        self._options = options
        self._names_only = level is LogLevel.INFO
        self._registry = registry
        self._clock = registry.clock
        self._excluded = frozenset(() if options.exclude_actions is UNSET else options.exclude_actions)
        self._started: tuple[int, float] | None = None
        self._closed = False

    @classmethod
    def of(cls, options: LogOptions, handler: LogHandler | None, registry: LogRegistry) -> "ActionLog | None":
        """Action logs with a level and a handler of their own; None when the configuration asks for none.

        They are whole at the log levels DEBUG and TRACE, names only at INFO. The default handler writes to stderr.
        """
        level = LogLevel(options.log_level)
        if options.log_actions is None or level not in _LEVELS:
            return None
        registry.set_level(options.log_actions.level, _TARGET.type)
        registry.set_handler(ConsoleActionHandler() if handler is None else handler, _TARGET.type)
        return cls(options.log_actions, level, registry)

    def filter(self, action: _A, _state: object) -> _A:
        """Note when an action began to be dispatched."""
        self._started = (self._clock.now(), perf_counter())
        return action

    def __call__(self, action: object, before: object, after: object) -> None:
        """Log an action and what it did."""
        name = _name(action)
        if self._closed or name in self._excluded:
            return
        for method, messages in self._burst(name, action, before, after):
            self._registry.write(method, _TARGET, messages)

    def close(self) -> None:
        """Log no action any more."""
        self._closed = True

    def _burst(self, name: str, action: object, before: object, after: object) -> Iterator[_Row]:
        options, whole = self._options, not self._names_only
        states = whole and not options.action_only and options.level != _SILENT
        group = "groupCollapsed" if whole and options.collapsed else "group"
        yield group, (self._title(name),)
        if states:
            yield options.level, ("prev state", before)
        yield from self._action_row(name, action)
        if states:
            yield options.level, ("next state", after)
        if whole and options.diff:
            yield from _diff(group, before, after)
        yield "groupEnd", ()

    def _action_row(self, name: str, action: object) -> Iterator[_Row]:
        options = self._options
        method = "info" if options.action_only else options.level
        if method == _SILENT or (self._names_only and not options.action_only):
            return
        error = getattr(action, "error", None)
        shown = action if options.expose_payloads else HiddenAction(TYPE=name, error=error)
        yield method, ("action".ljust(_LABEL_WIDTH), shown)

    def _title(self, name: str) -> str:
        ended = perf_counter()
        began, counter = self._started or (self._clock.now(), ended)
        self._started = None
        local = datetime.fromtimestamp(began / 1000, tz=UTC).astimezone()
        took = (ended - counter) * 1000
        return f"action {name} @ {local:%H:%M:%S}.{began % 1000:03} (in {took:.2f} ms)"


def _name(action: object) -> str:
    return str(getattr(action, "TYPE", type(action).__name__))


def _diff(group: str, before: object, after: object) -> Iterator[_Row]:
    yield group, ("diff",)
    rows = [("log", _ROWS[found.kind](found)) for found in differences(before, after)]
    yield from rows or [("log", ("no diff",))]
    yield "groupEnd", ()


def _head(found: Difference, colour: str) -> tuple[object, ...]:
    return f"%c {found.kind}:", f"color: {colour}; font-weight: bold", found.path


def _changed(found: Difference) -> tuple[object, ...]:
    return (*_head(found, _BLUE), found.before, "→", found.after)


def _added(found: Difference) -> tuple[object, ...]:
    return (*_head(found, _GREEN), found.after)


def _deleted(found: Difference) -> tuple[object, ...]:
    return _head(found, _RED)


def _array(found: Difference) -> tuple[object, ...]:
    item = {"kind": "D", "lhs": found.before} if found.after is UNSET else {"kind": "N", "rhs": found.after}
    return (*_head(found, _BLUE), item)


_ROWS: Final[dict[Kind, Callable[[Difference], tuple[object, ...]]]] = {
    Kind.CHANGED: _changed,
    Kind.ADDED: _added,
    Kind.DELETED: _deleted,
    Kind.ARRAY: _array,
}

"""What a log handler gets (`logs` 1 and 2)."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, Final

from attrs import frozen
from msgspec import UNSET, UnsetType

from rbbn_sdk.types.record import MappingRecord


class LogLevel(StrEnum):
    """In the order of their ranks."""

    TRACE = "TRACE"
    DEBUG = "DEBUG"
    INFO = "INFO"
    WARN = "WARN"
    ERROR = "ERROR"
    SILENT = "SILENT"


RANKS: Final = {level: rank for rank, level in enumerate(LogLevel)}
"""An entry passes when the rank of its level is not below that of its logger's level."""

METHOD_LEVELS: Final = {
    "trace": LogLevel.TRACE,
    "debug": LogLevel.DEBUG,
    "log": LogLevel.DEBUG,
    "info": LogLevel.INFO,
    "warn": LogLevel.WARN,
    "error": LogLevel.ERROR,
    "group": LogLevel.DEBUG,
    "groupCollapsed": LogLevel.DEBUG,
    "groupEnd": LogLevel.DEBUG,
    "time": LogLevel.DEBUG,
    "timeLog": LogLevel.DEBUG,
    "timeEnd": LogLevel.DEBUG,
}
"""The level of the entries that each logger method makes."""


@frozen(kw_only=True, weakref_slot=False)
class LogEntryTarget(MappingRecord):
    """What an entry is about."""

    type: str
    id: str = ""
    name: str


@frozen(kw_only=True, weakref_slot=False)
class LogTimer(MappingRecord):
    """Where a timer stands. Times in milliseconds since the epoch, `elapsed` in milliseconds."""

    event: str
    """`time`, `timeLog` or `timeEnd`."""
    name: str
    start: int | UnsetType = UNSET
    """UNSET: it was not running."""
    split: int | UnsetType = UNSET
    end: int | UnsetType = UNSET
    elapsed: int | UnsetType = UNSET


@frozen(kw_only=True, weakref_slot=False)
class LogEntry(MappingRecord):
    """One entry. It reads as a mapping by its documented keys too: `entry["target"]["name"]`."""

    timestamp: int
    """Milliseconds since the epoch."""
    method: str
    """The logger method that made it."""
    level: LogLevel
    target: LogEntryTarget
    messages: tuple[Any, ...]
    """By convention a text, and further data. Actions and states are the immutable records themselves."""
    timer: LogTimer | UnsetType = UNSET


LogHandler = Callable[[LogEntry], object]
"""A function of the application that gets each entry; what it returns is ignored."""

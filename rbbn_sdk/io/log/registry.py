"""The loggers of one client: their levels, handlers and timers (`logs` 4 and 6)."""

from typing import Final
from weakref import WeakValueDictionary

from msgspec import UNSET, UnsetType

from rbbn_sdk.errors import InvalidArgument
from rbbn_sdk.io.log.console import ConsoleHandler
from rbbn_sdk.io.log.delivery import Delivery
from rbbn_sdk.io.log.logger import Logger
from rbbn_sdk.ports import Clock, LogTarget
from rbbn_sdk.types.log import METHOD_LEVELS, RANKS, LogEntry, LogEntryTarget, LogHandler, LogLevel, LogTimer

__all__ = ["LogRegistry", "level_of"]

_DEFAULT: Final = "DEFAULT"
_ACTION: Final = "ACTION"


_RANK_OF_LEVEL: Final[dict[str, int]] = {level.value: rank for level, rank in RANKS.items()}
_METHOD_RANKS: Final = {method: RANKS[level] for method, level in METHOD_LEVELS.items()}
_DEBUG: Final = LogLevel.DEBUG
_DEBUG_RANK: Final = RANKS[_DEBUG]


def level_of(name: object) -> LogLevel:
    """A level by its name in any case. Raises `InvalidArgument` for anything else."""
    if isinstance(name, str) and name.upper() in RANKS:
        return LogLevel(name.upper())
    known = ", ".join(level.lower() for level in LogLevel)
    raise InvalidArgument(f"level: expected one of {known}, got {name!r}")


class LogRegistry:
    """The port `Log`. Until it is configured it writes everything from DEBUG on to the console."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._delivery = Delivery()
        self._console: LogHandler = ConsoleHandler()
        self._levels: dict[str, LogLevel] = {}
        self._handlers: dict[str, LogHandler] = {}
        self._level = LogLevel.DEBUG
        self._handler: LogHandler = self._console
        self._own_levels: dict[LogTarget, LogLevel] = {}
        self._own_handlers: dict[LogTarget, LogHandler] = {}
        self._timers: dict[tuple[LogTarget, str], int] = {}
        self._loggers: WeakValueDictionary[LogTarget, Logger] = WeakValueDictionary()

    @property
    def clock(self) -> Clock:
        """Where the times of entries come from."""
        return self._clock

    def write(self, method: str, target: LogTarget, messages: tuple[object, ...]) -> None:
        """One entry, if its logger's level lets it pass."""
        self._emit(method, target, messages, UNSET)

    def passes(self, method: str, target: LogTarget) -> bool:
        """Whether an entry of a method would be made, for those to whom its messages are dear."""
        return _METHOD_RANKS.get(method, _DEBUG_RANK) >= _RANK_OF_LEVEL[self.level(target)]

    def get(self, log_type: str, id: object = "") -> Logger:  # noqa: A002 -- the documented word
        """The logger of a type and id. As long as somebody holds it, the same again."""
        target = LogTarget(type=log_type, id=str(id))
        logger = self._loggers.get(target)
        if logger is None:
            logger = self._loggers[target] = Logger(self, target)
        return logger

    def level(self, target: LogTarget) -> LogLevel:
        """The level of a logger: its own, else its type's, else the default."""
        own = self._own_levels.get(target) if self._own_levels else None
        return own or self._levels.get(target.type) or self._level

    def handler(self, target: LogTarget) -> LogHandler:
        """The handler of a logger: its own, else its type's, else the default."""
        own = self._own_handlers.get(target) if self._own_handlers else None
        return own or self._handlers.get(target.type) or self._handler

    def set_level(self, level: str, log_type: str = _DEFAULT) -> None:
        """Set the level of all loggers of a type, or of all there are and will be."""
        value = level_of(level)
        if log_type == _DEFAULT:
            self._level = value
            self._levels.clear()
            self._own_levels.clear()
        else:
            self._levels[log_type] = value
            self._own_levels = {target: own for target, own in self._own_levels.items() if target.type != log_type}

    def set_handler(self, handler: LogHandler | None, log_type: str = _DEFAULT) -> None:
        """Set the handler of all loggers of a type, or of all; None is the default one. Action logs keep theirs."""
        value = self._console if handler is None else _checked(handler)
        if log_type == _DEFAULT:
            kept = {name: known for name, known in self._handlers.items() if name == _ACTION}
            self._handler, self._handlers = value, kept
            self._own_handlers.clear()
        else:
            self._handlers[log_type] = value
            self._own_handlers = {target: own for target, own in self._own_handlers.items() if target.type != log_type}

    def set_own_level(self, target: LogTarget, level: str) -> None:
        """Set the level of a single logger."""
        self._own_levels[target] = level_of(level)

    def set_own_handler(self, target: LogTarget, handler: LogHandler) -> None:
        """Set the handler of a single logger."""
        self._own_handlers[target] = _checked(handler)

    def time(self, target: LogTarget, name: str) -> None:
        """Start a timer. One that runs goes on, with a warning."""
        start = self._timers.get((target, name))
        if start is not None:
            timer = LogTimer(event="time", name=name, start=start)
            self._emit("warn", target, (f"Timer {name} is running already",), timer)
            return
        now = self._timers[target, name] = self._clock.now()
        self._emit("time", target, (f"Timer {name} started",), LogTimer(event="time", name=name, start=now))

    def time_log(self, target: LogTarget, name: str) -> None:
        """Tell how long a timer has been running."""
        start = self._timers.get((target, name))
        if start is None:
            self._misused("timeLog", target, name)
            return
        now = self._clock.now()
        timer = LogTimer(event="timeLog", name=name, start=start, split=now, elapsed=now - start)
        self._emit("timeLog", target, (f"Timer {name} has been running for {now - start} ms",), timer)

    def time_end(self, target: LogTarget, name: str) -> None:
        """Stop a timer."""
        start = self._timers.pop((target, name), None)
        if start is None:
            self._misused("timeEnd", target, name)
            return
        now = self._clock.now()
        timer = LogTimer(event="timeEnd", name=name, start=start, end=now, elapsed=now - start)
        self._emit("timeEnd", target, (f"Timer {name} ran for {now - start} ms",), timer)

    def _misused(self, event: str, target: LogTarget, name: str) -> None:
        self._emit("warn", target, (f"Timer {name} is not running",), LogTimer(event=event, name=name))

    def _emit(self, method: str, target: LogTarget, messages: tuple[object, ...], timer: LogTimer | UnsetType) -> None:
        if not self.passes(method, target):
            return
        entry = LogEntry(
            timestamp=self._clock.now(),
            method=method,
            level=METHOD_LEVELS.get(method, _DEBUG),
            target=LogEntryTarget(type=target.type, id=target.id, name=_name(target)),
            messages=messages,
            timer=timer,
        )
        self._delivery.deliver(entry, self.handler(target))


def _name(target: LogTarget) -> str:
    return f"{target.type}-{target.id}" if target.id else target.type


def _checked(handler: LogHandler) -> LogHandler:
    if not callable(handler):
        raise InvalidArgument(f"handler: expected a function that takes a log entry, got {handler!r}")
    return handler

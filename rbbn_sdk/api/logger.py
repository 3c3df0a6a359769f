"""`client.logger`."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, Final, Protocol

from rbbn_sdk.actions.logs import ALL_LOGGERS, LogHandlersChanged, LogLevelsChanged, SetLogHandler, SetLogLevel
from rbbn_sdk.api.context import ApiContext
from rbbn_sdk.config.checks import Refused, callable_of
from rbbn_sdk.config.special import LEVELS
from rbbn_sdk.selectors.logs import handlers_replaced_by, log_level, log_types
from rbbn_sdk.types import ObjectRef
from rbbn_sdk.types.log import LogHandler

_TYPE: Final = "LOGS"


def _is_level(value: object) -> bool:
    return isinstance(value, str) and value.upper() in LEVELS


def _is_text(value: object) -> bool:
    return isinstance(value, str)


class Loggers(Protocol):
    """The loggers themselves."""

    def set_level(self, level: str, log_type: str = ...) -> None:
        """Set the level of the loggers of a type, or of all."""
        ...

    def set_handler(self, handler: LogHandler | None, log_type: str = ...) -> None:
        """Set the handler of the loggers of a type, or of all; None is the default one."""
        ...


class LoggerApi:
    """Levels and handlers of the client's loggers. `logs` in the configuration sets them at creation."""

    levels: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"SILENT": "silent", "ERROR": "error", "WARN": "warn", "INFO": "info", "DEBUG": "debug"}
    )
    """The documented levels, by their constants."""

    def __init__(self, context: ApiContext, loggers: Loggers) -> None:
        self._context = context
        self._loggers = loggers

    def set_level(self, level: str, type: str = ALL_LOGGERS) -> None:  # noqa: A002 -- the documented word
        """Set the level, in any case, of the loggers of a type such as `CALL`, or of all, `ACTION` included.

        A level that is none is an ERROR entry of logger `LOGS`, and changes nothing.
        """
        self._context.invoked(_TYPE, "logger.setLevel", level, type)
        if not _is_level(level):
            self._context.log("error", _TYPE, f"level: expected one of {', '.join(LEVELS).lower()}", level)
            return
        if not self._is_type(type):
            return
        self.use_level(level.upper(), type)

    def get_level(self, type: str = ALL_LOGGERS) -> str | None:  # noqa: A002 -- the documented word
        """The level of a type in upper case, by default that of new loggers; None for an unknown type."""
        self._context.invoked(_TYPE, "logger.getLevel", type)
        return self._context.select(log_level, type) if _is_text(type) else None

    def get_types(self) -> list[str]:
        """`DEFAULT`, then the known types."""
        self._context.invoked(_TYPE, "logger.getTypes")
        return list(self._context.select(log_types))

    def set_handler(self, handler: LogHandler | None, type: str = ALL_LOGGERS) -> None:  # noqa: A002 -- the documented word
        """Let a function get the entries of the loggers of a type, or of all; None is the default handler.

        Action logs keep their own handler unless `type` is `ACTION`. What is no function is an ERROR entry of logger
        `LOGS`, and changes nothing.
        """
        self._context.invoked(_TYPE, "logger.setHandler", type)
        try:
            if handler is not None:
                callable_of(handler, "log_handler")
        except Refused as refused:
            self._context.log("error", _TYPE, f"handler: expected {refused.accepts}")
            return
        if not self._is_type(type):
            return
        self.use_handler(handler, type)

    setLevel = set_level
    getLevel = get_level
    getTypes = get_types
    setHandler = set_handler

    def _is_type(self, value: object) -> bool:
        if _is_text(value):
            return True
        self._context.log("error", _TYPE, "type: expected a text such as CALL", value)
        return False

    def use_level(self, level: str, log_type: str = ALL_LOGGERS) -> None:
        """Set a level that was checked."""
        self._context.dispatch(SetLogLevel(level=level, type=log_type))
        self._loggers.set_level(level, log_type)
        self._context.dispatch(LogLevelsChanged(level=level, type=log_type))

    def use_handler(self, handler: LogHandler | None, log_type: str = ALL_LOGGERS) -> None:
        """Set a handler that was checked."""
        replaced = self._context.select(handlers_replaced_by, log_type)
        ref = self._kept(handler)
        self._context.dispatch(SetLogHandler(handler=ref, type=log_type))
        self._loggers.set_handler(handler, log_type)
        self._context.dispatch(LogHandlersChanged(handler=ref, type=log_type, replaced=replaced))

    def _kept(self, handler: LogHandler | None) -> ObjectRef | None:
        if handler is None:
            return None
        label = getattr(handler, "__qualname__", type(handler).__qualname__)
        return self._context.objects.keep(handler, "log_handler", str(label))

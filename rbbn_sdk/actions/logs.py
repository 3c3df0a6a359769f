"""Levels and handlers of loggers change at run time (`logs` 10)."""

from typing import ClassVar, Final

from attrs import frozen

from rbbn_sdk.engine import Action
from rbbn_sdk.types import ObjectRef

ALL_LOGGERS: Final = "DEFAULT"
"""In place of a logger type: all of them, and those that are made later."""


@frozen(kw_only=True, weakref_slot=False)
class SetLogLevel(Action):
    """The application wants another level."""

    TYPE: ClassVar[str] = "logs/SET_LEVEL"

    level: str
    type: str = ALL_LOGGERS


@frozen(kw_only=True, weakref_slot=False)
class LogLevelsChanged(Action):
    """The loggers have the level, in upper case."""

    TYPE: ClassVar[str] = "logs/LEVELS_CHANGE"

    level: str
    type: str = ALL_LOGGERS


@frozen(kw_only=True, weakref_slot=False)
class SetLogHandler(Action):
    """The application wants another handler."""

    TYPE: ClassVar[str] = "logs/SET_HANDLER"

    handler: ObjectRef | None
    """None: the default handler."""
    type: str = ALL_LOGGERS


@frozen(kw_only=True, weakref_slot=False)
class LogHandlersChanged(Action):
    """The loggers have the handler."""

    TYPE: ClassVar[str] = "logs/HANDLERS_CHANGE"

    handler: ObjectRef | None
    type: str = ALL_LOGGERS
    replaced: tuple[ObjectRef, ...] = ()
    """Handlers that no logger has any more."""

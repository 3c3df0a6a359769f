"""Levels and types of loggers."""

from rbbn_sdk.actions.logs import ALL_LOGGERS
from rbbn_sdk.engine import State
from rbbn_sdk.reducers.logs import logs
from rbbn_sdk.types import ObjectRef


def log_level(state: State, log_type: str = ALL_LOGGERS) -> str | None:
    """The level of a logger type in upper case; None for a type that nobody knows."""
    current = logs(state)
    if log_type == ALL_LOGGERS:
        return current.default
    return next((one.level for one in current.levels if one.type == log_type), None)


def log_types(state: State) -> tuple[str, ...]:
    """`DEFAULT`, then the known types."""
    return (ALL_LOGGERS, *(one.type for one in logs(state).levels))


def handlers_replaced_by(state: State, log_type: str) -> tuple[ObjectRef, ...]:
    """The handlers set at run time that no logger has any more, once this type gets another."""
    gone = [one.handler for one in logs(state).handlers if log_type in (ALL_LOGGERS, one.type)]
    return tuple(handler for handler in gone if handler is not None)

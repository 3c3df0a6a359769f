"""The slice `logs`: which logger types are known, their levels, and the handlers set at run time."""

from typing import Final

from attrs import frozen

from rbbn_sdk.actions.config import ConfigSet
from rbbn_sdk.actions.logs import ALL_LOGGERS, LogHandlersChanged, LogLevelsChanged
from rbbn_sdk.engine import Slice, evolve
from rbbn_sdk.types import ObjectRef

KNOWN_TYPES: Final = (
    "LOGS",
    "CONFIG",
    "FACTORY",
    "EVENTS",
    "ACTION",
    "VALIDATION",
    "AUTH",
    "SUBSCRIPTION",
    "CONNECTIVITY",
    "NOTIFICATIONS",
    "REQUEST",
    "WEBRTC",
    "MEDIA",
    "SDP",
    "CALL",
    "CALLSTACK",
)
"""Logger types that every client has from the start."""


@frozen(kw_only=True, weakref_slot=False)
class TypeLevel:
    """The level of the loggers of one type."""

    type: str
    level: str
    """Upper case."""


@frozen(kw_only=True, weakref_slot=False)
class TypeHandler:
    """A handler set at run time for the loggers of one type; None is the default handler."""

    type: str
    handler: ObjectRef | None


@frozen(kw_only=True, weakref_slot=False)
class Logs:
    default: str = "DEBUG"
    """Level of loggers made later."""
    levels: tuple[TypeLevel, ...] = tuple(TypeLevel(type=name, level="DEBUG") for name in KNOWN_TYPES)
    handlers: tuple[TypeHandler, ...] = ()


logs = Slice("logs", Logs())


def _all_at(state: Logs, level: str) -> Logs:
    levels = tuple(TypeLevel(type=known.type, level=level) for known in state.levels)
    return evolve(state, default=level, levels=levels)


@logs.on(ConfigSet)
def _configured(state: Logs, action: ConfigSet) -> Logs:
    level = action.config.logs.log_level
    return state if level == state.default else _all_at(state, level)


@logs.on(LogLevelsChanged)
def _levels_changed(state: Logs, action: LogLevelsChanged) -> Logs:
    if action.type == ALL_LOGGERS:
        changed = _all_at(state, action.level)
    else:
        entry = TypeLevel(type=action.type, level=action.level)
        known = any(one.type == action.type for one in state.levels)
        others = tuple(entry if one.type == action.type else one for one in state.levels)
        changed = evolve(state, levels=others if known else (*others, entry))
    return state if changed == state else changed


@logs.on(LogHandlersChanged)
def _handlers_changed(state: Logs, action: LogHandlersChanged) -> Logs:
    entry = TypeHandler(type=action.type, handler=action.handler)
    kept = () if action.type == ALL_LOGGERS else tuple(one for one in state.handlers if one.type != action.type)
    changed = (*kept, entry)
    return state if changed == state.handlers else evolve(state, handlers=changed)

"""Loggers as a configuration wants them."""

from rbbn_sdk.io.log.action_log import ActionLog
from rbbn_sdk.io.log.console import ConsoleActionHandler
from rbbn_sdk.io.log.registry import LogRegistry
from rbbn_sdk.ports import Clock
from rbbn_sdk.types.log import LogHandler, LogLevel
from rbbn_sdk.types.options import LogOptions

__all__ = ["start_action_log", "start_logs"]

_ACTION = "ACTION"


def start_logs(clock: Clock, options: LogOptions, handler: LogHandler | None) -> LogRegistry:
    """The loggers of a client, at the configured level."""
    registry = LogRegistry(clock)
    registry.set_level(options.log_level)
    registry.set_handler(handler)
    return registry


def start_action_log(
    registry: LogRegistry, clock: Clock, options: LogOptions, handler: LogHandler | None
) -> ActionLog | None:
    """Action logs, with a level and a handler of their own; None when the configuration asks for none."""
    level = LogLevel(options.log_level)
    if options.log_actions is None or not ActionLog.is_wanted(options.log_actions, level):
        return None
    registry.set_level(options.log_actions.level, _ACTION)
    registry.set_handler(ConsoleActionHandler() if handler is None else handler, _ACTION)
    return ActionLog(options.log_actions, level, registry, clock)

"""The loggers of a client, and its action logs."""

from rbbn_sdk.io.log.action_log import ActionLog, HiddenAction
from rbbn_sdk.io.log.console import ConsoleActionHandler, ConsoleHandler
from rbbn_sdk.io.log.logger import Logger
from rbbn_sdk.io.log.registry import LogRegistry

__all__ = [
    "ActionLog",
    "ConsoleActionHandler",
    "ConsoleHandler",
    "HiddenAction",
    "LogRegistry",
    "Logger",
]

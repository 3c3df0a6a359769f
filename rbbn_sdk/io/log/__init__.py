"""The loggers of a client, and its action logs."""

from rbbn_sdk.io.log.action_log import ActionLog, HiddenAction
from rbbn_sdk.io.log.console import ConsoleActionHandler, ConsoleHandler
from rbbn_sdk.io.log.logger import Logger
from rbbn_sdk.io.log.registry import LogRegistry
from rbbn_sdk.io.log.setup import start_action_log, start_logs

__all__ = [
    "ActionLog",
    "ConsoleActionHandler",
    "ConsoleHandler",
    "HiddenAction",
    "LogRegistry",
    "Logger",
    "start_action_log",
    "start_logs",
]

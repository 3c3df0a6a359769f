"""One logger: the methods of a type and id. It holds nothing; the registry does."""

from typing import TYPE_CHECKING

from rbbn_sdk.ports import LogTarget
from rbbn_sdk.types.log import LogHandler

if TYPE_CHECKING:
    from rbbn_sdk.io.log.registry import LogRegistry

__all__ = ["Logger"]


class Logger:
    """The documented logger methods."""

    __slots__ = ("__weakref__", "_registry", "target")

    def __init__(self, registry: "LogRegistry", target: LogTarget) -> None:
        self._registry = registry
        self.target = target

    @property
    def type(self) -> str:
        return self.target.type

    @property
    def id(self) -> str:
        return self.target.id

    @property
    def name(self) -> str:
        return f"{self.type}-{self.id}" if self.id else self.type

    def trace(self, *messages: object) -> None:
        self._registry.write("trace", self.target, messages)

    def debug(self, *messages: object) -> None:
        self._registry.write("debug", self.target, messages)

    def log(self, *messages: object) -> None:
        self._registry.write("log", self.target, messages)

    def info(self, *messages: object) -> None:
        self._registry.write("info", self.target, messages)

    def warn(self, *messages: object) -> None:
        self._registry.write("warn", self.target, messages)

    def error(self, *messages: object) -> None:
        self._registry.write("error", self.target, messages)

    def group(self, *messages: object) -> None:
        self._registry.write("group", self.target, messages)

    def group_collapsed(self, *messages: object) -> None:
        self._registry.write("groupCollapsed", self.target, messages)

    def group_end(self, *messages: object) -> None:
        self._registry.write("groupEnd", self.target, messages)

    def time(self, name: str) -> None:
        self._registry.time(self.target, name)

    def time_log(self, name: str) -> None:
        self._registry.time_log(self.target, name)

    def time_end(self, name: str) -> None:
        self._registry.time_end(self.target, name)

    def get_level(self) -> str:
        return self._registry.level(self.target)

    def set_level(self, level: str) -> None:
        self._registry.set_own_level(self.target, level)

    def get_handler(self) -> LogHandler:
        return self._registry.handler(self.target)

    def set_handler(self, handler: LogHandler) -> None:
        self._registry.set_own_handler(self.target, handler)

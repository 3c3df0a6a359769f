"""Hands entries to handlers so that no handler can harm the client."""

import logging
import threading
from collections.abc import Coroutine
from contextlib import suppress
from typing import Final

from rbbn_sdk.types.log import LogEntry, LogHandler

__all__ = ["Delivery"]

_REPORTS: Final = logging.getLogger("rbbn_sdk")


class Delivery:
    """Calls handlers. What a handler raises is reported once for each handler; what it logs itself is dropped.

    Every API call writes an entry, so a handler that calls the API would run into itself for ever.
    """

    __slots__ = ("_reported", "_running")

    def __init__(self) -> None:
        self._reported: set[int] = set()
        self._running: set[tuple[int, int]] = set()

    def deliver(self, entry: LogEntry, handler: LogHandler) -> None:
        """Hand over one entry, unless this handler is at work further up."""
        key = (threading.get_ident(), id(handler))
        if key in self._running:
            return
        self._running.add(key)
        try:
            answer = handler(entry)
            if answer is not None:
                self._check(handler, answer)
        except Exception as error:  # noqa: BLE001 -- a handler is a stranger's code; whatever it raises is reported
            self._report(handler, f"raised {type(error).__name__}", error)
        finally:
            self._running.discard(key)

    def _check(self, handler: LogHandler, answer: object) -> None:
        if isinstance(answer, Coroutine):
            answer.close()
            self._report(handler, "is a coroutine function, which nobody awaits", None)

    def _report(self, handler: LogHandler, what: str, error: Exception | None) -> None:
        if id(handler) in self._reported:
            return
        self._reported.add(id(handler))
        name = getattr(handler, "__qualname__", type(handler).__name__)
        with suppress(Exception):  # stderr may be closed, where the report goes by default: then nobody can be told
            _REPORTS.error("the log handler %s %s; further failures of it are not reported", name, what, exc_info=error)

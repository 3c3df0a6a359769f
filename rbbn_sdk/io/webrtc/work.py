"""Work that is cut short when what it works on is closed."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

from rbbn_sdk.errors import MediaError

CANCEL_LIMIT = 0.2
"""Seconds that cancelled work may take to clean up."""

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Work:
    """What is under way."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()
        self._cut_short: frozenset[asyncio.Task[Any]] = frozenset()
        self._ended = False

    async def run(self, work: Callable[_P, Coroutine[Any, Any, _T]], *args: _P.args, **options: _P.kwargs) -> _T:
        """Do something that takes time. Raises `MediaError` when `end` comes first."""
        if self._ended:
            raise MediaError("the peer was closed")
        task = asyncio.create_task(work(*args, **options))
        self._running.add(task)
        try:
            return await task
        except asyncio.CancelledError:
            if task in self._cut_short and not _is_cancelled():
                raise MediaError("the peer was closed") from None
            raise
        finally:
            self._running.discard(task)

    async def end(self) -> None:
        """Cancel all, and wait until it is cancelled."""
        self._ended = True
        self._cut_short = frozenset(self._running)
        await cancel(*self._running)


async def cancel(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks and wait for their end."""
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=CANCEL_LIMIT)


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0

"""Runs an application's functions so that nothing they do harms the client."""

import asyncio
import traceback
from collections.abc import Callable, Collection, Coroutine
from typing import Any, Protocol, TypeGuard


class Report(Protocol):
    """Told of each failure."""

    def __call__(self, text: str, *more: object) -> None:
        """A sentence, and what belongs to it."""
        ...


def _is_coroutine(value: object) -> TypeGuard[Coroutine[Any, Any, Any]]:
    return isinstance(value, Coroutine)


class Handlers:
    """Calls handlers. What one raises is reported; a coroutine becomes a task that is owned here."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._tasks: dict[asyncio.Task[Any], None] = {}

    def run(self, handler: Callable[..., object], *args: Any, **kwargs: Any) -> None:
        """Call one."""
        try:
            result = handler(*args, **kwargs)
        except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 - whatever the application's code raises
            self._failed(handler, error)
            return
        if _is_coroutine(result):
            self._start(handler, result)

    async def cancel(self, spare: Collection["asyncio.Task[Any]"]) -> None:
        """Cancel the tasks, oldest first, and wait for their end; not for those to spare."""
        others = [task for task in self._tasks if task not in spare]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _start(self, handler: object, coroutine: Coroutine[Any, Any, Any]) -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            coroutine.close()
            self._failed(handler, RuntimeError("a coroutine handler needs a running event loop"))
            return
        task = loop.create_task(coroutine)
        self._tasks[task] = None
        task.add_done_callback(lambda done: self._ended(handler, done))

    def _ended(self, handler: object, task: "asyncio.Task[Any]") -> None:
        self._tasks.pop(task, None)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._failed(handler, error)

    def _failed(self, handler: object, error: BaseException) -> None:
        name = getattr(handler, "__qualname__", repr(handler))
        trace = "".join(traceback.format_exception(error))
        self._report(f"The event handler {name} raised {type(error).__name__}: {error}", error, trace)

"""A thread whose end can be awaited."""

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

_T = TypeVar("_T")


async def open_in_thread(open_: Callable[[], _T], close: Callable[[_T], None]) -> _T:
    """Open something in a thread; when nobody waits for it any more, it is closed again."""
    lock, opened, abandoned = threading.Lock(), list[_T](), threading.Event()

    def work() -> None:
        value = open_()
        with lock:
            opened.append(value)
            late = abandoned.is_set()
        if late:
            close(value)

    try:
        await asyncio.to_thread(work)
    except asyncio.CancelledError:
        with lock:
            abandoned.set()
            early = tuple(opened)
        for value in early:
            close(value)
        raise
    return opened[0]


class Worker:
    """Runs a function in a thread of its own, which does not keep the process alive."""

    def __init__(self, work: Callable[[], None], name: str) -> None:
        self._work = work
        self._loop = asyncio.get_running_loop()
        self._ended = asyncio.Event()
        self.error: Exception | None = None
        """What the function raised."""
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._work()
        except Exception as error:  # noqa: BLE001 - whoever waits for the end reads it
            self.error = error
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._ended.set)

    async def wait(self) -> None:
        """Wait until the function has returned."""
        await self._ended.wait()
        self._thread.join()

"""The loop and thread that a client belongs to."""

import asyncio
import inspect
from asyncio import _get_running_loop  # asks without raising; exported, and the same in all supported releases
from collections.abc import Callable
from concurrent.futures import Future
from threading import get_ident
from typing import Any

from rbbn_sdk.errors import ClientDestroyed, InvalidState, WrongThread


class Home:
    """Takes the thread of the first call that matters, and refuses calls from another one."""

    def __init__(self) -> None:
        self._thread: int | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._open = False
        self._gone = False

    def open(self) -> None:
        """The client is made; from now on its calls decide."""
        self._open = True

    def leave(self) -> None:
        """The client is destroyed; no thread is its own any more."""
        self._gone = True
        self._thread = None

    @property
    def gone(self) -> bool:
        """Whether the client is destroyed."""
        return self._gone

    def check(self) -> None:
        """Raise `WrongThread` or `ClientDestroyed` when a call may not be made. Every dispatch passes here."""
        if self._thread != get_ident():
            self._look_closer()

    def _look_closer(self) -> None:
        if self._gone:
            msg = "the client was destroyed; its state is no longer available"
            raise ClientDestroyed(msg)
        if self._thread is not None:
            msg = (
                f"this client belongs to thread {self._thread} and was called from thread {get_ident()}; "
                "use client.run_threadsafe(fn, *args)"
            )
            raise WrongThread(msg)
        if self._open:
            self._settle()

    def loop(self) -> asyncio.AbstractEventLoop:
        """The running loop, which the client belongs to from now on. Raises `InvalidState` when none is running."""
        if self._loop is None:
            try:
                self._loop = asyncio.get_running_loop()
            except RuntimeError:
                msg = "the client needs a running event loop for that; call it from a coroutine"
                raise InvalidState(msg) from None
            self._thread = get_ident()
        return self._loop

    def run_threadsafe(self, fn: Callable[..., Any], args: tuple[Any, ...]) -> "Future[Any]":
        """Run `fn(*args)` on the client's loop; what it gives, awaited when it can be, arrives in the future."""
        if self._loop is None:
            msg = "the client belongs to no event loop yet; make the first call from the loop's own thread"
            raise InvalidState(msg)

        async def run() -> Any:
            result = fn(*args)
            return await result if inspect.isawaitable(result) else result

        return asyncio.run_coroutine_threadsafe(run(), self._loop)

    def _settle(self) -> None:
        """Without a running loop nothing can wait yet, so the client may still be used from any thread."""
        self._loop = _get_running_loop()
        if self._loop is not None:
            self._thread = get_ident()

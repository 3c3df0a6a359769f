"""The loop and thread that a client belongs to."""

import asyncio
import inspect
from asyncio import _get_running_loop  # asks without raising; exported, and the same in all supported releases
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from threading import get_ident
from typing import Any

from rbbn_sdk.errors import ClientDestroyed, InvalidState, WrongThread

_CLOSED = "the event loop that the client belongs to is closed; make a client in the new one"


class Home:
    """Takes the thread of the first call that matters, and refuses calls from another one."""

    def __init__(self, arrived: Callable[[], None]) -> None:
        self._arrived = arrived  # called in the loop when it is known, so that what was asked for before it begins
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
            raise self._wrong_thread()
        if self._open:
            self._settle()

    def check_thread(self) -> None:
        """Raise `WrongThread`; what may be called after the end too."""
        if self._thread is not None and self._thread != get_ident():
            raise self._wrong_thread()

    def check_waiting(self) -> None:
        """For what waits for an end, also after the client's own: `check_thread`, and the loop is known from now on."""
        if self._thread is None and self._open and not self._gone:
            self._settle()
        self.check_thread()

    def check_call(self) -> None:
        """For functions of the client: `check`, and that what they begin can run. Raises `InvalidState` then."""
        self.check()
        loop = self._loop
        if loop is not None and _get_running_loop() is not loop:
            self._check_loop(loop)

    def bind(self) -> asyncio.AbstractEventLoop:
        """The running loop, which the client belongs to from now on. Raises `InvalidState` when none is running."""
        self.check_call()
        if self._loop is None:
            msg = "the client needs a running event loop for that; call it from a coroutine"
            raise InvalidState(msg)
        return self._loop

    @property
    def loop(self) -> asyncio.AbstractEventLoop | None:
        """The loop the client belongs to, if there is one yet."""
        return self._loop

    def run_threadsafe(self, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> "Future[Any]":
        """Run `fn(*args, **kwargs)` on the client's loop; what it gives arrives in the future, awaited if it can be."""
        if self._loop is None:
            msg = "the client belongs to no event loop yet; make the first call from the loop's own thread"
            raise InvalidState(msg)
        running = _run(fn, args, kwargs)
        try:
            return asyncio.run_coroutine_threadsafe(running, self._loop)
        except RuntimeError:
            running.close()
            raise InvalidState(_CLOSED) from None

    def _wrong_thread(self) -> WrongThread:
        return WrongThread(
            f"this client belongs to thread {self._thread} and was called from thread {get_ident()}; "
            "use client.run_threadsafe(fn, *args)"
        )

    def _check_loop(self, loop: asyncio.AbstractEventLoop) -> None:
        if loop.is_closed():
            raise InvalidState(_CLOSED)
        if _get_running_loop() is not None:
            msg = "the client belongs to another event loop, in which it was used first"
            raise InvalidState(msg)

    def _settle(self) -> None:
        """Without a running loop nothing can wait yet, so the client may still be used from any thread."""
        self._loop = _get_running_loop()
        if self._loop is not None:
            self._thread = get_ident()
            self._arrived()


async def _run(fn: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    result = fn(*args, **kwargs)
    return await result if inspect.isawaitable(result) else result

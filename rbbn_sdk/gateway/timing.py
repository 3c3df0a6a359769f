"""How long the gateway waits for what, and the timers and tasks it does that with."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from attrs import define, field, frozen


@frozen(kw_only=True)
class Timing:
    """All in seconds."""

    no_answer_timeout: float = 60.0
    """A call that nobody answers ends after this."""
    first_audit_timeout: float = 10.0
    """A caller who has not audited his new leg by then has given up (`call-signalling` 11.2)."""
    settle: float = 0.05
    """Pause after a request's answer before its leg is notified (G1, G2, G8)."""
    ready: float = 2.0
    """A leg is notified after this even without an audit (G1, G2)."""
    steady: float = 0.5
    """No re-offer is delivered sooner after the call was answered (G3)."""
    glare: float = 0.1
    """No re-offer is delivered sooner after a refused one (G4)."""
    reoffer: float = 15.0
    """A re-offer without a reply is refused after this."""
    ended_audit: float = 5.0
    """The audit of an ended leg is answered 200 for so long after its last notification."""
    ended_memory: float = 300.0
    """Ended legs are remembered for so long."""
    abandoned: float = 120.0
    """A leg without audit and without websocket for so long is ended."""
    expiry_grace: float = 30.0
    """A subscription outlives its `expires` by this."""
    queue: float = 60.0
    """Notifications wait for so long for a websocket that is down."""
    linger: float = 0.5
    """The client of an ended subscription has this time to close its websocket."""


@define(eq=False)
class Timers:
    """Everything that happens later; nothing of it after `close`."""

    _handles: set[asyncio.TimerHandle] = field(factory=set)
    _tasks: set[asyncio.Task[None]] = field(factory=set)

    def now(self) -> float:
        return asyncio.get_running_loop().time()

    def later(self, delay: float, action: Callable[[], object]) -> "Timer":
        timer = Timer()
        handle = asyncio.get_running_loop().call_later(max(delay, 0.0), self._run, timer, action)
        timer.on_cancel = lambda: self._discard(handle)
        self._handles.add(handle)
        return timer

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        for handle in self._handles:
            handle.cancel()
        self._handles.clear()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _discard(self, handle: asyncio.TimerHandle) -> None:
        handle.cancel()
        self._handles.discard(handle)

    def _run(self, timer: "Timer", action: Callable[[], object]) -> None:
        timer.cancel()
        action()


@define(eq=False)
class Timer:
    """A thing to come, which can be cancelled any number of times."""

    on_cancel: Callable[[], object] | None = None

    def cancel(self) -> None:
        on_cancel, self.on_cancel = self.on_cancel, None
        if on_cancel is not None:
            on_cancel()

"""Those who wait for events: for the next one of a kind, or for all in their order."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Generator
from typing import Any, Generic, Protocol, Self, TypeVar

from rbbn_sdk.errors import ClientDestroyed, EventsLost
from rbbn_sdk.events.base import Event

E = TypeVar("E", bound=Event)

Check = Callable[[], None]
"""Raises `WrongThread`."""


class Listening(Protocol):
    """What the emitter tells of events, as long as somebody holds it."""

    def feed(self, event: Event) -> None:
        """An event has come."""
        ...

    def end(self) -> None:
        """No event will come any more."""
        ...


Left = Callable[[Listening], None]
"""Told that one listens no more."""


class _Waiters:
    """Futures of those who wait for the next change. A cancelled one disturbs nobody else."""

    __slots__ = ("_waiting",)

    def __init__(self) -> None:
        self._waiting: list[asyncio.Future[None]] = []

    async def wait(self) -> None:
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        try:
            await waiter
        finally:
            if waiter in self._waiting:
                self._waiting.remove(waiter)

    def wake(self) -> None:
        waiting, self._waiting = self._waiting, []
        for waiter in waiting:
            if not waiter.done():
                waiter.set_result(None)


class EventWait(Generic[E]):
    """Awaitable for one event. It listens from the moment it is made, so what brings the event may come after it.

    Each event is looked at when it comes, before its handlers. It may be awaited repeatedly, with the same outcome.
    """

    def __init__(
        self,
        name: str,
        predicate: Callable[[E], object] | None,
        timeout: float | None,
        left: Left,
        check: Check,
    ) -> None:
        self._name = name
        self._predicate = predicate
        self._timeout = timeout
        self._left = left
        self._check = check
        self._waiters = _Waiters()
        self._event: E | None = None
        self._failure: Callable[[], Exception] | None = None

    def feed(self, event: Any) -> None:
        """Take an event, if it is the one."""
        if self._name != event.TYPE or self._over:
            return
        try:
            wanted = self._predicate is None or self._predicate(event)
        except Exception as error:  # noqa: BLE001 - raised where the event is awaited
            raised = error
            self._settle(None, lambda: raised)
        else:
            if wanted:
                self._settle(event, None)

    def end(self) -> None:
        """The client was destroyed."""
        if not self._over:
            self._settle(None, lambda: ClientDestroyed(f"the client was destroyed before {self._name} came"))

    def __await__(self) -> Generator[Any, None, E]:
        return self._wait().__await__()

    @property
    def _over(self) -> bool:
        return self._event is not None or self._failure is not None

    async def _wait(self) -> E:
        self._check()
        if not self._over:
            try:
                async with asyncio.timeout(self._timeout):
                    await self._waiters.wait()
            except TimeoutError:
                if not self._over:
                    self._settle(None, lambda: TimeoutError(f"{self._name} did not come within {self._timeout} s"))
        if self._event is None:
            raise RuntimeError("nothing came") if self._failure is None else self._failure()
        return self._event

    def _settle(self, event: E | None, failure: Callable[[], Exception] | None) -> None:
        self._event, self._failure = event, failure
        self._left(self)
        self._waiters.wake()


class EventStream:
    """An asynchronous iterator over events with a bounded queue. Ends when the client is destroyed."""

    def __init__(self, names: frozenset[str], limit: int, left: Left, check: Check) -> None:
        self._names = names
        self._queue: deque[Event] = deque()
        self._limit = limit
        self._left = left
        self._check = check
        self._lost = 0
        self._ended = False
        self._waiters = _Waiters()

    def feed(self, event: Event) -> None:
        """Take an event in, if it is one of this stream's."""
        if self._names and event.TYPE not in self._names:
            return
        if len(self._queue) >= self._limit:
            self._queue.popleft()
            self._lost += 1
        self._queue.append(event)
        self._waiters.wake()

    def end(self) -> None:
        """No event will come any more."""
        self._ended = True
        self._waiters.wake()

    def close(self) -> None:
        """Stop taking events in. What is in the queue can still be read."""
        self._left(self)
        self.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def __aiter__(self) -> AsyncIterator[Any]:
        return self

    async def __anext__(self) -> Any:
        self._check()
        while not self._queue and not self._ended:
            await self._waiters.wait()
        if self._lost:
            lost, self._lost = self._lost, 0
            msg = f"{lost} events were dropped because they were not read in time; the queue holds {self._limit}"
            raise EventsLost(msg)
        if self._queue:
            return self._queue.popleft()
        raise StopAsyncIteration

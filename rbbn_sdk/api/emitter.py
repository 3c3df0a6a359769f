"""Delivers public events to the application."""

import asyncio
import difflib
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Generator
from typing import Any, Generic, Self, TypeVar, cast
from weakref import WeakSet

from blinker import Signal

from rbbn_sdk.errors import ClientDestroyed, EventsLost, InvalidArgument
from rbbn_sdk.events.base import Event

E = TypeVar("E", bound=Event)

Handler = Callable[..., object]


def event_name(event: object) -> str:
    """The documented name of an event given by name or class. Raises `InvalidArgument` for anything else."""
    if isinstance(event, str):
        return event
    if isinstance(event, type) and issubclass(event, Event):
        return event.TYPE
    msg = f"event: expected a documented name such as 'call:stateChange' or an event class, got {event!r}"
    raise InvalidArgument(msg)


class Emitter:
    """Handlers by event name, kept in registration order; duplicates are kept too."""

    def __init__(self, known: frozenset[str], log: Callable[[str, str, object], None]) -> None:
        self._known = known
        self._log = log
        self._handlers: dict[str, list[Handler]] = {}
        self._listeners: list[Handler] = []
        self._signals: dict[str, Signal] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._streams: WeakSet[EventStream] = WeakSet()  # one that nobody holds any more takes nothing in
        self._closed = False

    def on(self, event: object, handler: object) -> None:
        """Call `handler(event)` for every event of that kind, in registration order."""
        name = event_name(event)
        if not callable(handler):
            msg = f"handler: expected a callable that takes the event, got {handler!r}"
            raise InvalidArgument(msg)
        self._warn_of_unknown(name)
        self._handlers.setdefault(name, []).append(handler)

    def off(self, event: object, handler: object) -> None:
        """Remove every registration of `handler` for that kind of event; an unknown one is ignored."""
        name = event_name(event)
        self._handlers[name] = [kept for kept in self._handlers.get(name, ()) if kept != handler]

    def subscribe(self, listener: object) -> None:
        """Call `listener(name, [event])` for every event, after the handlers of its kind."""
        if not callable(listener):
            msg = f"listener: expected a callable that takes the event's name and a list, got {listener!r}"
            raise InvalidArgument(msg)
        self._listeners.append(listener)

    def unsubscribe(self, listener: object) -> None:
        """Remove a listener; an unknown one is ignored."""
        self._listeners = [kept for kept in self._listeners if kept != listener]

    def signal(self, name: str) -> Signal:
        """The blinker signal of an event, sent after its handlers with the event as sender's argument `event`."""
        return self._signals.setdefault(name, Signal(name))

    def emit(self, event: Event) -> None:
        """Deliver one event. A handler that raises is logged and harms nothing."""
        self._log("info", f"Emitting event: {event.TYPE}", event)
        for stream in tuple(self._streams):
            stream.feed(event)
        for handler in tuple(self._handlers.get(event.TYPE, ())):
            self._run(handler, event)
        for listener in tuple(self._listeners):
            self._run(listener, event.TYPE, [event])
        self._send_signal(event)

    def stream(self, events: tuple[object, ...], limit: int) -> "EventStream":
        """An iterator over events; what came since this call is in it."""
        stream = EventStream(frozenset(event_name(event) for event in events), limit, self._streams.discard)
        if self._closed:
            stream.end()
        else:
            self._streams.add(stream)
        return stream

    def wait_for(
        self, event: object, predicate: Callable[[Any], object] | None, timeout: float | None
    ) -> "EventWait[Any]":
        """The next event of that kind, from this call on, that `predicate` is true for."""
        return EventWait(event_name(event), self.stream((event,), limit=100_000), predicate, timeout)

    def end_streams(self) -> None:
        """No event will come any more: end all that wait for one."""
        self._closed = True
        for stream in tuple(self._streams):
            stream.end()

    async def close(self, *, spare: "asyncio.Task[Any] | None") -> None:
        """Cancel the tasks of coroutine handlers and wait for them; not for the one that asked for the end."""
        self.end_streams()
        others = [task for task in self._tasks if task is not spare]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _run(self, handler: Callable[..., object], *args: Any) -> None:
        try:
            result = handler(*args)
        except Exception as error:  # noqa: BLE001 - whatever the application's code raises
            self._report(handler, error)
            return
        if isinstance(result, Coroutine):
            self._start(handler, cast("Coroutine[Any, Any, Any]", result))

    def _start(self, handler: object, coroutine: Coroutine[Any, Any, Any]) -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            coroutine.close()
            self._report(handler, RuntimeError("a coroutine handler needs a running event loop"))
            return
        self._own(handler, loop.create_task(coroutine))

    def _own(self, handler: object, task: "asyncio.Task[Any]") -> None:
        self._tasks.add(task)

        def ended(done: "asyncio.Task[Any]") -> None:
            self._tasks.discard(done)
            error = None if done.cancelled() else done.exception()
            if error is not None:
                self._report(handler, error)

        task.add_done_callback(ended)

    def _send_signal(self, event: Event) -> None:
        signal = self._signals.get(event.TYPE)
        if signal is None or not signal.receivers:
            return
        try:
            signal.send(self, event=event)
        except Exception as error:  # noqa: BLE001 - whatever the application's code raises
            self._report(signal, error)

    def _report(self, handler: object, error: BaseException) -> None:
        name = getattr(handler, "__qualname__", repr(handler))
        self._log("error", f"The event handler {name} raised {type(error).__name__}: {error}", error)

    def _warn_of_unknown(self, name: str) -> None:
        if name in self._known:
            return
        near = difflib.get_close_matches(name, self._known, n=1, cutoff=0.8)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        self._log("warn", f"No event of this client is called {name!r}{hint}", None)


class EventWait(Generic[E]):
    """Awaitable for one event. It listens from the moment it is made, so what brings the event may come after it."""

    def __init__(
        self, name: str, stream: "EventStream", predicate: Callable[[E], object] | None, timeout: float | None
    ) -> None:
        self._name = name
        self._stream = stream
        self._predicate = predicate
        self._timeout = timeout

    def __await__(self) -> Generator[Any, None, E]:
        return self._wait().__await__()

    async def _wait(self) -> E:
        with self._stream as stream:
            async with asyncio.timeout(self._timeout):
                async for got in stream:
                    event: E = got
                    if self._predicate is None or self._predicate(event):
                        return event
        msg = f"the client was destroyed before {self._name} came"
        raise ClientDestroyed(msg)


class EventStream:
    """An asynchronous iterator over events with a bounded queue. Ends when the client is destroyed."""

    def __init__(self, names: frozenset[str], limit: int, closed: "Callable[[EventStream], None]") -> None:
        self._names = names
        self._queue: deque[Event] = deque()
        self._limit = limit
        self._closed = closed
        self._lost = 0
        self._ended = False
        self._waiter: asyncio.Future[None] | None = None

    def feed(self, event: Event) -> None:
        """Take an event in, if it is one of this stream's."""
        if self._names and event.TYPE not in self._names:
            return
        if len(self._queue) >= self._limit:
            self._queue.popleft()
            self._lost += 1
        self._queue.append(event)
        self._wake()

    def end(self) -> None:
        """No event will come any more."""
        self._ended = True
        self._wake()

    def close(self) -> None:
        """Stop taking events in."""
        self._closed(self)
        self.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def __aiter__(self) -> AsyncIterator[Any]:
        return self

    async def __anext__(self) -> Any:
        while not self._queue and not self._ended:
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        if self._lost:
            lost, self._lost = self._lost, 0
            msg = f"{lost} events were dropped because they were not read in time; the queue holds {self._limit}"
            raise EventsLost(msg)
        if self._queue:
            return self._queue.popleft()
        raise StopAsyncIteration

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

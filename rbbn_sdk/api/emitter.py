"""Delivers public events to the application."""

import asyncio
import difflib
from collections.abc import Callable, Collection
from typing import Any, Protocol
from weakref import ref

from blinker import Signal

from rbbn_sdk.api.handlers import Handlers
from rbbn_sdk.api.streams import EventStream, EventWait, Listening
from rbbn_sdk.errors import InvalidArgument
from rbbn_sdk.events.base import Event

__all__ = ["Emitter", "EventStream", "EventWait", "event_name"]

Handler = Callable[..., object]


class LogEvent(Protocol):
    """Writes entries of logger `EVENTS`."""

    def __call__(self, level: str, text: str, *more: object) -> None:
        """One entry."""
        ...


def event_name(event: object) -> str:
    """The documented name of an event given by name or class. Raises `InvalidArgument` for anything else."""
    name: object = event
    if isinstance(event, type) and issubclass(event, Event):
        name = getattr(event, "TYPE", None)
    if not isinstance(name, str) or not name:
        msg = f"event: expected a documented name such as 'call:stateChange' or an event class, got {event!r}"
        raise InvalidArgument(msg)
    return name


class Emitter:
    """Handlers by event name, kept in registration order; duplicates are kept too.

    Nothing of it belongs to a loop. After the end it still takes handlers, which nobody will call.
    """

    def __init__(
        self,
        known: Callable[[], frozenset[str]],
        log: LogEvent,
        check: Callable[[], None],
        sender: Callable[[], object],
    ) -> None:
        self._names = known
        self._known = known()
        self._log = log
        self._check = check
        self._sender = sender
        self._handlers: dict[str, list[Handler]] = {}
        self._listeners: list[Handler] = []
        self._signals: dict[str, Signal] = {}
        self._running = Handlers(self._report)
        self._listening: dict[ref[Listening], None] = {}  # one that nobody holds any more takes nothing in
        self._closed = False

    def on(self, event: object, handler: object) -> None:
        """Call `handler(event)` for every event of that kind, in registration order."""
        self._check()
        name = event_name(event)
        if not callable(handler):
            msg = f"handler: expected a callable that takes the event, got {handler!r}"
            raise InvalidArgument(msg)
        self._warn_of_unknown(name)
        self._handlers.setdefault(name, []).append(handler)

    def off(self, event: object, handler: object) -> None:
        """Remove every registration of `handler` for that kind of event; an unknown one is ignored."""
        self._check()
        name = event_name(event)
        kept = [known for known in self._handlers.pop(name, ()) if known != handler]
        if kept:
            self._handlers[name] = kept

    def subscribe(self, listener: object) -> None:
        """Call `listener(name, [event])` for every event, after the handlers of its kind."""
        self._check()
        if not callable(listener):
            msg = f"listener: expected a callable that takes the event's name and a list, got {listener!r}"
            raise InvalidArgument(msg)
        self._listeners.append(listener)

    def unsubscribe(self, listener: object) -> None:
        """Remove every registration of a listener; an unknown one is ignored."""
        self._check()
        self._listeners = [kept for kept in self._listeners if kept != listener]

    def signal(self, event: object) -> Signal:
        """The blinker signal of an event, sent after its handlers and the listeners, if it has receivers."""
        self._check()
        name = event_name(event)
        self._warn_of_unknown(name)
        return self._signals.setdefault(name, Signal(name))

    def emit(self, event: Event) -> None:
        """Deliver one event. A handler that raises is logged and harms nothing."""
        self._log("info", f"Emitting event: {event.TYPE}", event)
        for listening in self._present():
            listening.feed(event)
        for handler in tuple(self._handlers.get(event.TYPE, ())):
            self._running.run(handler, event)
        for listener in tuple(self._listeners):
            self._running.run(listener, event.TYPE, [event])
        signal = self._signals.get(event.TYPE)
        if signal is not None and signal.receivers and not signal.is_muted:
            self._send(signal, event)

    def stream(self, events: tuple[object, ...], limit: object) -> EventStream:
        """An iterator over events; what comes from this call on is in it."""
        self._check()
        if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
            msg = f"limit: expected a whole number above 0, got {limit!r}"
            raise InvalidArgument(msg)
        names = frozenset(map(event_name, events))
        for name in sorted(names):
            self._warn_of_unknown(name)
        stream = EventStream(names, limit, self._leave, self._check)
        self._listen(stream)
        return stream

    def wait_for(self, event: object, predicate: object, timeout: object) -> EventWait[Any]:
        """The next event of that kind, from this call on, that `predicate` is true for."""
        self._check()
        name = event_name(event)
        if predicate is not None and not callable(predicate):
            msg = f"predicate: expected a callable that takes the event, or None, got {predicate!r}"
            raise InvalidArgument(msg)
        self._warn_of_unknown(name)
        wait: EventWait[Any] = EventWait(name, predicate, _seconds(timeout), self._leave, self._check)
        self._listen(wait)
        return wait

    def end_streams(self) -> None:
        """No event will come any more: end all that wait for one."""
        self._closed = True
        for listening in self._present():
            listening.end()

    async def close(self, *, spare: Collection["asyncio.Task[Any]"]) -> None:
        """Cancel the tasks of coroutine handlers and wait for them; not for those that asked for the end."""
        self.end_streams()
        await self._running.cancel(spare)

    def _listen(self, listening: Listening) -> None:
        if self._closed:
            listening.end()
        else:
            self._listening[ref(listening, self._forget)] = None

    def _leave(self, listening: Listening) -> None:
        self._listening.pop(ref(listening), None)

    def _forget(self, gone: "ref[Listening]") -> None:
        self._listening.pop(gone, None)

    def _present(self) -> list[Listening]:
        return [listening for held in tuple(self._listening) if (listening := held()) is not None]

    def _send(self, signal: Signal, event: Event) -> None:
        """One by one, for blinker stops at the first exception and refuses coroutine functions."""
        sender = self._sender()
        for receiver in tuple(signal.receivers_for(sender)):
            self._running.run(receiver, sender, event=event)

    def _report(self, text: str, *more: object) -> None:
        self._log("error", text, *more)

    def _warn_of_unknown(self, name: str) -> None:
        if name not in self._known:
            self._known = self._names()  # classes of events may have come since
        if name in self._known:
            return
        near = difflib.get_close_matches(name, sorted(self._known), n=1, cutoff=0.8)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        self._log("warn", f"No event of this client is called {name!r}{hint}")


def _seconds(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value >= 0:
        msg = f"timeout: expected seconds as a number from 0 on, or None, got {value!r}"
        raise InvalidArgument(msg)
    return float(value)

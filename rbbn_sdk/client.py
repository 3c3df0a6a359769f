"""The composition root: of a configuration it makes a store, ports, sagas and namespaces."""

import asyncio
import os
import traceback
import warnings
from asyncio import _get_running_loop  # asks without raising
from collections.abc import Awaitable, Callable, Generator, Sequence
from concurrent.futures import Future
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar, overload
from weakref import ref

from blinker import Signal

from rbbn_sdk.actions.config import ConfigSet
from rbbn_sdk.adapters import Adapters
from rbbn_sdk.api.arguments import expected
from rbbn_sdk.api.auth import Auth
from rbbn_sdk.api.call import CallApi
from rbbn_sdk.api.config import ConfigApi, Settings, read_settings, write_findings
from rbbn_sdk.api.connectivity import Connection
from rbbn_sdk.api.context import ApiContext
from rbbn_sdk.api.emitter import Emitter, EventStream, EventWait, LogEvent
from rbbn_sdk.api.logger import LoggerApi
from rbbn_sdk.api.media import MediaApi
from rbbn_sdk.api.notification import Notification
from rbbn_sdk.api.request import Requests
from rbbn_sdk.api.subscription import Services
from rbbn_sdk.engine import EngineProblem, LogLine, Runner, State, Store
from rbbn_sdk.engine.aio import AioScheduler
from rbbn_sdk.engine.aio import destroy as destroy_runner
from rbbn_sdk.engine.problem import Report
from rbbn_sdk.errors import InvalidArgument
from rbbn_sdk.events.base import Event
from rbbn_sdk.extension import Extension, Saga, combined
from rbbn_sdk.features import DERIVATIONS, SAGAS, SLICES, event_names
from rbbn_sdk.home import Home
from rbbn_sdk.io.log import ActionLog, LogRegistry
from rbbn_sdk.io.proxies import read_proxies
from rbbn_sdk.io.tls import tls_context
from rbbn_sdk.ports import Log, LogTarget

__all__ = ["VERSION", "Client", "create"]

VERSION = "7.6.0"
"""The release of the JavaScript SDK whose behaviour this one has."""

E = TypeVar("E", bound=Event)
P = ParamSpec("P")
T = TypeVar("T")


def create(config: object = None, *, extensions: Sequence[Extension] = ()) -> "Client":
    """Make a client.

    Args:
        config: Nested mappings with the documented keys, or a `rbbn_sdk.config.Configuration`. It is copied.
        extensions: Slices, events and sagas of the application's own, in the client's store.

    Raises:
        ConfigurationError: No client can be made of `config`; the message names the path.
        InvalidArgument: An extension has something that cannot be used, or a name that is claimed already.
    """
    return Client(config, extensions=extensions)


class Client(Auth, ConfigApi):
    """One user's connection to a gateway; `async with create(config) as client` destroys it at the end.

    It needs no running loop to be made. It belongs to the loop and thread of the first call in a running loop; calls
    from another thread raise `WrongThread`.
    """

    def __init__(self, config: object = None, *, extensions: Sequence[Extension] = ()) -> None:
        self._scheduler = AioScheduler()
        self._home = Home(self._scheduler.bind)
        own = combined(extensions)
        self._adapters = Adapters(own.ports)
        settings = read_settings({} if config is None else config, self._adapters.secrets, self._adapters.objects)
        self._log = _loggers(settings, self._adapters)
        self._adapters.configure(
            tls=settings.tls if isinstance(settings.tls, bool) else tls_context(settings.tls),
            proxies=read_proxies(settings.proxy, os.environ, option="network.proxy"),
            log=self._log,
        )
        here = ref(self)  # nothing that the client holds holds it
        self._emitter = Emitter(event_names, _event_log(self._log), self._home.check_thread, sender=here)
        self.store: Store = self._make_store(settings, own)
        self._runner = Runner(
            self.store,
            scheduler=self._scheduler,
            ports=self._adapters.method,
            log=_line_log(self._log),
        )
        self._context = ApiContext(
            store=self.store,
            ids=self._adapters.ids,
            clock=self._adapters.clock,
            secrets=self._adapters.secrets,
            objects=self._adapters.objects,
            logger=self._log,
            guard=self._home.check_call,
            waiting=self._home.check_waiting,
        )
        self._make_namespaces()
        self._destruction: Destruction | None = None
        self._destroyers: set[asyncio.Task[Any]] = set()
        self.store.dispatch(ConfigSet(config=settings.options))
        write_findings(self._log, settings.findings)
        for saga in (*SAGAS, *own.sagas):
            self._run_saga(saga)
        self._home.open()
        self._log.write("info", LogTarget(type="FACTORY"), (f"Client made, version {VERSION}",))

    def _run_saga(self, saga: Saga) -> None:
        try:
            self._runner.run(saga)
        except TypeError as error:  # no coroutine function
            raise InvalidArgument(f"extensions: {error}") from error

    def _make_store(self, settings: Settings, own: Extension) -> Store:
        self._action_log = ActionLog.of(settings.options.logs, settings.action_log_handler, self._log)
        logs = () if self._action_log is None else (self._action_log,)
        try:
            return Store(
                (*SLICES, *own.slices),
                derivations=(*DERIVATIONS, *own.derivations),
                filters=(*own.filters, *(log.filter for log in logs)),
                taps=(*logs, *own.taps),
                emit=self._emitter.emit,
                report=_problem_log(self._log),
                guard=self._home.check,
            )
        except TypeError as error:  # a name that is claimed twice
            raise InvalidArgument(f"extensions: {error}") from error

    def _make_namespaces(self) -> None:
        context = self._context
        self.call = CallApi(context)
        self.media = MediaApi(context)
        self.services = Services(context)
        self.connection = Connection(context)
        self.notification = Notification(context)
        self.request = Requests(context)
        self.logger = LoggerApi(context, self._log)
        Auth.__init__(self, context)
        ConfigApi.__init__(self, context, self.logger)

    # -- state

    @property
    def state(self) -> State:
        """The whole state now: immutable records, read with the slices. Raises `ClientDestroyed` after `destroy`."""
        self._home.check()
        return self.store.state

    # -- events

    @overload
    def on(self, event: type[E], handler: Callable[[E], object]) -> None: ...
    @overload
    def on(self, event: str, handler: Callable[[Any], object]) -> None: ...
    def on(self, event: str | type[Event], handler: Callable[[Any], object]) -> None:
        """Call `handler(event)` for every event of that kind.

        Handlers run in the order of their registration, each as often as it was registered. What one raises is logged.
        A coroutine function runs as a task of its own for each event.

        Args:
            event: A documented name such as `call:stateChange`, or an event class of `rbbn_sdk.events`.
            handler: Gets the event: frozen, and a mapping by its documented keys.
        """
        self._emitter.on(event, handler)

    def off(self, event: str | type[Event], handler: Callable[[Any], object]) -> None:
        """Remove every registration of `handler` for that kind of event; an unknown one is ignored."""
        self._emitter.off(event, handler)

    def subscribe(self, listener: Callable[[str, list[Any]], object]) -> None:
        """Call `listener(name, [event])` for every event, after the handlers of its kind."""
        self._emitter.subscribe(listener)

    def unsubscribe(self, listener: Callable[[str, list[Any]], object]) -> None:
        """Remove a listener; an unknown one is ignored."""
        self._emitter.unsubscribe(listener)

    def signal(self, event: str | type[Event]) -> Signal:
        """The blinker signal of an event, sent after all handlers and listeners.

        Receivers get the client as the sender and the event as the keyword `event`. blinker holds them weakly, and
        promises no order.
        """
        return self._emitter.signal(event)

    @overload
    def wait_for(
        self, event: type[E], predicate: Callable[[E], object] | None = ..., *, timeout: float | None = ...
    ) -> EventWait[E]: ...
    @overload
    def wait_for(
        self, event: str, predicate: Callable[[Any], object] | None = ..., *, timeout: float | None = ...
    ) -> EventWait[Any]: ...
    def wait_for(
        self,
        event: str | type[Event],
        predicate: Callable[[Any], object] | None = None,
        *,
        timeout: float | None = None,
    ) -> EventWait[Any]:
        """The next event of that kind for which `predicate(event)` is true; await what this returns.

        It listens from this call on, so the cause of the event may stand between the call and the `await`.

        Args:
            event: A documented name or an event class.
            predicate: Which event it has to be; any, without one.
            timeout: Seconds from the `await` on.

        Raises:
            TimeoutError: None came in time.
            ClientDestroyed: The client was destroyed before one came.
        """
        return self._emitter.wait_for(event, predicate, timeout)

    def events(self, *events: str | type[Event], limit: int = 1000) -> EventStream:
        """Iterate over events: `async for event in client.events("call:stateChange")`; without arguments over all.

        What comes from this call on is in it. The queue holds `limit` events; when it is full the oldest one is dropped
        and the iteration raises `EventsLost` once. It ends when the client is destroyed. Use it in a `with` block to
        stop listening at a certain point.
        """
        return self._emitter.stream(events, limit)

    # -- about the client

    def get_version(self) -> str:
        """The release of the JavaScript SDK whose behaviour this client has. Works after `destroy` too."""
        return VERSION

    # -- life

    def destroy(self) -> "Destruction":
        """End the client. The only event that can still follow is `ws:change`.

        For at most 1.5 s the gateway is told of the end of every call that is not over, so that nobody is left waiting.
        The subscription is not given up: it lives at the gateway until it expires.

        The work is done from the loop's next turn on; await what this returns to know that nothing runs any more and
        nothing is open. Without a running loop, and in a client that never had one, it is done at once. A second call
        does nothing new.

        The tasks of coroutine handlers are cancelled and waited for, but not those that called `destroy`.
        """
        self._home.check_thread()
        caller = None if _get_running_loop() is None else asyncio.current_task()
        if caller is not None:
            self._destroyers.add(caller)
        if self._destruction is None:
            self._context.log("debug", "FACTORY", "API invoked: destroy")
            self._destruction = Destruction(self._begin_to_destroy())
        return self._destruction

    def _begin_to_destroy(self) -> "asyncio.Task[None] | None":
        if self._home.loop is None and _get_running_loop() is None:
            with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:  # leaves the thread's own loop alone
                runner.run(self._destroy())
            return None
        if self._home.loop is not None and self._home.loop.is_closed():
            self._abandon()
            return None
        return self._home.bind().create_task(self._destroy(), name="rbbn_sdk destroy")

    async def _destroy(self) -> None:
        try:
            await destroy_runner(self._runner, self._scheduler, late_events=_is_socket_change)
        finally:
            self._leave()
            await self._emitter.close(spare=self._destroyers)
            self._destroyers.clear()
            await self._adapters.close()

    def _abandon(self) -> None:
        """The loop is gone, and with it all that ran in it."""
        self._log.write("warn", LogTarget(type="FACTORY"), ("The event loop was closed before the client's end",))
        self._leave()
        self._emitter.end_streams()
        self._adapters.forget()

    def _leave(self) -> None:
        self._home.leave()
        if self._action_log is not None:
            self._action_log.close()

    async def __aenter__(self) -> Self:
        self._home.bind()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.destroy()

    @overload
    def run_threadsafe(self, fn: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> "Future[T]": ...
    @overload
    def run_threadsafe(self, fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> "Future[T]": ...
    def run_threadsafe(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> "Future[Any]":
        """Run `fn(*args, **kwargs)` on the client's loop, from any thread; an awaitable that it returns is awaited.

        Raises `InvalidState` when the client belongs to no loop yet, or to one that is closed.
        """
        given: object = fn
        if not callable(given):
            raise expected("fn", "a function", given)
        return self._home.run_threadsafe(fn, args, kwargs)

    def __repr__(self) -> str:
        return f"<Client{' destroyed' if self._home.gone else ''}>"

    def __del__(self) -> None:
        """Warn of what is left open, as `asyncio` and `aiohttp` do. One that opened nothing is simply gone."""
        adapters: Adapters | None = self.__dict__.get("_adapters")  # there is none when the configuration was refused
        if adapters is not None and adapters.in_use:
            warnings.warn(f"{self!r} was not destroyed", ResourceWarning, stacklevel=1, source=self)

    getVersion = get_version


class Destruction:
    """The end of a client, which goes on whether it is awaited or not."""

    def __init__(self, task: "asyncio.Task[None] | None") -> None:
        self._task = task

    def __await__(self) -> Generator[Any, None, None]:
        return self._wait().__await__()

    async def _wait(self) -> None:
        if self._task is not None and asyncio.current_task() is not self._task:
            await asyncio.shield(self._task)


def _loggers(settings: Settings, adapters: Adapters) -> LogRegistry:
    registry = LogRegistry(adapters.clock)
    registry.set_level(settings.options.logs.log_level)
    registry.set_handler(settings.log_handler)
    return registry


def _is_socket_change(event: object) -> bool:
    return isinstance(event, Event) and event.TYPE == "ws:change"


def _line_log(log: Log) -> Callable[[LogLine], None]:
    return lambda line: log.write(line.level, LogTarget(type=line.target, id=line.id), (line.message, *line.more))


def _event_log(log: Log) -> LogEvent:
    def write(level: str, text: str, *more: object) -> None:
        log.write(level, LogTarget(type="EVENTS"), (text, *more))

    return write


def _problem_log(log: Log) -> Report:
    def write(problem: EngineProblem) -> None:
        more = () if problem.error is None else (problem.error, "".join(traceback.format_exception(problem.error)))
        log.write("error", LogTarget(type="ENGINE"), (problem.message, *more))

    return write

"""The connecting part of a client in virtual time, over scripted ports: for tests of sagas, events and their order."""

from collections import deque
from collections.abc import Callable
from inspect import isawaitable
from typing import Any

from attrs import frozen

from rbbn_sdk.effects import auth, connectivity, notification, request, subscription
from rbbn_sdk.engine import Action, Later, LogLine, Runner, SagaDeath, State, Store, VirtualScheduler, evolve
from rbbn_sdk.errors import SocketLost
from rbbn_sdk.events import auth as auth_events
from rbbn_sdk.events import connectivity as connectivity_events
from rbbn_sdk.events import notification as notification_events
from rbbn_sdk.events import request as request_events
from rbbn_sdk.events import subscription as subscription_events
from rbbn_sdk.events.base import Event
from rbbn_sdk.events.connectivity import WsChange
from rbbn_sdk.ports import SocketAddress, SocketEvent, SocketEventKind, Subscription
from rbbn_sdk.reducers.auth import authentication
from rbbn_sdk.reducers.config import config
from rbbn_sdk.reducers.connectivity import connectivity as connectivity_slice
from rbbn_sdk.reducers.notification import notifications
from rbbn_sdk.reducers.subscription import subscription as subscription_slice
from rbbn_sdk.selectors.connectivity import is_connected
from rbbn_sdk.selectors.subscription import is_pending, subscribed_services
from rbbn_sdk.types import JsonText, SecretRef, SocketId
from rbbn_sdk.types.options import Options, ServerOptions, WebsocketOptions

__all__ = ["ConnectionBench", "ScriptedRest", "ScriptedSocket", "Told", "bench_options", "granted"]


def granted(*services: str, path: str = "/rest/version/1/user/ann@ex.org/subscription/s1", **more: Any) -> Subscription:
    """A gateway's answer that grants services."""
    answer = Subscription(
        path=path, service=services, expires=3600, notification_channel="/websocket/w1", params=JsonText("{}")
    )
    return evolve(answer, **more)


def bench_options() -> Options:
    """A configuration that names a server and a websocket."""
    options = Options()
    return evolve(
        options,
        authentication=evolve(options.authentication, server=ServerOptions(base="gw.example", port=443)),
        subscription=evolve(
            options.subscription, websocket=WebsocketOptions(server="gw.example", port=443, protocol="wss")
        ),
    )


@frozen(kw_only=True, weakref_slot=False)
class Told:
    """An event, and what the state said when it was emitted."""

    event: Event
    pending: bool
    connected: bool
    subscribed: tuple[str, ...]

    def __str__(self) -> str:
        """`subscription:change(GONE) P C call,IM`: name, reason or code, flags, services."""
        detail = getattr(self.event, "reason", None) or getattr(getattr(self.event, "error", None), "code", None)
        name = self.event.TYPE + (f"({detail})" if detail is not None else "")
        flags = [flag for flag, is_on in (("P", self.pending), ("C", self.connected)) if is_on]
        return " ".join([name, *flags, *([",".join(self.subscribed)] if self.subscribed else [])])


class ScriptedRest:
    """Answers from a script by method's name: values, exceptions, functions, `Later`s; else it grants what is asked."""

    def __init__(self) -> None:
        self.script: dict[str, deque[Any]] = {}
        self.calls: list[tuple[str, tuple[Any, ...]]] = []

    def will(self, method: str, *answers: Any) -> None:
        """The next answers of a method."""
        self.script.setdefault(method, deque()).extend(answers)

    @property
    def methods(self) -> list[str]:
        """The methods that were called, in order."""
        return [name for name, _ in self.calls]

    async def subscribe(self, context: Any, order: Any) -> Any:
        """POST."""
        return await self._play("subscribe", (context, order), granted(*order.service))

    async def update_subscription(self, context: Any, path: str, order: Any) -> Any:
        """PUT."""
        return await self._play("update_subscription", (context, path, order), granted(*order.service, path=path))

    async def unsubscribe(self, context: Any, path: str) -> Any:
        """DELETE."""
        return await self._play("unsubscribe", (context, path), None)

    async def fetch(self, server: Any, credentials: Any, resource: str, init: Any) -> Any:
        """Anything."""
        return await self._play("fetch", (server, credentials, resource, init), None)

    async def _play(self, method: str, args: tuple[Any, ...], otherwise: Any) -> Any:
        self.calls.append((method, args))
        script = self.script.get(method)
        answer: Any = script.popleft() if script else otherwise
        if isawaitable(answer):
            answer = await answer
        if isinstance(answer, BaseException):
            raise answer
        return answer(*args) if callable(answer) else answer


class ScriptedSocket:
    """Websockets whose other side is the test."""

    def __init__(self, scheduler: VirtualScheduler) -> None:
        self.script: deque[Any] = deque()
        """Outcomes of the next attempts to open: None, an exception, or `hang`."""
        self.attempts: list[tuple[float, SocketAddress, int]] = []
        self.sent: list[tuple[float, str]] = []
        self.closed: list[SocketId] = []
        self.open_ids: list[SocketId] = []
        self.broken = False
        """Sending raises."""
        self.closes_at_once = False
        """The other side takes each websocket and closes it."""
        self._scheduler = scheduler
        self._frames: dict[SocketId, deque[SocketEvent]] = {}
        self._waiting: dict[SocketId, Later[None]] = {}

    async def open(self, socket_id: SocketId, address: SocketAddress, timeout: int) -> None:
        """Open as the script says."""
        self.attempts.append((self._scheduler.now, address, timeout))
        outcome = self.script.popleft() if self.script else None
        if outcome == "hang":
            await self._scheduler.sleep(timeout / 1000)
            outcome = SocketLost("no answer")
        if isinstance(outcome, Later):
            await outcome
        if isinstance(outcome, BaseException):
            raise outcome
        closed = SocketEvent(kind=SocketEventKind.CLOSED, code=1001)
        self._frames[socket_id] = deque([closed] if self.closes_at_once else [])
        self.open_ids.append(socket_id)

    async def next(self, socket_id: SocketId) -> SocketEvent:
        """What the test pushed."""
        while socket_id in self._frames and not self._frames[socket_id]:
            later = self._waiting.setdefault(socket_id, Later())
            await later
        if socket_id not in self._frames:
            raise SocketLost("the websocket is not open")
        event = self._frames[socket_id].popleft()
        if event.kind is SocketEventKind.CLOSED:
            self._forget(socket_id)
        return event

    async def send(self, socket_id: SocketId, text: str) -> None:
        """Note a ping."""
        if self.broken or socket_id not in self._frames:
            raise SocketLost("the websocket broke")
        self.sent.append((self._scheduler.now, text))

    async def close(self, socket_id: SocketId) -> None:
        """Note it."""
        self.closed.append(socket_id)
        self._forget(socket_id)

    @property
    def current(self) -> SocketId:
        """The websocket that was opened last."""
        return self.open_ids[-1]

    def push(self, *texts: str) -> None:
        """Frames from the gateway."""
        self._feed(*(SocketEvent(kind=SocketEventKind.FRAME, text=text) for text in texts))

    def drop(self, code: int | None) -> None:
        """The gateway closes it, or it breaks."""
        self._feed(SocketEvent(kind=SocketEventKind.CLOSED, code=code))

    def feed(self, event: SocketEvent) -> None:
        """Anything else that may come."""
        self._feed(event)

    def _feed(self, *events: SocketEvent) -> None:
        self._frames[self.current].extend(events)
        self._wake(self.current)

    def _forget(self, socket_id: SocketId) -> None:
        self._frames.pop(socket_id, None)
        self._wake(socket_id)

    def _wake(self, socket_id: SocketId) -> None:
        later = self._waiting.pop(socket_id, None)
        if later is not None:
            later.set(None)


class _CountedIds:
    def __init__(self) -> None:
        self.made = 0
        self.next_fraction = 0.5

    def uuid(self) -> str:
        self.made += 1
        return f"id-{self.made}"

    def fraction(self) -> float:
        return self.next_fraction


class _NotedSecrets:
    def __init__(self) -> None:
        self.freed: list[SecretRef] = []

    def free(self, ref: SecretRef) -> None:
        self.freed.append(ref)


class ConnectionBench:
    """A store with the slices, events and sagas of connecting, and nothing else."""

    def __init__(self, options: Options | None = None) -> None:
        self.scheduler = VirtualScheduler()
        self.rest = ScriptedRest()
        self.socket = ScriptedSocket(self.scheduler)
        self.ids = _CountedIds()
        self.secrets = _NotedSecrets()
        self.told: list[Told] = []
        self.actions: list[Action] = []
        self.lines: list[LogLine] = []
        self.deaths: list[SagaDeath] = []
        self.handlers: list[Callable[[Event], object]] = []
        self.store = Store(
            (config, authentication, subscription_slice, connectivity_slice, notifications),
            derivations=(
                auth_events.derivations,
                request_events.derivations,
                subscription_events.derivations,
                connectivity_events.derivations,
                notification_events.derivations,
            ),
            taps=(self._note,),
            emit=self._emit,
            initial={config: options or bench_options()},
        )
        self.runner = Runner(
            self.store,
            scheduler=self.scheduler,
            ports={"rest": self.rest, "socket": self.socket, "ids": self.ids, "secrets": self.secrets},
            log=self.lines.append,
            on_error=self.deaths.append,
        )
        for feature in (auth, request, subscription, connectivity, notification):
            self.runner.run(feature.watch)

    @property
    def state(self) -> State:
        """The root state."""
        return self.store.state

    @property
    def events(self) -> list[str]:
        """All events so far, as texts."""
        return [str(told) for told in self.told]

    def forget_events(self) -> None:
        """Begin a new list."""
        self.told.clear()

    def dispatch(self, *actions: Action) -> None:
        """Dispatch, and let happen what needs no time."""
        for action in actions:
            self.store.dispatch(action)
        self.scheduler.run_turns()

    def pass_time(self, seconds: float) -> None:
        """Let virtual time pass."""
        self.scheduler.advance(seconds)

    def push(self, *texts: str) -> None:
        """Frames from the gateway, handled at once."""
        self.socket.push(*texts)
        self.scheduler.run_turns()

    def drop(self, code: int | None = 1006) -> None:
        """The websocket ends."""
        self.socket.drop(code)
        self.scheduler.run_turns()

    def destroy(self) -> None:
        """End it as a client does."""
        self.runner.destroy(late_events=lambda event: isinstance(event, WsChange))
        self.scheduler.run(10)

    def actions_of(self, *kinds: type[Action]) -> list[Action]:
        """The actions of some classes that were reduced, in order."""
        return [action for action in self.actions if isinstance(action, kinds)]

    def _note(self, action: Action, _before: State, _after: State) -> None:
        self.actions.append(action)

    def _emit(self, event: Event) -> None:
        state = self.state
        self.told.append(
            Told(
                event=event,
                pending=is_pending(state),
                connected=is_connected(state),
                subscribed=subscribed_services(state),
            )
        )
        for handler in tuple(self.handlers):
            handler(event)

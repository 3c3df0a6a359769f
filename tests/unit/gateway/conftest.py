"""A switchboard without sockets and with a clock that is moved by hand."""

import heapq
import itertools
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from attrs import define, field

from rbbn_sdk.gateway import DEMO_ACCOUNTS, Timing
from rbbn_sdk.gateway.core import Core
from rbbn_sdk.gateway.replies import Reply
from rbbn_sdk.gateway.subscriptions import Subscription
from rbbn_sdk.gateway.timing import Timer, Timers
from rbbn_sdk.wire import CallControlRequest, CallDispositionRequest, SubscribeRequest


@define(eq=False)
class HandClock(Timers):
    time: float = 1000.0
    heard: list[dict[str, Any]] = field(factory=list)
    """Everything that any device was sent, in order."""
    _due: list[tuple[float, int, Timer, Callable[[], object]]] = field(factory=list)
    _order: Any = field(factory=itertools.count)

    def now(self) -> float:
        return self.time

    def later(self, delay: float, action: Callable[[], object]) -> Timer:
        timer = Timer()
        timer.on_cancel = lambda: None
        heapq.heappush(self._due, (self.time + max(delay, 0.0), next(self._order), timer, action))
        return timer

    def advance(self, seconds: float) -> None:
        """Let time pass, and run what falls due on the way, each at its time."""
        end = self.time + seconds
        while self._due and self._due[0][0] <= end:
            when, _, timer, action = heapq.heappop(self._due)
            self.time = max(self.time, when)
            if timer.on_cancel is not None:
                timer.cancel()
                action()
        self.time = end


@define(eq=False)
class Wire:
    """Stands where the channel stands: what is pushed is sent at once, unless the line is down."""

    clock: HandClock
    id: str
    frames: list[dict[str, Any]] = field(factory=list)
    times: list[float] = field(factory=list)
    alive: bool = True
    is_open: bool = True
    last_open: float = 0.0
    _held: list[tuple[str, Callable[[], object] | None, Callable[[], bool]]] = field(factory=list)

    def push(
        self,
        text: str,
        on_sent: Any = None,
        on_dropped: Any = None,
        *,
        precious: bool = False,
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        if not self.is_open:
            self._held.append((text, on_sent, is_wanted))
            return
        self.frames.append(msgspec.json.decode(text)["notificationMessage"])
        self.clock.heard.append(self.frames[-1])
        self.times.append(self.clock.time)
        if on_sent is not None:
            on_sent()

    def hand_over(self, successor: Any) -> None:
        for text, on_sent, is_wanted in self._held:
            successor.push(text, on_sent, is_wanted=is_wanted)
        self._held.clear()

    def retire(self) -> None:
        self.alive = False

    def close(self) -> None:
        self.is_open = False

    def open(self) -> None:
        self.is_open = True
        held, self._held = self._held, []
        for text, on_sent, is_wanted in held:
            if is_wanted():
                self.push(text, on_sent)

    @property
    def kinds(self) -> list[str]:
        return [frame["eventType"] for frame in self.frames]

    def last(self) -> dict[str, Any]:
        return self.frames[-1]

    def sids(self, kind: str) -> list[str]:
        return [frame["sessionParams"]["sessionData"] for frame in self.frames if frame["eventType"] == kind]


@define(eq=False)
class Office:
    """Users with devices, and what they ask the gateway for."""

    core: Core
    clock: HandClock

    def device(self, user: str, correlator: str | None = None, service: tuple[str, ...] = ("call",)) -> Wire:
        account = self.account(user)
        request = SubscribeRequest(service=service, client_correlator=correlator or msgspec.UNSET)
        subscriptions, replaced = self.core.subscriptions, []
        take_over, subscriptions.on_replaced = subscriptions.on_replaced, lambda *pair: replaced.append(pair)
        wire = self.wire_of(subscriptions.subscribe(account, "1", request, None))
        subscriptions.on_replaced = take_over
        for pair in replaced:  # now that the wire is there
            take_over(*pair)
        return wire

    def wire_of(self, subscription: Subscription) -> Wire:
        wire = Wire(self.clock, subscription.channel.id)
        subscription.channel = wire  # type: ignore[assignment]  # the part of a channel that is used here
        return wire

    def account(self, user: str) -> Any:
        return next(account for account in DEMO_ACCOUNTS if account.username.startswith(user))

    def make(self, user: str, to: str, audits: bool = True, **members: Any) -> str:
        request = CallControlRequest(type="callStart", to=to, sdp="offer", **members)
        reply = self.core.call_control.start(self.account(user), request)
        self._answered(reply)
        sid: str = msgspec.json.decode(reply.content)["callControlResponse"]["sessionData"]
        if audits:
            self.put(user, sid, "audit")
            self.clock.advance(0.06)
        return sid

    def put(self, user: str, sid: str, kind: str, answered: bool = True, **members: Any) -> tuple[int, int]:
        """HTTP status and statusCode of the answer."""
        request = CallControlRequest(type=kind, **members)
        reply = self.core.call_control.change(self.account(user), sid, request)
        if answered:
            self._answered(reply)
        return self._codes(reply)

    def state(self, user: str, sid: str) -> Any:
        reply = self.core.call_control.read(self.account(user), sid)
        return msgspec.json.decode(reply.content)["callControlResponse"].get("state") or self._codes(reply)

    def dispose(self, user: str, sid: str, action: str, **members: Any) -> tuple[int, int]:
        request = CallDispositionRequest(action=action, session_data=sid, **members)
        return self._codes(self.core.call_control.dispose(self.account(user), request))

    def delete(self, user: str, sid: str) -> int:
        return self.core.call_control.end(self.account(user), sid).status

    def ringing(self, wire: Wire, user: str) -> str:
        """A device takes the latest call in: rings and audits."""
        sid = wire.sids("call")[-1]
        self.put(user, sid, "ringing")
        self.put(user, sid, "audit")
        self.clock.advance(0.06)
        return sid

    def established(self, alice: Wire, bob: Wire) -> tuple[str, str]:
        """A call between alice and bob which is steady."""
        caller = self.make("alice", "sip:bob@example.com")
        callee = self.ringing(bob, "bob")
        assert self.put("bob", callee, "callAnswer", sdp="answer") == (200, 0)
        self.clock.advance(1.0)
        assert alice.kinds[-1] == "respondCallUpdate"
        return caller, callee

    def _answered(self, reply: Reply) -> None:
        if reply.after is not None:
            reply.after()

    def _codes(self, reply: Reply) -> tuple[int, int]:
        content = next(iter(msgspec.json.decode(reply.content).values()))
        return reply.status, content["statusCode"]


def new_office() -> Office:
    core, clock = Core.of(DEMO_ACCOUNTS, Timing()), HandClock()
    for part in (core.subscriptions, core.switchboard, core.switchboard.legs, core.switchboard.reoffers):
        part._timers = clock
    core.call_control._timers = clock
    core.timers = clock
    return Office(core, clock)


@pytest.fixture
def office() -> Office:
    return new_office()


@pytest.fixture(scope="session")
def make_office() -> Callable[[], Office]:
    """For properties, which need a new one for each example."""
    return new_office

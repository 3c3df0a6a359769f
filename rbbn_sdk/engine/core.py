"""The machine inside a store: one queue, in which what was reduced is delivered in order.

Everything that happens is an item of the queue: the delivery of an action, a put whose turn has come, the end of a port
call. While an item is under way, new ones wait. `phase` says who is running now; anybody but subscribers, handlers and
port code may only read.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from rbbn_sdk.engine.action import Action
from rbbn_sdk.engine.derivation import Derivation, Derivations
from rbbn_sdk.engine.endings import Endings
from rbbn_sdk.engine.guarded import FREE, SAGA, Guarded
from rbbn_sdk.engine.journal import Dispatched, Put, Record, RecordTap
from rbbn_sdk.engine.ledger import Ledger, OpenRequest
from rbbn_sdk.engine.plan import Plan, Planner
from rbbn_sdk.engine.problem import ProblemKind, Report
from rbbn_sdk.engine.request import Fact, Request, Slot
from rbbn_sdk.engine.slice import Reducer, Slice
from rbbn_sdk.engine.state import State, initial_state, root_class
from rbbn_sdk.engine.subscription import Subscription
from rbbn_sdk.engine.takers import Taker, TakerIndex, takers_of
from rbbn_sdk.types import ErrorInfo

_T = TypeVar("_T")

Filter = Callable[[Action, State], Action | None]
Tap = Callable[[Action, State, State], None]

Delivery = tuple[Plan, Action, State, State, int, OpenRequest | None]
"""What was reduced and is to be delivered: its plan, itself, state before and after, line, the request it ends."""

_new = object.__new__
_set = object.__setattr__


def _ignore(_event: object) -> None:
    """Emit to nobody."""


def _nothing_more(_event: object) -> bool:
    """No event is late enough."""
    return False


class Core(Guarded):
    """See the module. `Store` is its public face, `Runner` its other user."""

    def __init__(
        self,
        slices: Iterable[Slice[Any]],
        derivations: Iterable[Derivations],
        filters: Iterable[Filter],
        taps: Iterable[Tap],
        emit: Callable[[Any], None] | None,
        report: Report | None,
        initial: Mapping[Slice[Any], object] | None,
    ) -> None:
        super().__init__(report)
        root = root_class(tuple(slices))
        self.state = initial_state(root, initial or {})
        self.takers = TakerIndex()
        self.ledger = Ledger()
        self.endings = Endings(self)
        self.cause = 0
        """Line from which follows what happens now."""
        self._planner = Planner(root.SLICES, derivations, self.takers)
        self._plans: dict[type[Action], Plan] = {}
        self._filters = tuple(filters)
        self._taps = tuple(taps)
        self._emit = emit or _ignore
        self._subscriptions: dict[Subscription[Any], None] = {}
        self._queue: deque[tuple[Callable[..., None], tuple[Any, ...]]] = deque()
        self._busy = False
        self._records: tuple[RecordTap, ...] = ()
        self._line = 0
        self._under = 0
        self._served = False
        self._late_events: Callable[[Any], bool] | None = None
        self.between: Callable[[int], None] | None = None
        """For a replay: called with its line when an action has passed subscribers and handlers, before the sagas."""

    # -- from outside

    def dispatch(self, action: Action) -> Action | None:
        """Reduce an action from outside now, deliver it in its turn."""
        if self.phase:
            self.refuse(action)
            return None
        if self._late_events is not None:
            return None
        delivery = self._take_in(action)
        if delivery is None:
            return None
        if self._records:
            self._record_input(delivery)
        if self._busy:
            self._queue.append((self._deliver, delivery))
            return delivery[1]
        self._busy = True
        try:
            self._deliver(*delivery)
        finally:
            self._busy = False
        if self._queue:
            self._drain()
        return delivery[1]

    def feed(self, action: Action) -> None:
        """For a replay: dispatch what was reduced once, so without filters."""
        delivery = self._reduce(self._plan(action), action)
        if delivery is not None:
            self._record_input(delivery)
            self.enter(self._deliver, *delivery)

    def close(self, action: Action, late_events: Callable[[Any], bool] | None) -> bool:
        """Dispatch the last action from outside; False when that was done before, or is not allowed here."""
        if self.phase:
            self.refuse(action)
            return False
        if self._late_events is not None:
            return False
        delivery = self._reduce(self._plan(action), action)
        self._late_events = late_events or _nothing_more
        if delivery is not None:
            self._record_input(delivery, destroys=True)
            self.enter(self._deliver, *delivery)
        return True

    def _record_input(self, delivery: Delivery, *, destroys: bool = False) -> None:
        _, action, _, _, line, _ = delivery
        self._record(Dispatched(line=line, action=action, during=self._under or None, destroys=destroys))

    def select(self, selector: Callable[..., _T], args: tuple[object, ...]) -> _T:
        """What a selector says of the state now."""
        phase, self.phase = self.phase, "selector"
        try:
            return selector(self.state, *args)
        finally:
            self.phase = phase

    def request(self, request: Request) -> Slot:
        """Dispatch a request; the slot that its end settles."""
        slot = self.ledger.expect(request)
        try:
            self.dispatch(request)
        finally:
            if self.ledger.give_up(slot):
                slot.settle(None, ErrorInfo(message=f"the request {type(request).TYPE} was not accepted"))
        return slot

    def subscribe(self, selector: Callable[[State], _T], callback: Callable[[_T], None]) -> Callable[[], None]:
        """Call back when a selector's value is another object."""
        subscription = Subscription(selector, callback, self.select(selector, ()), self._line)
        self._subscriptions[subscription] = None
        return lambda: self._unsubscribe(subscription)

    def _unsubscribe(self, subscription: Subscription[Any]) -> None:
        subscription.active = False
        self._subscriptions.pop(subscription, None)

    # -- taking in

    def _plan(self, action: Action) -> Plan:
        plan = self._plans.get(action.__class__)
        if plan is None:
            plan = self._plans[action.__class__] = self._planner.plan(action)
        return plan

    def _take_in(self, action: Action) -> Delivery | None:
        """Filter and reduce, and inform the taps."""
        plan = self._plans.get(action.__class__)
        if plan is None:
            plan = self._plan(action)
        if self._filters:
            kept = self._filtered(action)
            if kept is None:
                return None
            action, plan = kept, self._plan(kept)
        return self._reduce(plan, action)

    def _filtered(self, action: Action) -> Action | None:
        kept: Action | None = action
        for a_filter in self._filters:
            if kept is None:
                return None
            kept = self._run_filter(a_filter, kept)
        return kept

    def _run_filter(self, a_filter: Filter, action: Action) -> Action | None:
        phase, self.phase = self.phase, "filter"
        try:
            return a_filter(action, self.state)
        except Exception as error:  # noqa: BLE001 -- reported; a broken filter lets everything pass
            self.problem(ProblemKind.FILTER, f"a filter raised for {action.TYPE}; it was skipped", action, error)
            return action
        finally:
            self.phase = phase

    def _reduce(self, plan: Plan, action: Action) -> Delivery | None:
        ended: OpenRequest | None = None
        if plan.is_fact or plan.is_request:
            if not self._admit(action):
                return None
            if isinstance(action, Fact):
                ended = self.ledger.end(action)
        before = after = self.state
        if plan.reducers:
            after = self._reduced(plan.reducers, action, before)
        self._line = line = self._line + 1
        if self._taps:
            self._tell_taps(action, before, after)
        return (plan, action, before, after, line, ended)

    def _admit(self, action: Action) -> bool:
        """Whether a fact or request may be reduced: no second end, no second request of one id."""
        if isinstance(action, Fact) and action.request_id and self.ledger.comes_too_late(action):
            text = f"{action.TYPE} was dropped: the request {action.request_id} has ended, or was never made"
            self.problem(ProblemKind.REQUEST, text, action)
            return False
        if isinstance(action, Request) and not self.ledger.open(action):
            text = f"{action.TYPE} was dropped: a request with the id {action.request_id} is open already"
            self.problem(ProblemKind.REQUEST, text, action)
            return False
        return True

    def _reduced(self, reducers: tuple[tuple[str, Reducer], ...], action: Action, before: State) -> State:
        values = before.__dict__
        changed: dict[str, Any] | None = None
        name = ""
        phase, self.phase = self.phase, "reducer"
        try:
            for name, reducer in reducers:
                was = values[name]
                now = reducer(was, action)
                if now is not was:
                    if changed is None:
                        changed = values.copy()
                    changed[name] = now
        except Exception as error:  # noqa: BLE001 -- reported; the action changes nothing
            text = f"the reducer of {action.TYPE} in slice {name} raised"
            self.problem(ProblemKind.REDUCER, text, action, error, name)
            return before
        finally:
            self.phase = phase
        if changed is None:
            return before
        after: State = _new(before.__class__)
        _set(after, "__dict__", changed)
        self.state = after
        return after

    def _tell_taps(self, action: Action, before: State, after: State) -> None:
        phase, self.phase = self.phase, "tap"
        for tap in self._taps:
            try:
                tap(action, before, after)
            except Exception as error:  # noqa: BLE001 -- reported; a tap disturbs nobody
                self.problem(ProblemKind.TAP, f"a tap raised for {action.TYPE}", action, error)
        self.phase = phase

    # -- delivering

    def _drain(self) -> None:
        self._busy = True
        queue = self._queue
        try:
            while queue:
                work, args = queue.popleft()
                work(*args)
        finally:
            self._busy = False

    def enter(self, work: Callable[..., None], *args: Any) -> None:
        """Do something of the runner's now, or after what is under way."""
        self._queue.append((work, args))
        if not self._busy:
            self._drain()

    def _deliver(
        self, plan: Plan, action: Action, before: State, after: State, line: int, ended: OpenRequest | None
    ) -> None:
        self.cause = self._under = line
        if after is not before and self._subscriptions:
            self._inform(action, after, line)
        if plan.derivations:
            self._derive(plan.derivations, action, before, after)
        if ended is not None and isinstance(action, Fact):
            self.settle(ended.slot, action, action.error)
        if self.between is not None:
            self.between(line)
        self._under = 0
        for bucket in plan.buckets:
            if bucket.plain or bucket.keyed:
                self._reach(takers_of(plan.buckets, action), action)
                break
        if plan.is_request and self._served and isinstance(action, Request):
            self.endings.see_that_it_is_served(action)

    def _reach(self, takers: list[Taker], action: Action) -> None:
        self.phase = SAGA
        try:
            for taker in takers:
                if taker.live:
                    taker.accept(action)
        finally:
            self.phase = FREE

    def _inform(self, action: Action, after: State, line: int) -> None:
        for subscription in tuple(self._subscriptions):
            if subscription.active and line > subscription.since:
                try:
                    self._inform_one(subscription, after)
                except Exception as error:  # noqa: BLE001 -- reported; a subscriber disturbs nobody
                    self.problem(ProblemKind.SUBSCRIBER, f"a subscriber raised after {action.TYPE}", action, error)

    def _inform_one(self, subscription: Subscription[Any], after: State) -> None:
        phase, self.phase = self.phase, "selector"
        try:
            value = subscription.selector(after)
        finally:
            self.phase = phase
        if value is not subscription.last:
            subscription.last = value
            subscription.callback(value)

    def _derive(self, functions: tuple[Derivation, ...], action: Action, before: State, after: State) -> None:
        late = self._late_events
        for function in functions:
            for event in self._events(function, action, before, after):
                if late is None or late(event):
                    self._emit_one(event, action)

    def _events(self, function: Derivation, action: Action, before: State, after: State) -> tuple[object, ...]:
        phase, self.phase = self.phase, "derivation"
        try:
            return tuple(function(action, before, after))
        except Exception as error:  # noqa: BLE001 -- reported; the other derivations go on
            name = getattr(function, "__qualname__", repr(function))
            text = f"the derivation {name} raised for {action.TYPE}"
            self.problem(ProblemKind.DERIVATION, text, action, error)
            return ()
        finally:
            self.phase = phase

    def _emit_one(self, event: object, action: Action) -> None:
        try:
            self._emit(event)
        except Exception as error:  # noqa: BLE001 -- reported; a handler disturbs nobody
            self.problem(ProblemKind.HANDLER, f"emit raised for an event of {action.TYPE}", action, error)

    def settle(self, slot: Slot, fact: Fact | None, error: ErrorInfo | None) -> None:
        """Tell who waits for a request's end."""
        for callback in slot.settle(fact, error):
            try:
                callback(fact)
            except Exception as raised:  # noqa: BLE001 -- reported; a callback disturbs nobody
                text = f"a callback on the end of {slot.request.TYPE} raised"
                self.problem(ProblemKind.SLOT, text, slot.request, raised)

    # -- for the runner

    def serve(self, records: tuple[RecordTap, ...]) -> None:
        """A runner has come; from now on a request that nobody takes fails."""
        if self._served:
            raise RuntimeError("this store has a runner already; one for each store")
        self._served = self.ledger.strict = True
        self._records = records

    def enter_saga(self, work: Callable[..., None], *args: Any) -> None:
        """Let sagas step, now or after what is under way."""
        self.enter(self.in_saga, work, *args)

    def in_saga(self, work: Callable[..., None], *args: Any) -> None:
        """Let sagas step now; called from the queue only."""
        self.phase = SAGA
        try:
            work(*args)
        finally:
            self.phase = FREE

    def take_in_end(self, ended: Callable[[int], Record]) -> None:
        """Note an input that is no action."""
        self._line += 1
        self.cause = self._line
        if self._records:
            self._record(ended(self._line))

    def _record(self, record: Record) -> None:
        phase, self.phase = self.phase, "tap"
        for tap in self._records:
            try:
                tap(record)
            except Exception as error:  # noqa: BLE001 -- reported; a tap disturbs nobody
                self.problem(ProblemKind.TAP, "a tap of the runner's records raised", None, error)
        self.phase = phase

    def put(self, action: Action, path: str, cause: int) -> Action | None:
        """Reduce and deliver an action of a saga, now; called from the queue only."""
        delivery = self._take_in(action)
        if delivery is None:
            return None
        if self._records:
            self._record(Put(line=delivery[4], action=delivery[1], path=path, cause=cause))
        self._deliver(*delivery)
        return delivery[1]

"""What is measured on our side: a store with 20 slices, 60 `take_every` sagas and call records of 13 fields."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, ClassVar

from attrs import frozen
from pyrsistent import PMap, pmap

from rbbn_sdk.engine import Action, Runner, Slice, State, Store, VirtualScheduler, evolve, fx, item_of, with_item

SLICES = 20
SAGAS = 60


class BenchState(StrEnum):
    CONNECTED = "Connected"
    ON_HOLD = "On Hold"


@frozen(kw_only=True, weakref_slot=False)
class BenchCall:
    id: str
    order: int
    direction: str = "outgoing"
    state: BenchState = BenchState.CONNECTED
    from_: str = "alice@example.com"
    to: str = "bob@example.com"
    remote_name: str = "Bob"
    start_time: int = 1
    end_time: int = 0
    is_caller: bool = True
    local_hold: bool = False
    remote_hold: bool = False
    media_id: str = ""


@frozen(kw_only=True, weakref_slot=False)
class BenchCalls:
    by_id: PMap[str, BenchCall] = pmap()
    active: str = ""


@frozen(kw_only=True, weakref_slot=False)
class CallChanged(Action):
    TYPE: ClassVar[str] = "bench/CALL_CHANGED"
    call_id: str
    state: BenchState


@frozen(kw_only=True, weakref_slot=False)
class CallTaken(Action):
    TYPE: ClassVar[str] = "bench/CALL_TAKEN"
    call_id: str
    state: BenchState


@frozen(kw_only=True, weakref_slot=False)
class NobodyKnows(Action):
    TYPE: ClassVar[str] = "bench/NOBODY_KNOWS"
    call_id: str
    state: BenchState


calls = Slice("bench", BenchCalls())


@calls.on(CallChanged, CallTaken)
def _changed(state: BenchCalls, action: CallChanged | CallTaken) -> BenchCalls:
    call = item_of(state.by_id, action.call_id)
    if call is None or call.state is action.state:
        return state
    return evolve(state, by_id=with_item(state.by_id, action.call_id, evolve(call, state=action.state)))


def call_by_id(state: State, call_id: str) -> BenchCall | None:
    return item_of(calls(state).by_id, call_id)


def with_calls(count: int) -> BenchCalls:
    ids = (f"call-{number}" for number in range(count))
    by_id = {call_id: BenchCall(id=call_id, order=n, media_id=f"media-{n}") for n, call_id in enumerate(ids)}
    return BenchCalls(by_id=pmap(by_id))


seen: list[BenchState] = []
"""What the saga that takes selected last."""


async def _taken(action: CallTaken) -> None:
    call = await fx.select(call_by_id, action.call_id)
    if call is not None:
        seen[:] = [call.state]


async def watch_taken() -> None:
    """The saga that the `taken` scenario needs; whoever brings a store of another make runs it too."""
    await fx.take_every(_taken, CallTaken)


def _parked_class(number: int) -> type[Action]:
    fields = {"TYPE": f"bench/PARKED_{number}", "__annotations__": {"TYPE": ClassVar[str]}}
    return frozen(kw_only=True, weakref_slot=False)(type(f"Parked{number}", (Action,), fields))


async def _parked(_action: Action) -> None: ...


async def _watch_parked() -> None:
    for number in range(1, SAGAS):
        await fx.take_every(_parked, _parked_class(number))


Dispatch = Callable[[Action], Any]
Factory = Callable[[int], Dispatch]
"""Makes a store with so many call records; gives its public `dispatch`."""


def bare_store(count: int) -> Dispatch:
    """The engine alone."""
    others = [Slice(f"slice{number}", 0) for number in range(1, SLICES)]
    store = Store([calls, *others], initial={calls: with_calls(count)})
    runner = Runner(store, scheduler=VirtualScheduler())
    runner.run(watch_taken)
    runner.run(_watch_parked)
    return store.dispatch


SCENARIOS: dict[str, type[CallChanged | CallTaken | NobodyKnows]] = {
    "untaken": CallChanged,
    "taken": CallTaken,
    "unknown": NobodyKnows,
}
STATES = (BenchState.ON_HOLD, BenchState.CONNECTED)

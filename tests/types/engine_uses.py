"""Good and bad uses of the engine, for the type checker only: this file is checked and never run.

A bad use carries `type: ignore[...]`; where the checker finds nothing wrong, the unused ignore is an error.
"""

from collections.abc import Iterator
from typing import ClassVar, Protocol, assert_type

from attrs import frozen
from pyrsistent import PMap, pmap

from rbbn_sdk.engine import (
    Action,
    Channel,
    Derivations,
    Effect,
    Fact,
    Request,
    Slice,
    State,
    Store,
    Task,
    create_selector,
    evolve,
    fx,
    with_item,
)
from rbbn_sdk.types import RequestId, port


@frozen(kw_only=True, weakref_slot=False)
class Made(Action):
    TYPE: ClassVar[str] = "types/MADE"
    number: int


@frozen(kw_only=True, weakref_slot=False)
class Gone(Action):
    TYPE: ClassVar[str] = "types/GONE"


@frozen(kw_only=True, weakref_slot=False)
class Answered(Fact):
    TYPE: ClassVar[str] = "types/ANSWERED"


@frozen(kw_only=True, weakref_slot=False)
class Ask(Request):
    TYPE: ClassVar[str] = "types/ASK"
    ENDED_BY: ClassVar[tuple[type[Fact], ...]] = (Answered,)


@frozen(kw_only=True, weakref_slot=False)
class Things:
    count: int = 0
    by_name: PMap[str, int] = pmap()


things = Slice("things", Things())
derivations = Derivations()


@things.on(Made)
def _made(state: Things, action: Made) -> Things:
    return evolve(state, count=action.number)


@things.on(Made, Gone)
def _both(state: Things, action: Made | Gone) -> Things:
    return state


@things.on(Gone)  # type: ignore[arg-type]  # the reducer takes another action
def _wrong_action(state: Things, action: Made) -> Things:
    return state


@things.on(Gone)  # type: ignore[arg-type]  # the reducer takes another state
def _wrong_state(state: int, action: Gone) -> int:
    return state


@derivations.on(Made)
def _event(action: Made, before: State, after: State) -> Iterator[int]:
    yield action.number


@derivations.on(Gone)  # type: ignore[arg-type]  # the derivation takes another action
def _wrong_event(action: Made, before: State, after: State) -> Iterator[int]:
    yield action.number


def count(state: State) -> int:
    return things(state).count


def at_least(state: State, number: int) -> bool:
    return count(state) >= number


def label(number: int) -> str:
    return str(number)


labels = create_selector(count, label)
create_selector(things, label)  # type: ignore[misc]  # the input is no number


def hear(_text: str) -> None: ...


def store_uses(store: Store) -> None:
    assert_type(things(store.state), Things)
    assert_type(store.dispatch(Made(number=1)), Made | None)
    assert_type(store.select(labels), str)
    assert_type(store.select(count), int)
    store.subscribe(labels, hear)
    store.subscribe(count, hear)  # type: ignore[misc]  # hears a text
    store.dispatch("made")  # type: ignore[type-var]  # no action
    store.request(Gone())  # type: ignore[arg-type]  # no request
    Made(number="1")  # type: ignore[arg-type]  # no number
    evolve(Things(), count=2)
    evolve(Things(), counted=2)  # type: ignore[call-arg]  # no such field
    assert_type(with_item(Things().by_name, "a", 1), PMap[str, int])
    with_item(Things().by_name, "a", "b")  # type: ignore[misc]  # no number


@port("clockwork")
class Clockwork(Protocol):
    def now(self) -> int: ...
    async def wind(self, turns: int, *, gently: bool = False) -> str: ...


async def child(number: int) -> str:
    return str(number)


async def on_made(action: Made) -> None: ...


async def on_both(action: Made | Gone) -> None: ...


async def saga_uses() -> None:
    assert_type(await fx.take(Made), Made)
    assert_type(await fx.take(Made, Gone), Made | Gone)
    assert_type(await fx.take(Made, number=1), Made)
    assert_type(await fx.put(Made(number=1)), Made | None)
    assert_type(await fx.call(Clockwork.now), int)
    assert_type(await fx.call(Clockwork.wind, 3, gently=True), str)
    assert_type(await fx.select(labels), str)
    assert_type(await fx.select(at_least, 3), bool)
    task = await fx.fork(child, 3)
    assert_type(task, Task[str])
    assert_type(await fx.join(task), str)
    assert_type(await fx.race(fx.take(Made), fx.delay(1.0), child(3)), tuple[Made | None, None, str | None])
    assert_type(await fx.all(child(3), fx.select(count)), tuple[str, int])
    assert_type(await fx.cancelled(), bool)
    assert_type(await fx.take_every(on_made, Made), Task[None])
    await fx.take_latest(on_both, Made, Gone)
    channel = await fx.channel(Made, buffer=fx.buffer(3, overflow="fail"))
    assert_type(channel, Channel[Made])
    assert_type(await fx.take_from(channel), Made)
    assert_type(await child(3), str)
    effect: Effect[Made] = fx.take(Made)
    await effect


async def bad_saga_uses(store: Store) -> None:
    fx.put(Made(number=1))  # type: ignore[unused-awaitable]  # forgotten await
    await fx.take("made")  # type: ignore[call-overload]  # no class
    await fx.put(3)  # type: ignore[type-var]  # no action
    await fx.call(Clockwork.wind, "three")  # type: ignore[call-overload]  # no number
    await fx.fork(child)  # type: ignore[call-arg]  # no argument
    await fx.fork(child(3))  # type: ignore[arg-type]  # called already
    await fx.take_every(on_made, Gone)  # type: ignore[arg-type]  # another action
    await fx.delay("1")  # type: ignore[arg-type]  # no number
    fx.buffer(3, overflow="block")  # type: ignore[arg-type]  # no such way
    await fx.select(at_least)  # type: ignore[call-arg]  # no argument
    await fx.serve(Gone())  # type: ignore[arg-type]  # no request
    store.request(Ask(request_id=RequestId("1")))

"""Short ways that must give what the long ways give, and queues that must not lose."""

from typing import Any, ClassVar

import attrs
import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET, UnsetType
from pyrsistent import PMap, PVector, pmap, pvector

from rbbn_sdk.engine import (
    Action,
    Runner,
    Store,
    Task,
    VirtualScheduler,
    decode,
    decode_action,
    digest,
    encode,
    encode_action,
    evolve,
    fx,
    item_of,
    with_item,
)
from rbbn_sdk.engine.evolve import is_plain


@frozen(kw_only=True, weakref_slot=False)
class Thing:
    name: str
    size: int | None = None
    tags: tuple[str, ...] = ()
    note: str | UnsetType = UNSET


@frozen(kw_only=True, weakref_slot=False)
class Tick(Action):
    TYPE: ClassVar[str] = "copies/TICK"
    number: int
    things: PMap[str, Thing] = pmap()
    order: PVector[int] = pvector()


class Clash:
    """Hashes like every other of its kind, so that a map keeps them in one bucket."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __hash__(self) -> int:
        return 7

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Clash) and other.number == self.number


names = st.text(max_size=3)
things = st.builds(
    Thing,
    name=names,
    size=st.none() | st.integers(-5, 5),
    tags=st.lists(names, max_size=2).map(tuple),
    note=st.just(UNSET) | names,
)
changes = st.fixed_dictionaries(
    {}, optional={"name": names, "size": st.none() | st.integers(), "tags": st.just(("x",)), "note": st.just(UNSET)}
)


@given(things, changes)
def test_evolve_gives_what_attrs_evolve_gives(thing: Thing, changed: dict[str, Any]) -> None:
    """And leaves the original alone; the copy is as frozen as any."""
    before = attrs.asdict(thing)
    copy = evolve(thing, **changed)
    assert copy == attrs.evolve(thing, **changed)
    assert type(copy) is Thing
    assert attrs.asdict(thing) == before
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        copy.name = "other"  # type: ignore[misc]  # that is what is tested


@given(st.dictionaries(st.integers(0, 30), st.integers()), st.integers(0, 30), st.integers())
def test_with_item_gives_what_set_gives(items: dict[int, int], key: int, value: int) -> None:
    """For keys that share a bucket, too."""
    mapping = pmap({Clash(k) if k % 3 else k: v for k, v in items.items()})
    for one in (key, Clash(key)):
        changed = with_item(mapping, one, value)
        assert changed == mapping.set(one, value)
        assert len(changed) == len(mapping.set(one, value))
    assert mapping == pmap({Clash(k) if k % 3 else k: v for k, v in items.items()})


@given(st.dictionaries(st.integers(-50, 50), st.integers(), max_size=40), st.integers(-60, 60))
def test_item_of_gives_what_get_gives(items: dict[int, int], key: int) -> None:
    """It looks into pyrsistent's insides; a release that keeps them otherwise must not change what is found."""
    mapping = pmap(items)
    assert item_of(mapping, key) == mapping.get(key)
    assert all(item_of(mapping, known) == value for known, value in items.items())


@given(st.dictionaries(names, things, max_size=4), st.lists(st.integers(), max_size=3), st.integers())
def test_an_action_comes_back_from_its_log_line(by_name: dict[str, Thing], order: list[int], number: int) -> None:
    """Equal actions have equal bytes, however their maps were filled."""
    action = Tick(number=number, things=pmap(by_name), order=pvector(order))
    again = decode_action(encode_action(action))
    assert again == action
    other = Tick(number=number, things=pmap(dict(reversed(list(by_name.items())))), order=pvector(order))
    assert digest(other) == digest(action)
    assert decode(encode(action), Tick) == action


def test_records_that_are_not_plain_are_copied_by_attrs() -> None:
    """A converter would be skipped by a copy of the slots."""

    @frozen(kw_only=True, weakref_slot=False)
    class Converted:
        size: int = attrs.field(converter=int)

    assert is_plain(Thing)
    assert not is_plain(Converted)
    assert evolve(Converted(size=1), size="2").size == 2  # type: ignore[arg-type]  # the converter takes it


def _run(saga: Any, *args: Any) -> tuple[Store, VirtualScheduler, Task[Any]]:
    store, scheduler = Store([]), VirtualScheduler()
    return store, scheduler, Runner(store, scheduler=scheduler).run(saga, *args)


@given(st.lists(st.sampled_from(["burst", "pause"]), max_size=30), st.integers(1, 5))
def test_a_channel_loses_and_reorders_nothing_within_its_bounds(steps: list[str], pace: int) -> None:
    """However slowly the saga takes, and however the actions come."""
    got: list[int] = []

    async def reader() -> None:
        channel = await fx.channel(Tick)
        while True:
            got.append((await fx.take_from(channel)).number)
            if len(got) % pace == 0:
                await fx.delay(1.0)

    store, scheduler, _ = _run(reader)
    sent = 0
    for step in steps:
        if step == "pause":
            scheduler.advance(0.7)
            continue
        for _ in range(4):
            store.dispatch(Tick(number=sent))
            sent += 1
    scheduler.advance(1000.0)
    assert got == list(range(sent))


@given(st.integers(0, 12), st.sampled_from(["drop_oldest", "drop_newest"]))
def test_a_full_channel_says_what_it_drops_and_keeps_the_order(count: int, overflow: Any) -> None:
    """Of a burst it keeps the newest or the oldest, whichever was asked for."""
    got: list[int] = []
    lines: list[str] = []

    async def reader() -> None:
        channel = await fx.channel(Tick, buffer=fx.buffer(5, overflow=overflow))
        await fx.delay(1.0)
        while True:
            got.append((await fx.take_from(channel)).number)

    store, scheduler = Store([]), VirtualScheduler()
    Runner(store, scheduler=scheduler, log=lambda line: lines.append(line.message)).run(reader)
    for number in range(count):
        store.dispatch(Tick(number=number))
    scheduler.advance(2.0)
    numbers = list(range(count))
    assert got == (numbers[-5:] if overflow == "drop_oldest" else numbers[:5])
    assert len(lines) == max(0, count - 5)
    assert all("copies/TICK was dropped" in line for line in lines)


@given(st.lists(st.sampled_from(["fork", "race", "all", "every", "channel"]), min_size=1, max_size=6))
def test_a_take_set_up_in_the_same_turn_misses_nothing(shapes: list[str]) -> None:
    """All kinds of takers are forked, then the action is put: every one of them gets it, once."""
    got: list[str] = []

    async def taker(name: str) -> None:
        got.append(f"{name}{(await fx.take(Tick)).number}")

    async def racer(name: str) -> None:
        await fx.race(taker(name), fx.delay(100.0))

    async def all_of(name: str) -> None:
        await fx.all(taker(name), fx.select(lambda _state: 0))

    async def every(name: str) -> None:
        async def each(action: Tick) -> None:
            got.append(f"{name}{action.number}")

        await fx.take_every(each, Tick)

    async def channel(name: str) -> None:
        made = await fx.channel(Tick)
        got.append(f"{name}{(await fx.take_from(made)).number}")

    sagas = {"fork": taker, "race": racer, "all": all_of, "every": every, "channel": channel}

    async def parent() -> None:
        for number, shape in enumerate(shapes):
            await fx.fork(sagas[shape], f"{number}:")
        await fx.put(Tick(number=1))
        await fx.delay(1.0)

    _run(parent)
    assert got == [f"{number}:1" for number in range(len(shapes))]

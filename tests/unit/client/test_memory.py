"""What is over is forgotten: clients, handles, calls."""

import asyncio
import gc
import sys
import weakref
from collections import Counter
from collections.abc import Iterator

import pytest

import rbbn_sdk
from rbbn_sdk.api.operation import Operation
from rbbn_sdk.engine import Action, Slot, create_selector, fx
from rbbn_sdk.testing.no_media import no_media

MANY = 100


async def parked(words) -> None:
    """A saga whose cleanup awaits effects."""
    try:
        await fx.take(words.rang, number=-1)
    finally:
        await fx.delay(0)
        await fx.put(Action())


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What Python could only print."""
    said: list[str] = []
    before, sys.unraisablehook = sys.unraisablehook, lambda what: said.append(f"{what.exc_value!r} in {what.object!r}")
    yield said
    sys.unraisablehook = before


def used(make_bench, words):
    """A client with all that may hold on to it: handlers that know it, handles, waits, subscriptions."""
    bench = make_bench(rbbn_sdk.Extension(sagas=(lambda: parked(words),)))
    client = bench.client
    client.on("test:ring", lambda _event: client.call.get_all())
    client.subscribe(lambda _name, _events: client.get_version())
    client.store.subscribe(words.slice, lambda _value: client.state)
    client.signal("test:ring").connect(lambda _sender, event: event, weak=False)
    client.call.end("nothing")
    client.wait_for("test:ring")
    client.events("test:ring")
    bench.ring(1)
    return client


def test_clients_that_are_dropped_without_a_start_are_collected_quietly(make_bench, words, complaints) -> None:
    """No warning, no coroutine that complains."""
    dropped = [weakref.ref(used(make_bench, words)) for _ in range(MANY)]
    gc.collect()
    assert [one for one in dropped if one() is not None] == []
    assert complaints == []


async def test_clients_that_are_dropped_inside_a_loop_are_collected_quietly(make_bench, words, complaints) -> None:
    """They began nothing that runs."""
    dropped = [weakref.ref(used(make_bench, words)) for _ in range(MANY)]
    for _ in range(3):
        await asyncio.sleep(0)  # what was asked for has come to its end
    gc.collect()
    assert [one for one in dropped if one() is not None] == []
    assert complaints == []


async def test_clients_that_were_destroyed_are_collected(make_bench, words, complaints) -> None:
    """The state's classes with them."""
    ended, roots = [], []
    for _ in range(MANY):
        client = used(make_bench, words)
        async with client:
            await asyncio.sleep(0)
        ended.append(weakref.ref(client))
        roots.append(weakref.ref(type(client.store.state)))
        del client
    await asyncio.sleep(0)
    gc.collect()
    assert [one for one in (*ended, *roots) if one() is not None] == []
    assert complaints == []


def live(*kinds: type) -> Counter[str]:
    gc.collect()
    return Counter(type(one).__name__ for one in gc.get_objects() if isinstance(one, kinds))


async def test_handles_of_operations_are_forgotten(bench) -> None:
    """Whether or not anybody awaited them."""
    before = live(Operation, Slot)
    for _ in range(50):
        bench.client.call.end("nothing")
        with pytest.raises(rbbn_sdk.errors.InvalidArgument):
            await bench.client.call.reject("nothing")
    assert live(Operation, Slot) == before


async def test_selectors_of_an_application_keep_one_state_only(bench, words) -> None:
    """Made for an id and thrown away, they hold nothing."""
    states = []

    def of(number):
        return create_selector(words.slice, lambda count: [count, number])

    for number in range(200):
        bench.ring(number)
        selector = of(number)
        first = bench.client.store.select(selector)
        assert bench.client.store.select(selector) is first
        states.append(weakref.ref(bench.client.store.state))
    del selector
    gc.collect()
    assert len([one for one in states if one() is not None]) == 1


async def test_a_past_call_leaves_its_record_and_nothing_else(make_bench) -> None:
    """No task, handle, waiting taker, kept object or secret; the thousandth as little as the first."""
    ports = {"rest": Rest(), **no_media()}
    bench = make_bench(rbbn_sdk.Extension(ports=ports), logs={"logLevel": "error"})
    async with bench.client as client:
        client.set_credentials(username="ann@example.org", password="p")
        await some_calls(client, 20)
        before, kept = everything(client), held(client)
        await some_calls(client, 30)
        middle = everything(client)
        await some_calls(client, 30)
        after = everything(client)
        assert held(client) == kept
        assert len(client.call.get_all()) == 80
    grows = (middle - before) & (after - middle)  # each time: what a cache keeps of the process it keeps once
    added = {name: number for name, number in grows.items() if number >= 15}
    assert set(added) <= RECORDS
    assert sum(added.values()) <= 30 * MOST_OBJECTS


RECORDS = {"CallObject", "TrackObject", "RemoteParticipant", "Bandwidth", "tuple", "list", "PMap", "PVector"}
"""What an application can still ask for, and what holds it."""
MOST_OBJECTS = 12


def held(client) -> tuple[int, ...]:
    adapters, core = client._adapters, client.store.core
    buckets = core.takers._buckets.values()
    return (
        len(adapters.secrets._values),
        len(adapters.objects._values),
        len(core.ledger.ids()),
        len(client._emitter._listening),
        sum(1 for _ in client._runner.tree._deepest_first()),
        len(asyncio.all_tasks()),
        sum(len(bucket.plain) + len(bucket.keyed) for bucket in buckets),
    )


def everything(client) -> Counter[str]:
    client.call._made.clear()  # the handles of the last few
    gc.collect()
    return Counter(type(one).__name__ for one in gc.get_objects())


async def some_calls(client, number: int) -> None:
    """Made and ended before they are answered."""
    for _ in range(number):
        initiated = client.wait_for("call:stateChange", timeout=30)
        made = client.call.make("bob@example.org", {"audio": True})
        await initiated
        client.call.get_by_id(made)
        client.call.get_all()
        await client.call.end(made)
        with pytest.raises(rbbn_sdk.errors.RbbnError):
            await client.call.answered(made)


class Rest:
    """Grants everything."""

    def __init__(self) -> None:
        self.made = 0

    async def start_call(self, *_) -> str:
        self.made += 1
        return f"s-{self.made}"

    async def end_call(self, *_) -> None: ...

    async def audit_call(self, *_) -> None: ...

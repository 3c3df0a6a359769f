"""Delivery of events: `on`, `off`, `subscribe`, `signal`, `wait_for`, `events`."""

import asyncio
import gc

import pytest

from rbbn_sdk.errors import ClientDestroyed, EventsLost


async def test_handlers_run_in_the_order_of_their_registration_each_as_often_as_it_was_registered(bench) -> None:
    """By name and by class alike, and before those who listen to everything."""
    order = []
    first, second = (lambda _event: order.append(1)), (lambda _event: order.append(2))
    bench.client.subscribe(lambda name, events: order.append((name, events[0].number)))
    for handler in (first, second, first):
        bench.client.on("test:ring", handler)
    bench.ring(7)
    assert order == [1, 2, 1, ("test:ring", 7)]


async def test_off_removes_every_registration_of_a_handler_and_ignores_the_unknown(bench, words) -> None:
    """Also while an event is under way: who was there at its beginning is still called."""
    order = []

    def leaver(_event) -> None:
        order.append("leaver")
        bench.client.off(words.ring, leaver)
        bench.client.off("test:ring", print)
        bench.client.on("test:ring", lambda _event: order.append("late"))

    bench.client.on(words.ring, leaver)
    bench.client.on("test:ring", leaver)
    bench.ring()
    assert order == ["leaver", "leaver"]
    bench.ring()
    assert order[2:] == ["late", "late"]


@pytest.mark.parametrize("error", [ValueError("mine"), asyncio.CancelledError()], ids=["error", "cancelled"])
async def test_a_handler_that_raises_harms_nobody(bench, error) -> None:
    """It is logged with its traceback, the others are called, the dispatch returns."""
    heard = []

    def broken(_event) -> None:
        raise error

    bench.client.on("test:ring", broken)
    bench.client.on("test:ring", heard.append)
    bench.client.subscribe(broken)
    bench.ring(1, 2)
    assert [event.number for event in heard] == [1, 2]
    entry = next(entry for entry in bench.entries if entry.level == "ERROR")
    assert entry.messages[0].startswith("The event handler")
    assert type(error).__name__ in entry.messages[0]
    assert entry.messages[1] is error
    assert "raise error" in entry.messages[2]


async def test_coroutine_handlers_begin_in_the_order_of_events_and_do_not_wait_for_each_other(bench) -> None:
    """Each event has a task of its own."""
    order, gate = [], asyncio.Event()

    async def handler(event) -> None:
        order.append(event.number)
        await gate.wait()
        order.append(-event.number)

    bench.client.on("test:ring", handler)
    bench.ring(1, 2)
    await asyncio.sleep(0)
    assert order == [1, 2]
    gate.set()
    await bench.client.destroy()
    assert order[:2] == [1, 2]


async def test_what_a_coroutine_handler_raises_is_logged(bench, until) -> None:
    """Nobody awaits it."""

    async def broken(_event) -> None:
        raise LookupError("mine")

    bench.client.on("test:ring", broken)
    bench.ring()
    await until(lambda: bench.texts("error"))
    assert "raised LookupError: mine" in bench.texts("error")[0]


def test_a_coroutine_handler_without_a_loop_is_logged_and_warns_nobody(make_bench) -> None:
    """A client may be used before its loop runs."""
    bench = make_bench()

    async def handler(_event) -> None: ...

    bench.client.on("test:ring", handler)
    bench.ring()
    assert "running event loop" in bench.texts("error")[0]


async def test_the_same_event_reaches_handlers_listeners_and_signals_in_this_order(bench) -> None:
    """A signal is for code that speaks blinker; its sender is the client."""
    order = []

    def receiver(sender, event) -> None:
        order.append(("signal", sender is bench.client, event.number))

    bench.client.signal("test:ring").connect(receiver)
    bench.client.subscribe(lambda _name, _events: order.append("listener"))
    bench.client.on("test:ring", lambda _event: order.append("handler"))
    bench.ring(3)
    assert order == ["handler", "listener", ("signal", True, 3)]


async def test_receivers_of_a_signal_are_independent_and_may_be_coroutines(bench) -> None:
    """blinker itself stops at the first exception, and refuses coroutine functions."""
    heard, done = [], asyncio.Event()

    def broken(_sender, event) -> None:
        raise ValueError(event.number)

    async def waits(_sender, event) -> None:
        heard.append(event.number)
        done.set()

    signal = bench.client.signal("test:ring")
    for receiver in (broken, waits):
        signal.connect(receiver)
    bench.ring(4)
    await asyncio.wait_for(done.wait(), 5)
    assert heard == [4]
    assert bench.texts("error")


async def test_nothing_inside_listens_to_a_signal(bench, words) -> None:
    """The client works by its own lists."""
    assert not bench.client.signal("test:ring").receivers
    assert bench.client.signal(words.ring) is bench.client.signal("test:ring")
    assert not any(signal.receivers for signal in bench.client._emitter._signals.values())


async def test_an_event_that_does_not_exist_is_worth_a_warning(bench) -> None:
    """With the name that may have been meant."""
    bench.client.on("call:stateChanged", print)
    bench.client.wait_for("call:stateChanged")
    bench.client.events("call:stateChanged")
    assert len(bench.texts("warn")) == 3
    assert all("did you mean 'call:stateChange'" in text for text in bench.texts("warn"))


class TestWaitFor:
    """`await client.wait_for(...)`."""

    async def test_listens_from_the_call_on(self, bench) -> None:
        """What causes the event may stand between the call and the `await`."""
        bench.ring(1)
        wait = bench.client.wait_for("test:ring")
        bench.ring(2, 3)
        assert (await wait).number == 2
        assert (await wait).number == 2

    async def test_takes_the_first_event_that_the_predicate_is_true_for(self, bench) -> None:
        """It is asked when the event comes, with the state of that moment."""
        seen = []
        wait = bench.client.wait_for("test:ring", lambda event: seen.append(bench.rings) or event.number > 1)
        bench.ring(1, 2, 3)
        assert (await wait).number == 2
        assert seen == [1, 2]

    async def test_raises_what_the_predicate_raises(self, bench) -> None:
        """And the event's handlers do not notice."""
        heard = []
        wait = bench.client.wait_for("test:ring", lambda event: event.nothing)
        bench.client.on("test:ring", heard.append)
        bench.ring()
        with pytest.raises(AttributeError):
            await wait
        assert len(heard) == 1

    async def test_ends_after_its_time(self, bench) -> None:
        """With the name of what did not come, again and again."""
        wait = bench.client.wait_for("test:ring", timeout=0)
        for _ in range(2):
            with pytest.raises(TimeoutError, match="test:ring did not come within 0"):
                await wait

    async def test_ends_with_the_client(self, bench) -> None:
        """Also when it is only begun afterwards."""
        waiting = asyncio.ensure_future(_awaited(bench.client.wait_for("test:ring")))
        await asyncio.sleep(0)
        await bench.client.destroy()
        for wait in (waiting, bench.client.wait_for("test:ring")):
            with pytest.raises(ClientDestroyed, match="before test:ring came"):
                await wait

    async def test_may_be_given_up_by_one_of_two(self, bench) -> None:
        """The other still gets the event."""
        wait = bench.client.wait_for("test:ring")
        one, other = (asyncio.ensure_future(_awaited(wait)) for _ in range(2))
        await asyncio.sleep(0)
        one.cancel()
        await asyncio.sleep(0)
        bench.ring(5)
        assert (await other).number == 5
        assert one.cancelled()

    async def test_one_that_nobody_holds_is_forgotten(self, bench) -> None:
        """A wait in a loop of an application must not add up."""
        for _ in range(10):
            bench.client.wait_for("test:ring")
        gc.collect()
        assert not bench.client._emitter._listening


async def _awaited(wait):
    return await wait


class TestEvents:
    """`async for event in client.events(...)`."""

    async def test_gives_what_came_since_the_call_and_ends_with_the_client(self, bench) -> None:
        """In order; what came before the end is not lost."""
        stream = bench.client.events("test:ring", "call:start")
        bench.ring(1, 2)
        await bench.client.destroy()
        assert [event.number async for event in stream] == [1, 2]

    async def test_without_names_gives_all(self, bench) -> None:
        """As `subscribe`."""
        stream = bench.client.events()
        bench.client.set_credentials(username="ann@ex.org", password="p")
        bench.ring()
        with stream:
            assert [(await anext(stream)).TYPE for _ in range(2)] == ["auth:change", "test:ring"]

    async def test_says_what_it_lost_once_and_goes_on(self, bench) -> None:
        """The oldest are dropped."""
        stream = bench.client.events("test:ring", limit=2)
        bench.ring(1, 2, 3, 4)
        with pytest.raises(EventsLost, match="2 events"):
            await anext(stream)
        assert [(await anext(stream)).number for _ in range(2)] == [3, 4]

    async def test_stops_listening_at_the_end_of_its_block(self, bench) -> None:
        """What is in it can still be read."""
        with bench.client.events("test:ring") as stream:
            bench.ring(1)
        bench.ring(2)
        assert [event.number async for event in stream] == [1]

    async def test_serves_several_readers(self, bench) -> None:
        """Each event goes to one of them."""
        stream = bench.client.events("test:ring")
        readers = [asyncio.ensure_future(anext(stream)) for _ in range(2)]
        await asyncio.sleep(0)
        bench.ring(1, 2)
        assert sorted([(await reader).number for reader in readers]) == [1, 2]

    async def test_an_abandoned_one_takes_nothing_in(self, bench) -> None:
        """Else it would fill up for nobody."""
        bench.client.events("test:ring")
        gc.collect()
        assert not bench.client._emitter._listening

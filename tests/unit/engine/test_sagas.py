"""What each effect means."""

import asyncio
from typing import Any

import pytest
from engine_words import Added, Books, Counter, Ignored, a_bench, counter

from rbbn_sdk.engine import (
    Action,
    ChannelClosed,
    ChannelOverflow,
    Dispatched,
    Ended,
    Later,
    NotAnEffect,
    PortMissing,
    Put,
    SagaCancelled,
    Task,
    fx,
)


async def nothing(*_args: Any) -> None: ...


async def test_take_waits_for_the_class_and_the_fields() -> None:
    """A call's saga does not wake for another call."""
    bench = a_bench()
    got: list[Action] = []

    async def saga() -> None:
        got.append(await fx.take(Added, Ignored, who="me"))

    bench.run(saga)
    bench.store.dispatch(Added(who="you"))
    assert not got
    bench.store.dispatch(Ignored(who="me"))
    assert got == [Ignored(who="me")]


def test_take_of_a_field_that_is_not_there_is_an_error_in_the_saga() -> None:
    """A misspelt keyword would wait for ever."""
    bench = a_bench()

    async def saga() -> None:
        await fx.take(Added, whom="me")

    assert bench.run(saga).status == "failed"
    assert "Added has no field whom" in bench.deaths[0].message


def test_take_of_the_base_class_takes_any_action() -> None:
    """For loggers."""
    bench = a_bench()
    got: list[Action] = []

    async def saga() -> None:
        while True:
            got.append(await fx.take(Action))

    bench.run(saga)
    bench.store.dispatch(Added())
    bench.store.dispatch(Ignored())
    assert got == [Added(), Ignored()]


def test_a_put_waits_until_the_action_under_delivery_reached_all_its_takers() -> None:
    """The second taker must not see the answer before the question."""
    bench = a_bench()
    order: list[str] = []

    async def answers() -> None:
        await fx.take(Added)
        await fx.put(Ignored())
        order.append("put")

    async def listens() -> None:
        order.append(type(await fx.take(Action)).__name__)
        order.append(type(await fx.take(Action)).__name__)

    bench.run(answers)
    bench.run(listens)
    bench.store.dispatch(Added())
    assert order == ["Added", "Ignored", "put"]


def test_put_gives_the_reduced_action_or_none_when_it_was_dropped() -> None:
    """A saga can tell."""
    bench = a_bench(filters=[lambda action, _state: None if isinstance(action, Ignored) else action])
    got: list[Any] = []

    async def saga() -> None:
        got.append(await fx.put(Added()))
        got.append(await fx.put(Ignored()))

    bench.run(saga)
    assert got == [Added(), None]


def test_put_of_what_is_no_action_is_raised_in_the_saga() -> None:
    """It can be caught where it was done."""
    bench = a_bench()

    async def saga() -> str:
        try:
            await fx.put("no action")  # type: ignore[type-var]  # that is what is tested
        except TypeError as error:
            return str(error)
        return ""

    assert "cannot be dispatched" in bench.run(saga).result()


class Shelf:
    """An adapter of the port."""

    def __init__(self) -> None:
        self.wanted: list[str] = []
        self.answer: Later[str] = Later()

    async def read(self, title: str) -> str:
        self.wanted.append(title)
        return await self.answer

    def title(self, number: int) -> str:
        self.wanted.append(str(number))
        if number < 0:
            raise ValueError(number)
        return f"title {number}"


def test_call_runs_a_port_in_a_later_turn_and_its_end_is_an_input() -> None:
    """Also a synchronous one: no port runs inside a saga's step."""
    shelf = Shelf()
    bench = a_bench({"books": shelf})

    async def saga() -> str:
        return await fx.call(Books.title, 3)

    task = bench.runner.run(saga)
    assert shelf.wanted == []
    bench.scheduler.run_turns()
    assert task.result() == "title 3"
    assert bench.records == [Ended(line=1, path="root/0/0", call="books.title", args=(3,), result="title 3")]


def test_call_raises_what_the_port_raises() -> None:
    """And the record has it."""
    bench = a_bench({"books": Shelf()})

    async def saga() -> str:
        try:
            return await fx.call(Books.title, -1)
        except ValueError:
            return "caught"

    assert bench.run(saga).result() == "caught"
    (ended,) = bench.records
    assert isinstance(ended, Ended)
    assert isinstance(ended.error, ValueError)


def test_a_cancelled_call_ends_without_an_input() -> None:
    """What comes too late is not recorded, so a replay does not wait for it."""
    shelf = Shelf()
    bench = a_bench({"books": shelf})

    async def saga() -> None:
        await fx.race(fx.call(Books.read, title="a"), fx.take(Added))

    bench.run(saga)
    bench.store.dispatch(Added())
    shelf.answer.set("late")
    bench.scheduler.run_turns()
    assert bench.records == [Dispatched(line=1, action=Added())]


def test_call_of_what_no_port_names_is_refused() -> None:
    """A saga is awaited directly."""
    bench = a_bench()

    async def saga() -> None:
        await fx.call(nothing)

    assert bench.run(saga).status == "failed"
    assert "is not a method of a port" in bench.deaths[0].message


def test_a_missing_adapter_is_named() -> None:
    """Of the composition root."""
    bench = a_bench({})

    async def saga() -> str:
        return await fx.call(Books.title, 1)

    assert isinstance(bench.run(saga).failure, PortMissing)


def test_forks_end_before_their_parent() -> None:
    """The parent's result comes when all it started is over."""
    bench = a_bench()

    async def parent() -> str:
        await fx.fork(child)
        return "parent"

    async def child() -> None:
        await fx.delay(2.0)

    task = bench.run(parent)
    bench.scheduler.advance(1.9)
    assert task.status == "running"
    bench.scheduler.advance(0.2)
    assert task.result() == "parent"


def test_a_failing_fork_cancels_siblings_and_body_and_fails_the_parent() -> None:
    """The parent cannot catch it; the stack names who forked whom."""
    bench = a_bench()
    ended: list[str] = []

    async def parent() -> None:
        try:
            await fx.fork(sibling)
            await fx.fork(bad)
            await fx.take(Added)
        except Exception:  # noqa: BLE001 -- that nothing can be caught is what is tested
            ended.append("caught")
        finally:
            ended.append("body")

    async def sibling() -> None:
        try:
            await fx.take(Added)
        finally:
            await fx.delay(1.0)
            ended.append("sibling")

    async def bad() -> None:
        await fx.delay(1.0)
        raise KeyError("x")

    task = bench.run(parent)
    bench.scheduler.advance(1.0)
    assert (ended, task.status) == (["body"], "stopping")
    bench.scheduler.advance(1.0)
    assert (ended, task.status) == (["body", "sibling"], "failed")
    (death,) = bench.deaths
    assert [entry.rsplit(".", 1)[-1] for entry in death.stack] == ["bad (root/0.1)", "parent (root/0)"] or death.stack
    assert "bad (root/0.1), forked by" in death.message
    assert "died of KeyError" in bench.lines[-1].message


def test_a_spawned_saga_dies_alone() -> None:
    """It is reported, and its maker goes on."""
    bench = a_bench()

    async def parent() -> None:
        await fx.spawn(bad)
        await fx.take(Added)

    async def bad() -> None:
        raise KeyError("x")

    task = bench.run(parent)
    assert task.status == "running"
    assert len(bench.deaths) == 1


def test_join_gives_the_result_raises_the_error_and_passes_cancellation_on() -> None:
    """A child's cancel reaches only who joins it."""
    bench = a_bench()
    tasks: list[Task[str]] = []

    async def fine() -> str:
        await fx.delay(1.0)
        return "fine"

    async def maker() -> None:
        tasks.append(await fx.spawn(fine))
        tasks.append(await fx.spawn(fine))
        await fx.cancel(tasks[1])

    async def joins(task: Task[str]) -> str:
        return await fx.join(task)

    bench.run(maker)
    joiner, cancelled = bench.run(joins, tasks[0]), bench.run(joins, tasks[1])
    bench.scheduler.advance(1.0)
    assert joiner.result() == "fine"
    assert cancelled.status == "cancelled"
    with pytest.raises(SagaCancelled):
        cancelled.result()


def test_cancel_reaches_the_innermost_effect_and_cleanup_may_wait() -> None:
    """A second cancel changes nothing."""
    bench = a_bench()
    order: list[Any] = []

    async def inner() -> None:
        try:
            await fx.take(Added)
        finally:
            order.append(("inner", await fx.cancelled()))
            await fx.delay(1.0)
            order.append("inner cleaned up")

    async def outer() -> None:
        try:
            await inner()
        finally:
            order.append("outer")

    async def main() -> None:
        task = await fx.spawn(outer)
        await fx.cancel(task)
        await fx.cancel(task)
        order.append("cancelled")

    bench.run(main)
    bench.scheduler.advance(1.0)
    assert order == [("inner", True), "cancelled", "inner cleaned up", "outer"]


def test_race_cancels_the_losers_and_goes_on_when_they_have_ended() -> None:
    """Their cleanup is over before the winner's result is used."""
    bench = a_bench()
    order: list[str] = []

    async def slow() -> None:
        try:
            await fx.delay(10.0)
        finally:
            await fx.delay(1.0)
            order.append("loser")

    async def saga() -> tuple[Any, ...]:
        result = await fx.race(slow(), fx.take(Added), fx.delay(5.0))
        order.append("after")
        return result

    task = bench.run(saga)
    bench.store.dispatch(Added())
    bench.scheduler.run()
    assert order == ["loser", "after"]
    assert task.result() == (None, Added(), None)


def test_all_waits_for_all_and_fails_with_the_first() -> None:
    """The error can be caught, for the sagas were awaited."""
    bench = a_bench()

    async def value(result: int) -> int:
        await fx.delay(float(result))
        return result

    async def bad() -> int:
        await fx.delay(1.0)
        raise KeyError("x")

    async def saga() -> Any:
        first = await fx.all(value(2), value(1), fx.select(counter))
        try:
            await fx.all(value(5), bad())
        except KeyError:
            return first
        return None

    task = bench.run(saga)
    bench.scheduler.run()
    assert task.result() == (2, 1, Counter())
    assert bench.scheduler.now == 3.0


def test_take_every_starts_one_saga_for_each_action() -> None:
    """Many at a time, in order."""
    bench = a_bench()
    got: list[str] = []

    async def each(action: Added) -> None:
        await fx.delay(1.0)
        got.append(action.who)

    async def watch() -> None:
        await fx.take_every(each, Added)

    bench.run(watch)
    for who in "abc":
        bench.store.dispatch(Added(who=who))
    bench.scheduler.advance(1.0)
    assert got == ["a", "b", "c"]


def test_take_latest_starts_the_next_when_the_cleanup_of_the_last_is_over() -> None:
    """Of those that came meanwhile only the newest."""
    bench = a_bench()
    order: list[str] = []

    async def each(action: Added) -> None:
        order.append(f"{action.who} begins")
        try:
            await fx.delay(10.0)
        finally:
            await fx.delay(1.0)
            order.append(f"{action.who} ends")

    async def watch() -> None:
        await fx.take_latest(each, Added)

    bench.run(watch)
    for who in "abc":
        bench.store.dispatch(Added(who=who))
    bench.scheduler.advance(1.0)
    assert order == ["a begins", "a ends", "c begins"]


def test_a_channel_can_fail_when_it_is_full_and_ends_with_its_maker() -> None:
    """Nothing is lost silently."""
    bench = a_bench()
    channels: list[Any] = []

    async def maker() -> None:
        channel = await fx.channel(Added, buffer=fx.buffer(1, overflow="fail"))
        channels.append(channel)
        await fx.take(Ignored)

    async def reader() -> str:
        first = await fx.take_from(channels[0])
        try:
            await fx.take_from(channels[0])
        except ChannelOverflow as error:
            return f"{first.who}: {error}"
        return ""

    async def late_reader() -> None:
        await fx.take_from(channels[0])

    bench.run(maker)
    bench.store.dispatch(Added(who="a"))
    bench.store.dispatch(Added(who="b"))
    assert bench.run(reader).result() == "a: the channel lost 1 actions: it keeps 1"
    assert "words/ADDED was dropped (fail)" in bench.lines[0].message


def test_a_channel_is_closed_when_its_maker_ends() -> None:
    """Who waits for it hears so."""
    bench = a_bench()
    channels: list[Any] = []

    async def maker() -> None:
        channels.append(await fx.channel(Added))
        await fx.take(Ignored)

    async def reader() -> None:
        await fx.take_from(channels[0])

    bench.run(maker)
    task = bench.run(reader)
    bench.store.dispatch(Ignored())
    assert isinstance(task.failure, ChannelClosed)


@pytest.mark.parametrize("what", ["future", "sleep", "bare"])
async def test_awaiting_no_effect_ends_the_saga_whatever_it_does(what: str) -> None:
    """A future would hang for ever in a replay; the error names it and cannot be caught."""
    bench = a_bench()
    reached: list[str] = []

    async def saga() -> None:
        while True:
            try:
                if what == "future":
                    await asyncio.get_running_loop().create_future()
                else:
                    await asyncio.sleep(0.0 if what == "bare" else 1.0)
            except BaseException:  # noqa: BLE001 -- that catching does not help is what is tested
                try:
                    await fx.put(Added())
                finally:
                    reached.append("went on")

    task = bench.run(saga)
    assert isinstance(task.failure, NotAnEffect)
    named = {"future": "_asyncio.Future", "sleep": "sleep()", "bare": "sleep()"}[what]
    assert named in str(task.failure) or "Future" in str(task.failure)
    assert not bench.actions()


def test_a_saga_function_that_was_not_called_is_named_in_a_race() -> None:
    """A mistake easily made."""
    bench = a_bench()

    async def saga() -> None:
        await fx.race(nothing, nothing())  # type: ignore[call-overload]  # that is what is tested

    bench.run(saga)
    assert "it is a saga function; call it" in bench.deaths[0].message


def test_a_fork_of_what_is_no_saga_is_refused() -> None:
    """A plain function would have run and done nothing more."""
    bench = a_bench()

    async def saga() -> None:
        await fx.fork(lambda: 3)  # type: ignore[arg-type, return-value]  # that is what is tested

    bench.run(saga)
    assert "gave int, no coroutine" in bench.deaths[0].message


def test_a_dispatch_from_a_saga_is_refused_with_a_hint() -> None:
    """In a replay it would happen twice."""
    bench = a_bench()

    async def saga() -> None:
        bench.store.dispatch(Added())

    bench.run(saga)
    assert "from a saga, which may only read; use `await fx.put(...)`" in bench.problems[0].message
    assert not bench.records


def test_a_dispatch_from_the_log_handler_is_refused() -> None:
    """The handler may read."""
    bench = a_bench()
    read: list[int] = []

    async def saga() -> None:
        await fx.log("debug", "CALL", "text", 1, 2, id="c1")

    def handler(_line: Any) -> None:
        bench.store.dispatch(Added())
        read.append(counter(bench.store.state).count)

    bench.runner._log = handler
    bench.run(saga)
    assert read == [0]
    assert "from a log handler" in bench.problems[0].message


def test_puts_are_recorded_with_the_line_that_caused_them() -> None:
    """And what a handler dispatched with the line in whose delivery it did."""
    bench = a_bench(emit=lambda event: bench.store.dispatch(Ignored()) if event == (0, 1) else None)

    async def saga() -> None:
        await fx.take(Added)
        await fx.put(Added(by=5))
        await fx.delay(1.0)
        await fx.put(Added(by=7))

    bench.run(saga)
    bench.store.dispatch(Added())
    bench.scheduler.run()
    assert bench.records == [
        Dispatched(line=1, action=Added()),
        Dispatched(line=2, action=Ignored(), during=1),
        Put(line=3, action=Added(by=5), path="root/0/1", cause=1),
        Ended(line=4, path="root/0/2", call="delay", args=(1.0,)),
        Put(line=5, action=Added(by=7), path="root/0/3", cause=4),
    ]

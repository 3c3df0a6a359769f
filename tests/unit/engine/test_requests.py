"""Slots, owners, and the end of all things."""

from typing import Any, ClassVar

import pytest
from attrs import frozen
from engine_words import R1, Added, Ask, Ignored, Told, a_bench

from rbbn_sdk.engine import Ended, Fact, ProblemKind, Request, SagaCancelled, Slot, fx
from rbbn_sdk.types import ErrorInfo, RequestId


async def _answer(request: Ask) -> None:
    await fx.delay(1.0)
    await fx.put(Told(request_id=request.request_id, answer="yes"))


async def _watch() -> None:
    await fx.take_every(_answer, Ask)


def test_a_slot_settles_after_the_events_of_its_fact() -> None:
    """Who awaits a handle has seen the event."""
    bench = a_bench()
    bench.run(_watch)
    seen: list[Any] = []
    slot = bench.store.request(Ask(request_id=R1))
    slot.on_settled(lambda fact: seen.append((list(bench.emitted), fact)))
    bench.scheduler.run()
    assert seen == [(["yes"], Told(request_id=R1, answer="yes"))]
    slot.on_settled(seen.append)
    assert seen[-1] == slot.fact


def test_a_request_nobody_takes_fails() -> None:
    """With the fact that its class makes."""
    bench = a_bench()
    slot = bench.store.request(Ask(request_id=R1))
    assert slot.fact == Told(request_id=R1, error=ErrorInfo(message="nobody serves words/ASK"))
    assert slot.error == slot.fact.error


def test_a_saga_that_dies_ends_its_request_with_the_error() -> None:
    """The handle does not hang."""
    bench = a_bench()

    async def dies(_request: Ask) -> None:
        raise KeyError("inside")

    async def watch() -> None:
        await fx.take_every(dies, Ask)

    bench.run(watch)
    slot = bench.store.request(Ask(request_id=R1))
    assert slot.error == ErrorInfo(message="'inside'")


def test_a_replaced_request_of_take_latest_fails() -> None:
    """Its saga was cancelled."""
    bench = a_bench()

    async def watch() -> None:
        await fx.take_latest(_answer, Ask)

    bench.run(watch)
    first = bench.store.request(Ask(request_id=R1))
    second = bench.store.request(Ask(request_id=RequestId("r2")))
    assert first.error is not None
    assert "was cancelled" in first.error.message
    bench.scheduler.run()
    assert second.error is None
    assert second.settled


def test_the_owner_lives_on_when_another_saga_ends_its_request() -> None:
    """And its own fact, which comes second, is dropped."""
    bench = a_bench()
    bench.run(_watch)
    slot = bench.store.request(Ask(request_id=R1))
    bench.store.dispatch(Told(request_id=R1, answer="first"))
    assert slot.fact == Told(request_id=R1, answer="first")
    bench.scheduler.run()
    assert bench.emitted == ["first"]
    assert [problem.kind for problem in bench.problems] == [ProblemKind.REQUEST]
    assert "words/TOLD was dropped: the request r1 has ended" in bench.problems[0].message


def test_serve_makes_the_task_an_owner() -> None:
    """Of a request it took by hand."""
    bench = a_bench()

    async def by_hand() -> bool:
        request = await fx.take(Ask)
        serving = await fx.serve(request)
        await fx.put(Told(request_id=request.request_id))
        return serving and not await fx.serve(request)

    task = bench.run(by_hand)
    slot = bench.store.request(Ask(request_id=R1))
    assert slot.error is None
    assert task.result() is True


def test_a_request_a_filter_drops_settles_with_an_error_and_no_fact() -> None:
    """Nothing of it is in the log."""
    bench = a_bench(filters=[lambda action, _state: None if isinstance(action, Ask) else action])
    slot = bench.store.request(Ask(request_id=R1))
    assert (slot.settled, slot.fact) == (True, None)
    assert slot.error == ErrorInfo(message="the request words/ASK was not accepted")
    assert not bench.records


def test_a_second_request_of_the_same_id_is_not_accepted() -> None:
    """The first one keeps its slot."""
    bench = a_bench()
    bench.run(_watch)
    first, second = bench.store.request(Ask(request_id=R1)), bench.store.request(Ask(request_id=R1))
    assert second.error is not None
    assert not first.settled
    bench.scheduler.run()
    assert first.error is None


def test_a_failing_fact_that_does_not_fit_still_settles_the_slot() -> None:
    """And the class is named."""

    @frozen(kw_only=True, weakref_slot=False)
    class Odd(Request):
        TYPE: ClassVar[str] = "words/ODD"
        ENDED_BY: ClassVar[tuple[type[Fact], ...]] = (Told,)

        def failed(self, error: ErrorInfo) -> Fact:
            return Told(request_id=RequestId("another"), error=error)

    bench = a_bench()
    slot = bench.store.request(Odd(request_id=R1))
    assert slot.fact is None
    assert slot.error is not None
    assert "Odd.failed gave no fact that ends words/ODD r1" in bench.problems[0].message


def test_a_request_class_names_its_ending_facts() -> None:
    """Without them it could never end."""
    with pytest.raises(TypeError, match="Endless is a Request without ENDED_BY"):

        @frozen(kw_only=True, weakref_slot=False)
        class Endless(Request):
            TYPE: ClassVar[str] = "words/ENDLESS"


def test_a_store_without_a_runner_leaves_requests_open_for_facts() -> None:
    """Whoever dispatches the fact serves them."""
    from rbbn_sdk.engine import Store

    store = Store([])
    slot = store.request(Ask(request_id=R1))
    assert not slot.settled
    store.dispatch(Told(request_id=R1))
    assert slot.settled


def test_destroy_cancels_all_lets_cleanup_wait_and_ends_all_requests() -> None:
    """Facts put in cleanup count; events do not come any more, but for the allowed."""
    bench = a_bench()
    done: list[str] = []

    async def serves() -> None:
        request = await fx.take(Ask)
        await fx.serve(request)
        try:
            await fx.take(Ignored)
        finally:
            await fx.delay(1.0)
            await fx.put(Told(request_id=request.request_id, answer="bye"))
            await fx.put(Added())

    bench.run(serves)
    slot: Slot = bench.store.request(Ask(request_id=R1))
    bench.runner.destroy(late_events=lambda event: event == "bye", on_done=lambda: done.append("done"))
    assert not done
    assert bench.store.dispatch(Added()) is None
    bench.scheduler.advance(1.0)
    assert done == ["done"]
    assert slot.fact == Told(request_id=R1, answer="bye")
    assert bench.emitted == ["bye"]
    bench.runner.destroy(on_done=lambda: done.append("again"))
    assert done == ["done", "again"]
    with pytest.raises(RuntimeError, match="the runner was destroyed"):
        bench.runner.run(serves)


def test_cleanup_gets_two_seconds_then_every_effect_raises() -> None:
    """The end of the time is a line of the record."""
    bench = a_bench()
    reached: list[str] = []

    async def stubborn() -> None:
        for _ in range(3):
            try:
                await fx.take(Ignored)
            except BaseException:  # noqa: BLE001 -- that catching does not help is what is tested
                reached.append("caught")
        try:
            await fx.delay(100.0)
        finally:
            await fx.put(Added())
            reached.append("never")

    bench.run(stubborn)
    bench.runner.destroy()
    bench.scheduler.advance(1.9)
    assert not bench.runner.destroyed
    bench.scheduler.advance(0.2)
    assert bench.runner.destroyed
    assert reached == ["caught"] * 3
    assert bench.records[-1] == Ended(line=2, path="root/destroy", call="destroy")


def test_a_saga_that_catches_everything_is_given_up() -> None:
    """It must not hold up the process."""
    bench = a_bench()

    async def endless() -> None:
        while True:
            try:
                await fx.take(Ignored)
            except SagaCancelled:
                bench.emitted.append("again")

    bench.run(endless)
    bench.runner.destroy()
    bench.scheduler.run()
    assert bench.runner.destroyed
    assert "did not end although every effect raised" in bench.deaths[0].message


def test_destroy_from_a_handler_is_taken_in_during_that_delivery() -> None:
    """The application may end the client in an event."""
    bench = a_bench(emit=lambda _event: bench.runner.destroy())
    bench.run(_watch)
    bench.store.dispatch(Added())
    assert bench.runner.destroyed
    assert [(getattr(r, "during", None), getattr(r, "destroys", None)) for r in bench.records] == [
        (None, False),
        (1, True),
    ]


def test_a_request_that_waits_for_a_cleanup_fails_when_a_newer_one_replaces_it() -> None:
    """Its saga never began, so nobody else would end it."""
    bench = a_bench()

    async def slow_to_end(request: Ask) -> None:
        try:
            await fx.delay(10.0)
        finally:
            await fx.delay(1.0)
        await fx.put(Told(request_id=request.request_id))

    async def watch() -> None:
        await fx.take_latest(slow_to_end, Ask)

    bench.run(watch)
    first, second, third = (bench.store.request(Ask(request_id=RequestId(name))) for name in ("1", "2", "3"))
    assert (first.settled, second.settled, third.settled) == (False, True, False)
    bench.scheduler.run()
    assert first.error is not None
    assert third.error is None

"""`run_saga`, stepping by hand, and selectors."""

import gc
import weakref
from typing import Any

import pytest
from engine_words import Added, Books, Counter, counter

from rbbn_sdk.engine import (
    NEVER,
    ManualScheduler,
    PortCall,
    Runner,
    Slice,
    State,
    Store,
    create_selector,
    fx,
    run_saga,
)


async def story(who: str) -> str:
    """Takes, calls, sleeps, logs and puts."""
    added = await fx.take(Added)
    title = await fx.call(Books.title, added.by)
    try:
        text = await fx.call(Books.read, title)
    except KeyError:
        text = "unreadable"
    await fx.delay(3600.0)
    await fx.log("info", "BOOK", who)
    await fx.put(Added(who=text))
    return f"{text} {await fx.select(lambda state: counter(state).count)}"


def test_run_saga_tells_what_a_saga_did() -> None:
    """With scripted answers, in virtual time."""
    ran = run_saga(
        story("me"),
        answers={Books.title: lambda number: f"title {number}", Books.read: [KeyError("gone")]},
        state={counter: Counter(count=1)},
        actions=[Added(by=2)],
    )
    assert ran.called == [("books.title", (2,)), ("books.read", ("title 2",))]
    assert (ran.slept, ran.put) == ([3600.0], [Added(who="unreadable")])
    assert ran.logged[0].message == "me"
    assert (ran.result, ran.error, ran.waiting) == ("unreadable 4", None, False)


def test_run_saga_tells_of_waiting_and_of_dying() -> None:
    """Both are ends of a test."""

    async def waits() -> None:
        await fx.call(Books.title, 1)

    async def dies() -> None:
        raise KeyError("x")

    assert run_saga(waits(), answers={Books.title: NEVER}).waiting
    assert isinstance(run_saga(dies()).error, KeyError)


def test_run_saga_misses_an_answer() -> None:
    """Rather than to let the saga see an error of the test."""
    with pytest.raises(LookupError, match=r"calls books.title; give an answer"):
        run_saga(story("me"), actions=[Added()])
    with pytest.raises(LookupError, match="more often than there are answers"):
        run_saga(story("me"), actions=[Added()], answers={Books.title: []})


def test_a_saga_is_stepped_by_hand() -> None:
    """Each end is given by its path, in any order."""
    scheduler = ManualScheduler()
    runner = Runner(Store([counter]), scheduler=scheduler, ports={"books": Books})

    async def both() -> tuple[Any, ...]:
        return await fx.all(fx.call(Books.title, 1), fx.delay(2.0), fx.call(Books.title, 2))

    task = runner.run(both)
    assert list(scheduler.open) == ["root/0/0.0", "root/0/0.1", "root/0/0.2"]
    call = scheduler.open["root/0/0.2"]
    assert isinstance(call, PortCall)
    assert (call.name, call.args) == ("books.title", (2,))
    scheduler.finish("root/0/0.2", "second")
    scheduler.finish("root/0/0.1")
    scheduler.finish("root/0/0.0", "first")
    assert task.result() == ("first", None, "second")
    with pytest.raises(LookupError, match="nothing is open at root/9/9; open: nothing"):
        scheduler.finish("root/9/9")


def _count(state: State) -> int:
    return counter(state).count


def test_a_selector_computes_only_when_an_input_is_another_object() -> None:
    """The same input gives the identical object, and two stores do not disturb each other."""
    computed: list[int] = []

    def combine(count: int) -> tuple[int]:
        computed.append(count)
        return (count,)

    doubled = create_selector(_count, combine)
    one, two = Store([counter]), Store([counter])
    first = one.select(doubled)
    two.dispatch(Added(by=1000))
    two.select(doubled)
    assert one.select(doubled) is first
    one.dispatch(Added(by=0))
    assert one.select(doubled) is first
    assert computed == [0, 1000]


def test_what_a_selector_remembers_goes_with_the_store() -> None:
    """A selector of a module outlives many clients."""

    class Big:
        pass

    big = Slice("big", Big())
    remembered = create_selector(big, lambda value: [value])
    store = Store([big], initial={big: Big()})
    value = weakref.ref(store.select(remembered)[0])
    del store
    gc.collect()
    assert value() is None


def test_selectors_made_for_one_id_are_collected() -> None:
    """Ten thousand calls come and go."""
    store = Store([counter])
    made = create_selector(_count, lambda count: [count])
    store.select(made)
    gone = weakref.ref(made)
    del made
    assert gone() is None


def test_create_selector_needs_an_input() -> None:
    """A selector of nothing never changes."""
    with pytest.raises(TypeError, match="at least one input selector"):
        create_selector(_count)  # type: ignore[call-overload]  # that is what is tested

"""A store that is dropped with its runner, never destroyed, is collected without a word."""

import gc
import sys
import weakref
from collections.abc import Callable, Iterator

import pytest

from rbbn_sdk.engine import Action, Runner, Slice, Store, VirtualScheduler, fx

COUNTS = Slice("counts", 0)


async def parked() -> None:
    """Its cleanup awaits effects, one of them while another error is handled, and another saga."""
    try:
        await fx.take(Action)
    finally:
        try:
            raise ValueError
        except ValueError:
            await fx.log("debug", "CALL", "in an inner handler")
        await _clean_up()


async def _clean_up() -> None:
    try:
        await fx.delay(1)
    finally:
        await fx.put(Action())


async def parents() -> None:
    """Forks, and waits in a race for ever."""
    await fx.fork(parked)
    try:
        await fx.race(parked(), fx.take(Action), fx.delay(10))
    finally:
        await fx.delay(1)


async def reader() -> None:
    """Waits in the handler of an error."""
    try:
        raise LookupError
    except LookupError:
        await fx.take(Action)


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What Python could only print."""
    said: list[str] = []
    before, sys.unraisablehook = sys.unraisablehook, lambda what: said.append(f"{what.exc_value!r} in {what.object!r}")
    yield said
    sys.unraisablehook = before


def _dropped(*sagas: Callable[..., object]) -> "weakref.ref[Store]":
    store = Store([COUNTS])
    runner = Runner(store, scheduler=VirtualScheduler())
    for saga in sagas:
        runner.run(saga)
    return weakref.ref(store)


@pytest.mark.parametrize("saga", [parked, parents, reader], ids=lambda saga: saga.__name__)
def test_a_dropped_runner_is_collected_quietly(saga, complaints) -> None:
    """Python closes the coroutines of its sagas; their cleanup has nobody to carry out effects."""
    dropped = _dropped(saga, saga)
    gc.collect()
    assert dropped() is None
    assert complaints == []


def test_cleanup_runs_when_somebody_else_is_being_closed() -> None:
    """A generator of the application's, which ends calls in its own cleanup, does not disturb sagas."""
    store, scheduler = Store([COUNTS]), VirtualScheduler()
    runner, cleaned = Runner(store, scheduler=scheduler), []

    async def saga() -> None:
        try:
            await fx.take(Action)
        finally:
            await fx.log("debug", "CALL", "cleaned")
            cleaned.append(await fx.select(COUNTS))

    def application() -> Iterator[None]:
        try:
            yield
        finally:
            runner.destroy()

    runner.run(saga)
    using = application()
    next(using)
    using.close()
    assert cleaned == [0]
    assert runner.destroyed

"""Sagas that nobody carries on any more die quietly, also when Python collects them while another one steps."""

import gc
import sys
from collections.abc import Iterator
from typing import ClassVar

import pytest
from attrs import frozen

from rbbn_sdk.engine import Action, Runner, Store, VirtualScheduler, fx


@frozen(kw_only=True, weakref_slot=False)
class Never(Action):
    TYPE: ClassVar[str] = "test_abandoned_elsewhere/NEVER"


@frozen(kw_only=True, weakref_slot=False)
class CleanedUp(Action):
    TYPE: ClassVar[str] = "test_abandoned_elsewhere/CLEANED_UP"


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What Python could only print."""
    said: list[str] = []
    before, sys.unraisablehook = sys.unraisablehook, lambda what: said.append(repr(what.exc_value))
    yield said
    sys.unraisablehook = before


async def _clean_up() -> None:
    await fx.put(CleanedUp())


async def _parked() -> None:
    try:
        await fx.take(Never)
    finally:
        await _clean_up()


def _drop_a_runner() -> None:
    """Left behind in a cycle, so that only the collector finds it."""
    Runner(Store([]), scheduler=VirtualScheduler()).run(_parked)


async def _collect_in_a_saga() -> None:
    gc.collect()


async def _collect_in_a_handler() -> None:
    await fx.select(lambda _state: gc.collect())


async def _collect_in_a_cleanup() -> None:
    try:
        await fx.delay(0)
    finally:
        gc.collect()
        await fx.put(CleanedUp())


@pytest.mark.parametrize("saga", [_collect_in_a_saga, _collect_in_a_handler, _collect_in_a_cleanup])
def test_a_saga_collected_while_another_steps_dies_quietly(saga, complaints: list[str]) -> None:
    """Memory is asked for everywhere; the runner at work then is not the one that the collected saga belonged to."""
    gc.collect()
    gc.disable()
    try:
        _drop_a_runner()
        put: list[Action] = []
        store = Store([], taps=[lambda action, _before, _after: put.append(action)])
        runner = Runner(store, scheduler=VirtualScheduler())
        task = runner.run(saga)
        runner.destroy()
        assert task.ended
    finally:
        gc.enable()
    assert complaints == []
    assert (CleanedUp() in put) is (saga is _collect_in_a_cleanup)

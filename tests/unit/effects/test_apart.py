"""A feature outlives the sagas that it starts."""

from typing import ClassVar

from attrs import frozen

from rbbn_sdk.effects.apart import apart
from rbbn_sdk.engine import EngineProblem, Fact, Request, Runner, SagaDeath, Store, VirtualScheduler, fx
from rbbn_sdk.types import RequestId


@frozen(kw_only=True, weakref_slot=False)
class Worked(Fact):
    TYPE: ClassVar[str] = "test_apart/WORKED"


@frozen(kw_only=True, weakref_slot=False)
class Work(Request):
    TYPE: ClassVar[str] = "test_apart/WORK"
    ENDED_BY: ClassVar[tuple[type[Fact], ...]] = (Worked,)
    well: bool


async def _work(request: Work) -> None:
    if not request.well:
        raise ValueError("no port of ours raises that")
    await fx.put(Worked(request_id=request.request_id))


async def _watch() -> None:
    await fx.take_every(apart(_work), Work)


def test_a_saga_that_dies_ends_its_request_and_the_next_one_is_served() -> None:
    """An adapter of the application's own may raise anything; devices must not be gone for the rest of the session."""
    problems: list[EngineProblem] = []
    deaths: list[SagaDeath] = []
    store = Store([], report=problems.append)
    runner = Runner(store, scheduler=VirtualScheduler(), on_error=deaths.append)
    runner.run(_watch)
    bad = store.request(Work(request_id=RequestId("1"), well=False))
    good = store.request(Work(request_id=RequestId("2"), well=True))
    assert bad.error is not None
    assert good.fact == Worked(request_id=RequestId("2"))
    assert [str(death.error) for death in deaths] == ["no port of ours raises that"]
    assert problems == []
    runner.destroy()

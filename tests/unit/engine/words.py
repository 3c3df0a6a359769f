"""Actions, a slice, events and a port to test the engine with."""

from collections.abc import Callable, Coroutine, Iterator
from typing import Any, ClassVar, Protocol

from attrs import define, field, frozen

from rbbn_sdk.engine import (
    Action,
    Derivations,
    EngineProblem,
    Fact,
    LogLine,
    Record,
    Request,
    Runner,
    SagaDeath,
    Slice,
    State,
    Store,
    Task,
    VirtualScheduler,
    evolve,
)
from rbbn_sdk.types import RequestId, port

R1 = RequestId("r1")


@frozen(kw_only=True, weakref_slot=False)
class Counter:
    count: int = 0
    last: str = ""


@frozen(kw_only=True, weakref_slot=False)
class Added(Action):
    TYPE: ClassVar[str] = "words/ADDED"
    by: int = 1
    who: str = ""


@frozen(kw_only=True, weakref_slot=False)
class Broke(Action):
    TYPE: ClassVar[str] = "words/BROKE"


@frozen(kw_only=True, weakref_slot=False)
class Ignored(Action):
    TYPE: ClassVar[str] = "words/IGNORED"
    who: str = ""


@frozen(kw_only=True, weakref_slot=False)
class Told(Fact):
    TYPE: ClassVar[str] = "words/TOLD"
    answer: str = ""


@frozen(kw_only=True, weakref_slot=False)
class Ask(Request):
    TYPE: ClassVar[str] = "words/ASK"
    ENDED_BY: ClassVar[tuple[type[Fact], ...]] = (Told,)
    question: str = ""


counter = Slice("counter", Counter())
other = Slice("other", 0)


@counter.on(Added)
def _added(state: Counter, action: Added) -> Counter:
    return evolve(state, count=state.count + action.by, last=action.who) if action.by else state


@counter.on(Broke)
def _broke(state: Counter, _action: Broke) -> Counter:
    raise ZeroDivisionError


@other.on(Added, Broke)
def _other(state: int, _action: Added | Broke) -> int:
    return state + 1


events = Derivations()


@events.on(Added)
def _counted(_action: Added, before: State, after: State) -> Iterator[tuple[int, int]]:
    was, now = counter(before).count, counter(after).count
    if was != now:
        yield was, now


@events.on(Told)
def _told(action: Told, _before: State, _after: State) -> Iterator[str]:
    yield action.answer


@port("books")
class Books(Protocol):
    async def read(self, title: str) -> str: ...
    def title(self, number: int) -> str: ...


@define(eq=False)
class Bench:
    """A store with a runner on virtual time, and all that it tells."""

    store: Store
    scheduler: VirtualScheduler
    runner: Runner
    emitted: list[Any]
    problems: list[EngineProblem]
    lines: list[LogLine]
    deaths: list[SagaDeath]
    records: list[Record]
    tasks: list[Task[Any]] = field(factory=list)

    def run(self, saga: Callable[..., Coroutine[Any, Any, Any]], *args: Any) -> Task[Any]:
        task = self.runner.run(saga, *args)
        self.scheduler.run_turns()
        return task

    def actions(self) -> list[Action]:
        return [record.action for record in self.records if not hasattr(record, "call")]


def a_bench(ports: Any = None, **store_options: Any) -> Bench:
    emitted: list[Any] = []
    problems: list[EngineProblem] = []
    lines: list[LogLine] = []
    deaths: list[SagaDeath] = []
    records: list[Record] = []
    options: dict[str, Any] = {"emit": emitted.append, "report": problems.append, "derivations": [events]}
    store = Store([counter, other], **{**options, **store_options})
    scheduler = VirtualScheduler()
    runner = Runner(
        store, scheduler=scheduler, ports=ports, log=lines.append, on_error=deaths.append, records=[records.append]
    )
    bench = Bench(store, scheduler, runner, emitted, problems, lines, deaths, records)
    _BENCHES.append(bench)
    return bench


_BENCHES: list[Bench] = []


def end_all_benches() -> None:
    """After each test."""
    while _BENCHES:
        bench = _BENCHES.pop()
        bench.runner.destroy()
        bench.scheduler.run(10.0)
        assert bench.runner.destroyed

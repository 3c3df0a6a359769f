"""Random saga trees: programs as plain data, a saga that plays them, and a world that watches.

A program is a tuple of steps, a step a tuple `(name, *arguments)`. All that a program does follows from the actions,
port answers and delays it gets, so a replay of the recorded inputs must do the same.
"""

import random
import sys
from collections.abc import Callable
from typing import Any, ClassVar, Protocol

from attrs import define, field, frozen

from rbbn_sdk.engine import (
    Action,
    Derivations,
    ManualScheduler,
    Put,
    Record,
    Runner,
    SagaCancelled,
    SagaDeath,
    Slice,
    State,
    Store,
    Task,
    VirtualScheduler,
    fx,
)
from rbbn_sdk.engine.replay import feed
from rbbn_sdk.types import port

KINDS = 3
MOST_ACTIONS = 40
"""Puts and dispatches stop when the state has seen so many actions."""


@frozen(kw_only=True, weakref_slot=False)
class Poke(Action):
    TYPE: ClassVar[str] = "harness/POKE"
    kind: int
    note: str = ""


class Boom(Exception):
    """What a program raises."""


@port("world")
class World(Protocol):
    def now(self, answer: int) -> int: ...
    def fail_now(self) -> None: ...
    def dispatch(self, kind: int) -> int: ...
    async def later(self, seconds: float, answer: int) -> int: ...
    async def fail_later(self, seconds: float) -> None: ...
    async def dispatch_later(self, seconds: float, kind: int) -> int: ...
    async def never(self) -> None: ...


seen = Slice("seen", ())
"""The kinds of all actions, in order."""


@seen.on(Poke)
def _seen(state: tuple[int, ...], action: Poke) -> tuple[int, ...]:
    return (*state, action.kind)


poked = Derivations()


@poked.on(Poke)
def _poked(action: Poke, _before: State, _after: State) -> tuple[int, ...]:
    return (action.kind,)


def full(state: State) -> bool:
    return len(seen(state)) >= MOST_ACTIONS


Step = tuple[Any, ...]
Program = tuple[Step, ...]


@define(eq=False)
class Watch:
    """What a run has done, for the checks."""

    trace: list[str] = field(factory=list)
    tasks: list[Task[Any]] = field(factory=list)
    forked_in_cleanup: list[Task[Any]] = field(factory=list)
    alive: dict[str, int] = field(factory=dict)
    """Sagas of each `latest` that run."""
    broken: list[str] = field(factory=list)
    open: int = 0
    """Programs that have begun and not ended."""


class Player:
    """Plays programs, and notes what they do."""

    def __init__(self) -> None:
        self.watch = Watch()
        self._started = 0

    def name_for(self, name: str, action: Poke) -> str:
        self._started += 1
        return f"{name}<{self._started}: {action.note}>"

    def note(self, task: Task[Any]) -> None:
        self.watch.tasks.append(task)
        if task.parent is not None and task.parent.stopping:
            self.watch.forked_in_cleanup.append(task)

    async def play(self, name: str, program: Program) -> str:
        watch = self.watch
        watch.open += 1
        watch.trace.append(f"{name} begins")
        here: list[Task[Any]] = []
        try:
            for number, step in enumerate(program):
                result = await getattr(self, f"do_{step[0]}")(f"{name}.{number}", here, *step[1:])
                watch.trace.append(f"{name}.{number} {step[0]} {result!r}")
            return name
        finally:
            watch.open -= 1
            watch.trace.append(f"{name} ends")

    # -- steps

    async def do_delay(self, _name: str, _here: list[Task[Any]], seconds: float) -> None:
        await fx.delay(seconds)

    async def do_take(self, _name: str, _here: list[Task[Any]], kind: int) -> str:
        return (await fx.take(Poke, kind=kind)).note

    async def do_take_any(self, _name: str, _here: list[Task[Any]]) -> int:
        taken = await fx.take(Action)
        return taken.kind if isinstance(taken, Poke) else -1

    async def do_put(self, name: str, _here: list[Task[Any]], kind: int) -> None:
        if not await fx.select(full):
            await fx.put(Poke(kind=kind, note=name[-20:]))

    async def do_call(self, _name: str, _here: list[Task[Any]], method: str, *args: Any) -> Any:
        return await fx.call(getattr(World, method), *args)

    async def do_fork(self, name: str, here: list[Task[Any]], program: Program) -> None:
        task = await fx.fork(self.play, name, program)
        self.note(task)
        here.append(task)

    async def do_spawn(self, name: str, here: list[Task[Any]], program: Program) -> None:
        here.append(await fx.spawn(self.play, f"~{name}", program))  # not of the race it is in: it outlives it

    async def do_join(self, _name: str, here: list[Task[Any]]) -> Any:
        return await fx.join(here[-1]) if here else None

    async def do_cancel(self, _name: str, here: list[Task[Any]]) -> None:
        if here:
            await fx.cancel(here.pop())

    def entry(self, name: str, step: Step) -> Any:
        effects: dict[str, Callable[..., Any]] = {
            "delay": fx.delay,
            "take": lambda kind: fx.take(Poke, kind=kind),
            "put": lambda kind: fx.put(Poke(kind=kind, note=name)),
            "call": lambda method, *args: fx.call(getattr(World, method), *args),
            "race": lambda *steps: fx.race(*self.entries(name, steps)),
            "all": lambda *steps: fx.all(*self.entries(name, steps)),
        }
        make = effects.get(step[0])
        return self.play(name, (step,)) if make is None else make(*step[1:])

    def entries(self, name: str, steps: tuple[Step, ...]) -> list[Any]:
        return [self.entry(f"{name}.{number}", step) for number, step in enumerate(steps)]

    async def do_race(self, name: str, _here: list[Task[Any]], *steps: Step) -> str:
        if await fx.select(full):
            return "full"
        entries = self.entries(name, steps)
        before = len(self.watch.trace)
        try:
            results = await fx.race(*entries)
        finally:
            self.check_entries_ended(name, before)
        return str([result is not None for result in results])

    async def do_all(self, name: str, _here: list[Task[Any]], *steps: Step) -> str:
        if await fx.select(full):
            return "full"
        entries = self.entries(name, steps)
        before = len(self.watch.trace)
        try:
            results = await fx.all(*entries)
        finally:
            self.check_entries_ended(name, before)
        return str(len(results))

    def check_entries_ended(self, name: str, since: int) -> None:
        lines = self.watch.trace[since:]
        begun = {line.removesuffix(" begins") for line in lines if line.startswith(f"{name}.") and "begins" in line}
        ended = {line.removesuffix(" ends") for line in lines if line.startswith(f"{name}.") and line.endswith(" ends")}
        if begun - ended:
            self.watch.broken.append(f"{name} went on while {sorted(begun - ended)} ran")

    async def do_raise(self, name: str, _here: list[Task[Any]]) -> None:
        raise Boom(name)

    async def do_guard(self, name: str, _here: list[Task[Any]], program: Program) -> Any:
        try:
            return await self.play(name, program)
        except Boom as error:
            return f"caught {error}"

    async def do_finally(self, name: str, _here: list[Task[Any]], program: Program, cleanup: Program) -> Any:
        try:
            return await self.play(name, program)
        except SagaCancelled:
            if not await fx.cancelled():
                self.watch.broken.append(f"{name} was cancelled, and cancelled() said no")
            raise
        finally:
            await self.play(f"{name}!", cleanup)

    async def do_every(self, name: str, _here: list[Task[Any]], kind: int, program: Program) -> None:
        async def each(action: Poke) -> None:
            await self.play(self.name_for(name, action), program)

        self.note(await fx.take_every(each, Poke, kind=kind))

    async def do_latest(self, name: str, _here: list[Task[Any]], kind: int, program: Program) -> None:
        alive = self.watch.alive

        async def each(action: Poke) -> None:
            alive[name] = alive.get(name, 0) + 1
            if alive[name] > 1:
                self.watch.broken.append(f"{name}: {alive[name]} alive")
            try:
                await self.play(self.name_for(name, action), program)
            finally:
                alive[name] -= 1

        self.note(await fx.take_latest(each, Poke, kind=kind))

    async def do_channel(self, _name: str, _here: list[Task[Any]], kind: int, count: int) -> str:
        channel = await fx.channel(Poke, kind=kind)
        return ",".join([(await fx.take_from(channel)).note for _ in range(count)])


class Adapter:
    """The port, under a virtual scheduler."""

    def __init__(self, scheduler: VirtualScheduler) -> None:
        self._scheduler = scheduler
        self.store: Store | None = None

    def now(self, answer: int) -> int:
        return answer

    def fail_now(self) -> None:
        raise Boom("port")

    def dispatch(self, kind: int) -> int:
        if self.store is not None and not full(self.store.state):
            self.store.dispatch(Poke(kind=kind, note="from the port"))
        return kind

    async def later(self, seconds: float, answer: int) -> int:
        await self._scheduler.sleep(seconds)
        return answer

    async def fail_later(self, seconds: float) -> None:
        await self._scheduler.sleep(seconds)
        raise Boom("port, late")

    async def dispatch_later(self, seconds: float, kind: int) -> int:
        await self._scheduler.sleep(seconds)
        return self.dispatch(kind)

    async def never(self) -> None:
        await self._scheduler.sleep(10_000.0)


@define(eq=False)
class Run:
    """One run of a program."""

    player: Player
    store: Store
    runner: Runner
    root: Task[Any]
    records: list[Record]
    deaths: list[SagaDeath]

    def outcome(self) -> dict[str, Any]:
        """What a replay must do again."""
        return {
            "puts": [record for record in self.records if isinstance(record, Put)],
            "state": seen(self.store.state),
            "end": self.root.status,
            "trace": self.player.watch.trace,
            "deaths": [death.message for death in self.deaths],
        }

    def check_tree(self) -> None:
        """What is true at any time."""
        watch = self.player.watch
        assert not watch.broken, watch.broken[:3]
        for task in watch.tasks:
            parent = task.parent
            assert parent is not None
            if parent.stopping and task not in watch.forked_in_cleanup:
                assert task.stopping or task.ended, f"{task} goes on although {parent} is being cancelled"
            assert task.ended or not parent.ended, f"{parent} ended before its fork {task}"
            if task.failure is not None and parent.ended:
                assert parent.failure is not None or parent.cancelled, f"{parent} outlived {task}"

    def check_end(self) -> None:
        """What is true when the runner was destroyed."""
        self.check_tree()
        assert self.runner.destroyed
        assert self.runner.idle
        assert self.player.watch.open == 0
        buckets = self.store.core.takers.buckets()
        assert not any(bucket.plain or bucket.keyed for bucket in buckets)


def live(program: Program, schedule: Program, handlers: dict[int, tuple[int, ...]]) -> Run:
    """Play a program: `schedule` dispatches and lets time pass; handlers dispatch when a kind is emitted."""
    scheduler = VirtualScheduler()
    adapter = Adapter(scheduler)
    player, records, deaths = Player(), list[Record](), list[SagaDeath]()

    def emit(kind: int) -> None:
        for other in handlers.get(kind, ()):
            if not full(store.state):
                store.dispatch(Poke(kind=other, note="handler"))

    store = Store([seen], derivations=[poked], emit=emit, report=_no_problem)
    adapter.store = store
    runner = Runner(
        store, scheduler=scheduler, ports={"world": adapter}, records=[records.append], on_error=deaths.append
    )
    root = runner.run(player.play, "root", program)
    run = Run(player, store, runner, root, records, deaths)
    scheduler.run_turns()
    for step in schedule:
        _take_step(step, store, scheduler)
        run.check_tree()
    runner.destroy()
    scheduler.run(100.0)
    return run


def _take_step(step: Step, store: Store, scheduler: VirtualScheduler) -> None:
    if step[0] == "dispatch":
        store.dispatch(Poke(kind=step[1], note="outside"))
    else:
        scheduler.advance(step[1])


def _no_problem(problem: Any) -> None:
    raise AssertionError(problem.message)


def replay(program: Program, recorded: Run) -> Run:
    """Play the program again from the recorded inputs."""
    scheduler = ManualScheduler()
    player, records, deaths = Player(), list[Record](), list[SagaDeath]()
    store = Store([seen], derivations=[poked], report=_no_problem)
    runner = Runner(
        store, scheduler=scheduler, ports={"world": World}, records=[records.append], on_error=deaths.append
    )
    roots: list[Task[Any]] = []
    feed(recorded.records, runner, scheduler, lambda: roots.append(runner.run(player.play, "root", program)))
    return Run(player, store, runner, roots[0], records, deaths)


# -- random programs without Hypothesis, for the run under two hash seeds


def random_program(draw: random.Random, depth: int) -> Program:
    return tuple(random_step(draw, depth) for _ in range(draw.randint(0, 4)))


def random_step(draw: random.Random, depth: int) -> Step:
    kind, seconds = draw.randrange(KINDS), draw.choice([0.0, 0.5, 1.0, 3.0])
    flat: list[Step] = [
        ("delay", seconds), ("take", kind), ("put", kind), ("call", "now", kind), ("call", "later", seconds, kind),
        ("call", "dispatch", kind), ("call", "dispatch_later", seconds, kind), ("join",), ("cancel",),
        ("channel", kind, draw.randint(1, 3)), ("raise",), ("call", "fail_now"), ("call", "fail_later", seconds),
    ]  # fmt: skip
    if depth == 0 or draw.random() < 0.4:
        return draw.choice(flat)
    below = random_program(draw, depth - 1)
    several = tuple(random_step(draw, depth - 1) for _ in range(draw.randint(1, 3)))
    return draw.choice(
        [
            ("fork", below), ("spawn", below), ("race", *several), ("all", *several), ("guard", below),
            ("finally", below, random_program(draw, depth - 1)), ("every", kind, below), ("latest", kind, below),
        ]
    )  # fmt: skip


def random_case(number: int) -> tuple[Program, Program, dict[int, tuple[int, ...]]]:
    draw = random.Random(number)
    steps = [("dispatch", draw.randrange(KINDS)), ("advance", draw.choice([0.0, 0.5, 1.0]))]
    schedule = tuple(draw.choice(steps) for _ in range(draw.randint(0, 10)))
    handlers = {draw.randrange(KINDS): (draw.randrange(KINDS),) for _ in range(draw.randint(0, 2))}
    return random_program(draw, 3), schedule, handlers


def main(count: int) -> None:
    """Print what many random cases did, live and replayed."""
    for number in range(count):
        program, schedule, handlers = random_case(number)
        run = live(program, schedule, handlers)
        run.check_end()
        again = replay(program, run)
        if again.outcome() != run.outcome():
            sys.exit(f"case {number} was not the same when it was replayed")
        sys.stdout.write(f"{number} {run.outcome()}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))

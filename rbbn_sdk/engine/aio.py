"""The engine on asyncio: the only module of the engine that knows a loop."""

import asyncio
from collections.abc import Callable
from inspect import isawaitable, iscoroutine
from typing import Any

from rbbn_sdk.engine.action import Action
from rbbn_sdk.engine.errors import PortCancelled
from rbbn_sdk.engine.request import Fact, Slot
from rbbn_sdk.engine.runner import Runner
from rbbn_sdk.engine.scheduler import Done, PortCall, Stop


class AioScheduler:
    """Runs port calls as tasks, and delays as timers, of one loop.

    It belongs to the loop that runs when it is first used; what is asked of it before waits (`bind`).
    """

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._backlog: list[Callable[[], None]] = []
        self._tasks: set[asyncio.Future[Any]] = set()

    @property
    def loop(self) -> asyncio.AbstractEventLoop | None:
        """The loop it belongs to."""
        return self._loop

    def bind(self) -> None:
        """Belong to the running loop, and begin what was asked for before. Raises `RuntimeError` when none runs."""
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            backlog, self._backlog = self._backlog, []
            for function in backlog:
                function()

    def start(self, call: PortCall, done: Done) -> Stop:
        """Run a port's method in the loop's next turn."""
        running = _Running(self, call, done)
        self._when_bound(lambda: running.schedule(self._the_loop()))
        return running.stop

    def delay(self, path: str, seconds: float, done: Done) -> Stop:
        """Tell after some time, counted from now or from `bind`."""
        timer = _Timer(seconds, done)
        self._when_bound(lambda: timer.schedule(self._the_loop()))
        return timer.stop

    async def drained(self) -> None:
        """Wait until no port call runs, the cancelled ones included."""
        while self._tasks:
            await asyncio.wait(tuple(self._tasks))

    def own(self, task: "asyncio.Future[Any]") -> None:
        """Hold a task until it is done."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _when_bound(self, function: Callable[[], None]) -> None:
        if self._loop is None:
            try:
                self.bind()
            except RuntimeError:
                self._backlog.append(function)
                return
        function()

    def _the_loop(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            raise RuntimeError("the scheduler has no loop yet; call bind() in a running one")
        return self._loop


class _Timer:
    def __init__(self, seconds: float, done: Done) -> None:
        self._seconds = seconds
        self._done = done
        self._handle: asyncio.TimerHandle | None = None
        self._stopped = False

    def schedule(self, loop: asyncio.AbstractEventLoop) -> None:
        if not self._stopped:
            self._handle = loop.call_later(self._seconds, self._done, None, None)

    def stop(self) -> None:
        self._stopped = True
        if self._handle is not None:
            self._handle.cancel()


class _Running:
    """A port's method: begun in a turn of its own; its end is told in another, or at once when it is synchronous."""

    def __init__(self, scheduler: AioScheduler, call: PortCall, done: Done) -> None:
        self._scheduler = scheduler
        self._call = call
        self._done = done
        self._task: asyncio.Future[Any] | None = None
        self._stopped = False

    def schedule(self, loop: asyncio.AbstractEventLoop) -> None:
        loop.call_soon(self._begin, loop)

    def stop(self) -> None:
        self._stopped = True
        if self._task is not None:
            self._task.cancel()

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._stopped:
            return
        try:
            made = self._call.function(*self._call.args, **self._call.kwargs)
        except Exception as error:  # noqa: BLE001 -- raised in the saga
            self._end(None, error)
            return
        if isawaitable(made):
            # a coroutine is the task's own: wrapped, one that is cancelled before its first step would never be awaited
            coroutine = made if iscoroutine(made) else _awaiting(made)
            self._task = loop.create_task(coroutine, name=self._call.name)
            self._scheduler.own(self._task)
            self._task.add_done_callback(self._task_done)
        else:
            self._end(made, None)

    def _task_done(self, task: "asyncio.Future[Any]") -> None:
        if task.cancelled():
            self._end(None, PortCancelled(f"{self._call.name} was cancelled by somebody else"))
        elif (error := task.exception()) is not None:
            self._end(None, error)
        else:
            self._end(task.result(), None)

    def _end(self, result: Any, error: BaseException | None) -> None:
        if not self._stopped:
            self._stopped = True
            self._done(result, error)


async def _awaiting(made: Any) -> Any:
    return await made


async def settled(slot: Slot) -> Fact | None:
    """Wait for the end of a request: its ending fact, or None when it never got into the store (`slot.error`)."""
    if not slot.settled:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        slot.on_settled(lambda _fact: None if future.done() else future.set_result(None))
        await future
    return slot.fact


async def destroy(
    runner: Runner,
    scheduler: AioScheduler,
    action: Action | None = None,
    *,
    grace: float = 2.0,
    late_events: Callable[[Any], bool] | None = None,
) -> None:
    """Destroy a runner and wait until nothing of it runs."""
    scheduler.bind()
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def done() -> None:
        if not future.done():
            future.set_result(None)

    runner.destroy(action, grace=grace, late_events=late_events, on_done=done)
    await future
    await scheduler.drained()

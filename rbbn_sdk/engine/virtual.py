"""Schedulers without a loop: one with a clock that jumps, one that is stepped by hand."""

import heapq
from collections import deque
from collections.abc import Awaitable, Callable, Generator
from inspect import isawaitable
from typing import Any, Generic, TypeVar

from rbbn_sdk.engine.scheduler import Done, PortCall, Stop

_T = TypeVar("_T")


class Later(Generic[_T]):
    """What a fake port's method may await under a `VirtualScheduler`: settled by a test, or by the clock."""

    def __init__(self) -> None:
        self._outcome: tuple[Any, BaseException | None] | None = None
        self._waiting: list[Callable[[], None]] = []

    def set(self, value: _T) -> None:
        """Answer."""
        self._settle(value, None)

    def set_error(self, error: BaseException) -> None:
        """Fail."""
        self._settle(None, error)

    def _settle(self, value: Any, error: BaseException | None) -> None:
        if self._outcome is None:
            self._outcome = (value, error)
            waiting, self._waiting = self._waiting, []
            for go_on in waiting:
                go_on()

    def when_settled(self, go_on: Callable[[], None]) -> None:
        """For the scheduler: call once it is settled."""
        if self._outcome is None:
            self._waiting.append(go_on)
        else:
            go_on()

    def __await__(self) -> Generator[Any, Any, _T]:
        """Wait until it is settled."""
        while self._outcome is None:
            yield self
        value, error = self._outcome
        if error is not None:
            raise error
        result: _T = value
        return result


class VirtualScheduler:
    """Runs ports and delays in virtual time, which jumps to the next delay when nothing else is to do.

    Port methods may be plain functions, or coroutines that await `scheduler.sleep(...)` and `Later`s.
    """

    def __init__(self) -> None:
        self.now = 0.0
        """Seconds since the beginning."""
        self.slept: list[float] = []
        """All delays of sagas, in the order in which they began."""
        self._turns: deque[Callable[[], None]] = deque()
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._timers_made = 0
        self._stopped_timers: set[int] = set()

    # -- for the runner

    def start(self, call: PortCall, done: Done) -> Stop:
        """Run a port's method in the next turn."""
        running = _Running(self, call, done)
        self._turns.append(running.begin)
        return running.stop

    def delay(self, path: str, seconds: float, done: Done) -> Stop:
        """Tell after some virtual time."""
        self.slept.append(seconds)
        number = self._at(seconds, lambda: done(None, None))
        return lambda: self._stopped_timers.add(number)

    # -- for fake ports

    async def sleep(self, seconds: float) -> None:
        """Wait some virtual time, in a port's method."""
        later: Later[None] = Later()
        self._at(seconds, lambda: later.set(None))
        await later

    def soon(self, function: Callable[[], None]) -> None:
        """Call something in a turn of its own."""
        self._turns.append(function)

    # -- for tests

    def run_turns(self, limit: int = 100_000) -> None:
        """Run until nothing is to do at this moment."""
        for _ in range(limit):
            if not self._turns:
                return
            self._turns.popleft()()
        raise RuntimeError(f"still busy after {limit} turns; does something go on without end?")

    def advance(self, seconds: float) -> None:
        """Let virtual time pass, and do all that falls due."""
        until = self.now + seconds
        self.run_turns()
        while self._next_due() <= until:
            self._fire_next()
        self.now = until

    def run(self, limit: float = float("inf")) -> None:
        """Run until nothing is to do and no delay is left, but no further than `limit` seconds from now."""
        until = self.now + limit
        self.run_turns()
        while self._next_due() <= until and self._timers:
            self._fire_next()

    def jump(self) -> bool:
        """Go to the next delay's end; False when there is none."""
        if self._next_due() == float("inf"):
            return False
        self._fire_next()
        return True

    def _at(self, seconds: float, function: Callable[[], None]) -> int:
        self._timers_made += 1
        heapq.heappush(self._timers, (self.now + seconds, self._timers_made, function))
        return self._timers_made

    def _next_due(self) -> float:
        while self._timers and self._timers[0][1] in self._stopped_timers:
            self._stopped_timers.discard(heapq.heappop(self._timers)[1])
        return self._timers[0][0] if self._timers else float("inf")

    def _fire_next(self) -> None:
        due, _, function = heapq.heappop(self._timers)
        self.now = max(self.now, due)
        function()
        self.run_turns()


class _Running:
    """A port's method that runs."""

    def __init__(self, scheduler: VirtualScheduler, call: PortCall, done: Done) -> None:
        self._scheduler = scheduler
        self._call = call
        self._done = done
        self._stopped = False
        self._stepping = False
        self._generator: Generator[Any, Any, Any] | None = None

    def begin(self) -> None:
        if self._stopped:
            return
        try:
            made = self._call.function(*self._call.args, **self._call.kwargs)
        except Exception as error:  # noqa: BLE001 -- raised in the saga
            self._end(None, error)
            return
        if isawaitable(made):
            self._generator = _awaiting(made).__await__()
            self._step()
        else:
            self._end(made, None)

    def stop(self) -> None:
        if not self._stopped:
            self._stopped = True
            self._close()

    def _close(self) -> None:
        if self._generator is not None and not self._stepping:  # else it cancels itself, and is closed after its step
            self._generator.close()

    def _step(self) -> None:
        if self._stopped or self._generator is None:
            return
        self._stepping = True
        try:
            later = next(self._generator)
        except StopIteration as stop:
            self._end(stop.value, None)
        except Exception as error:  # noqa: BLE001 -- raised in the saga
            self._end(None, error)
        else:
            later.when_settled(lambda: self._scheduler.soon(self._step))
        finally:
            self._stepping = False
        self._close_if_stopped()

    def _close_if_stopped(self) -> None:
        if self._stopped:
            self._close()

    def _end(self, result: Any, error: BaseException | None) -> None:
        if not self._stopped:
            self._stopped = True
            self._done(result, error)


async def _awaiting(made: Awaitable[Any]) -> Any:
    return await made


class ManualScheduler:
    """Does nothing by itself: a test, or a replay, says which port call or delay ends next, and how.

    Ports are never run.
    """

    def __init__(self) -> None:
        self.open: dict[str, PortCall | float] = {}
        """What has begun and not ended, by path: a call, or the seconds of a delay."""
        self._done: dict[str, Done] = {}

    def start(self, call: PortCall, done: Done) -> Stop:
        """Note a call."""
        return self._note(call.path, call, done)

    def delay(self, path: str, seconds: float, done: Done) -> Stop:
        """Note a delay."""
        return self._note(path, seconds, done)

    def finish(self, path: str, result: Any = None) -> None:
        """End something with a result. Raises `LookupError` when it is not open."""
        self._end(path, result, None)

    def fail(self, path: str, error: BaseException) -> None:
        """End something with an error."""
        self._end(path, None, error)

    def _note(self, path: str, what: PortCall | float, done: Done) -> Stop:
        self.open[path] = what
        self._done[path] = done
        return lambda: self._forget(path)

    def _forget(self, path: str) -> None:
        self.open.pop(path, None)
        self._done.pop(path, None)

    def _end(self, path: str, result: Any, error: BaseException | None) -> None:
        done = self._done.get(path)
        if done is None:
            raise LookupError(f"nothing is open at {path}; open: {', '.join(self.open) or 'nothing'}")
        self._forget(path)
        done(result, error)

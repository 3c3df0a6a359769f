"""The life of tasks: how they start, step, fail, are cancelled and end.

A task is a body (a coroutine) and the children it forked. It ends when all of them have ended.

* A child that fails stops its parent: the body and the other children are cancelled, and when all have ended the
  parent has failed, and so on upwards. What reaches a task of the runner's own is reported.
* A cancelled task cancels its body first, then its children in the order in which they were forked. Its parent goes
  on; who joins it is cancelled too.
* To cancel a body is to raise `SagaCancelled` at its innermost effect. Its cleanup may await effects, and the task has
  ended only when they have.

Starting and cancelling happen at once, inside the step of the task that asks for it. A task that waits for another's
end goes on when the step under way is over (`ready`).
"""

from collections import deque
from collections.abc import Callable, Coroutine, Mapping
from types import CoroutineType
from typing import TYPE_CHECKING, Any, cast

from rbbn_sdk.engine.errors import NotAnEffect, SagaCancelled
from rbbn_sdk.engine.foreign import what_was_awaited
from rbbn_sdk.engine.task import PENDING, Holder, Task
from rbbn_sdk.engine.unstarted import never_start

if TYPE_CHECKING:
    from rbbn_sdk.engine.runner import Runner

Handler = Callable[["Runner", Holder, Any], Any]

_MOST_REFUSALS = 1000
"""After so many effects that only raise, a body that catches everything is given up."""


class Tree:
    """All tasks of a runner."""

    def __init__(self, runner: "Runner", handlers: Mapping[type, Handler]) -> None:
        self._runner = runner
        self._handlers = handlers
        self.ready: deque[Task[Any]] = deque()
        self.roots: dict[Task[Any], None] = {}
        self.expired = False
        """Every effect raises: the time for cleanup is over."""
        self._roots_made = 0
        self._given_up: list[Coroutine[Any, Any, Any]] = []

    # -- starting

    def root(self, coro: Coroutine[Any, Any, Any], name: str, maker: Task[Any] | None = None) -> Task[Any]:
        """A task without parent: the runner's own, or one that `maker` spawned."""
        if maker is None:
            base: tuple[str, tuple[str, ...]] = (f"root/{self._roots_made}", ())
            self._roots_made += 1
        else:
            base = (f"{maker.path}.{maker.forks}", maker.stack)
            maker.forks += 1
        task: Task[Any] = Task(self, name, None, 0, base)
        task.coro = coro
        self.roots[task] = None
        return task

    def child(self, parent: Task[Any], coro: Coroutine[Any, Any, Any] | None, name: str) -> Task[Any]:
        """An attached task."""
        task: Task[Any] = Task(self, name, parent, parent.forks)
        parent.forks += 1
        parent.children[task] = None
        task.coro = coro
        return task

    def run_ready(self) -> None:
        """Let all go on that can."""
        ready = self.ready
        while ready:
            task = ready.popleft()
            wake, task.wake = task.wake, None
            if wake is not None:
                self.step(task, *wake)

    # -- stepping

    def step(self, task: Task[Any], value: Any = None, error: BaseException | None = None) -> None:
        """Let a body go on with a value or an error, up to its next wait. Without either: begin."""
        coro = task.coro
        if coro is None:
            return
        handlers, runner = self._handlers, self._runner
        task.stepping = True
        try:
            while True:
                effect = coro.send(value) if error is None else coro.throw(error)
                task.effects += 1
                handler = handlers.get(effect.__class__)
                if handler is None or task.doom is not None or self.expired:
                    value, error = self._refuse(task, effect, handler)
                else:
                    error = None
                    try:
                        value = handler(runner, task, effect)
                    except Exception as raised:  # noqa: BLE001 -- raised in the saga
                        error = raised
                if task.interrupt:
                    value, error = self._notice_interrupt(task, value)
                if value is PENDING and error is None:
                    task.stepping = False
                    return
        except StopIteration as stop:
            self._body_ended(task, stop.value, None)
        except BaseException as raised:
            self._body_ended(task, None, raised)
            if isinstance(raised, (KeyboardInterrupt, SystemExit)):
                raise

    def _refuse(self, task: Task[Any], effect: Any, handler: Handler | None) -> tuple[Any, BaseException | None]:
        """Raise in the body: what it awaited is no effect, or it may await no more."""
        if handler is None and task.doom is None:
            task.doom = NotAnEffect(f"{task.name} awaited {what_was_awaited(task.coro, effect)}, which is no effect")
        never_start(effect)
        task.refusals += 1
        if task.refusals < _MOST_REFUSALS:
            return None, task.doom or SagaCancelled()
        if task.coro is not None:
            self._given_up.append(task.coro)
        task.doom = task.doom or NotAnEffect(f"{task.name} did not end although every effect raised; it was given up")
        self._body_ended(task, None, task.doom)
        return PENDING, None

    def _notice_interrupt(self, task: Task[Any], value: Any) -> tuple[Any, BaseException | None]:
        task.interrupt = False
        task.wake = None
        if value is PENDING and task.pending is not None:
            if not task.pending.cancel():
                return PENDING, None
            task.pending = None
        return None, SagaCancelled()

    def _body_ended(self, task: Task[Any], value: Any, error: BaseException | None) -> None:
        task.stepping = False
        task.body_done = True
        task.coro = None
        task.value = value
        error = task.doom or error
        if isinstance(error, SagaCancelled):
            self.cancel(task)  # in a task that nobody cancelled: its saga raised it
        elif error is not None:
            self._failed(task, error, task.stack)
        self._end_if_over(task)

    # -- failing and cancelling

    def _failed(self, task: Task[Any], error: BaseException, origin: tuple[str, ...]) -> None:
        if task.stopping:  # in cleanup: what the task ends of is decided already
            self._runner.report_death(error, origin, in_cleanup=True)
            return
        task.failure = error
        task.origin = origin
        self._stop(task)

    def fail(self, task: Task[Any], error: BaseException) -> None:
        """Let a task fail from outside its body."""
        self._failed(task, error, task.stack)

    def cancel(self, task: Task[Any]) -> None:
        """Cancel a task; nothing if it ends already."""
        if not (task.ended or task.stopping):
            task.cancelled = True
            self._stop(task)

    def cancel_joiner(self, holder: Holder) -> None:
        """Cancel who waits for a cancelled task; in its cleanup it goes on."""
        if holder.owner.stopping:
            holder.succeed(None)
        else:
            self.cancel(holder.owner)

    def _stop(self, task: Task[Any]) -> None:
        task.stopping = True
        children = tuple(task.children)  # not those that its cleanup forks
        self._stop_body(task)
        for child in children:
            self.cancel(child)
        self._end_if_over(task)

    def _stop_body(self, task: Task[Any]) -> None:
        if task.body_done:
            return
        if task.native is not None:
            task.native.cancel()
            task.body_done = True
        elif task.stepping:
            task.interrupt = True
        elif task.wake is not None:
            task.wake = (None, SagaCancelled())
        elif task.pending is not None and task.pending.cancel():
            task.pending = None
            self.step(task, None, SagaCancelled())

    def force(self) -> None:
        """End all tasks now: every effect raises."""
        self.expired = True
        for task in self._deepest_first():
            self._force_one(task)
            self.run_ready()

    def _force_one(self, task: Task[Any]) -> None:
        self.cancel(task)  # forked in a cleanup
        if not task.ended and task.pending is not None and task.pending.cancel():
            task.pending = None
            self.step(task, None, SagaCancelled())

    def _deepest_first(self) -> list[Task[Any]]:
        found: list[Task[Any]] = []
        waiting = list(self.roots)
        while waiting:
            task = waiting.pop()
            found.append(task)
            waiting.extend(task.children)
        return found[::-1]

    # -- ending

    def _end_if_over(self, task: Task[Any]) -> None:
        if task.body_done and not task.children and not task.ended:
            task.ended = True
            for channel in task.channels:
                channel.close()
            if task.owned:
                self._runner.release(task)
            self._tell_parent(task)

    def _tell_parent(self, task: Task[Any]) -> None:
        parent = task.parent
        if parent is None:
            self.roots.pop(task, None)
            if task.failure is not None:
                self._runner.report_death(task.failure, task.origin)
        else:
            del parent.children[task]
            if task.entry is not None:
                self._tell_entry(task, task.entry)
            elif task.failure is not None:
                self._failed(parent, task.failure, task.origin)
        if task.joiners:
            self._tell_joiners(task)
        if parent is not None:
            if parent.on_child_end is not None:
                parent.on_child_end()
            self._end_if_over(parent)
        elif not self.roots:
            self._runner.all_ended()

    def _tell_entry(self, task: Task[Any], entry: Holder) -> None:
        if task.failure is not None:
            entry.fail(task.failure)
        elif task.cancelled:
            entry.fail(SagaCancelled())
        else:
            entry.succeed(task.value)

    def _tell_joiners(self, task: Task[Any]) -> None:
        joiners, task.joiners = task.joiners, ()
        for holder in joiners:
            if task.failure is not None:
                holder.fail(task.failure)
            elif task.cancelled:
                self.cancel_joiner(holder)
            else:
                holder.succeed(task.value)


def coroutine_of(
    saga: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> Coroutine[Any, Any, Any]:
    """The coroutine of a saga function; a `TypeError` if it makes none."""
    made = saga(*args, **kwargs)
    if not isinstance(made, CoroutineType):
        raise not_a_coroutine(saga, made)
    return cast("Coroutine[Any, Any, Any]", made)


def not_a_coroutine(saga: Any, made: object) -> TypeError:
    """The error of a function that is no saga."""
    return TypeError(f"{name_of(saga)} gave {type(made).__name__}, no coroutine; a saga is an `async def` function")


def name_of(saga: Any) -> str:
    """Name of a saga function or coroutine, for stacks."""
    name = getattr(saga, "__qualname__", None)
    return name if isinstance(name, str) else type(saga).__name__

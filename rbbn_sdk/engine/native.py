"""`take_every` and `take_latest`: tasks without a body that start a saga for each action."""

from types import CoroutineType
from typing import TYPE_CHECKING, Any

from rbbn_sdk.engine.action import Action
from rbbn_sdk.engine.effects import SagaFunction
from rbbn_sdk.engine.request import Request
from rbbn_sdk.engine.takers import Pattern, Taker
from rbbn_sdk.engine.task import Pending, Task
from rbbn_sdk.engine.tree import name_of, not_a_coroutine

if TYPE_CHECKING:
    from rbbn_sdk.engine.runner import Runner


class EveryTaker(Taker, Pending):
    """Starts a child for each action."""

    __slots__ = ("_name", "_runner", "_saga", "_task")

    def __init__(self, runner: "Runner", pattern: Pattern, saga: SagaFunction[Any], task: Task[Any]) -> None:
        super().__init__(pattern)
        self._runner = runner
        self._saga = saga
        self._task = task
        self._name = name_of(saga)

    def accept(self, action: Action) -> None:
        """Start the saga."""
        self._start(action)
        tree = self._runner.tree
        if tree.ready:
            tree.run_ready()

    def cancel(self) -> bool:
        """Take no more."""
        self._runner.forget_taker(self)
        return True

    def _start(self, action: Action) -> Task[Any] | None:
        tree = self._runner.tree
        try:
            coro = self._saga(action)
            if coro.__class__ is not CoroutineType:
                raise not_a_coroutine(self._saga, coro)
        except Exception as error:  # noqa: BLE001 -- the task fails of it
            tree.fail(self._task, error)
            return None
        child = tree.child(self._task, coro, self._name)
        if isinstance(action, Request):
            self._runner.own(child, action)
        tree.step(child)
        return child


class LatestTaker(EveryTaker):
    """Cancels the child of the action before, and starts the next when its cleanup is over."""

    __slots__ = ("_child", "_next")

    def __init__(self, runner: "Runner", pattern: Pattern, saga: SagaFunction[Any], task: Task[Any]) -> None:
        super().__init__(runner, pattern, saga, task)
        self._child: Task[Any] | None = None
        self._next: Action | None = None

    def accept(self, action: Action) -> None:
        """Let the latest be the only one."""
        self._replace_next(action)
        child = self._child
        if child is None or child.ended:
            self._start_next()
        else:
            self._runner.tree.cancel(child)
        self._runner.tree.run_ready()

    def cancel(self) -> bool:
        """Take no more, nor start what waits."""
        self._replace_next(None)
        return super().cancel()

    def child_ended(self) -> None:
        """Start what waits for it."""
        if self.live and self._next is not None:
            self._start_next()

    def _replace_next(self, action: Action | None) -> None:
        before, self._next = self._next, action
        if isinstance(action, Request):
            self._runner.own(self, action)
        if isinstance(before, Request):
            self._runner.disown_later(self, before)

    def _start_next(self) -> None:
        action, self._next = self._next, None
        if action is not None:
            self._child = self._start(action)
        if isinstance(action, Request):
            self._runner.disown_later(self, action)

"""Several effects or sagas at a time: `race` and `all`."""

from collections.abc import Callable, Coroutine
from types import CoroutineType
from typing import TYPE_CHECKING, Any, cast

from rbbn_sdk.engine.errors import SagaCancelled
from rbbn_sdk.engine.task import PENDING, Holder, Pending, Task
from rbbn_sdk.engine.tree import name_of
from rbbn_sdk.engine.unstarted import never_start

if TYPE_CHECKING:
    from rbbn_sdk.engine.runner import Runner

StartEffect = Callable[["Runner", Holder, Any], Any]


class GroupEntry(Holder):
    """One of several."""

    __slots__ = ("_index", "done", "group", "task")

    def __init__(self, group: "Group", index: int) -> None:
        self.group = group
        self.pending: Pending | None = None
        self.task: Task[Any] | None = None
        self.done = False
        self._index = index

    @property
    def owner(self) -> Task[Any]:
        """The task that races."""
        return self.group.holder.owner

    def succeed(self, value: Any) -> None:
        """This entry has a result."""
        self.pending = None
        self.done = True
        self.group.succeeded(self._index, value)

    def fail(self, error: BaseException) -> None:
        """This entry failed, or its cancellation is over."""
        self.pending = None
        self.done = True
        self.group.failed(self, error)

    def effect_path(self) -> str:
        """Path of the entry: that of the race, a dot, its number."""
        return f"{self.group.holder.effect_path()}.{self._index}"

    def cancel(self) -> None:
        """Stop it; `group` hears of the end."""
        if self.task is not None:
            self.task.tree.cancel(self.task)
        elif self.pending is not None and self.pending.cancel():
            self.fail(SagaCancelled())


class Group(Pending):
    """A race (`first`) or an `all`: over when its outcome is decided and every entry has ended."""

    __slots__ = ("_entries", "_error", "_first", "_live", "_runner", "_starting", "_values", "decided", "holder")

    def __init__(self, runner: "Runner", holder: Holder, *, first: bool) -> None:
        self._runner = runner
        self.holder = holder
        self._first = first
        self._entries: list[GroupEntry] = []
        self._values: list[Any] = []
        self._error: BaseException | None = None
        self._live = 0
        self._starting = True
        self.decided = False

    def start(self, entries: tuple[Any, ...], start_effect: StartEffect) -> Any:
        """Start the entries in order, until the outcome is decided; its result if it is over already."""
        self._values = [None] * len(entries)
        for index, what in enumerate(entries):
            if self.decided:
                never_start(what)
                continue
            entry = GroupEntry(self, index)
            self._entries.append(entry)
            self._live += 1
            self._start_one(entry, what, start_effect)
        if not self._first and not self._live:
            self.decided = True
        return self._started()

    def _started(self) -> Any:
        self._starting = False
        if not (self.decided and self._live == 0):
            self.holder.pending = self
            return PENDING
        if self._error is not None:
            raise self._error
        return tuple(self._values)

    def _start_one(self, entry: GroupEntry, what: Any, start_effect: StartEffect) -> None:
        if isinstance(what, CoroutineType):
            tree = self._runner.tree
            task = tree.child(entry.owner, cast("Coroutine[Any, Any, Any]", what), name_of(what))
            task.entry = entry
            entry.task = task
            tree.step(task)
            return
        try:
            value = start_effect(self._runner, entry, what)
        except Exception as error:  # noqa: BLE001 -- raised by the race
            entry.fail(error)
            return
        if value is not PENDING:
            entry.succeed(value)

    def succeeded(self, index: int, value: Any) -> None:
        """An entry has a result."""
        self._live -= 1
        if not self.decided:
            self._values[index] = value
            if self._first:
                self._decide()
            elif self._live == 0 and not self._starting:
                self.decided = True
        self._finish()

    def failed(self, entry: GroupEntry, error: BaseException) -> None:
        """An entry failed; after the decision: has ended."""
        self._live -= 1
        cancelled = isinstance(error, SagaCancelled)
        if not self.decided and cancelled:
            self._runner.tree.cancel(entry.owner)  # somebody cancelled an entry: whoever waits for it is cancelled
            if self._is_decided():
                return  # the owner waited for this group and has cancelled it
            self._error = error
            self._decide()
        elif not self.decided:
            self._error = error
            self._decide()
        elif not cancelled and self._error is None:
            self._error = error  # a loser failed in its cleanup
        elif not cancelled:
            self._runner.report_death(error, entry.owner.stack, in_cleanup=True)
        self._finish()

    def cancel(self) -> bool:
        """Cancel all entries; over when they have ended."""
        self._error = SagaCancelled()
        self._starting = True  # who cancels hears of the end by the returned value
        self._decide()
        self._starting = False
        return self._live == 0

    def _is_decided(self) -> bool:
        return self.decided

    def _decide(self) -> None:
        self.decided = True
        for entry in self._entries:
            if not entry.done:
                entry.cancel()

    def _finish(self) -> None:
        if self._starting or not self.decided or self._live:
            return
        self._starting = True  # tell only once
        if self._error is not None:
            self.holder.fail(self._error)
        else:
            self.holder.succeed(tuple(self._values))

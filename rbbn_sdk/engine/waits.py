"""What a saga can wait for, but for groups and channels."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rbbn_sdk.engine.action import Action
from rbbn_sdk.engine.scheduler import Stop
from rbbn_sdk.engine.takers import Pattern, Taker
from rbbn_sdk.engine.task import Holder, Pending, Task

if TYPE_CHECKING:
    from rbbn_sdk.engine.runner import Runner


class Taking(Taker, Pending):
    """A `take`."""

    __slots__ = ("_holder", "_runner")

    def __init__(self, runner: "Runner", holder: Holder, pattern: Pattern) -> None:
        super().__init__(pattern)
        self._runner = runner
        self._holder = holder

    def accept(self, action: Action) -> None:
        """Go on with the action."""
        self._runner.forget_taker(self)
        self._holder.succeed(action)
        self._runner.tree.run_ready()

    def cancel(self) -> bool:
        """Take nothing."""
        self._runner.forget_taker(self)
        return True


class Putting(Pending):
    """A `put` that waits for its turn."""

    __slots__ = ("action", "cause", "holder", "live", "path")

    def __init__(self, holder: Holder, action: Action, path: str, cause: int) -> None:
        self.holder = holder
        self.action = action
        self.path = path
        self.cause = cause
        self.live = True

    def cancel(self) -> bool:
        """Put nothing, or do not go on after it."""
        self.live = False
        return True


class Joining(Pending):
    """A `join` of a task that runs."""

    __slots__ = ("_holder", "_target")

    def __init__(self, holder: Holder, target: Task[Any]) -> None:
        self._holder = holder
        self._target = target
        target.joiners += (holder,)

    def cancel(self) -> bool:
        """Join no more."""
        self._target.joiners = tuple(holder for holder in self._target.joiners if holder is not self._holder)
        return True


class Outside(Pending):
    """A port call or delay: its end is an input."""

    __slots__ = ("_live", "_stop", "args", "holder", "name", "path")

    def __init__(self, holder: Holder, path: str, name: str, args: tuple[Any, ...]) -> None:
        self.holder = holder
        self.path = path
        self.name = name
        self.args = args
        self._live = True
        self._stop: Stop | None = None

    def begin(self, start: Callable[[], Stop]) -> None:
        """Hand it to the scheduler."""
        self._stop = start()

    def cancel(self) -> bool:
        """Stop it."""
        if self.finish() and self._stop is not None:
            self._stop()
        return True

    def finish(self) -> bool:
        """It is over; False if it was before."""
        live, self._live = self._live, False
        return live

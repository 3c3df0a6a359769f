"""A task: one running saga with what it has forked."""

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from rbbn_sdk.engine.errors import SagaCancelled
from rbbn_sdk.types import RequestId

if TYPE_CHECKING:
    from rbbn_sdk.engine.channel import Channel
    from rbbn_sdk.engine.tree import Tree

_T = TypeVar("_T")

_Base = tuple[str, tuple[str, ...]]
_NO_BASE: _Base = ("", ())

PENDING: Final = object()
"""What an effect's handler returns when its result comes later."""


class Pending:
    """Something that a saga waits for."""

    __slots__ = ()

    def cancel(self) -> bool:
        """Wait no more. False: not over yet; the holder will be told of the end with `SagaCancelled`."""
        return True


class Holder:
    """Who waits for an effect: the body of a task, or an entry of a race."""

    __slots__ = ("pending",)

    pending: Pending | None

    @property
    def owner(self) -> "Task[Any]":
        """The task to which it belongs."""
        raise TypeError(f"{type(self).__name__} belongs to no task")

    def succeed(self, value: Any) -> None:
        """The effect has this result."""

    def fail(self, error: BaseException) -> None:
        """The effect raises this error."""

    def effect_path(self) -> str:
        """Path of the effect under way."""
        return ""


class Task(Holder, Generic[_T]):
    """Made by `fx.fork`, `fx.spawn`, `fx.take_every`, `fx.take_latest` and `Runner.run`."""

    # Defaults in the class, not in __init__: a task is made for each action that take_every takes.
    coro: Coroutine[Any, Any, _T] | None = None
    """The body; None when it has ended, and in a task that only starts others."""
    pending: Pending | None = None
    wake: tuple[Any, BaseException | None] | None = None
    """What the body is about to go on with."""
    entry: "Holder | None" = None
    """The entry of a race or `all` that this task runs for."""
    stepping = False
    interrupt = False
    """Cancelled while its body was running; noticed at the end of the effect."""
    body_done = False
    ended = False
    stopping = False
    """Its body and children are being cancelled, because somebody cancelled it or because it fails."""
    cancelled = False
    failure: BaseException | None = None
    origin: "tuple[str, ...]" = ()
    """Saga stack of the task in which the failure arose."""
    doom: BaseException | None = None
    """The error that every further effect raises."""
    refusals = 0
    value: Any = None
    forks = 0
    effects = 0
    joiners: "tuple[Holder, ...]" = ()
    owned: tuple[RequestId, ...] = ()
    channels: "tuple[Channel[Any], ...]" = ()
    _base: _Base = _NO_BASE
    """Path and saga stack of who made a task that has no parent."""
    native: Pending | None = None
    """Taker of a task without a body."""
    on_child_end: Callable[[], None] | None = None

    def __init__(
        self,
        tree: "Tree",
        name: str,
        parent: "Task[Any] | None",
        index: int,
        base: _Base = _NO_BASE,
    ) -> None:
        self.tree = tree
        self.name = name
        self.parent = parent
        self._index = index
        if base is not _NO_BASE:
            self._base = base
        self.children: dict[Task[Any], None] = {}

    @property
    def owner(self) -> "Task[Any]":
        """The task itself."""
        return self

    @property
    def path(self) -> str:
        """Which fork of which: `root/3.0` is the first fork of the fourth saga that the runner runs."""
        if self.parent is not None:
            return f"{self.parent.path}.{self._index}"
        return self._base[0]

    @property
    def stack(self) -> tuple[str, ...]:
        """Who forked whom: this task first, a task of the runner last."""
        here = f"{self.name} ({self.path})"
        return (here, *(self._base[1] if self.parent is None else self.parent.stack))

    def result(self) -> _T:
        """What the saga returned. Raises what it died of, `SagaCancelled`, or `RuntimeError` when it still runs."""
        if not self.ended:
            raise RuntimeError(f"{self!r} has not ended")
        if self.failure is not None:
            raise self.failure
        if self.cancelled:
            raise SagaCancelled
        value: _T = self.value
        return value

    @property
    def status(self) -> str:
        """`running`, `stopping`, `done`, `cancelled` or `failed`."""
        if not self.ended:
            return "stopping" if self.stopping else "running"
        if self.failure is not None:
            return "failed"
        return "cancelled" if self.cancelled else "done"

    def __repr__(self) -> str:
        return f"<task {self.name} {self.path} {self.status}>"

    def succeed(self, value: Any) -> None:
        """Go on with a result, as soon as the step under way is over."""
        self.pending = None
        self.wake = (value, None)
        self.tree.ready.append(self)

    def fail(self, error: BaseException) -> None:
        """Go on with an error."""
        self.pending = None
        self.wake = (None, error)
        self.tree.ready.append(self)

    def effect_path(self) -> str:
        """Path of the effect under way."""
        return f"{self.path}/{self.effects - 1}"

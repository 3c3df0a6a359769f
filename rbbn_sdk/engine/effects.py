"""Effects: plain frozen data that a saga awaits and the runner carries out. Made by `fx`."""

from collections.abc import Callable, Coroutine, Generator
from typing import Any, Generic, TypeVar

from msgspec import Struct

from rbbn_sdk.engine.action import Action
from rbbn_sdk.engine.request import Request
from rbbn_sdk.engine.takers import Pattern

T = TypeVar("T")

SagaFunction = Callable[..., Coroutine[Any, Any, T]]


class Effect(Struct, Generic[T], frozen=True):
    """Something for the runner to do; awaiting it gives a `T`."""

    def __await__(self) -> Generator[Any, Any, T]:
        """Hand the effect to the runner and wait for its result."""
        result: T = yield self
        return result


Entry = Effect[T] | Coroutine[Any, Any, T]
"""What `race` and `all` take: an effect, or a coroutine of a saga."""


class Take(Effect[T], Generic[T], frozen=True):
    """The next action of a pattern."""

    pattern: Pattern


class PutEffect(Effect[T], Generic[T], frozen=True):
    """An action for the store."""

    action: Action


class Call(Effect[T], Generic[T], frozen=True):
    """A method of a port."""

    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


class Select(Effect[T], Generic[T], frozen=True):
    """What a selector says of the state."""

    selector: Callable[..., Any]
    args: tuple[Any, ...]


class Fork(Effect[T], Generic[T], frozen=True):
    """A child task."""

    saga: SagaFunction[Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    attached: bool


class Join(Effect[T], Generic[T], frozen=True):
    """The result of another task."""

    task: Any


class Cancel(Effect[T], Generic[T], frozen=True):
    """The end of another task."""

    task: Any


class Race(Effect[T], Generic[T], frozen=True):
    """The first of several."""

    entries: tuple[Any, ...]


class All(Effect[T], Generic[T], frozen=True):
    """Several at a time."""

    entries: tuple[Any, ...]


class Delay(Effect[T], Generic[T], frozen=True):
    """Some time."""

    seconds: float


class Cancelled(Effect[T], Generic[T], frozen=True):
    """Whether this task is being cancelled."""


class TakeEvery(Effect[T], Generic[T], frozen=True):
    """A task that starts a saga for each action of a pattern."""

    pattern: Pattern
    saga: SagaFunction[Any]


class TakeLatest(Effect[T], Generic[T], frozen=True):
    """The same, but only the latest saga may live."""

    pattern: Pattern
    saga: SagaFunction[Any]


class Buffer(Struct, frozen=True):
    """How much a channel keeps, and what it does when it is full."""

    size: int = 1000
    overflow: str = "drop_oldest"


class MakeChannel(Effect[T], Generic[T], frozen=True):
    """A queue of the actions of a pattern."""

    pattern: Pattern
    buffer: Buffer


class TakeFrom(Effect[T], Generic[T], frozen=True):
    """The next action of a channel."""

    channel: Any


class Serve(Effect[T], Generic[T], frozen=True):
    """This task answers for a request."""

    request: Request


class Log(Effect[T], Generic[T], frozen=True):
    """A line for the log."""

    line: "LogLine"


class LogLine(Struct, frozen=True):
    """One line for the log."""

    level: str
    target: str
    """Documented type of the logger, such as `CALL`; `ENGINE` for lines of the engine's own."""
    message: str
    more: tuple[object, ...] = ()
    id: str = ""
    """Which call or the like."""

"""Effects: plain frozen data that a saga awaits and the runner carries out. Made by `fx`."""

from collections.abc import Callable, Coroutine, Generator
from inspect import currentframe
from sys import exception
from typing import Any, Generic, TypeVar

from msgspec import Struct

from rbbn_sdk.engine.abandoned import leave_if_abandoned
from rbbn_sdk.engine.action import Action
from rbbn_sdk.engine.request import Request
from rbbn_sdk.engine.takers import Pattern

T_co = TypeVar("T_co", covariant=True)

SagaFunction = Callable[..., Coroutine[Any, Any, T_co]]


class Effect(Struct, Generic[T_co], frozen=True):
    """Something for the runner to do; awaiting it gives its result."""

    def __await__(self) -> Generator[Any, Any, T_co]:
        """Hand the effect to the runner and wait for its result."""
        if exception() is not None:
            leave_if_abandoned(currentframe())
        result: T_co = yield self
        return result


Entry = Effect[T_co] | Coroutine[Any, Any, T_co]
"""What `race` and `all` take: an effect, or a coroutine of a saga."""


class Take(Effect[T_co], Generic[T_co], frozen=True):
    """The next action of a pattern."""

    pattern: Pattern


class PutEffect(Effect[T_co], Generic[T_co], frozen=True):
    """An action for the store."""

    action: Action


class Call(Effect[T_co], Generic[T_co], frozen=True):
    """A method of a port."""

    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


class Select(Effect[T_co], Generic[T_co], frozen=True):
    """What a selector says of the state."""

    selector: Callable[..., Any]
    args: tuple[Any, ...]


class Fork(Effect[T_co], Generic[T_co], frozen=True):
    """A child task."""

    saga: SagaFunction[Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    attached: bool


class Join(Effect[T_co], Generic[T_co], frozen=True):
    """The result of another task."""

    task: Any


class Cancel(Effect[T_co], Generic[T_co], frozen=True):
    """The end of another task."""

    task: Any


class Race(Effect[T_co], Generic[T_co], frozen=True):
    """The first of several."""

    entries: tuple[Any, ...]


class All(Effect[T_co], Generic[T_co], frozen=True):
    """Several at a time."""

    entries: tuple[Any, ...]


class Delay(Effect[T_co], Generic[T_co], frozen=True):
    """Some time."""

    seconds: float


class Cancelled(Effect[T_co], Generic[T_co], frozen=True):
    """Whether this task is being cancelled."""


class TakeEvery(Effect[T_co], Generic[T_co], frozen=True):
    """A task that starts a saga for each action of a pattern."""

    pattern: Pattern
    saga: SagaFunction[Any]


class TakeLatest(Effect[T_co], Generic[T_co], frozen=True):
    """The same, but only the latest saga may live."""

    pattern: Pattern
    saga: SagaFunction[Any]


class Buffer(Struct, frozen=True):
    """How much a channel keeps, and what it does when it is full."""

    size: int = 1000
    overflow: str = "drop_oldest"


class MakeChannel(Effect[T_co], Generic[T_co], frozen=True):
    """A queue of the actions of a pattern."""

    pattern: Pattern
    buffer: Buffer


class TakeFrom(Effect[T_co], Generic[T_co], frozen=True):
    """The next action of a channel."""

    channel: Any


class Serve(Effect[T_co], Generic[T_co], frozen=True):
    """This task answers for a request."""

    request: Request


class Log(Effect[T_co], Generic[T_co], frozen=True):
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

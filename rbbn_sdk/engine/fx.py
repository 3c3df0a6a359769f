# ruff: noqa: A001 -- `all` is redux-saga's name; it is always written fx.all
"""The effects a saga awaits: `await fx.take(CallAnswered, call_id=call_id)`.

Names and meanings are redux-saga's, except that `fx.call` is for ports only (await another saga directly), and that
`fork` and `spawn` take a function and its arguments.
"""

from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any, Concatenate, Literal, ParamSpec, TypeVar, overload

from rbbn_sdk.engine import effects
from rbbn_sdk.engine.action import Action
from rbbn_sdk.engine.channel import Channel
from rbbn_sdk.engine.effects import Buffer, Effect, Entry, LogLine
from rbbn_sdk.engine.request import Request
from rbbn_sdk.engine.takers import Pattern
from rbbn_sdk.engine.task import Task
from rbbn_sdk.types import port_method_name

__all__ = [
    "all",
    "buffer",
    "call",
    "cancel",
    "cancelled",
    "channel",
    "delay",
    "fork",
    "join",
    "log",
    "put",
    "race",
    "select",
    "serve",
    "spawn",
    "take",
    "take_every",
    "take_from",
    "take_latest",
]

_P = ParamSpec("_P")
_T = TypeVar("_T")
_S = TypeVar("_S")
_A = TypeVar("_A", bound=Action)
_B = TypeVar("_B", bound=Action)
_C = TypeVar("_C", bound=Action)
_D = TypeVar("_D", bound=Action)
_E = TypeVar("_E", bound=Action)
_T1 = TypeVar("_T1")
_T2 = TypeVar("_T2")
_T3 = TypeVar("_T3")
_T4 = TypeVar("_T4")
_T5 = TypeVar("_T5")

_Saga = Coroutine[Any, Any, _T]


@overload
def take(a: type[_A], /, **fields: object) -> Effect[_A]: ...
@overload
def take(a: type[_A], b: type[_B], /, **fields: object) -> Effect[_A | _B]: ...
@overload
def take(a: type[_A], b: type[_B], c: type[_C], /, **fields: object) -> Effect[_A | _B | _C]: ...
@overload
def take(a: type[_A], b: type[_B], c: type[_C], d: type[_D], /, **fields: object) -> Effect[_A | _B | _C | _D]: ...
@overload
def take(
    a: type[_A], b: type[_B], c: type[_C], d: type[_D], e: type[_E], /, **fields: object
) -> Effect[_A | _B | _C | _D | _E]: ...
@overload
def take(*classes: type[Action], **fields: object) -> Effect[Action]: ...
def take(*classes: type[Action], **fields: object) -> Effect[Any]:
    """Wait for the next action of one of the classes; `take(Action)` is any action.

    A keyword is a field that must equal the value: `fx.take(CallEnded, call_id=call_id)`.
    """
    return effects.Take(Pattern(classes, fields))


def put(action: _A) -> Effect[_A | None]:
    """Dispatch an action once the one being delivered has reached all its takers.

    Gives the action that was reduced and delivered, or None when a filter dropped it.
    """
    return effects.PutEffect(action)


@overload
def call(
    method: Callable[Concatenate[Any, _P], Awaitable[_T]], /, *args: _P.args, **kwargs: _P.kwargs
) -> Effect[_T]: ...
@overload
def call(method: Callable[Concatenate[Any, _P], _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Effect[_T]: ...
def call(method: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Effect[Any]:
    """Run a port's method: `await fx.call(Rest.renew, context)`. Raises what the method raises.

    It is started in the scheduler's next turn, and cancelled with the saga.
    """
    return effects.Call(port_method_name(method), args, kwargs)


def select(selector: Callable[Concatenate[Any, _P], _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Effect[_T]:
    """What a selector says of the state now."""
    return effects.Select(partial(selector, **kwargs) if kwargs else selector, args)


def fork(saga: Callable[_P, _Saga[_T]], /, *args: _P.args, **kwargs: _P.kwargs) -> Effect[Task[_T]]:
    """Start a child, up to its first wait, before going on.

    This task ends only when the child has, and the child is cancelled with it. When the child fails, its siblings and
    this task's body are cancelled and this task fails.
    """
    return effects.Fork(saga, args, kwargs, attached=True)


def spawn(saga: Callable[_P, _Saga[_T]], /, *args: _P.args, **kwargs: _P.kwargs) -> Effect[Task[_T]]:
    """Start a task of its own: it outlives this one, and its failure is reported and harms nobody."""
    return effects.Fork(saga, args, kwargs, attached=False)


def join(task: Task[_T]) -> Effect[_T]:
    """Wait for the end of a task and give its result.

    Raises what the task died of. If the task is cancelled, so is the one that joins.
    """
    return effects.Join(task)


def cancel(task: Task[Any]) -> Effect[None]:
    """Cancel a task: `SagaCancelled` is raised at its innermost effect, and in its children.

    Does not wait for cleanup that waits; `join` does. A second cancel changes nothing.
    """
    return effects.Cancel(task)


@overload
def race(a: Entry[_T1], /) -> Effect[tuple[_T1 | None]]: ...
@overload
def race(a: Entry[_T1], b: Entry[_T2], /) -> Effect[tuple[_T1 | None, _T2 | None]]: ...
@overload
def race(a: Entry[_T1], b: Entry[_T2], c: Entry[_T3], /) -> Effect[tuple[_T1 | None, _T2 | None, _T3 | None]]: ...
@overload
def race(
    a: Entry[_T1], b: Entry[_T2], c: Entry[_T3], d: Entry[_T4], /
) -> Effect[tuple[_T1 | None, _T2 | None, _T3 | None, _T4 | None]]: ...
@overload
def race(
    a: Entry[_T1], b: Entry[_T2], c: Entry[_T3], d: Entry[_T4], e: Entry[_T5], /
) -> Effect[tuple[_T1 | None, _T2 | None, _T3 | None, _T4 | None, _T5 | None]]: ...
@overload
def race(*entries: Entry[_T]) -> Effect[tuple[_T | None, ...]]: ...
def race(*entries: Entry[Any]) -> Effect[Any]:
    """Wait for the first of several effects or sagas; the others are cancelled and have ended when it goes on.

    Gives a tuple with the winner's result in its place and None in the others.
    """
    return effects.Race(entries)


@overload
def all(a: Entry[_T1], /) -> Effect[tuple[_T1]]: ...
@overload
def all(a: Entry[_T1], b: Entry[_T2], /) -> Effect[tuple[_T1, _T2]]: ...
@overload
def all(a: Entry[_T1], b: Entry[_T2], c: Entry[_T3], /) -> Effect[tuple[_T1, _T2, _T3]]: ...
@overload
def all(a: Entry[_T1], b: Entry[_T2], c: Entry[_T3], d: Entry[_T4], /) -> Effect[tuple[_T1, _T2, _T3, _T4]]: ...
@overload
def all(
    a: Entry[_T1], b: Entry[_T2], c: Entry[_T3], d: Entry[_T4], e: Entry[_T5], /
) -> Effect[tuple[_T1, _T2, _T3, _T4, _T5]]: ...
@overload
def all(*entries: Entry[_T]) -> Effect[tuple[_T, ...]]: ...
def all(*entries: Entry[Any]) -> Effect[Any]:
    """Wait for all of several effects or sagas; when one fails, the others are cancelled and its error is raised."""
    return effects.All(entries)


def delay(seconds: float) -> Effect[None]:
    """Wait some time."""
    return effects.Delay(seconds)


def cancelled() -> Effect[bool]:
    """Whether this task is being cancelled; for `finally` blocks."""
    return effects.Cancelled()


@overload
def take_every(saga: Callable[[_A], _Saga[Any]], a: type[_A], /, **fields: object) -> Effect[Task[None]]: ...
@overload
def take_every(
    saga: Callable[[_A | _B], _Saga[Any]], a: type[_A], b: type[_B], /, **fields: object
) -> Effect[Task[None]]: ...
@overload
def take_every(
    saga: Callable[[_A | _B | _C], _Saga[Any]], a: type[_A], b: type[_B], c: type[_C], /, **fields: object
) -> Effect[Task[None]]: ...
@overload
def take_every(
    saga: Callable[[Any], _Saga[Any]],
    a: type[Action],
    b: type[Action],
    c: type[Action],
    d: type[Action],
    /,
    *more: type[Action],
    **fields: object,
) -> Effect[Task[None]]: ...
def take_every(saga: Callable[[Any], _Saga[Any]], /, *classes: type[Action], **fields: object) -> Effect[Any]:
    """Fork a task that runs `saga(action)` for each action of the classes, many at a time.

    The saga owns the request it was started for: if it ends without the fact that ends it, the request fails.
    """
    return effects.TakeEvery(Pattern(classes, fields), saga)


@overload
def take_latest(saga: Callable[[_A], _Saga[Any]], a: type[_A], /, **fields: object) -> Effect[Task[None]]: ...
@overload
def take_latest(
    saga: Callable[[_A | _B], _Saga[Any]], a: type[_A], b: type[_B], /, **fields: object
) -> Effect[Task[None]]: ...
@overload
def take_latest(
    saga: Callable[[_A | _B | _C], _Saga[Any]], a: type[_A], b: type[_B], c: type[_C], /, **fields: object
) -> Effect[Task[None]]: ...
@overload
def take_latest(
    saga: Callable[[Any], _Saga[Any]],
    a: type[Action],
    b: type[Action],
    c: type[Action],
    d: type[Action],
    /,
    *more: type[Action],
    **fields: object,
) -> Effect[Task[None]]: ...
def take_latest(saga: Callable[[Any], _Saga[Any]], /, *classes: type[Action], **fields: object) -> Effect[Any]:
    """Like `take_every`, but a new action first cancels the saga of the one before.

    At most one is alive: the new one starts when the cleanup of the old one has ended.
    """
    return effects.TakeLatest(Pattern(classes, fields), saga)


def buffer(size: int, *, overflow: Literal["drop_oldest", "drop_newest", "fail"] = "drop_oldest") -> Buffer:
    """How many actions a channel keeps. What is dropped is logged; `fail` drops nothing before it fails."""
    if size < 1:
        raise ValueError(f"a buffer of {size} actions cannot keep any; give a size of at least 1")
    return Buffer(size, overflow)


@overload
def channel(a: type[_A], /, *, buffer: Buffer = ..., **fields: object) -> Effect[Channel[_A]]: ...
@overload
def channel(a: type[_A], b: type[_B], /, *, buffer: Buffer = ..., **fields: object) -> Effect[Channel[_A | _B]]: ...
@overload
def channel(
    a: type[_A], b: type[_B], c: type[_C], /, *, buffer: Buffer = ..., **fields: object
) -> Effect[Channel[_A | _B | _C]]: ...
@overload
def channel(*classes: type[Action], buffer: Buffer = ..., **fields: object) -> Effect[Channel[Action]]: ...
def channel(*classes: type[Action], buffer: Buffer = Buffer(), **fields: object) -> Effect[Any]:  # noqa: B008 -- frozen
    """A queue of the actions of the classes from now on, until this task ends. Read it with `take_from`."""
    return effects.MakeChannel(Pattern(classes, fields), buffer)


def take_from(channel: Channel[_S]) -> Effect[_S]:
    """The channel's next action, in order."""
    return effects.TakeFrom(channel)


def serve(request: Request) -> Effect[bool]:
    """From now on this task owns a request that it took by hand. False: the request has ended already."""
    return effects.Serve(request)


def log(level: str, target: str, message: str, /, *more: object, id: str = "") -> Effect[None]:  # noqa: A002 -- documented word
    """Write a line to the client's log; quiet in a replay."""
    return effects.Log(LogLine(level, target, message, more, id))

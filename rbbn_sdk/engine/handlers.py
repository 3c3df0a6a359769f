"""What the runner does for each effect: a table of small functions.

Each gives the effect's result, or `PENDING` after noting in the holder what it waits for, or raises what the saga is
to be told.
"""

from types import FunctionType
from typing import TYPE_CHECKING, Any

from rbbn_sdk.engine import effects
from rbbn_sdk.engine.channel import Channel
from rbbn_sdk.engine.groups import Group
from rbbn_sdk.engine.journal import DELAY
from rbbn_sdk.engine.native import EveryTaker, LatestTaker
from rbbn_sdk.engine.scheduler import PortCall
from rbbn_sdk.engine.task import PENDING, Holder, Task
from rbbn_sdk.engine.tree import Handler, coroutine_of, name_of
from rbbn_sdk.engine.waits import Joining, Outside, Putting, Taking

if TYPE_CHECKING:
    from rbbn_sdk.engine.runner import Runner


def _take(runner: "Runner", holder: Holder, effect: effects.Take[Any]) -> Any:
    taking = Taking(runner, holder, effect.pattern)
    holder.pending = taking
    runner.add_taker(taking)
    return PENDING


def _put(runner: "Runner", holder: Holder, effect: effects.PutEffect[Any]) -> Any:
    putting = Putting(holder, effect.action, holder.effect_path(), runner.cause)
    holder.pending = putting
    runner.put_later(putting)
    return PENDING


def _call(runner: "Runner", holder: Holder, effect: effects.Call[Any]) -> Any:
    function = runner.resolve(effect.name)
    path = holder.effect_path()
    args = (*effect.args, effect.kwargs) if effect.kwargs else effect.args
    outside = Outside(holder, path, effect.name, args)
    call = PortCall(path=path, name=effect.name, function=function, args=effect.args, kwargs=effect.kwargs)
    holder.pending = outside
    outside.begin(lambda: runner.scheduler.start(call, runner.end_of(outside)))
    return PENDING


def _delay(runner: "Runner", holder: Holder, effect: effects.Delay[Any]) -> Any:
    seconds = effect.seconds
    if not seconds >= 0:
        raise ValueError(f"cannot wait {seconds} s; give a number of seconds that is not negative")
    outside = Outside(holder, holder.effect_path(), DELAY, (seconds,))
    holder.pending = outside
    outside.begin(lambda: runner.scheduler.delay(outside.path, seconds, runner.end_of(outside)))
    return PENDING


def _select(runner: "Runner", _holder: Holder, effect: effects.Select[Any]) -> Any:
    return runner.core.select(effect.selector, effect.args)


def _fork(runner: "Runner", holder: Holder, effect: effects.Fork[Any]) -> Any:
    tree = runner.tree
    coro = coroutine_of(effect.saga, effect.args, effect.kwargs)
    name = name_of(effect.saga)
    task = tree.child(holder.owner, coro, name) if effect.attached else tree.root(coro, name, holder.owner)
    tree.step(task)
    return task


def _join(runner: "Runner", holder: Holder, effect: effects.Join[Any]) -> Any:
    target: Task[Any] = effect.task
    if target is holder.owner:
        raise ValueError(f"{target!r} cannot join itself")
    if not target.ended:
        holder.pending = Joining(holder, target)
        return PENDING
    if target.failure is None and target.cancelled:
        runner.tree.cancel(holder.owner)
        return None
    return target.result()


def _cancel(runner: "Runner", _holder: Holder, effect: effects.Cancel[Any]) -> None:
    runner.tree.cancel(effect.task)


def _race(runner: "Runner", holder: Holder, effect: effects.Race[Any]) -> Any:
    if not effect.entries:
        raise ValueError("a race of nobody never ends; give at least one entry")
    return Group(runner, holder, first=True).start(effect.entries, start_effect)


def _all(runner: "Runner", holder: Holder, effect: effects.All[Any]) -> Any:
    return Group(runner, holder, first=False).start(effect.entries, start_effect)


def _cancelled(_runner: "Runner", holder: Holder, _effect: effects.Cancelled[Any]) -> bool:
    return holder.owner.stopping


def _take_every(runner: "Runner", holder: Holder, effect: effects.TakeEvery[Any]) -> Any:
    task = runner.tree.child(holder.owner, None, f"take_every({name_of(effect.saga)})")
    task.native = taker = EveryTaker(runner, effect.pattern, effect.saga, task)
    runner.add_taker(taker)
    return task


def _take_latest(runner: "Runner", holder: Holder, effect: effects.TakeLatest[Any]) -> Any:
    task = runner.tree.child(holder.owner, None, f"take_latest({name_of(effect.saga)})")
    task.native = taker = LatestTaker(runner, effect.pattern, effect.saga, task)
    task.on_child_end = taker.child_ended
    runner.add_taker(taker)
    return task


def _channel(runner: "Runner", holder: Holder, effect: effects.MakeChannel[Any]) -> Any:
    channel: Channel[Any] = Channel(runner, effect.pattern, effect.buffer)
    holder.owner.channels += (channel,)
    runner.add_taker(channel)
    return channel


def _take_from(_runner: "Runner", holder: Holder, effect: effects.TakeFrom[Any]) -> Any:
    return effect.channel.take(holder)


def _serve(runner: "Runner", holder: Holder, effect: effects.Serve[Any]) -> bool:
    return runner.own(holder.owner, effect.request)


def _log(runner: "Runner", _holder: Holder, effect: effects.Log[Any]) -> None:
    runner.write(effect.line)


HANDLERS: dict[type, Handler] = {
    effects.Take: _take,
    effects.PutEffect: _put,
    effects.Call: _call,
    effects.Delay: _delay,
    effects.Select: _select,
    effects.Fork: _fork,
    effects.Join: _join,
    effects.Cancel: _cancel,
    effects.Race: _race,
    effects.All: _all,
    effects.Cancelled: _cancelled,
    effects.TakeEvery: _take_every,
    effects.TakeLatest: _take_latest,
    effects.MakeChannel: _channel,
    effects.TakeFrom: _take_from,
    effects.Serve: _serve,
    effects.Log: _log,
}


def start_effect(runner: "Runner", holder: Holder, what: Any) -> Any:
    """Start an entry of a race or `all` that is no coroutine."""
    handler = HANDLERS.get(what.__class__)
    if handler is None:
        kind = "a saga function; call it" if isinstance(what, FunctionType) else "no effect or saga"
        raise TypeError(f"{what!r} cannot be raced or awaited with others: it is {kind}")
    return handler(runner, holder, what)

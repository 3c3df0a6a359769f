"""A to-do list on the SDK's store alone: no telephony, no gateway.

Reads titles from the command line, saves them in a file that takes its time, and prints what happens:

    python examples/todo_store.py milk bread
"""

import asyncio
import sys
from collections.abc import Iterator
from typing import ClassVar, Protocol

from attrs import frozen
from pyrsistent import PMap, pmap

from rbbn_sdk.engine import (
    Action,
    Derivations,
    Fact,
    Request,
    RequestId,
    Runner,
    Slice,
    State,
    Store,
    create_selector,
    evolve,
    fx,
    port,
)
from rbbn_sdk.engine.aio import AioScheduler, destroy, settled

# -- actions: what is asked for, and what happened


@frozen(kw_only=True, weakref_slot=False)
class TodoAdded(Action):
    TYPE: ClassVar[str] = "todo/ADDED"
    id: int
    title: str


@frozen(kw_only=True, weakref_slot=False)
class TodoDone(Action):
    TYPE: ClassVar[str] = "todo/DONE"
    id: int


@frozen(kw_only=True, weakref_slot=False)
class Saved(Fact):
    TYPE: ClassVar[str] = "todo/SAVED"
    lines: int = 0


@frozen(kw_only=True, weakref_slot=False)
class Save(Request):
    TYPE: ClassVar[str] = "todo/SAVE"
    ENDED_BY: ClassVar[tuple[type[Fact], ...]] = (Saved,)


# -- state


@frozen(kw_only=True, weakref_slot=False)
class Todo:
    id: int
    title: str
    done: bool = False


@frozen(kw_only=True, weakref_slot=False)
class Todos:
    by_id: PMap[int, Todo] = pmap()


todos = Slice("todos", Todos())


@todos.on(TodoAdded)
def _added(state: Todos, action: TodoAdded) -> Todos:
    if action.id in state.by_id:
        return state
    return evolve(state, by_id=state.by_id.set(action.id, Todo(id=action.id, title=action.title)))


@todos.on(TodoDone)
def _done(state: Todos, action: TodoDone) -> Todos:
    todo = state.by_id.get(action.id)
    if todo is None or todo.done:
        return state
    return evolve(state, by_id=state.by_id.set(action.id, evolve(todo, done=True)))


# -- selectors


def _by_id(state: State) -> PMap[int, Todo]:
    return todos(state).by_id


def _open(by_id: PMap[int, Todo]) -> tuple[str, ...]:
    return tuple(by_id[number].title for number in sorted(by_id) if not by_id[number].done)


open_titles = create_selector(_by_id, _open)


# -- events: a change, made of two states


@frozen(kw_only=True, weakref_slot=False)
class TodoFinished:
    title: str


derivations = Derivations()


@derivations.on(TodoDone)
def _finished(action: TodoDone, before: State, after: State) -> Iterator[TodoFinished]:
    was, now = todos(before).by_id.get(action.id), todos(after).by_id.get(action.id)
    if was is not now and now is not None:
        yield TodoFinished(title=now.title)


# -- a port, and the saga that uses it


@port("file")
class File(Protocol):
    async def write(self, text: str) -> int: ...


class SlowFile:
    """An adapter that keeps the text in memory."""

    def __init__(self) -> None:
        self.text = ""

    async def write(self, text: str) -> int:
        await asyncio.sleep(0.01)
        self.text = text
        return len(text.splitlines())


async def save(request: Save) -> None:
    titles = await fx.select(open_titles)
    lines = await fx.call(File.write, "\n".join(titles))
    await fx.put(Saved(request_id=request.request_id, lines=lines))


async def watch() -> None:
    await fx.take_latest(save, Save)


async def main(titles: list[str]) -> None:
    file, scheduler = SlowFile(), AioScheduler()
    store = Store([todos], derivations=[derivations], emit=lambda event: print("event:", event))
    runner = Runner(store, scheduler=scheduler, ports={"file": file})
    runner.run(watch)
    store.subscribe(open_titles, lambda open_now: print("open:", ", ".join(open_now) or "nothing"))

    for number, title in enumerate(titles):
        store.dispatch(TodoAdded(id=number, title=title))
    store.dispatch(TodoDone(id=0))
    fact = await settled(store.request(Save(request_id=RequestId("save-1"))))
    print("saved:", fact.lines if isinstance(fact, Saved) else fact)
    await destroy(runner, scheduler)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:] or ["milk", "bread", "tea"]))

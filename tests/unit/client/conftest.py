"""Clients without a gateway: what they do alone, and with an application's own part in their store."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Any, ClassVar

import pytest
import pytest_asyncio
from attrs import frozen

import rbbn_sdk
from rbbn_sdk.engine import Action, Derivations, Fact, Request, Slice
from rbbn_sdk.events import Event

CONFIG: dict[str, Any] = {
    "authentication": {"server": {"base": "127.0.0.1", "port": 9, "protocol": "http"}},
    "subscription": {"websocket": {"server": "127.0.0.1", "port": 9, "protocol": "ws"}},
}


@frozen(kw_only=True, weakref_slot=False)
class Rang(Action):
    """Something of the application's own happened."""

    TYPE: ClassVar[str] = "test/RANG"

    number: int = 0


@frozen(kw_only=True, weakref_slot=False)
class Ring(Event):
    """The event of it."""

    TYPE: ClassVar[str] = "test:ring"

    number: int


@frozen(kw_only=True, weakref_slot=False)
class Served(Fact):
    TYPE: ClassVar[str] = "test/SERVED"

    value: int = 0


@frozen(kw_only=True, weakref_slot=False)
class Serve(Request):
    TYPE: ClassVar[str] = "test/SERVE"
    ENDED_BY: ClassVar[tuple[type[Fact], ...]] = (Served,)


rings = Slice("rings", 0)


@rings.on(Rang)
def _rang(state: int, _action: Rang) -> int:
    return state + 1


derivations = Derivations()


@derivations.on(Rang)
def _ring(action: Rang, _before: object, _after: object) -> Iterable[Event]:
    yield Ring(number=action.number)


class Bench:
    """A client whose event `test:ring` can be made to come."""

    def __init__(self, *extensions: rbbn_sdk.Extension, **config: Any) -> None:
        self.entries: list[Any] = []
        logs = {"logLevel": "info", "handler": self.entries.append}
        own = rbbn_sdk.Extension(slices=(rings,), derivations=(derivations,))
        self.client = rbbn_sdk.create({**CONFIG, "logs": logs, **config}, extensions=[own, *extensions])

    def ring(self, *numbers: int) -> None:
        for number in numbers or (0,):
            self.client.store.dispatch(Rang(number=number))

    @property
    def rings(self) -> int:
        return rings(self.client.store.state)

    def texts(self, level: str) -> list[str]:
        return [entry.messages[0] for entry in self.entries if entry.level == level.upper()]


@pytest_asyncio.fixture
async def bench() -> AsyncIterator[Bench]:
    """It is destroyed afterwards, if the test did not do it."""
    made = Bench()
    async with made.client:
        yield made


@pytest.fixture
def make_bench() -> Callable[..., Bench]:
    """Makes clients with extensions and configuration: `make_bench(Extension(...), call={...})`."""
    return Bench


@pytest.fixture
def until() -> Callable[[Callable[[], object]], Awaitable[None]]:
    """Lets the loop turn until something is true: `await until(lambda: ...)`."""

    async def wait(condition: Callable[[], object]) -> None:
        async with asyncio.timeout(30):
            while not condition():  # noqa: ASYNC110 -- what is waited for is no event
                await asyncio.sleep(0)

    return wait


@pytest.fixture
def words() -> Any:
    """The actions, the event and the slice of the bench."""

    class Words:
        rang, ring, serve, served, slice = Rang, Ring, Serve, Served, rings

    return Words

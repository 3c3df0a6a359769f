"""Clients that tell their events with what the state said at each, and that may not lose a saga."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio

LIMIT = 30.0


class Watched:
    """A client and all it told."""

    def __init__(self, client: Any, gateway: Any, username: str) -> None:
        self.client = client
        self.gateway = gateway
        self.username = username
        self.events: list[str] = []
        self.told: list[Any] = []
        self._came = asyncio.Event()
        client.subscribe(self._note)

    def _note(self, _name: str, arguments: list[Any]) -> None:
        (event,) = arguments
        detail = event.get("reason") or getattr(event.get("error"), "code", None)
        subscriptions = self.client.services.get_subscriptions()
        connected = self.client.connection.get_socket_state().connected
        flags = [flag for flag, is_on in (("P", subscriptions.is_pending), ("C", connected)) if is_on]
        name = event.TYPE + (f"({detail})" if detail is not None else "")
        self.events.append(" ".join([name, *flags, *filter(None, [",".join(subscriptions.subscribed)])]))
        self.told.append(event)
        self._came.set()

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait for events until a condition holds."""
        async with asyncio.timeout(LIMIT):
            while not condition():
                self._came.clear()
                await self._came.wait()

    async def until_event(self, text: str) -> None:
        """Wait until an event with this text has come since the last `forget`."""
        await self.until(lambda: text in self.events)

    def forget(self) -> None:
        self.events.clear()
        self.told.clear()

    def log_in(self, kind: str = "password") -> None:
        self.client.set_credentials(self.gateway.credentials_for(self.username, kind))

    async def failure_of(self, operation: Awaitable[Any]) -> Any:
        """The error of an operation that has to fail."""
        from rbbn_sdk.errors import RbbnError

        with pytest.raises(RbbnError) as caught:
            await asyncio.wait_for(operation, LIMIT)
        return caught.value

    def push_raw(self, *frames: str) -> None:
        """Frames as they are, past everything that the gateway would check."""
        for subscription in self.gateway._running.subscriptions.of_user(self.username):
            for frame in frames:
                subscription.channel.push(frame)

    def requests(self, method: str) -> list[Any]:
        return [one for one in self.gateway.requests if one.method == method]


@pytest_asyncio.fixture
async def watch(make_client: Any, gateway: Any) -> AsyncIterator[Callable[..., Awaitable[Watched]]]:
    """Makes watched clients, logged in and not subscribed: `alice = await watch("alice", connectivity={...})`."""
    problems: list[str] = []

    def handler(entry: Any) -> None:
        if entry["target"]["type"] == "ENGINE":
            problems.append(f"{entry['messages']}")

    async def make(name: str = "alice", *, on: Any = None, **config: Any) -> Watched:
        logs = {"logLevel": "error", "handler": handler}
        client = await make_client(on or gateway, name, services=None, logs=logs, **config)
        return Watched(client, on or gateway, f"{name}@example.com")

    yield make
    assert problems == []


@pytest_asyncio.fixture
async def alice(watch: Any) -> Watched:
    """Logged in, not subscribed."""
    return await watch("alice")


@pytest_asyncio.fixture
async def subscribed(alice: Watched) -> Watched:
    """Subscribed to `call` and `IM`, the events of that forgotten."""
    await alice.client.services.subscribe(["call", "IM"])
    alice.forget()
    return alice

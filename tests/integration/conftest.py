"""What integration tests share: a real gateway, real clients on it, and a check that nothing is left.

Everything runs over real sockets on 127.0.0.1, media included.
"""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

import rbbn_sdk

if TYPE_CHECKING:  # loaded by the fixtures that need them, so that a test of one room loads that room only
    from rbbn_sdk.client import Client
    from rbbn_sdk.gateway import Gateway

LIMIT = 10.0
"""Seconds that a test waits for what has to come."""


def _open_files() -> set[str]:
    """Sockets and regular files of this process; pipes and devices are the runner's own."""
    found = set()
    for entry in Path("/proc/self/fd").iterdir():
        try:
            target = str(entry.readlink())
        except OSError:
            continue  # the descriptor of the listing itself
        if target.startswith("socket:") or (target.startswith("/") and not target.startswith(("/dev/", "/proc/"))):
            found.add(f"{entry.name} {target}")
    return found


def _others() -> set[asyncio.Task[Any]]:
    return {task for task in asyncio.all_tasks() if task is not asyncio.current_task()}


@pytest_asyncio.fixture(autouse=True)
async def nothing_is_left() -> AsyncIterator[None]:
    """After a test no task runs and no socket or file is open that was not there before it."""
    tasks, files = _others(), _open_files()
    yield
    try:
        async with asyncio.timeout(3):
            while _others() - tasks or _open_files() - files:
                gc.collect()
                await asyncio.sleep(0.02)
    except TimeoutError:
        left = [repr(task) for task in _others() - tasks] + sorted(_open_files() - files)
        pytest.fail("left behind:\n" + "\n".join(left))


@pytest_asyncio.fixture
async def gateway(nothing_is_left: None) -> AsyncIterator["Gateway"]:
    """A gateway with its three demo accounts, on a free port."""
    from rbbn_sdk.gateway import Gateway

    async with Gateway() as running:
        yield running


@pytest_asyncio.fixture
async def make_client(nothing_is_left: None) -> AsyncIterator[Callable[..., Awaitable["Client"]]]:
    """Makes clients of a gateway's users: `await make_client(gateway, "alice", call={...})`.

    Each has its credentials set and, unless `services=None`, is subscribed. All are destroyed after the test.
    """
    async with AsyncExitStack() as stack:

        async def make(
            gateway: "Gateway",
            name: str,
            *,
            services: tuple[str, ...] | None = ("call",),
            password: str | None = None,
            **config: Any,
        ) -> "Client":
            account = next(account for account in gateway.accounts if account.username.startswith(f"{name}@"))
            client = rbbn_sdk.create(merged(gateway.config_for(account.username), local(config)))
            await stack.enter_async_context(client)
            client.set_credentials(username=account.username, password=password or account.password)
            if services is not None:
                await client.services.subscribe(list(services))
            return client

        yield make


def local(config: dict[str, Any]) -> dict[str, Any]:
    """Media on loopback only, and no log lines in the tests' output."""
    return merged({"call": {"iceAddresses": ["127.0.0.1"]}, "logs": {"logLevel": "silent"}}, config)


def merged(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """A deep merge; the second wins."""
    result = dict(first)
    for key, value in second.items():
        was = result.get(key)
        result[key] = merged(was, value) if isinstance(was, dict) and isinstance(value, dict) else value
    return result


class Recorder:
    """All events of a client, in order."""

    def __init__(self, client: "Client") -> None:
        self.events: list[Any] = []
        client.subscribe(lambda _name, events: self.events.append(events[0]))

    @property
    def names(self) -> list[str]:
        return [event.TYPE for event in self.events]


@pytest.fixture
def record() -> Callable[["Client"], Recorder]:
    """Records the events of a client: `events = record(client)`."""
    return Recorder


class RawParty:
    """A party without this SDK: bare REST and websocket, for descriptions and notifications of other makes."""

    def __init__(self, gateway: "Gateway", name: str) -> None:
        self.account = next(account for account in gateway.accounts if account.username.startswith(f"{name}@"))
        self._gateway = gateway
        self._rest: Any = None
        self._socket: Any = None
        self._kept: list[dict[str, Any]] = []
        self.session = ""

    async def __aenter__(self) -> "RawParty":
        import httpx
        import websockets

        self._rest = httpx.AsyncClient(
            base_url=f"{self._gateway.base_url}/rest/version/1/user/{self.account.username}/",
            auth=(self.account.username, self.account.password or ""),
            trust_env=False,
        )
        reply = await self._rest.post("subscription", json={"subscribeRequest": {"service": ["call"], "expires": 3600}})
        channel = reply.json()["subscribeResponse"]["subscriptionParams"]["notificationChannel"]
        url = f"ws://{self._gateway.host}:{self._gateway.port}{channel}"
        self._socket = await websockets.connect(url, proxy=None, max_size=None)
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._socket.close()
        await self._rest.aclose()

    async def call(self, to: str, sdp: str) -> str:
        """Make a call with any offer; the own session's id."""
        body = {"type": "callStart", "to": to, "from": f"sip:{self.account.username}", "sdp": sdp}
        reply = await self._rest.post("callControl", json={"callControlRequest": body})
        self.session = reply.json()["callControlResponse"]["sessionData"]
        await self.control("audit")
        return self.session

    async def control(self, kind: str, **members: Any) -> int:
        """One request about the own session; its HTTP status."""
        body = {"callControlRequest": {"type": kind, **members}}
        reply = await self._rest.put(f"callControl/callSessions/{self.session}", json=body)
        return int(reply.status_code)

    async def end(self) -> None:
        await self._rest.delete(f"callControl/callSessions/{self.session}")

    async def notification(self, kind: str) -> dict[str, Any]:
        """The next notification of a kind; others are passed over."""
        import json

        async with asyncio.timeout(LIMIT):
            while True:
                message = json.loads(await self._socket.recv())["notificationMessage"]
                if message["eventType"] == kind:
                    return dict(message)


@pytest_asyncio.fixture
async def raw_party(nothing_is_left: None) -> AsyncIterator[Callable[..., Awaitable[RawParty]]]:
    """Makes registered parties that are not this SDK: `await raw_party(gateway, "alice")`."""
    async with AsyncExitStack() as stack:

        async def make(gateway: "Gateway", name: str) -> RawParty:
            return await stack.enter_async_context(RawParty(gateway, name))

        yield make

"""Clients of bare HTTP and websocket libraries: they know nothing of our SDK."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest_asyncio
from attrs import define, field
from websockets.asyncio.client import ClientConnection, connect

from rbbn_sdk.gateway import Gateway, Timing

LIMIT = 30.0
SERVICES = ["call", "IM", "Presence", "CallDisplay", "MWI", "Directory", "addressBook"]

QUICK = Timing(settle=0.01, ready=0.3, steady=0.05, glare=0.02, linger=0.05, ended_audit=0.1)
"""Pauses are short so that tests are."""


@define(eq=False)
class Device:
    """One device of a user: its requests, and the notifications that it gets."""

    gateway: Gateway
    http: httpx.AsyncClient
    username: str
    headers: dict[str, str] = field(factory=dict)
    auth: tuple[str, str] | None = None
    socket: ClientConnection | None = None
    subscription: dict[str, Any] = field(factory=dict)

    @property
    def base(self) -> str:
        return f"/rest/version/1/user/{self.username}"

    @property
    def channel(self) -> str:
        path = self.subscription["subscriptionParams"]["notificationChannel"]
        return self.gateway.base_url.replace("http", "ws", 1) + path

    async def request(self, method: str, path: str, body: Any = None, **options: Any) -> httpx.Response:
        path = path if path.startswith("/") else f"{self.base}/{path}"
        content = None if body is None else json.dumps(body).encode()
        headers = {"content-type": "application/json", "accept": "application/json", **self.headers}
        headers |= options.pop("headers", {})
        options.setdefault("auth", self.auth)
        return await self.http.request(method, path, content=content, headers=headers, **options)

    async def subscribe(self, **members: Any) -> httpx.Response:
        body = {
            "expires": 3600,
            "service": SERVICES,
            "localization": "English_US",
            "useTurn": True,
            "notificationType": "WebSocket",
            "supported": ["RingingFeedback"],
            **members,
        }
        answer = await self.request("POST", "subscription", {"subscribeRequest": body})
        if answer.is_success:
            self.subscription = answer.json()["subscribeResponse"]
        return answer

    async def extend(self, path: str = "", **members: Any) -> httpx.Response:
        body = {"expires": 3600, "service": SERVICES, "useTurn": True, **members}
        return await self.request("PUT", path or self.subscription["subscription"], {"subscribeRequest": body})

    async def unsubscribe(self) -> httpx.Response:
        return await self.request("DELETE", self.subscription["subscription"])

    async def connect(self) -> ClientConnection:
        self.socket = await connect(self.channel, max_size=None)
        return self.socket

    async def next(self) -> dict[str, Any]:
        """The next notification."""
        assert self.socket is not None
        async with asyncio.timeout(LIMIT):
            message: dict[str, Any] = json.loads(await self.socket.recv())["notificationMessage"]
        return message

    async def next_call(self, kind: str) -> dict[str, Any]:
        """The next notification, which has to be of this kind."""
        message = await self.next()
        assert message["eventType"] == kind
        return message

    async def hears_nothing_before(self, mark: str) -> None:
        """Everything pushed so far has been read: the mark is the next that comes."""
        await self.gateway.notify(user=self.username, message={"eventType": mark})
        assert (await self.next())["eventType"] == mark

    async def closed(self) -> int:
        """Wait for the end of the socket, reading what comes; its close code."""
        assert self.socket is not None
        async with asyncio.timeout(LIMIT):
            await self.socket.wait_closed()
        return self.socket.close_code or 0

    async def make(self, to: str, **members: Any) -> str:
        body = {"type": "callStart", "to": to, "from": f"sip:{self.username}", "sdp": "offer", **members}
        answer = await self.request("POST", "callControl", {"callControlRequest": body})
        assert answer.status_code == 201
        sid: str = answer.json()["callControlResponse"]["sessionData"]
        return sid

    async def put(self, sid: str, kind: str, **members: Any) -> httpx.Response:
        body = {"callControlRequest": {"type": kind, **members}}
        return await self.request("PUT", f"callControl/callSessions/{sid}", body)

    async def ring(self) -> str:
        """Take a call in: rings and audits."""
        sid: str = (await self.next_call("call"))["sessionParams"]["sessionData"]
        assert (await self.put(sid, "ringing")).status_code == 200
        assert (await self.put(sid, "audit")).status_code == 200
        return sid

    async def end(self, sid: str) -> httpx.Response:
        return await self.request("DELETE", f"callControl/callSessions/{sid}")


MakeDevice = Callable[..., Awaitable[Device]]


@pytest_asyncio.fixture
async def gateway(nothing_is_left: None) -> AsyncIterator[Gateway]:
    """The demo accounts, short pauses, control over HTTP."""
    async with Gateway(control=True, timing=QUICK) as running:
        yield running


@pytest_asyncio.fixture
async def device(gateway: Gateway) -> AsyncIterator[MakeDevice]:
    """Makes devices: `await device("alice")` is subscribed and connected, with `connected=False` neither."""
    async with AsyncExitStack() as stack:
        made: list[Device] = []

        async def make(name: str, *, connected: bool = True, at: Gateway = gateway, **members: Any) -> Device:
            account = next(account for account in at.accounts if account.username.startswith(f"{name}@"))
            trust = ssl.create_default_context(cafile=at.ca_file) if at.ca_file else False
            http = await stack.enter_async_context(httpx.AsyncClient(base_url=at.base_url, timeout=LIMIT, verify=trust))
            one = Device(at, http, account.username, auth=(account.username, account.password or ""))
            made.append(one)
            if connected:
                assert (await one.subscribe(**members)).status_code == 201
                await one.connect()
            return one

        yield make
        for one in made:
            if one.socket is not None:
                await one.socket.close()

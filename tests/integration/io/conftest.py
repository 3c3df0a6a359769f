"""Small servers that do exactly what a test says, byte for byte, and the adapters that talk to them."""

import asyncio
import json
import logging
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest
import pytest_asyncio
from attrs import define, field
from websockets.asyncio.server import ServerConnection, serve

from rbbn_sdk.io import HttpxRest, KeptObjects, KeptSecrets, SystemClock, WebsocketsSocket
from rbbn_sdk.ports import Credentials, RestContext, Server, SocketAddress

PASSWORD = "pa55word-of-ann"
Reply = bytes | Callable[["Request"], Awaitable[bytes | None]]
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Listen = Callable[..., Awaitable[int]]


@define
class Request:
    """A request as it came: nothing decoded but the framing."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes
    connection: int
    """Number of the connection it came on, from 1."""

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


def reply(body: object = None, status: str = "200 OK", **headers: str) -> bytes:
    """An answer with a JSON body, or with bytes as they are; a header `x_y` is written `x-y`."""
    content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    named = {"content-type": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()}}
    lines = [f"HTTP/1.1 {status}", f"content-length: {len(content)}"]
    lines += [f"{name}: {value}" for name, value in named.items() if value]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


@define
class RawServer:
    """Answers each request with the next of `replies`, the last one again and again.

    A reply is bytes, or a function of the request that gives bytes, or None to close the connection.
    """

    replies: list[Reply] = field(factory=lambda: [reply({})])
    requests: list[Request] = field(factory=list)
    writers: list[asyncio.StreamWriter] = field(factory=list)
    connections: int = 0
    port: int = 0
    _tasks: set[asyncio.Task[None]] = field(factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.writers.append(writer)
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await self._serve(reader, writer, self.connections)
        writer.close()
        self._tasks.discard(task)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: int) -> None:
        while True:
            request = await read_request(reader, connection)
            self.requests.append(request)
            answer = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
            content = answer if isinstance(answer, bytes) else await answer(request)
            if content is None:
                return
            writer.write(content)
            await writer.drain()

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def read_request(reader: asyncio.StreamReader, connection: int) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").splitlines()
    method, target, _ = head[0].split(" ")
    headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in head[1:] if line)]
    length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
    return Request(method, target, headers, await reader.readexactly(length), connection)


@pytest_asyncio.fixture
async def listen(nothing_is_left: None) -> AsyncIterator[Listen]:
    """Serves whoever connects, until the test is over: `port = await listen(handler)`."""
    listening: list[asyncio.Server] = []

    async def begin(handler: Handler, context: ssl.SSLContext | None = None) -> int:
        begun = await asyncio.start_server(handler, "127.0.0.1", 0, ssl=context)
        listening.append(begun)
        return int(begun.sockets[0].getsockname()[1])

    yield begin
    for one in listening:
        one.close()
        await one.wait_closed()


@pytest_asyncio.fixture
async def server(listen: Listen) -> AsyncIterator[RawServer]:
    """A plain HTTP server on a free port."""
    raw = RawServer()
    raw.port = await listen(raw.serve)
    yield raw
    await raw.close()


@pytest.fixture
def secrets() -> KeptSecrets:
    return KeptSecrets()


@pytest.fixture
def objects() -> KeptObjects:
    return KeptObjects()


@pytest_asyncio.fixture
async def rest(nothing_is_left: None, secrets: KeptSecrets, objects: KeptObjects) -> AsyncIterator[HttpxRest]:
    adapter = HttpxRest(secrets=secrets, objects=objects, clock=SystemClock())
    yield adapter
    await adapter.close()


@pytest_asyncio.fixture
async def socket(nothing_is_left: None, secrets: KeptSecrets) -> AsyncIterator[WebsocketsSocket]:
    adapter = WebsocketsSocket(secrets=secrets)
    yield adapter
    await adapter.close()


@pytest.fixture
def context(server: RawServer, secrets: KeptSecrets) -> RestContext:
    """Ann, with her password, at the plain server."""
    credentials = Credentials(username="ann@ex.org", password=secrets.keep(PASSWORD, "password"))
    return RestContext(
        server=Server(base="127.0.0.1", port=server.port, protocol="http"), credentials=credentials, timeout=5_000
    )


@pytest.fixture
def reply_with() -> Callable[..., bytes]:
    """Makes answers: `reply_with({...}, "403 Forbidden", retry_after="5")`."""
    return reply


async def until(condition: Callable[[], object], limit: float = 5.0) -> None:
    async with asyncio.timeout(limit):
        while not condition():  # noqa: ASYNC110 - what a small server has seen; it sets no event
            await asyncio.sleep(0.005)


@pytest.fixture
def wait_until() -> Callable[..., Awaitable[None]]:
    """Waits for a condition, with a limit."""
    return until


@pytest_asyncio.fixture
async def gateway_echo(nothing_is_left: None) -> AsyncIterator[SocketAddress]:
    """The address of a websocket server that sends back what it is sent."""

    async def echo(websocket: ServerConnection) -> None:
        async for text in websocket:
            await websocket.send(text)

    quiet = logging.Logger("server")  # noqa: LOG001 - this side may log what it likes, but not into the test
    quiet.disabled = True
    async with serve(echo, "127.0.0.1", 0, close_timeout=0.2, logger=quiet) as listening:
        port = next(iter(listening.sockets)).getsockname()[1]
        yield SocketAddress(server="127.0.0.1", port=port, path="/ws/1", protocol="ws")

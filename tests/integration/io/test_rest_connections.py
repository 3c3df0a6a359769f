"""Connections: when they are opened, kept, lost and closed, and what that means for a request."""

import asyncio
import gc
import json
import random
import socket as sockets
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
import pytest_asyncio
import uvicorn
from attrs import evolve

from rbbn_sdk.errors import RequestTimedOut, RequestUnreachable, UnusableReply
from rbbn_sdk.io import HttpxRest, SystemClock
from rbbn_sdk.io.rest import connections as watched
from rbbn_sdk.ports import CallOffer, Server
from rbbn_sdk.types import SessionId

S1 = SessionId("s-1")
OFFER = CallOffer(to="a", from_="b", sdp="v=0")
CALL = {"callControlResponse": {"sessionData": "s-1"}}
LIMIT = 10.0


async def closes_without_an_answer(_request: object) -> None:
    """The server took the request and then ended the connection."""


async def test_an_answer_that_does_not_come_is_a_time_out(server, rest, context) -> None:
    """The documented code, and the limit in the text."""
    never = asyncio.Event()

    async def silent(_request: object) -> None:
        await never.wait()

    server.replies = [silent]
    with pytest.raises(RequestTimedOut, match="within 50 ms") as caught:
        await rest.audit_call(evolve(context, timeout=50), S1)
    assert caught.value.code == "TimeoutError"
    assert caught.value.failure.http_status is None


async def test_the_limit_is_for_the_headers_only(server, rest, context, reply_with) -> None:
    """A long answer on a slow line is no time-out once it began."""
    whole = reply_with({"x": "y" * 100})
    limit = 200

    async def slow(_request: object) -> bytes:
        asyncio.get_running_loop().call_later(1.5 * limit / 1000, server.writers[0].write, whole[-50:])
        return whole[:-50]

    server.replies = [slow]
    await rest.audit_call(evolve(context, timeout=limit), S1)


async def test_nobody_there_is_unreachable(rest, context) -> None:
    """The system's own words are in the text; the code is the failure's name."""
    with sockets.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = evolve(context, server=evolve(context.server, port=free.getsockname()[1]))
        with pytest.raises(RequestUnreachable) as caught:
            await rest.audit_call(nobody, S1)
    assert "Connection refused" in caught.value.message
    assert caught.value.code == "ConnectError"
    assert caught.value.failure.http_status is None


@pytest.mark.parametrize("base", ["", "a" * 300, "x\ud800y", "[", "a b"])
async def test_a_host_that_is_none_is_unreachable(base, rest, context) -> None:
    """Whatever stands in the configuration, the error is one of ours."""
    with pytest.raises(RequestUnreachable):
        await rest.audit_call(evolve(context, server=Server(base=base, port=443, protocol="http")), S1)


@pytest.mark.parametrize(
    "junk",
    [b"", b"\x16\x03\x01\x00junk\r\n\r\n", b"HTTP/1.1 200 OK\r\nbad header\r\n\r\n"],
    ids=["nothing", "tls", "header"],
)
async def test_an_answer_that_is_no_http_is_unreachable(junk, server, rest, context) -> None:
    """A service of another kind on the port, or one that crashed."""

    async def answer(_request: object) -> bytes | None:
        return junk or None

    server.replies = [answer]
    with pytest.raises(RequestUnreachable):
        await rest.audit_call(context, S1)


async def test_an_answer_that_breaks_off_is_unusable(server, rest, context) -> None:
    """Its status is known, its body is not."""
    broken = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"

    async def cut(_request: object) -> bytes:
        asyncio.get_running_loop().call_later(0.05, server.writers[-1].close)
        return broken

    server.replies = [cut]
    with pytest.raises(UnusableReply, match="broke off") as caught:
        await rest.audit_call(context, S1)
    assert caught.value.code == "SyntaxError"


async def test_connections_are_used_again(server, rest, context) -> None:
    """A call audits for hours; a TLS handshake for each would be waste."""
    for _ in range(3):
        await rest.audit_call(context, S1)
    assert {request.connection for request in server.requests} == {1}


async def test_requests_at_the_same_time_do_not_wait_for_each_other(server, rest, context, reply_with) -> None:
    """One slow answer must not hold up the calls."""
    barrier = asyncio.Barrier(5)

    async def all_at_once(_request: object) -> bytes:
        await barrier.wait()
        return reply_with({})

    server.replies = [all_at_once]
    await asyncio.gather(*(rest.audit_call(context, S1) for _ in range(5)))
    assert server.connections == 5


async def test_an_idle_connection_that_ended_is_replaced(server, rest, context) -> None:
    """The server closed it long ago: the request never meets it."""
    await rest.audit_call(context, S1)
    server.writers[0].close()
    await server.writers[0].wait_closed()
    await rest.audit_call(context, S1)
    assert server.connections == 2


async def test_an_idempotent_request_is_repeated_once_when_its_connection_ended(
    server, rest, context, reply_with
) -> None:
    """The server closed the connection just when the request came (RFC 9110 9.2.2)."""
    server.replies = [reply_with({}), closes_without_an_answer, reply_with({})]
    await rest.audit_call(context, S1)
    await rest.audit_call(context, S1)
    assert [request.connection for request in server.requests] == [1, 1, 2]


async def test_a_request_is_not_repeated_twice(server, rest, context, reply_with) -> None:
    """A server that keeps closing has something against the request."""
    server.replies = [reply_with({}), closes_without_an_answer]
    await rest.audit_call(context, S1)
    with pytest.raises(RequestUnreachable):
        await rest.audit_call(context, S1)
    assert len(server.requests) == 3


async def test_nothing_is_repeated_on_a_new_connection(server, rest, context) -> None:
    """It was not idle, so the close means something else."""
    server.replies = [closes_without_an_answer]
    with pytest.raises(RequestUnreachable):
        await rest.audit_call(context, S1)
    assert len(server.requests) == 1


async def test_a_call_that_may_have_been_started_is_not_started_again(server, rest, context, reply_with) -> None:
    """The server had read the POST: repeating it could ring twice."""
    server.replies = [reply_with({}), closes_without_an_answer]
    await rest.audit_call(context, S1)
    with pytest.raises(RequestUnreachable, match="idle") as caught:
        await rest.start_call(context, OFFER)
    assert [request.method for request in server.requests] == ["PUT", "POST"]
    assert caught.value.code == "ClosedWhileIdle"


@pytest.mark.parametrize("how", ["closed", "unread"])
async def test_a_call_that_nobody_read_is_started_on_a_new_connection(
    how, server, rest, context, reply_with, monkeypatch
) -> None:
    """The connection ended under the POST, and TCP says that the server did not read it."""
    await rest.audit_call(context, S1)
    close_after_the_check(monkeypatch, server, unread=how == "unread")
    server.replies = [reply_with(CALL)]
    assert await rest.start_call(context, OFFER) == S1
    assert [(request.method, request.connection) for request in server.requests] == [("PUT", 1), ("POST", 2)]


def close_after_the_check(monkeypatch: pytest.MonkeyPatch, server: Any, *, unread: bool) -> None:
    """The server closes its idle connection between the client's look at it and the client's writing."""
    write: Callable[..., Awaitable[None]] = watched._WatchedStream.write
    wire: sockets.socket = server.writers[0].transport.get_extra_info("socket")._sock

    async def write_too_late(stream: Any, buffer: bytes, timeout: float | None = None) -> None:
        monkeypatch.setattr(watched._WatchedStream, "write", write)
        server.writers[0].transport.pause_reading()
        if not unread:
            wire.shutdown(sockets.SHUT_RDWR)
            server.writers[0].transport.abort()
            await asyncio.sleep(0)
        await write(stream, buffer, timeout)
        if unread:
            server.writers[0].transport.abort()

    monkeypatch.setattr(watched._WatchedStream, "write", write_too_late)


async def test_a_cancelled_request_leaves_nothing(server, rest, context) -> None:
    """A call was ended while its request was out."""
    arrived = asyncio.Event()

    async def hang(_request: object) -> None:
        arrived.set()
        await asyncio.Event().wait()

    server.replies = [hang]
    asked = asyncio.create_task(rest.audit_call(context, S1))
    await arrived.wait()
    asked.cancel()
    with suppress(asyncio.CancelledError):
        await asked
    assert asked.cancelled()


@pytest.fixture
def no_collector() -> Iterator[None]:
    """What is open is closed by us, not by the collector some time."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


class Swallowing:
    """A server that takes what comes and says nothing."""

    port = 0

    def __init__(self) -> None:
        self.spoken_to, self.left = asyncio.Event(), asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while await reader.read(1000):
                self.spoken_to.set()
        writer.close()
        self.left.set()


@pytest_asyncio.fixture
async def swallowing(listen) -> Swallowing:
    server = Swallowing()
    server.port = await listen(server.serve)
    return server


async def test_a_handshake_that_hangs_leaves_no_connection(rest, context, swallowing, no_collector) -> None:
    """Behind the port there is nobody who speaks TLS: each attempt that is given up would stay open."""
    there = evolve(context, server=evolve(context.server, protocol="https", port=swallowing.port))
    asked = asyncio.create_task(rest.audit_call(there, S1))
    await asyncio.wait_for(swallowing.spoken_to.wait(), LIMIT)
    asked.cancel()
    await asyncio.wait_for(swallowing.left.wait(), LIMIT)
    assert asked.cancelled()


async def test_what_a_failed_request_opened_is_closed(swallowing, no_collector) -> None:
    """Whatever the library did with it: a SOCKS proxy that refuses is left open."""
    with suppress(UnusableReply):
        async with watched.closed_on_failure():
            await watched.WatchedBackend().connect_tcp("127.0.0.1", swallowing.port)
            raise UnusableReply("whatever")
    await asyncio.wait_for(swallowing.left.wait(), LIMIT)


async def test_two_adapters_share_no_connection(server, context, secrets, objects) -> None:
    """Two clients in one process are two users."""
    adapters = [HttpxRest(secrets=secrets, objects=objects, clock=SystemClock()) for _ in range(2)]
    for adapter in adapters:
        await adapter.audit_call(context, S1)
        await adapter.close()
    assert [request.connection for request in server.requests] == [1, 2]


async def test_closing_ends_what_is_under_way(server, rest, context) -> None:
    """`destroy` waits for nobody; the request that was out fails as one of ours."""
    arrived = asyncio.Event()

    async def hang(_request: object) -> None:
        arrived.set()
        await asyncio.Event().wait()

    server.replies = [hang]
    asked = asyncio.create_task(rest.audit_call(context, S1))
    await arrived.wait()
    await rest.close()
    with pytest.raises(RequestUnreachable):
        await asked


@pytest.mark.nightly
async def test_no_call_is_lost_or_made_twice_at_a_server_that_closes_early(context, secrets, objects) -> None:
    """Hundreds of POSTs, each sent just when the server gives the idle connection up."""
    idle, made = 0.02, list[bytes]()
    rest = HttpxRest(secrets=secrets, objects=objects, clock=SystemClock())
    async with idle_server(idle, made) as port:
        there = evolve(context, server=evolve(context.server, port=port))
        for number in range(500):
            await rest.start_call(there, evolve(OFFER, to=str(number)))
            await asyncio.sleep(idle + random.uniform(-0.0015, 0.0008))
        await rest.close()
    assert len(made) == len(set(made)) == 500


@asynccontextmanager
async def idle_server(idle: float, made: list[bytes]) -> AsyncIterator[int]:
    """uvicorn in a thread of its own, so that the two sides race."""

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        made.append((await receive())["body"])
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"64")]})
        await send({"type": "http.response.body", "body": json.dumps(CALL).encode().ljust(64)})

    listener = sockets.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, http="h11", lifespan="off", log_config=None, timeout_keep_alive=idle)  # type: ignore[arg-type]
    running = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(running.serve([listener])))
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        running.should_exit = True
        await asyncio.to_thread(thread.join)
        listener.close()

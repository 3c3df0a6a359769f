"""A websocket that loses nothing, survives what a gateway sends, and ends in time."""

import asyncio
import socket as sockets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from attrs import define, field
from websockets.asyncio.server import Server, ServerConnection, serve

from rbbn_sdk.errors import SocketLost, SocketRefused
from rbbn_sdk.io import KeptSecrets, WebsocketsSocket
from rbbn_sdk.io.socket.connection import MAX_FRAME, QUEUE
from rbbn_sdk.ports import SocketAddress, SocketEvent, SocketEventKind
from rbbn_sdk.types import SocketId

W1 = SocketId("w-1")
PATH = "/rest/version/1/user/ann@ex.org/websocket/9b77-42"


@define
class Peer:
    """The gateway's side: runs `story` for each websocket."""

    port: int = 0
    targets: list[str] = field(factory=list)
    headers: list[dict[str, str]] = field(factory=list)
    received: list[str] = field(factory=list)
    close_codes: list[int | None] = field(factory=list)
    story: Callable[[ServerConnection], Awaitable[Any]] | None = None

    async def __call__(self, websocket: ServerConnection) -> None:
        assert websocket.request is not None
        self.targets.append(websocket.request.path)
        self.headers.append(dict(websocket.request.headers))
        if self.story is not None:
            await self.story(websocket)
        async for text in websocket:
            self.received.append(str(text))
        self.close_codes.append(websocket.close_code)

    @property
    def address(self) -> SocketAddress:
        return SocketAddress(server="127.0.0.1", port=self.port, path=PATH, protocol="ws")


@pytest_asyncio.fixture
async def peer(nothing_is_left: None) -> AsyncIterator[Peer]:
    one = Peer()
    server: Server
    async with serve(one, "127.0.0.1", 0, max_size=None, ping_interval=None, close_timeout=0.2) as server:
        one.port = next(iter(server.sockets)).getsockname()[1]
        yield one


def frames(texts: list[str]) -> list[SocketEvent]:
    return [SocketEvent(kind=SocketEventKind.FRAME, text=text) for text in texts]


def sends(*texts: str | bytes) -> Callable[[ServerConnection], Awaitable[None]]:
    async def story(websocket: ServerConnection) -> None:
        for text in texts:
            await websocket.send(text)

    return story


async def test_frames_come_in_order_and_the_end_once(socket, peer) -> None:
    """The close code decides whether the client comes back; what was sent before is not lost."""

    async def story(websocket: ServerConnection) -> None:
        await sends("one", "two")(websocket)
        await websocket.close(1012)

    peer.story = story
    await socket.open(W1, peer.address, 2_000)
    got = [await socket.next(W1) for _ in range(3)]
    assert got == [*frames(["one", "two"]), SocketEvent(kind=SocketEventKind.CLOSED, code=1012)]
    with pytest.raises(SocketLost):
        await socket.next(W1)


@pytest.mark.parametrize("code", [1000, 1001, 4321])
async def test_the_close_code_is_passed_on(code, socket, peer) -> None:
    """1000 means: do not come back."""
    peer.story = lambda websocket: websocket.close(code)
    await socket.open(W1, peer.address, 2_000)
    assert (await socket.next(W1)).code == code


async def test_a_connection_that_breaks_ends_with_1006(socket, peer) -> None:
    """No close frame came."""

    async def cut(websocket: ServerConnection) -> None:
        websocket.transport.abort()

    peer.story = cut
    await socket.open(W1, peer.address, 2_000)
    assert await socket.next(W1) == SocketEvent(kind=SocketEventKind.CLOSED, code=1006)


async def test_what_we_send_arrives(socket, peer, wait_until) -> None:
    """The keepalive is a text frame with exactly this content."""
    await socket.open(W1, peer.address, 2_000)
    await socket.send(W1, '{"message_type":"ping"}')
    await wait_until(lambda: peer.received == ['{"message_type":"ping"}'])


async def test_the_upgrade_is_a_browsers(socket, peer, secrets) -> None:
    """The path as the gateway gave it, no agent, no compression, no header of ours; the token only in the query."""
    token = secrets.keep("t0k/en+ä", "bearer")
    address = SocketAddress(server="127.0.0.1", port=peer.port, path=PATH, protocol="ws", access_token=token)
    await socket.open(W1, peer.address, 2_000)
    await socket.open(SocketId("w-2"), address, 2_000)
    assert peer.targets == [PATH, f"{PATH}?access_token=t0k%2Fen%2B%C3%A4"]
    unwanted = {"user-agent", "authorization", "sec-websocket-extensions", "sec-websocket-protocol"}
    assert unwanted.isdisjoint(name.lower() for name in peer.headers[0])


async def test_a_burst_loses_and_reorders_nothing(socket, peer) -> None:
    """Five thousand notifications at once, after a reconnect of a busy gateway."""
    texts = [f'{{"n":{number}}}' for number in range(5_000)]
    peer.story = sends(*texts)
    await socket.open(W1, peer.address, 2_000)
    assert [await socket.next(W1) for _ in texts] == frames(texts)


async def test_more_than_the_queue_waits_at_the_gateway(socket, peer) -> None:
    """A client that is busy holds the gateway back; it does not forget."""
    texts = [str(number) for number in range(QUEUE + 5_000)]
    sent = asyncio.Event()

    async def story(websocket: ServerConnection) -> None:
        await sends(*texts)(websocket)
        sent.set()

    peer.story = story
    await socket.open(W1, peer.address, 2_000)
    assert [(await socket.next(W1)).text for _ in texts] == texts
    async with asyncio.timeout(30):
        await sent.wait()


async def test_a_cancelled_next_loses_nothing(socket, peer) -> None:
    """A saga that races it against something else does that all the time."""
    texts = [str(number) for number in range(200)]
    go = asyncio.Event()

    async def story(websocket: ServerConnection) -> None:
        await go.wait()
        for text in texts:
            await websocket.send(text)
            await asyncio.sleep(0)

    peer.story = story
    await socket.open(W1, peer.address, 2_000)
    go.set()
    got: list[str] = []
    while len(got) < len(texts):
        waiting = asyncio.create_task(socket.next(W1))
        for _ in range(len(got) % 4):
            await asyncio.sleep(0)
        waiting.cancel()
        done = (await asyncio.gather(waiting, return_exceptions=True))[0]
        got += [done.text] if isinstance(done, SocketEvent) else [(await socket.next(W1)).text]
    assert got == texts


@pytest.mark.parametrize("size", [1_300_000, MAX_FRAME], ids=["over-1-MiB", "4-MiB"])
async def test_a_large_frame_passes(size, socket, peer) -> None:
    """An address book, or a description with hundreds of candidates; libraries close at 1 MiB by themselves."""
    peer.story = sends("x" * size, "after")
    await socket.open(W1, peer.address, 2_000)
    assert len((await socket.next(W1)).text) == size
    assert (await socket.next(W1)).text == "after"


@pytest.mark.parametrize("fragments", [1, 10])
async def test_a_frame_over_the_limit_is_dropped_and_the_socket_stays(fragments, socket, peer) -> None:
    """A close would make the client come back, get the same frame, and so on for ever."""
    part = "x" * (2 * MAX_FRAME // fragments)

    async def story(websocket: ServerConnection) -> None:
        await websocket.send([part] * fragments if fragments > 1 else part)
        await websocket.send("after")

    peer.story = story
    await socket.open(W1, peer.address, 2_000)
    assert await socket.next(W1) == SocketEvent(kind=SocketEventKind.FRAME, dropped=len(part) * fragments)
    assert (await socket.next(W1)).text == "after"


async def test_a_frame_that_is_no_text_does_not_end_the_socket(socket, peer) -> None:
    """Broken UTF-8 is mended, a binary frame is read as text: whoever reads it decides."""

    async def story(websocket: ServerConnection) -> None:
        websocket.transport.write(b"\x81\x03a\xffb")  # a text frame of three bytes, written past the library
        await websocket.send(b"bytes")

    peer.story = story
    await socket.open(W1, peer.address, 2_000)
    assert [(await socket.next(W1)).text for _ in range(2)] == ["a\ufffdb", "bytes"]


async def test_a_refused_upgrade_names_the_status(socket, server, reply_with, secrets) -> None:
    """And never the token in the query, which the library quotes."""
    server.replies = [reply_with({}, "403 Forbidden")]
    token = secrets.keep("t0p-secret", "bearer")
    address = SocketAddress(server="127.0.0.1", port=server.port, path=PATH, protocol="ws", access_token=token)
    with pytest.raises(SocketRefused, match="HTTP 403") as caught:
        await socket.open(W1, address, 2_000)
    assert "t0p-secret" not in f"{caught.value!r}{caught.value.__context__!r}{caught.value.__cause__!r}"


async def test_a_redirect_is_not_followed(socket, server, reply_with) -> None:
    """The token is for this host only."""
    server.replies = [reply_with({}, "302 Found", location=f"ws://127.0.0.1:{server.port}/elsewhere")]
    with pytest.raises(SocketRefused, match="HTTP 302"):
        await socket.open(W1, SocketAddress(server="127.0.0.1", port=server.port, path=PATH, protocol="ws"), 2_000)
    assert len(server.requests) == 1


async def test_an_upgrade_that_hangs_is_given_up_in_time(socket, server) -> None:
    """The next attempt of the series must not wait for it."""
    never = asyncio.Event()

    async def silent(_request: object) -> None:
        await never.wait()

    server.replies = [silent]
    with pytest.raises(SocketRefused, match="within 50 ms"):
        await socket.open(W1, SocketAddress(server="127.0.0.1", port=server.port, path=PATH, protocol="ws"), 50)


@pytest.mark.parametrize("host", ["127.0.0.1", "", "a" * 300, "x\ud800y", "["])
async def test_a_host_that_is_not_there_is_a_refusal(host, socket) -> None:
    """Whatever is wrong, the error is one of ours."""
    with pytest.raises(SocketRefused):
        await socket.open(W1, SocketAddress(server=host, port=9, path="/x", protocol="ws"), 2_000)


async def test_the_system_watches_the_connection(socket, peer) -> None:
    """A network that went away ends the socket in half a minute instead of a quarter of an hour."""
    await socket.open(W1, peer.address, 2_000)
    wire = socket._open[W1]._connection.transport.get_extra_info("socket")
    assert wire.getsockopt(sockets.SOL_SOCKET, sockets.SO_KEEPALIVE)
    if hasattr(sockets, "TCP_USER_TIMEOUT"):
        assert wire.getsockopt(sockets.IPPROTO_TCP, sockets.TCP_USER_TIMEOUT) == 30_000


async def test_closing_tells_the_gateway_without_a_code_and_gives_no_event(socket, peer, wait_until) -> None:
    """The gateway sees 1005; whoever waits for a frame is told that there is no socket any more."""
    await socket.open(W1, peer.address, 2_000)
    waiting = asyncio.create_task(socket.next(W1))
    await asyncio.sleep(0)
    await socket.close(W1)
    with pytest.raises(SocketLost):
        await waiting
    await wait_until(lambda: peer.close_codes == [1005])


async def test_closing_twice_or_what_is_unknown_is_ignored(socket, peer) -> None:
    """A saga that cleans up does not know how far it came."""
    await socket.open(W1, peer.address, 2_000)
    await asyncio.gather(socket.close(W1), socket.close(W1), socket.close(SocketId("never-opened")))
    with pytest.raises(SocketLost):
        await socket.send(W1, "late")


async def test_closing_does_not_wait_for_a_gateway_that_hangs(socket, peer) -> None:
    """One second for the handshake; `destroy` waits for this."""
    hung = asyncio.Event()

    async def hang(websocket: ServerConnection) -> None:
        websocket.transport.pause_reading()
        await hung.wait()

    peer.story = hang
    await socket.open(W1, peer.address, 2_000)
    async with asyncio.timeout(6):
        await socket.close(W1)
    hung.set()


async def test_closing_with_frames_unread_is_as_quick(socket, peer) -> None:
    """A client that is destroyed in a burst."""
    peer.story = sends(*[str(number) for number in range(3_000)])
    await socket.open(W1, peer.address, 2_000)
    await socket.next(W1)
    async with asyncio.timeout(6):
        await socket.close(W1)


async def test_a_socket_can_be_opened_again_under_its_id(socket, peer) -> None:
    """Reconnects keep the id if their saga wants it so; an id in use is refused."""
    await socket.open(W1, peer.address, 2_000)
    with pytest.raises(SocketRefused, match="open already"):
        await socket.open(W1, peer.address, 2_000)
    await socket.close(W1)
    await socket.open(W1, peer.address, 2_000)
    assert len(peer.targets) == 2


async def test_a_cancelled_open_leaves_nothing(socket, server) -> None:
    """The client was destroyed in the middle of a series of attempts."""
    arrived = asyncio.Event()

    async def hang(_request: object) -> None:
        arrived.set()
        await asyncio.Event().wait()

    server.replies = [hang]
    address = SocketAddress(server="127.0.0.1", port=server.port, path=PATH, protocol="ws")
    opening = asyncio.create_task(socket.open(W1, address, 5_000))
    await arrived.wait()
    opening.cancel()
    await asyncio.gather(opening, return_exceptions=True)
    assert opening.cancelled()


async def test_closing_the_adapter_closes_all(peer, secrets: KeptSecrets) -> None:
    """Nothing is left open after `destroy`."""
    adapter = WebsocketsSocket(secrets=secrets)
    for number in range(3):
        await adapter.open(SocketId(f"w-{number}"), peer.address, 2_000)
    started = time.monotonic()
    await adapter.close()
    assert time.monotonic() - started < 3
    with pytest.raises(SocketLost):
        await adapter.next(SocketId("w-0"))

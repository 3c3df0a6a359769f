"""A real browser with phones in it, and clients of this SDK beside them.

A phone is `page/phone.js`: written anew after the protocol, for a browser's own WebRTC, fetch and WebSocket. The
browser is started once a module. It gets its orders from a small server of ours, which is also its origin: the gateway
is another one to it. All media stays on loopback; as root the tests run in a network that has nothing else.
"""

import asyncio
import ctypes
import fcntl
import itertools
import json
import os
import queue
import shutil
import signal
import socket
import struct
import subprocess
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import Future
from contextlib import AsyncExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np
import pytest
import pytest_asyncio

import rbbn_sdk
from rbbn_sdk.media import AudioFrame, Callback, TestPattern, Tone, VideoFrame
from rbbn_sdk.testing.media import dominant_frequency, frames_move

if TYPE_CHECKING:
    from rbbn_sdk.client import Client
    from rbbn_sdk.gateway import Gateway

LIMIT = 30.0
"""Seconds that a test waits for what has to come; the page's own waits are shorter, and say what they saw."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",  # it runs pages of ours only
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--allow-loopback-in-peer-connection",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
    "--ignore-certificate-errors",  # of the gateway's own authority
)
PAGE = Path(__file__).parent / "page"
TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


class Board:
    """Orders for the pages and what they report, between their requests and the test."""

    def __init__(self) -> None:
        self.closed = False
        self._orders: dict[str, queue.Queue[dict[str, Any]]] = {}
        self._reports: dict[str, Future[dict[str, Any]]] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def orders(self, name: str) -> "queue.Queue[dict[str, Any]]":
        with self._lock:
            return self._orders.setdefault(name, queue.Queue())

    def give(self, name: str, does: str, *given: Any) -> "Future[dict[str, Any]]":
        number, report = str(next(self._numbers)), Future[dict[str, Any]]()
        self._reports[number] = report
        self.orders(name).put({"id": number, "does": does, "with": given})
        return report

    def report(self, number: str, content: dict[str, Any]) -> None:
        report = self._reports.pop(number, None)
        if report is not None and not report.done():
            report.set_result(content)

    async def order(self, name: str, does: str, *given: Any) -> Any:
        report = await asyncio.wait_for(asyncio.wrap_future(self.give(name, does, *given)), LIMIT)
        if "error" in report:
            pytest.fail(f"{name} {does}: {report['error']}")
        return report["result"]


class Handler(BaseHTTPRequestHandler):
    """Serves the pages, their orders, and takes their reports."""

    board: Board

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path.startswith("/orders/"):
            self._give_order(path.removeprefix("/orders/"))
            return
        file = PAGE / Path(path).name
        found = file.is_file()
        self._reply(200 if found else 404, file.read_bytes() if found else b"", TYPES.get(file.suffix, "text/plain"))

    def _give_order(self, name: str) -> None:
        if self.board.closed:
            self._reply(410)
            return
        try:
            order = self.board.orders(name).get(timeout=2)
        except queue.Empty:
            self._reply(204)
        else:
            self._reply(200, json.dumps(order).encode(), "application/json")

    def do_POST(self) -> None:
        content = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.board.report(urlsplit(self.path).path.removeprefix("/reports/"), content)
        self._reply(204)

    def _reply(self, status: int, content: bytes = b"", kind: str = "text/plain") -> None:
        try:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(content)))
            self.send_header("cache-control", "no-store")
            self.end_headers()
            self.wfile.write(content)
        except (BrokenPipeError, ConnectionResetError):
            return  # its frame was closed while the order was waited for

    def log_message(self, *args: object) -> None:
        """Quiet."""


_CLONE_NEWNET = 0x40000000
_SIOCSIFFLAGS = 0x8914
_IFF_UP = 0x1


@pytest.fixture(scope="module", autouse=True)
def only_loopback() -> Iterator[bool]:
    """Move this thread, and all threads and processes that it starts, to a network that has loopback only.

    A browser uses all addresses of the machine otherwise, whatever its page sends. Only root may do this; for
    others it is False and nothing is changed.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    before = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    try:
        entered = libc.unshare(_CLONE_NEWNET) == 0
        if entered:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
                fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", _IFF_UP))
        yield entered
        if entered and libc.setns(before, _CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "the network of before cannot be entered again")
    finally:
        os.close(before)


@pytest.fixture(scope="module")
def board(only_loopback: bool) -> Iterator[tuple[Board, str]]:
    """The board, and the address of its server."""
    board = Board()
    handler = type("OwnHandler", (Handler,), {"board": board})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield board, f"http://127.0.0.1:{server.server_port}"
        board.closed = True
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser(board: tuple[Board, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    """A browser that shows the host page; those who have none skip."""
    wanted = os.environ.get("RBBN_TEST_BROWSER", "")
    program = shutil.which(wanted) if wanted else next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip(f"no browser is installed: none of {wanted or ', '.join(BROWSERS)} is on the path")
    folder = tmp_path_factory.mktemp("browser")
    with (folder / "errors.log").open("wb") as errors:
        process = subprocess.Popen(
            [program, *FLAGS, f"--user-data-dir={folder / 'profile'}", f"{board[1]}/host.html"],
            stdin=subprocess.DEVNULL,
            stdout=errors,
            stderr=errors,
            start_new_session=True,
        )
        try:
            board[0].give("host", "close", "nobody").result(60)
            yield board[0]
        finally:
            board[0].closed = True
            os.killpg(process.pid, signal.SIGKILL)  # all of its processes, and no others
            process.wait()


class Page:
    """A phone in the browser; what it can do is in `page/phone.js`."""

    def __init__(self, board: Board, name: str) -> None:
        self._board = board
        self._name = name

    async def __call__(self, does: str, *given: Any) -> Any:
        return await self._board.order(self._name, does, *given)


PageMaker = Callable[..., Awaitable[Page]]
_numbers = itertools.count(1)


def _others() -> set[asyncio.Task[Any]]:
    return {task for task in asyncio.all_tasks() if task is not asyncio.current_task()}


@pytest_asyncio.fixture(autouse=True)
async def nothing_runs_on() -> AsyncIterator[None]:
    """After a test no task runs that was not there before it."""
    before = _others()
    yield
    try:
        async with asyncio.timeout(15):
            while _others() - before:  # noqa: ASYNC110 -- no event marks the end of other tasks
                await asyncio.sleep(0.02)
    except TimeoutError:
        pytest.fail("left behind:\n" + "\n".join(map(repr, _others() - before)))


@pytest_asyncio.fixture
async def gateway() -> "AsyncIterator[Gateway]":
    """A gateway without TLS."""
    from rbbn_sdk.gateway import Gateway

    async with Gateway() as running:
        yield running


@pytest_asyncio.fixture
async def tls_gateway() -> "AsyncIterator[Gateway]":
    """A gateway with https and wss."""
    from rbbn_sdk.gateway import Gateway

    async with Gateway(tls=True) as running:
        yield running


@pytest_asyncio.fixture
async def page(browser: Board) -> AsyncIterator[PageMaker]:
    """Makes phones in the browser: `await page(gateway, "alice")`; registered, unless `register=False`."""
    names: list[str] = []

    async def make(gateway: "Gateway", name: str, *, register: bool = True, **options: Any) -> Page:
        names.append(f"{name}-{next(_numbers)}")
        await browser.order("host", "open", names[-1], {})
        made = Page(browser, names[-1])
        if register:
            answer = await made("subscribe", {**registration(gateway, name), **options})
            assert answer["status"] == 201, answer
        return made

    yield make
    for name in names:
        await browser.order("host", "close", name)


def registration(gateway: "Gateway", name: str) -> dict[str, Any]:
    """What a phone needs to subscribe."""
    account = next(account for account in gateway.accounts if account.username.startswith(f"{name}@"))
    socket = gateway.base_url.replace("http", "ws", 1)
    return {
        "base": gateway.base_url,
        "socket": socket,
        "username": account.username,
        "password": account.password,
    }


@pytest.fixture(name="registration")
def _registration() -> Callable[..., dict[str, Any]]:
    """What a phone needs to subscribe: `registration(gateway, "alice")`."""
    return registration


class Softphone:
    """A client of this SDK, and waits for what becomes of its calls."""

    def __init__(self, client: "Client") -> None:
        self.client = client
        self._news = asyncio.Event()
        client.subscribe(lambda _name, _events: self._news.set())

    def call(self, call_id: str) -> Any:
        return self.client.call.get_by_id(call_id)

    async def until(self, condition: Callable[[], Any]) -> Any:
        try:
            async with asyncio.timeout(LIMIT):
                while not (found := condition()):
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            pytest.fail(f"it did not come; calls: {self.client.call.get_all()}")
        return found

    async def rings(self) -> str:
        """The newest call that can be answered."""

        def ringing() -> list[Any]:
            found = [call for call in self.client.call.get_all() if call.direction == "incoming"]
            return [call for call in found if call.state == "Ringing"]

        return str((await self.until(ringing))[-1].id)

    async def reaches(self, call_id: str, state: str) -> None:
        await self.until(lambda: self.call(call_id).state == state)

    async def connected(self, call_id: str) -> None:
        """Media can flow."""
        await self.until(lambda: self.call(call_id).get("mediaConnectionState") in ("connected", "completed"))

    async def gets(self, call_id: str, *, tone: float | None = None, pictures: bool = False) -> None:
        """A tone of that frequency arrives, and moving pictures."""
        got = Received(tone, pictures=pictures)
        tracks, sink = list(self.call(call_id).remote_tracks), Callback(got.take)
        await self.client.media.render_tracks(tracks, sink)
        try:
            await asyncio.wait_for(got.enough.wait(), LIMIT)
        except TimeoutError:
            pytest.fail(f"heard {got.frequency()} Hz, saw {len(got.pictures)} pictures")
        finally:
            await self.client.media.remove_tracks(tracks, sink)


class Received:
    """What comes in, until it is what was wanted."""

    def __init__(self, tone: float | None, *, pictures: bool) -> None:
        self.sound: list[Any] = []
        self.pictures: list[Any] = []
        self.enough = asyncio.Event()
        self._tone, self._wants_pictures = tone, pictures

    def take(self, frame: object) -> None:
        if isinstance(frame, AudioFrame):
            self.sound = [*self.sound[-24:], frame.samples]
        elif isinstance(frame, VideoFrame):
            self.pictures.append(frame.pixels[: frame.height])
        if self._is_heard() and self._is_seen():
            self.enough.set()

    def frequency(self) -> float | None:
        return dominant_frequency(np.concatenate(self.sound), 48000) if self.sound else None

    def _is_heard(self) -> bool:
        if self._tone is None:
            return True
        heard = self.frequency() if len(self.sound) >= 25 else None
        return heard is not None and abs(heard - self._tone) < 5

    def _is_seen(self) -> bool:
        return not self._wants_pictures or (len(self.pictures) > 5 and frames_move(self.pictures))


@pytest_asyncio.fixture
async def softphone() -> AsyncIterator[Callable[..., Awaitable[Softphone]]]:
    """Makes registered clients: `await softphone(gateway, "bob", call={...})`. No saga may die in any of them."""
    problems: list[str] = []

    def note(entry: Any) -> None:
        if entry["target"]["type"] == "ENGINE" or entry["level"] == "error":
            problems.append(str(entry["messages"]))

    async with AsyncExitStack() as stack:

        async def make(gateway: "Gateway", name: str, **call: Any) -> Softphone:
            username = registration(gateway, name)["username"]
            config = gateway.config_for(username)
            config["call"] |= {"iceAddresses": ["127.0.0.1"], **call}
            config["logs"] = {"logLevel": "warn", "handler": note}
            if gateway.ca_file is not None:
                config["network"] = {"tls": str(gateway.ca_file)}
            client = await stack.enter_async_context(rbbn_sdk.create(config))
            client.set_credentials(**gateway.credentials_for(username))
            await client.services.subscribe(["call"])
            return Softphone(client)

        yield make
    assert problems == []


@pytest.fixture(params=["audio", "audio and video"])
def kinds(request: pytest.FixtureRequest) -> tuple[dict[str, Any], dict[str, Any]]:
    """What our side sends, and what a page sends: each way once."""
    video = request.param != "audio"
    ours = {"audio": Tone(440), **({"video": TestPattern(width=320, height=240)} if video else {})}
    return ours, {"audio": 600, "video": video}

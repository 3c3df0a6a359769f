"""The websocket channel of a subscription: what is pushed waits here while no socket is open."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from secrets import token_hex
from typing import Final

from attrs import define, evolve, field
from starlette.websockets import WebSocket, WebSocketDisconnect

from rbbn_sdk.gateway.timing import Timers, Timing

_log = logging.getLogger("rbbn_sdk.gateway")

GIVE_UP: Final = 1000
"""Tells a client not to come back (`connection` 6.3)."""
MOST_WAITING: Final = 10_000


@define(eq=False)
class Frame:
    text: str
    pushed_at: float
    on_sent: Callable[[], object] | None = None
    on_dropped: Callable[[], object] | None = None
    precious: bool = False
    """Sent again when it may have been lost on its way: its loss would leave a ghost call."""
    is_wanted: Callable[[], bool] = lambda: True
    """Asked when it is about to leave: some are of no use after a long wait."""


@define(eq=False)
class Channel:
    """Frames leave in the order in which they came, over one socket after the other."""

    owner: str
    """Username, for logs."""
    _timing: Timing
    _timers: Timers
    id: str = field(factory=lambda: token_hex(16))
    alive: bool = True
    """A dead channel takes no new socket."""
    _frames: deque[Frame] = field(factory=deque)
    _socket: WebSocket | None = None
    _unconfirmed: deque[Frame] = field(factory=deque)
    """Precious frames that were sent after the latest sign of life."""
    _wake: asyncio.Event = field(factory=asyncio.Event)
    last_open: float = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.last_open = self._timers.now()

    @property
    def is_open(self) -> bool:
        return self._socket is not None

    def push(
        self,
        text: str,
        on_sent: Callable[[], object] | None = None,
        on_dropped: Callable[[], object] | None = None,
        *,
        precious: bool = False,
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        self._queue(Frame(text, self._timers.now(), on_sent, on_dropped, precious, is_wanted))

    def _queue(self, frame: Frame) -> None:
        self._frames.append(frame)
        if self._socket is None:
            self._drop_old()
        self._wake.set()

    async def serve(self, socket: WebSocket) -> None:
        """Run one socket until it ends; an earlier one is closed without a word to the new one."""
        await socket.accept()
        if not self.alive:  # its end has come meanwhile
            await close_socket(socket, GIVE_UP)
            return
        earlier, self._socket = self._socket, socket
        if earlier is not None:
            self._timers.spawn(close_socket(earlier, GIVE_UP))
        self._repeat_unconfirmed()
        self._drop_old()
        writer = asyncio.get_running_loop().create_task(self._write(socket))
        try:
            await self._read(socket)
        finally:
            self._let_go(socket)
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)

    def detach(self) -> WebSocket | None:
        """Take the open socket off the channel; what is pushed from now on waits for the next one."""
        socket = self._socket
        if socket is not None:
            self._let_go(socket)
        return socket

    def hand_over(self, successor: "Channel") -> None:
        """Another channel of the same client delivers what this one may not have delivered."""
        undelivered = [*self._unconfirmed, *(() if self.is_open else self._frames)]
        self._unconfirmed.clear()
        if not self.is_open:
            self._frames.clear()
        for frame in undelivered:
            successor._queue(evolve(frame, pushed_at=self._timers.now()))  # noqa: SLF001 -- another channel

    def retire(self) -> None:
        """No more sockets; the open one is closed a little later, unless the client does so first."""
        self.alive = False
        self._timers.later(self._timing.linger, self._close_for_good)

    def _close_for_good(self) -> None:
        socket = self.detach()
        if socket is not None:
            self._timers.spawn(close_socket(socket, GIVE_UP))
        while self._frames:
            self._drop(self._frames.popleft())

    def _let_go(self, socket: WebSocket) -> None:
        if self._socket is socket:
            self._socket = None
            self.last_open = self._timers.now()
            self._wake.set()

    async def _write(self, socket: WebSocket) -> None:
        while self._socket is socket:
            if not self._frames:
                self._wake.clear()
                await self._wake.wait()
                continue
            frame = self._frames[0]
            if not frame.is_wanted():
                self._drop(self._frames.popleft())
                continue
            try:
                await socket.send_text(frame.text)
            except (WebSocketDisconnect, RuntimeError):  # closed under us: the frame waits for the next socket
                self._let_go(socket)
                return
            if self._frames and self._frames[0] is frame:
                self._frames.popleft()
            if frame.precious:
                self._unconfirmed.append(frame)
            if frame.on_sent is not None:
                frame.on_sent()

    async def _read(self, socket: WebSocket) -> None:
        """Clients send nothing but keepalives, which want no answer (`connection` 6) and say that they are there."""
        while True:
            message = await socket.receive()
            ended = message["type"] == "websocket.disconnect"
            is_sign_of_life = not ended or "reason" in message  # a close frame has a reason, a broken connection none
            if is_sign_of_life and self._socket in (socket, None):
                self._unconfirmed.clear()
            if ended:
                return

    def _repeat_unconfirmed(self) -> None:
        """A connection that breaks takes along what was under way. Clients know a repetition by its id."""
        self._frames.extendleft(reversed(self._unconfirmed))
        self._unconfirmed.clear()

    def _drop_old(self) -> None:
        oldest = self._timers.now() - self._timing.queue
        while self._frames and (self._frames[0].pushed_at < oldest or len(self._frames) > MOST_WAITING):
            self._drop(self._frames.popleft())

    def _drop(self, frame: Frame) -> None:
        _log.info("%s: a notification was dropped: no websocket in time", self.owner)
        if frame.on_dropped is not None:
            frame.on_dropped()


async def close_socket(socket: WebSocket, code: int) -> None:
    """Close with any code that a server may send; no matter if it is closed already."""
    try:
        await socket.close(code)
    except (WebSocketDisconnect, RuntimeError):
        _log.debug("a websocket was closed already")

"""An ICE connection that can be replaced under a running DTLS session, and whose loss is no end."""

import asyncio
from collections.abc import Callable
from typing import Any

from aioice import Candidate, ConnectionClosed
from aioice.ice import ConnectionEvent

from rbbn_sdk.io.webrtc.private.ice import GatheringConnection

MAX_QUEUED = 2000
"""Datagrams; beyond it the newest is dropped, as a full socket buffer would."""


class SwitchableConnection:
    """What aiortc takes for its ICE connection.

    `restart` begins with fresh credentials and keeps the old path until the new one stands (RFC 8445, 9). Expired
    consent calls `lost` instead of ending the DTLS session.
    """

    def __init__(self, make: Callable[..., GatheringConnection], **options: Any) -> None:
        self._make = make
        self.current: GatheringConnection | None = None
        self.next = make(**options)
        self.lost: Callable[[], None] | None = None
        self._received: asyncio.Queue[bytes | None] = asyncio.Queue(MAX_QUEUED)
        self._closed = False
        self._waiters: list[asyncio.Future[ConnectionEvent]] = []
        self._pump: asyncio.Task[None] | None = None

    @property
    def all(self) -> tuple[GatheringConnection, ...]:
        """The connections that are open."""
        return (self.next,) if self.current in (None, self.next) else (self.next, self.current)

    def restart(self) -> None:
        """Negotiate a new path from now on."""
        self.next = self._make(ice_controlling=self.next.ice_controlling)

    async def begin_again(self) -> None:
        """Another party answered the same offer: forget the one before, with our credentials and sockets as told."""
        if self._pump is not None:
            self._pump.cancel()
            self._pump = None
        while not self._received.empty():
            self._received.get_nowait()
        old = self.next
        self.next = self._make(
            ice_controlling=old.ice_controlling,
            local_username=old.local_username,
            local_password=old.local_password,
        )
        await self.next.take_over(old)

    @property
    def ice_controlling(self) -> bool:
        return self.next.ice_controlling

    @ice_controlling.setter
    def ice_controlling(self, value: bool) -> None:
        self.next.ice_controlling = value

    @property
    def remote_is_lite(self) -> bool:
        return self.next.remote_is_lite

    @remote_is_lite.setter
    def remote_is_lite(self, value: bool) -> None:
        self.next.remote_is_lite = value

    @property
    def remote_username(self) -> str | None:
        return self.next.remote_username

    @remote_username.setter
    def remote_username(self, value: str | None) -> None:
        self.next.remote_username = value

    @property
    def remote_password(self) -> str | None:
        return self.next.remote_password

    @remote_password.setter
    def remote_password(self, value: str | None) -> None:
        self.next.remote_password = value

    @property
    def local_username(self) -> str:
        return self.next.local_username

    @property
    def local_password(self) -> str:
        return self.next.local_password

    @property
    def local_candidates(self) -> list[Candidate]:
        return self.next.local_candidates

    @property
    def remote_candidates(self) -> list[Candidate]:
        return self.next.remote_candidates

    async def add_remote_candidate(self, candidate: Candidate | None) -> None:
        await self.next.add_remote_candidate(candidate)

    async def gather_candidates(self) -> None:
        await self.next.gather_candidates()

    async def connect(self) -> None:
        """Establish the next connection and move to it."""
        new = self.next
        await new.connect()
        old, self.current = self.current, new
        if self._pump is not None:
            self._pump.cancel()
        self._pump = asyncio.create_task(self._take_from(new), name="ICE receive")
        if old is not None:
            await old.close()

    async def _take_from(self, connection: GatheringConnection) -> None:
        try:
            while True:
                data = await connection.recv()
                if not self._received.full():
                    self._received.put_nowait(data)
        except ConnectionError:
            if connection is self.current and not self._closed and self.lost is not None:
                self.lost()

    async def recv(self) -> bytes:
        """The next datagram. Raises `ConnectionError` after `close`."""
        data = None if self._closed else await self._received.get()
        if data is None:
            raise ConnectionError("the connection is closed")
        return data

    async def send(self, data: bytes) -> None:
        """Send on the current path; while it is down the datagram is lost, as on any network."""
        if self._closed or self.current is None:
            raise ConnectionError("the connection is closed")
        try:
            await self.current.send(data)
        except ConnectionError:
            return

    async def get_event(self) -> ConnectionEvent | None:
        """Wait until this connection is closed for good."""
        if self._closed:
            return None
        waiter: asyncio.Future[ConnectionEvent] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        return await waiter

    async def close(self) -> None:
        """Close all paths."""
        if self._closed:
            return
        self._closed = True
        if self._pump is not None:
            self._pump.cancel()
        self._wake_receiver()
        self._end_waiters()
        for connection in self.all:
            await connection.close()

    def abort(self) -> None:
        """Let go of all at once, without a word to anybody."""
        self._closed = True
        if self._pump is not None:
            self._pump.cancel()
        self._wake_receiver()
        self._end_waiters()
        for connection in self.all:
            connection.abort()

    def _end_waiters(self) -> None:
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(ConnectionClosed())

    def _wake_receiver(self) -> None:
        while self._received.full():
            self._received.get_nowait()
        self._received.put_nowait(None)

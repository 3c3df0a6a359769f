"""Connections that know whether a request was lost because they were idle too long.

A server may close an idle connection in the very moment in which we send on it. RFC 9110 9.2.2 lets a client repeat a
request then if the method is idempotent, or if it can tell that the request was never applied. It can, often enough:

* writing failed: the request did not leave as a whole;
* the connection was reset: the other side closed it with bytes of ours that nobody had read;
* it ended while our bytes were not acknowledged: the FIN acknowledges all that had arrived when the server closed, so
  the request came too late.

What was acknowledged and then ended without an answer may have been applied: only an idempotent request is repeated.
"""

import ssl
import struct
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from socket import socket
from typing import cast

import httpcore

__all__ = ["ClosedWhileIdle", "WatchedBackend", "closed_on_failure"]

_opened: ContextVar[list[httpcore.AsyncNetworkStream] | None] = ContextVar("_opened", default=None)


class ClosedWhileIdle(httpcore.ReadError):
    """A connection that had served before ended before the first byte of this answer."""

    def __init__(self, *, applied: bool) -> None:
        super().__init__("connection closed while idle")
        self.maybe_applied = applied


@asynccontextmanager
async def closed_on_failure() -> AsyncGenerator[None]:
    """Close what a request opened when it fails, or is cancelled.

    The library leaves a connection open when a TLS handshake is cancelled, and when a SOCKS proxy hangs or refuses.
    """
    opened: list[httpcore.AsyncNetworkStream] = []
    token = _opened.set(opened)
    try:
        yield
    except BaseException:
        for stream in opened:
            await stream.aclose()
        raise
    finally:
        _opened.reset(token)


class WatchedBackend(httpcore.AsyncNetworkBackend):
    """asyncio's connections, watched."""

    def __init__(self) -> None:
        # where anyio is not installed the name is another class, hence the cast
        self._backend = cast("httpcore.AsyncNetworkBackend", httpcore.AnyIOBackend())

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        stream = await self._backend.connect_tcp(host, port, timeout, local_address, socket_options)
        opened = _opened.get()
        if opened is not None:
            opened.append(stream)
        return _WatchedStream(stream)

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)


class _WatchedStream(httpcore.AsyncNetworkStream):
    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self._has_served = False
        self._waits = False  # for the first byte of the answer to what was written last
        self._write_failed = False

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            data = await self._stream.read(max_bytes, timeout)
        except httpcore.ReadError as error:
            if not self._has_served or not self._waits:
                raise
            unread = self._write_failed or _was_reset(error) or self._unacknowledged()
            raise ClosedWhileIdle(applied=not unread) from None
        if data:
            self._has_served, self._waits = True, False
        elif self._has_served and self._waits:
            raise ClosedWhileIdle(applied=not (self._write_failed or self._unacknowledged()))
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._waits = True
        try:
            await self._stream.write(buffer, timeout)
        except httpcore.WriteError:  # httpcore goes on to read, in case there is an answer nevertheless
            self._write_failed = True
            raise

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        return _WatchedStream(await self._stream.start_tls(ssl_context, server_hostname, timeout))

    async def aclose(self) -> None:
        await self._stream.aclose()

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)

    def _unacknowledged(self) -> bool:
        sock: socket | None = self._stream.get_extra_info("socket")
        return sock is not None and _unacknowledged_bytes(sock) > 0


def _was_reset(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, (ConnectionResetError, BrokenPipeError)):
            return True
        error = error.__cause__ or error.__context__
    return False


def _unacknowledged_bytes(sock: socket) -> int:
    """Bytes that the other side's system has not taken; 0 where this system cannot tell (all but Linux)."""
    try:
        import fcntl
        import termios

        answer = fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, bytes(4))
    except (ImportError, AttributeError, OSError, ValueError):
        return 0
    return int(struct.unpack("i", answer)[0])

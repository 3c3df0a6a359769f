"""One port for TLS and plain connections: the first byte tells them apart.

Clients that always open `wss` may then still use plain HTTP for REST, on the same port (`connection` 6).
"""

import asyncio
import logging
import socket
import ssl
from collections.abc import Callable, Coroutine
from typing import Any, Final

from attrs import define, field

_log = logging.getLogger("rbbn_sdk.gateway")

_HANDSHAKE: Final = b"\x16"
"""The type of the first TLS record (RFC 8446 5.1); no HTTP method begins with it."""
_PATIENCE: Final = 30.0
"""Seconds until a silent connection is closed; browsers open some in advance."""


@define(eq=False)
class Acceptor:
    _listener: socket.socket
    _tls: ssl.SSLContext
    _protocol: Callable[[], asyncio.Protocol]
    _tasks: set[asyncio.Task[None]] = field(factory=set)

    def start(self) -> None:
        self._listener.setblocking(False)
        self._spawn(self._accept())

    async def close(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, _ = await loop.sock_accept(self._listener)
            except OSError as error:  # too many open files, most likely
                _log.warning("a connection could not be accepted: %s", error.strerror)
                await asyncio.sleep(0.1)
            else:
                self._spawn(self._greet(connection))

    async def _greet(self, connection: socket.socket) -> None:
        try:
            async with asyncio.timeout(_PATIENCE):
                first = await _peek(connection)
            if first:
                tls = self._tls if first == _HANDSHAKE else None
                await asyncio.get_running_loop().connect_accepted_socket(self._protocol, connection, ssl=tls)
                return
        except (OSError, TimeoutError) as error:  # ssl.SSLError is an OSError
            _log.info("a connection came to nothing: %s", type(error).__name__)
        except asyncio.CancelledError:
            connection.close()
            raise
        connection.close()


async def _peek(connection: socket.socket) -> bytes:
    """The first byte, which stays there; nothing when the peer has gone."""
    loop, ready = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(connection, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(connection)
    return connection.recv(1, socket.MSG_PEEK)

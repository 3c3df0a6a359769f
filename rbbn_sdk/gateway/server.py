"""uvicorn inside this process: no signal handlers, its own socket, an end that leaves nothing behind."""

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import Generator
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Scope
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from rbbn_sdk.errors import RbbnError
from rbbn_sdk.gateway.acceptor import Acceptor

_BACKLOG = 2048


_warnings = logging.getLogger("rbbn_sdk.gateway.server")
_warnings.addFilter(lambda record: record.levelno >= logging.WARNING)


class QuietHttp(H11Protocol):
    """Writes no request lines to a log: a query may hold a token."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.logger = _warnings
        self.access_log = False


class QuietChannel(WebSocketsSansIOProtocol):
    """Writes no request lines and headers to a log: they hold the channel and an access token."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.logger = _warnings
        self.conn.logger = _warnings
        self.conn.debug = False


class Server(uvicorn.Server):
    """Runs as one task of the loop that it is started in."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()
        self.stop = asyncio.Event()
        self._acceptor: Acceptor | None = None

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """Signals are the business of the process that we are in."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """With TLS one port serves both kinds of connections, on loops that can wait for a first byte."""
        loop = asyncio.get_running_loop()
        if self.config.ssl is None or not sockets or not isinstance(loop, asyncio.SelectorEventLoop):
            await super().startup(sockets)
            return
        await self.lifespan.startup()
        self.servers = []
        self._acceptor = Acceptor(sockets[0], self.config.ssl, self._protocol)
        self._acceptor.start()
        self.started = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._acceptor is not None:
            await self._acceptor.close()
        await super().shutdown(sockets)

    def _protocol(self) -> asyncio.Protocol:
        kind: Any = self.config.http_protocol_class
        protocol: asyncio.Protocol = kind(
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return protocol

    async def main_loop(self) -> None:
        """Wait for the end; in between the `Date` header is kept fresh."""
        self.ready.set()
        while not self.stop.is_set():
            await self.on_tick(0)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.stop.wait(), 1.0)

    def cut(self, scope: Scope) -> None:
        """Drop the connection of a request or websocket without a word."""
        for connection in list(self.server_state.connections):
            transport: asyncio.Transport | None = getattr(connection, "transport", None)
            if transport is not None and transport.get_extra_info("peername") == tuple(scope["client"]):
                transport.abort()


def make_server(app: ASGIApp, certificate: Path | None) -> Server:
    config = uvicorn.Config(
        app,
        http=QuietHttp,
        ws=QuietChannel,
        ws_per_message_deflate=False,
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=2,
        ssl_certfile=certificate,
        backlog=_BACKLOG,
    )
    return Server(config)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; an error that says what to do when the address cannot be had."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        return _bound(found[0][0], found[0][4])
    except OSError as error:
        reason = error.strerror or str(error)
        raise RbbnError(f"cannot listen on {host}:{port}: {reason}; choose another host or port") from None


def _bound(family: int, address: Any) -> socket.socket:
    # With the protocol named: asyncio switches Nagle's algorithm off only then, and with it each answer takes 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # elsewhere it would let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener

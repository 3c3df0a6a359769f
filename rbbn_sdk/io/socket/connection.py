"""One websocket. The only module that imports the websocket library; imported when the first one is opened."""

import asyncio
import logging
import socket
import ssl
from contextlib import suppress
from typing import Any

from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as library_connect
from websockets.exceptions import (
    ConnectionClosed,
    InvalidHandshake,
    InvalidProxyStatus,
    InvalidStatus,
    InvalidURI,
    ProxyError,
)

from rbbn_sdk.errors import ConfigurationError, SocketLost, SocketRefused
from rbbn_sdk.io.tls import TlsSetting, tls_context
from rbbn_sdk.io.words import words_of
from rbbn_sdk.ports import SocketEvent, SocketEventKind

__all__ = ["MAX_FRAME", "QUEUE", "Connection", "connect"]

MAX_FRAME = 4 * 1024 * 1024
"""Bytes of the largest frame that is passed on; a larger one is dropped, and the socket stays (`connection` 12.12)."""
QUEUE = 10_000
"""Frames that wait for `next`; then the library stops reading, and TCP holds the gateway back."""
_MAX_READ = 16 * MAX_FRAME
"""Bytes of the largest frame that is taken into memory at all. The library ends the connection at what is larger."""
_CLOSE_TIMEOUT = 1.0
_TCP_OPTIONS = {"TCP_KEEPIDLE": 15, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 30_000}
"""Seconds without traffic before probes, between them, their number; milliseconds without acknowledgement."""


async def connect(url: str, *, tls: TlsSetting, proxy: str | None, timeout: int) -> "Connection":
    """Open a websocket within `timeout` ms. Raises `SocketRefused`, whose text has nothing of the URL but the host."""
    try:
        options = _options(url, tls, proxy)
        async with asyncio.timeout(timeout / 1000):
            connection = await _Connect(
                url,
                proxy=proxy,
                compression=None,  # frames are small; and a small frame cannot grow large when it is unpacked
                user_agent_header=None,
                open_timeout=None,
                ping_interval=None,  # the keepalive of this protocol is a text frame, and not our business
                close_timeout=_CLOSE_TIMEOUT,
                max_size=_MAX_READ,
                max_queue=QUEUE,
                logger=_silence(),
                **options,
            )
        _watch_the_network(connection)
        return Connection(connection)
    except ConfigurationError as error:  # the file of certificates
        reason = error.message
    except TimeoutError:
        reason = f"no answer within {timeout} ms"
    except (InvalidHandshake, InvalidURI, ProxyError, OSError, ValueError, EOFError) as error:
        reason = _reason(error)
    message = f"the websocket was not opened: {reason}"
    raise SocketRefused(message)  # outside of the handlers: the library's error quotes the URL


def _options(url: str, tls: TlsSetting, proxy: str | None) -> dict[str, Any]:
    options: dict[str, Any] = {"ssl": tls_context(tls)} if url.startswith("wss:") else {}
    if proxy is not None and proxy.startswith("https:"):
        options["proxy_ssl"] = tls_context()
    return options


def _watch_the_network(connection: ClientConnection) -> None:
    """Let the system notice within half a minute that the other side cannot be reached any more.

    Without that, a socket whose network went away hangs for a quarter of an hour: TCP repeats what nobody acknowledges.
    """
    sock: socket.socket | None = connection.transport.get_extra_info("socket")
    if sock is None:
        return
    with suppress(OSError):  # it may be closed already, which `next` will tell
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name in _TCP_OPTIONS.keys() & vars(socket).keys():  # not every system has each of them
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), _TCP_OPTIONS[name])


def _silence() -> logging.Logger:
    """A logger outside of the tree of loggers: the library's own writes the URL with its `access_token`."""
    logger = logging.Logger("rbbn_sdk.websocket")  # noqa: LOG001 - the very point: no handler of the tree sees it
    logger.disabled = True
    return logger


class _Connect(library_connect):
    def process_redirect(self, exc: Exception) -> Exception | str:
        """Follow none: a browser does not, and the token in the query is for this host only."""
        return exc


class Connection:
    """An open websocket."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._is_ours = False
        self.has_ended = False
        """The `closed` event was given out."""

    async def next(self) -> SocketEvent:
        try:
            data = await self._connection.recv(decode=False)
        except ConnectionClosed:
            self.has_ended = True
        else:
            return _frame(data)
        if self._is_ours:
            msg = "the websocket was closed"
            raise SocketLost(msg)
        return SocketEvent(kind=SocketEventKind.CLOSED, code=self._connection.close_code or 1006)

    async def send(self, text: str) -> None:
        try:
            await self._connection.send(text.encode("utf-8", errors="replace"), text=True)
        except ConnectionClosed:
            lost = SocketLost("the websocket broke")
        else:
            return
        raise lost

    async def close(self) -> None:
        """Close it within a second and a bit, whatever the other side does."""
        self._is_ours = True
        try:
            async with asyncio.timeout(_CLOSE_TIMEOUT + 0.5):
                await self._connection.close(code=None)  # type: ignore[arg-type]  # no code, as 6 says; typed narrower
        except TimeoutError:  # it does not even take what we have to send
            pass
        finally:
            self._connection.transport.abort()
        await self._connection.wait_closed()


def _frame(data: bytes) -> SocketEvent:
    if len(data) > MAX_FRAME:
        return SocketEvent(kind=SocketEventKind.FRAME, dropped=len(data))
    return SocketEvent(kind=SocketEventKind.FRAME, text=data.decode("utf-8", errors="replace"))


def _reason(error: BaseException) -> str:
    if isinstance(error, InvalidProxyStatus):
        return f"the proxy answered with HTTP {error.response.status_code}"
    if isinstance(error, InvalidStatus):
        return f"the gateway answered with HTTP {error.response.status_code}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate was not accepted ({error.verify_message})"
    if isinstance(error, OSError) and (words := words_of(error)):
        return words
    return _WORDS.get(type(error).__name__, "the connection broke, or the answer is not a websocket's")


_WORDS = {
    "InvalidURI": "the address is not usable",
    "ProxyError": "the proxy refused it",
    "UnicodeError": "the host name is not usable",
    "UnicodeEncodeError": "the host name is not usable",
}

"""`Socket` over the websocket library (`connection` 6)."""

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import quote

from rbbn_sdk.errors import RbbnError, SocketLost, SocketRefused
from rbbn_sdk.io.proxies import Proxies
from rbbn_sdk.io.tls import TlsSetting
from rbbn_sdk.ports import Secrets, SocketAddress, SocketEvent
from rbbn_sdk.types import SocketId

if TYPE_CHECKING:  # the websocket library takes a while to import; the first `open` does it
    from rbbn_sdk.io.socket.connection import Connection

__all__ = ["WebsocketsSocket"]


class WebsocketsSocket:
    """Raises only `SocketError`s, which never name the path or its query.

    After `close`, and after the `closed` event, an id is unknown: `next` and `send` raise `SocketLost`, also in one
    that waits at that moment.
    """

    def __init__(self, *, secrets: Secrets, tls: TlsSetting = True, proxies: Proxies | None = None) -> None:
        self._secrets = secrets
        self._tls = tls
        self._proxies = Proxies() if proxies is None else proxies
        self._open: dict[SocketId, Connection] = {}

    async def open(self, socket_id: SocketId, address: SocketAddress, timeout: int) -> None:
        """Open a websocket within `timeout` ms. Raises `SocketRefused` for any failure."""
        from rbbn_sdk.io.socket.connection import connect

        if socket_id in self._open:
            msg = f"the websocket {socket_id} is open already"
            raise SocketRefused(msg)
        proxy = self._proxies.for_address(address.protocol, address.server, address.port)
        opened = await connect(self._url(address), tls=self._tls, proxy=proxy, timeout=timeout)
        self._open[socket_id] = opened

    async def next(self, socket_id: SocketId) -> SocketEvent:
        """The next frame, in order; at the end one `closed`. Cancelling it loses nothing."""
        connection = self._connection(socket_id)
        try:
            event = await connection.next()
        finally:
            if connection.has_ended and self._open.get(socket_id) is connection:
                del self._open[socket_id]
        return event

    async def send(self, socket_id: SocketId, text: str) -> None:
        """Send a text frame. Raises `SocketLost`."""
        await self._connection(socket_id).send(text)

    async def close(self, socket_id: SocketId | None = None) -> None:
        """Close one websocket, without an id all of them. One that is closed or unknown is ignored."""
        closing = list(self._open) if socket_id is None else [socket_id]
        connections = [self._open.pop(name) for name in closing if name in self._open]
        await asyncio.gather(*(connection.close() for connection in connections))

    def _connection(self, socket_id: SocketId) -> "Connection":
        connection = self._open.get(socket_id)
        if connection is None:
            msg = "the websocket is not open"
            raise SocketLost(msg)
        return connection

    def _url(self, address: SocketAddress) -> str:
        host = f"[{address.server}]" if ":" in address.server else address.server
        path = address.path if address.path.startswith("/") else f"/{address.path}"
        url = f"{address.protocol}://{host}:{address.port}" + quote(path, safe="!$&'()*+,;=:@/%?")
        if address.access_token is None:
            return url
        try:
            token = self._secrets.read(address.access_token)
        except RbbnError as error:
            reason = error.message
        else:
            return url + ("&" if "?" in path else "?") + "access_token=" + quote(token, safe="", errors="replace")
        raise SocketRefused(reason)

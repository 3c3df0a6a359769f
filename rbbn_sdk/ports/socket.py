from enum import StrEnum
from typing import Protocol

from attrs import frozen

from rbbn_sdk.types import SecretRef, SocketId, port


@frozen(kw_only=True, weakref_slot=False)
class SocketAddress:
    """Where a websocket goes (`connection` 6)."""

    server: str
    port: int
    path: str
    protocol: str = "wss"
    """`wss` or `ws`."""
    access_token: SecretRef | None = None
    """Sent as the query parameter `access_token`."""


class SocketEventKind(StrEnum):
    FRAME = "frame"
    CLOSED = "closed"


@frozen(kw_only=True, weakref_slot=False)
class SocketEvent:
    """What came on a websocket: a text frame, or its end."""

    kind: SocketEventKind
    text: str = ""
    """The frame, untouched. It can hold no secret: notifications carry none."""
    dropped: int = 0
    """Bytes of a frame over the limit of 4 MiB, which was dropped (`text` is empty then)."""
    code: int | None = None
    """The close code, 1006 when the connection broke."""


@port("socket")
class Socket(Protocol):
    async def open(self, socket_id: SocketId, address: SocketAddress, timeout: int) -> None:
        """Open a websocket within `timeout` ms. Raises `SocketRefused` for any failure."""
        ...

    async def next(self, socket_id: SocketId) -> SocketEvent:
        """The next frame, in order; at the end one `closed`. Cancelling it loses nothing.

        The queue holds 10,000 frames; what comes while it is full waits in the operating system's buffers.
        """
        ...

    async def send(self, socket_id: SocketId, text: str) -> None:
        """Send a text frame. Raises `SocketLost`."""
        ...

    async def close(self, socket_id: SocketId) -> None:
        """Close it; one that is closed or unknown is ignored. No `closed` event follows."""
        ...

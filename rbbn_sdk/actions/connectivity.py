"""The websocket (`connection` 6)."""

from typing import ClassVar

from attrs import frozen

from rbbn_sdk.engine import Action
from rbbn_sdk.types import MappingRecord, SocketId
from rbbn_sdk.types.options import ConnectivityOptions


@frozen(kw_only=True, weakref_slot=False)
class WsInfo(MappingRecord):
    """Where the websocket goes."""

    protocol: str
    server: str
    port: int
    url: str
    """The path."""
    params: str = ""
    """The query, a token in it masked."""


@frozen(kw_only=True, weakref_slot=False)
class ConnectAttempted(Action):
    """A series of attempts to open the websocket begins. Followed by `ws:change`."""

    TYPE: ClassVar[str] = "connectivity/CONNECT_ATTEMPTED"

    ws_info: WsInfo
    is_reconnect: bool = False


@frozen(kw_only=True, weakref_slot=False)
class Connected(Action):
    """The websocket is open. Followed by `ws:change`."""

    TYPE: ClassVar[str] = "connectivity/CONNECTED"

    socket_id: SocketId
    ws_info: WsInfo
    options: ConnectivityOptions
    is_reconnect: bool = False


@frozen(kw_only=True, weakref_slot=False)
class ConnectFailed(Action):
    """No attempt of a first series succeeded. Followed by `ws:change`."""

    TYPE: ClassVar[str] = "connectivity/CONNECT_FAILED"


@frozen(kw_only=True, weakref_slot=False)
class ConnectionLost(Action):
    """The websocket is no more, unasked or by `reset_connection`. Followed by `ws:change`."""

    TYPE: ClassVar[str] = "connectivity/CONNECTION_LOST"

    code: int | None = None
    """The close code, if there was one."""


@frozen(kw_only=True, weakref_slot=False)
class ConnectionGivenUp(Action):
    """There is no websocket and none will be opened: the gateway ended it, or no attempt to reconnect succeeded."""

    TYPE: ClassVar[str] = "connectivity/CONNECTION_GIVEN_UP"


@frozen(kw_only=True, weakref_slot=False)
class Reconnected(Action):
    """The websocket is open again after a loss: what was said meanwhile may have been missed."""

    TYPE: ClassVar[str] = "connectivity/RECONNECTED"


@frozen(kw_only=True, weakref_slot=False)
class Disconnect(Action):
    """Close the websocket for good; ends a series of attempts too."""

    TYPE: ClassVar[str] = "connectivity/DISCONNECT"


@frozen(kw_only=True, weakref_slot=False)
class Disconnected(Action):
    """The websocket was closed for good. Followed by `ws:change` if it was open."""

    TYPE: ClassVar[str] = "connectivity/DISCONNECTED"


@frozen(kw_only=True, weakref_slot=False)
class ResetConnection(Action):
    """Close the websocket and open it again."""

    TYPE: ClassVar[str] = "connectivity/RESET_CONNECTION"

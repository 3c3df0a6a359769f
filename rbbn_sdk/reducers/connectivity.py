"""The slice of the websocket (`connection` 6, 10.3)."""

from attrs import frozen

from rbbn_sdk.actions.connectivity import (
    ConnectAttempted,
    Connected,
    ConnectFailed,
    ConnectionGivenUp,
    ConnectionLost,
    Disconnected,
    WsInfo,
)
from rbbn_sdk.engine import Slice, evolve
from rbbn_sdk.types import SocketId
from rbbn_sdk.types.options import ConnectivityOptions


@frozen(kw_only=True, weakref_slot=False)
class Connectivity:
    """Whether there is a websocket, and how it was made."""

    connected: bool = False
    socket_id: SocketId | None = None
    """The open websocket."""
    options: ConnectivityOptions | None = None
    """Options of the last connection; kept while it is lost."""
    ws_info: WsInfo | None = None
    """Where the last connection went; kept while it is lost."""


connectivity = Slice("connectivity", Connectivity())

_NOTHING = Connectivity()


@connectivity.on(Connected)
def _connected(_state: Connectivity, action: Connected) -> Connectivity:
    return Connectivity(connected=True, socket_id=action.socket_id, options=action.options, ws_info=action.ws_info)


@connectivity.on(ConnectAttempted, ConnectionLost, ConnectionGivenUp)
def _down(state: Connectivity, _action: ConnectAttempted | ConnectionLost | ConnectionGivenUp) -> Connectivity:
    if not state.connected and state.socket_id is None:
        return state
    return evolve(state, connected=False, socket_id=None)


@connectivity.on(ConnectFailed, Disconnected)
def _over(state: Connectivity, _action: ConnectFailed | Disconnected) -> Connectivity:
    return state if state == _NOTHING else _NOTHING

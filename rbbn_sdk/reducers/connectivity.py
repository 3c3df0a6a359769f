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
from rbbn_sdk.engine import Action, Slice, evolve
from rbbn_sdk.types import SocketId
from rbbn_sdk.types.options import ConnectivityOptions


@frozen(kw_only=True, weakref_slot=False)
class Connectivity:
    """Whether there is a websocket, and how it was made."""

    active: bool = False
    """There is a websocket, or attempts to open one are going on."""
    connected: bool = False
    socket_id: SocketId | None = None
    """The open websocket."""
    options: ConnectivityOptions | None = None
    """Options of the last connection; kept while it is lost."""
    ws_info: WsInfo | None = None
    """Where the last connection went; kept while it is lost."""


connectivity = Slice("connectivity", Connectivity())

_NOTHING = Connectivity()


@connectivity.on(ConnectAttempted)
def _attempted(state: Connectivity, _action: ConnectAttempted) -> Connectivity:
    return evolve(state, active=True, connected=False, socket_id=None)


@connectivity.on(Connected)
def _connected(_state: Connectivity, action: Connected) -> Connectivity:
    return Connectivity(
        active=True, connected=True, socket_id=action.socket_id, options=action.options, ws_info=action.ws_info
    )


@connectivity.on(ConnectionLost)
def _lost(state: Connectivity, _action: ConnectionLost) -> Connectivity:
    return evolve(state, connected=False, socket_id=None) if state.connected else state


@connectivity.on(ConnectionGivenUp)
def _given_up(state: Connectivity, _action: ConnectionGivenUp) -> Connectivity:
    return evolve(state, active=False, connected=False, socket_id=None) if state.active else state


@connectivity.on(ConnectFailed, Disconnected)
def _over(state: Connectivity, _action: Action) -> Connectivity:
    return state if state == _NOTHING else _NOTHING

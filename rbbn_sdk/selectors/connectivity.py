"""The websocket (`connection` 6, 10.3)."""

from attrs import frozen
from msgspec import UNSET, UnsetType

from rbbn_sdk.actions.connectivity import WsInfo
from rbbn_sdk.engine import State, create_selector
from rbbn_sdk.reducers.connectivity import Connectivity, connectivity
from rbbn_sdk.selectors.config import connectivity_options, websocket_options
from rbbn_sdk.types import MappingRecord, SocketId
from rbbn_sdk.types.options import ConnectivityMethod, ConnectivityOptions


@frozen(kw_only=True, weakref_slot=False)
class Method(MappingRecord):
    """How the connection is kept alive; there is one way."""

    type: str
    responsible_party: str


@frozen(kw_only=True, weakref_slot=False)
class SocketState(MappingRecord):
    """What `get_socket_state` returns; all but the first two are there since the first connection. Times in ms."""

    connected: bool
    pinging: bool
    """Pings are being sent."""
    method: Method | UnsetType = UNSET
    ping_interval: int | UnsetType = UNSET
    reconnect_limit: int | UnsetType = UNSET
    reconnect_delay: int | UnsetType = UNSET
    reconnect_time_multiplier: float | UnsetType = UNSET
    reconnect_time_limit: int | UnsetType = UNSET
    auto_reconnect: bool | UnsetType = UNSET
    web_socket_o_auth_mode: str | UnsetType = UNSET
    ws_info: WsInfo | UnsetType = UNSET


def is_connected(state: State) -> bool:
    """Whether the websocket is open."""
    return connectivity(state).connected


def is_active(state: State) -> bool:
    """Whether there is a websocket or one is being opened."""
    return connectivity(state).active


def open_socket(state: State) -> SocketId | None:
    """The open websocket."""
    return connectivity(state).socket_id


def connected_with(state: State) -> ConnectivityOptions:
    """The options of the last connection, else those of the configuration."""
    return connectivity(state).options or connectivity_options(state)


def last_target(state: State) -> WsInfo | None:
    """Where the last connection went."""
    return connectivity(state).ws_info


def target_of(state: State, channel: str) -> WsInfo:
    """Where the configuration says that the websocket of a subscription goes."""
    options = websocket_options(state)
    return WsInfo(protocol=options.protocol, server=options.server, port=options.port, url=channel)


def is_checking(state: State) -> bool:
    """Whether pings are wanted."""
    return connectivity_options(state).check_connectivity


def ping_interval(state: State) -> int:
    """Milliseconds between two pings."""
    return connectivity_options(state).ping_interval


def _socket_state(known: Connectivity, checking: bool) -> SocketState:  # noqa: FBT001 -- a selector's input
    pinging = known.connected and checking
    options = known.options
    if options is None:
        return SocketState(connected=known.connected, pinging=pinging)
    return SocketState(
        connected=known.connected,
        pinging=pinging,
        method=_method(options.method),
        ping_interval=options.ping_interval,
        reconnect_limit=options.reconnect_limit,
        reconnect_delay=options.reconnect_delay,
        reconnect_time_multiplier=options.reconnect_time_multiplier,
        reconnect_time_limit=options.reconnect_time_limit,
        auto_reconnect=options.auto_reconnect,
        web_socket_o_auth_mode=options.web_socket_oauth_mode,
        ws_info=UNSET if known.ws_info is None else known.ws_info,
    )


def _method(method: ConnectivityMethod) -> Method:
    return Method(type=method.type, responsible_party=method.responsible_party)


socket_state = create_selector(connectivity, is_checking, _socket_state)
"""What `get_socket_state` tells."""

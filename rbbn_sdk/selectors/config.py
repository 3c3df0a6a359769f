"""Options as other features read them; each is the identical object until that part of the configuration changes."""

from typing import TypeVar

from msgspec import UnsetType

from rbbn_sdk.engine import State, create_selector
from rbbn_sdk.ports import IceServer, PeerConfig, Server
from rbbn_sdk.reducers.config import config
from rbbn_sdk.types import ObjectRef
from rbbn_sdk.types.options import (
    AuthenticationOptions,
    CallOptions,
    ConnectivityOptions,
    IceServerOption,
    LogOptions,
    NotificationOptions,
    ServerOptions,
    SubscriptionOptions,
    WebsocketOptions,
)

_T = TypeVar("_T")

LEAST_RECONNECT_DELAY = 2000
"""Milliseconds; a smaller `connectivity.reconnectDelay` acts as this (`connection` 1)."""
LEAST_AUDIT_INTERVAL = 10000
"""Milliseconds; a smaller `call.callAuditTimer` acts as this (`api` 3)."""


def log_options(state: State) -> LogOptions:
    return config(state).logs


def authentication_options(state: State) -> AuthenticationOptions:
    return config(state).authentication


def server_options(state: State) -> ServerOptions:
    return config(state).authentication.server


def subscription_options(state: State) -> SubscriptionOptions:
    return config(state).subscription


def websocket_options(state: State) -> WebsocketOptions:
    return config(state).subscription.websocket


def notification_options(state: State) -> NotificationOptions:
    return config(state).notifications


def connectivity_options(state: State) -> ConnectivityOptions:
    return config(state).connectivity


def call_options(state: State) -> CallOptions:
    return config(state).call


def rest_timeout(state: State) -> int:
    """Milliseconds a REST request may take."""
    return config(state).request.rest_timeout


def reconnect_delay(state: State) -> int:
    """Milliseconds before the first further attempt to connect; the least delay is applied."""
    return max(config(state).connectivity.reconnect_delay, LEAST_RECONNECT_DELAY)


def call_audit_interval(state: State) -> int:
    """Milliseconds between two audits of a call; the least interval is applied."""
    return max(config(state).call.call_audit_timer, LEAST_AUDIT_INTERVAL)


def sdp_handlers(state: State) -> tuple[ObjectRef, ...]:
    """The application's SDP handlers, in the order in which they run."""
    return config(state).call.sdp_handlers


def ice_check_function(state: State) -> ObjectRef | None:
    """The application's ICE collection check; None is the SDK's own."""
    return _given(config(state).call.ice_collection_check_function)


def _server(options: ServerOptions) -> Server:
    return Server(base=options.base, port=options.port, protocol=options.protocol, version=options.version)


rest_server = create_selector(server_options, _server)
"""The `Server` that the live configuration names."""


def _ice_server(option: IceServerOption) -> IceServer:
    return IceServer(urls=option.urls, username=_given(option.username), credential=_given(option.credential))


def _peer_config(options: CallOptions) -> PeerConfig:
    peer = options.default_peer_config
    default = PeerConfig()
    return PeerConfig(
        ice_servers=tuple(_ice_server(option) for option in peer.ice_servers),
        ice_transport_policy=_given(peer.ice_transport_policy) or default.ice_transport_policy,
        bundle_policy=_given(peer.bundle_policy) or default.bundle_policy,
        ice_addresses=options.ice_addresses,
    )


configured_peer = create_selector(call_options, _peer_config)
"""The `PeerConfig` that the configuration describes, before TURN credentials of a subscription (`call-media` 2.2)."""


def _given(value: _T | UnsetType) -> _T | None:
    return None if isinstance(value, UnsetType) else value

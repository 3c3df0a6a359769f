"""The configuration as the store holds it: every option has a value, secrets and live objects are references.

What an application writes are the classes of `rbbn_sdk.config`; `rbbn_sdk.api.config` turns one into the other. The
attributes are the documented keys in Python's spelling. `UNSET` is an option that has no value unless it is given.
"""

from attrs import frozen
from msgspec import UNSET, UnsetType

from rbbn_sdk.types.refs import ObjectRef, SecretRef

ENVIRONMENT = "environment"
"""`NetworkOptions.proxy`: what the environment variables say."""


@frozen(kw_only=True, weakref_slot=False)
class LogActionOptions:
    handler: ObjectRef | UnsetType = UNSET
    action_only: bool = False
    collapsed: bool = False
    diff: bool = False
    level: str = "debug"
    """Lower case."""
    expose_payloads: bool = True
    exclude_actions: tuple[str, ...] | UnsetType = UNSET
    """Names of actions."""


@frozen(kw_only=True, weakref_slot=False)
class LogOptions:
    log_level: str = "DEBUG"
    """Upper case."""
    handler: ObjectRef | UnsetType = UNSET
    log_actions: LogActionOptions | None = None
    """None: off."""


@frozen(kw_only=True, weakref_slot=False)
class ServerOptions:
    base: str = ""
    """Host; an IPv6 address stands in brackets. Never empty once a client has been made."""
    protocol: str = "https"
    """`https` or `http`."""
    port: int = 443
    version: str = "1"


@frozen(kw_only=True, weakref_slot=False)
class AuthenticationOptions:
    server: ServerOptions = ServerOptions()
    localization: str = "English_US"
    notification_type: str = "WebSocket"
    use_turn: bool = True
    """Has no effect: it is always asked for."""


@frozen(kw_only=True, weakref_slot=False)
class WebsocketOptions:
    server: str = ""
    """Host; an IPv6 address stands in brackets. Never empty once a client has been made."""
    protocol: str = "wss"
    """`wss` or `ws`."""
    port: int = 443


@frozen(kw_only=True, weakref_slot=False)
class SubscriptionOptions:
    expires: int = 3600
    """Seconds."""
    service_unavailable_max_retries: int = 3
    """Attempts after the first."""
    websocket: WebsocketOptions = WebsocketOptions()


@frozen(kw_only=True, weakref_slot=False)
class ConnectivityMethod:
    type: str = "keepAlive"
    responsible_party: str = "client"


@frozen(kw_only=True, weakref_slot=False)
class ConnectivityOptions:
    """Times in milliseconds."""

    method: ConnectivityMethod = ConnectivityMethod()
    ping_interval: int = 30000
    reconnect_limit: int = 5
    """Attempts of one series, the first connection included; 0 is no limit."""
    reconnect_delay: int = 5000
    """As given. `selectors.config.reconnect_delay` has the least delay applied."""
    reconnect_time_multiplier: float = 1.0
    reconnect_time_limit: int = 640000
    auto_reconnect: bool = True
    check_connectivity: bool = True
    web_socket_oauth_mode: str = "none"
    """`none` or `query`."""


@frozen(kw_only=True, weakref_slot=False)
class PushRegistrationOptions:
    """What overrides `authentication.server` for push registrations."""

    server: str | UnsetType = UNSET
    port: str | UnsetType = UNSET
    protocol: str | UnsetType = UNSET
    version: str | UnsetType = UNSET


@frozen(kw_only=True, weakref_slot=False)
class NotificationOptions:
    id_cache_length: int = 100
    """0: duplicates are not looked for."""
    incoming_call_notification_mode: str = "any-channel"
    """`any-channel` or `push-channel-only`."""
    push_registration: PushRegistrationOptions | UnsetType = UNSET


@frozen(kw_only=True, weakref_slot=False)
class RequestOptions:
    rest_timeout: int = 30000
    """Milliseconds."""


@frozen(kw_only=True, weakref_slot=False)
class IceServerOption:
    urls: tuple[str, ...] = ()
    username: str | UnsetType = UNSET
    credential: SecretRef | UnsetType = UNSET
    one_url: bool = False
    """The application gave `urls` as a text, not as a list."""


@frozen(kw_only=True, weakref_slot=False)
class PeerOptions:
    """What peer connections are made with; `UNSET` leaves it to the media engine."""

    ice_servers: tuple[IceServerOption, ...] = ()
    sdp_semantics: str = "unified-plan"
    ice_candidate_pool_size: int | UnsetType = UNSET
    ice_transport_policy: str | UnsetType = UNSET
    """`all`, `public` or `relay`."""
    bundle_policy: str | UnsetType = UNSET
    """`balanced`, `max-compat` or `max-bundle`."""
    rtc_mux_policy: str | UnsetType = UNSET
    rtcp_mux_policy: str | UnsetType = UNSET
    peer_identity: str | UnsetType = UNSET
    certificates: ObjectRef | UnsetType = UNSET


@frozen(kw_only=True, weakref_slot=False)
class CallOptions:
    """Times in milliseconds."""

    default_peer_config: PeerOptions = PeerOptions()
    ice_collection_ideal_timeout: int = 1000
    ice_collection_max_timeout: int = 3000
    ice_collection_check_function: ObjectRef | UnsetType = UNSET
    """UNSET: the SDK's own check."""
    server_turn_credentials: bool = True
    sdp_handlers: tuple[ObjectRef, ...] = ()
    """The application's; the SDK's own are not among them."""
    early_media: bool = False
    resync_on_connect: bool = False
    media_broker_only: bool = False
    remove_bundling: bool = False
    ringing_feedback_mode: str = "auto"
    """`auto` or `manual`."""
    call_audit_timer: int = 25000
    """As given. `selectors.config.call_audit_interval` has the least interval applied."""
    media_connection_retry_delay: int = 3000
    normalize_destination: bool = True
    trickle_ice_mode: str = "NONE"
    """`NONE`, `HALF` or `FULL`."""
    skip_ice_collection: bool = False
    ice_addresses: tuple[str, ...] | None = None
    """The only local addresses to gather candidates on; None is every interface."""


@frozen(kw_only=True, weakref_slot=False)
class MessagingOptions:
    features: tuple[str, ...] = ("base",)


@frozen(kw_only=True, weakref_slot=False)
class CommonOptions:
    disable_proxy: bool = False
    """The client has no namespace `proxy`."""
    enable_redux_dev_tools: bool = False
    redux_dev_tools_name: str = "WebRTC SDK"


@frozen(kw_only=True, weakref_slot=False)
class NetworkOptions:
    proxy: str | SecretRef | None = ENVIRONMENT
    """`environment`, None for off, or an address (kept as a secret, for it may hold a password)."""
    tls: bool | str | ObjectRef = True
    """True is what this machine trusts, False trusts anybody; else the path of a file of certificates, or an
    `ssl.SSLContext`."""


@frozen(kw_only=True, weakref_slot=False)
class Options:
    """The slice `config`."""

    logs: LogOptions = LogOptions()
    authentication: AuthenticationOptions = AuthenticationOptions()
    subscription: SubscriptionOptions = SubscriptionOptions()
    notifications: NotificationOptions = NotificationOptions()
    connectivity: ConnectivityOptions = ConnectivityOptions()
    request: RequestOptions = RequestOptions()
    call: CallOptions = CallOptions()
    messaging: MessagingOptions = MessagingOptions()
    common: CommonOptions = CommonOptions()
    network: NetworkOptions = NetworkOptions()
    further: ObjectRef | UnsetType = UNSET
    """What the application gave beside the known options, kept only to give it back."""

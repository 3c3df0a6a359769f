"""The sections of the configuration. Times are in milliseconds unless an option says otherwise."""

# ruff: noqa: RUF009 -- `option` and `section` make attrs fields

from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath
from ssl import SSLContext
from typing import Any, ClassVar

from attrs import define
from msgspec import UnsetType

from rbbn_sdk.config.checks import (
    addresses,
    boolean,
    certificates,
    choice,
    factor,
    function,
    functions,
    host,
    milliseconds,
    numeral,
    or_reset,
    port,
    proxy,
    text,
    texts,
    tls,
    version,
    whole,
)
from rbbn_sdk.config.option import Section, option, section
from rbbn_sdk.config.sections import section_list
from rbbn_sdk.config.special import (
    KEEP_ALIVE,
    action_log_level,
    connectivity_method,
    credential,
    features,
    ice_urls,
    log_actions,
    log_level,
)


@define(kw_only=True)
class LogActions(Section):
    """`logs.logActions`: entries about each action and what it does to the state."""

    handler: Callable[[Any], object] | UnsetType = option(check=function("log_handler"))
    """Gets the entries; the default writes them to stderr."""
    action_only: bool | UnsetType = option(False, boolean)
    """Leave out the states before and after."""
    collapsed: bool | UnsetType = option(False, boolean)
    """Tell the handler to show the groups closed."""
    diff: bool | UnsetType = option(False, boolean)
    """Add what the action changed in the state."""
    level: str | UnsetType = option("debug", action_log_level)
    """Level of the action logs: `trace`, `debug`, `info`, `warn`, `error` or `silent`."""
    expose_payloads: bool | UnsetType = option(True, boolean)
    """Show what actions carry, not only their names. References stand for secrets in either case."""
    exclude_actions: Sequence[str] | UnsetType = option(check=or_reset(texts))
    """Names of actions that are not logged."""


@define(kw_only=True)
class Logs(Section):
    """`logs`: what is logged, and where to."""

    log_level: str | UnsetType = option("DEBUG", log_level)
    """`silent`, `error`, `warn`, `info`, `debug` or `trace`, in any case."""
    handler: Callable[[Any], object] | UnsetType = option(check=function("log_handler"))
    """Gets each `LogEntry`; the default writes them to stderr."""
    log_actions: LogActions | Mapping[str, object] | bool | UnsetType = section(LogActions, log_actions, default=False)
    """Log actions too, at the levels `debug`, `trace` and (names only) `info`."""


@define(kw_only=True)
class Server(Section):
    """`authentication.server`: where REST requests go."""

    base: str | UnsetType = option(check=host, required=True)
    """Name or address of the host."""
    protocol: str | UnsetType = option("https", choice("https", "http"))
    port: int | UnsetType = option(443, port)
    version: str | UnsetType = option("1", version)
    """Version of the REST interface."""


@define(kw_only=True)
class Authentication(Section):
    """`authentication`."""

    server: Server | UnsetType = section(Server)
    localization: str | UnsetType = option("English_US", text)
    """Sent when subscribing."""
    notification_type: str | UnsetType = option("WebSocket", text)
    """Sent when subscribing."""
    use_turn: bool | UnsetType = option(True, boolean)
    """Has no effect: TURN credentials are always asked for."""


@define(kw_only=True)
class Websocket(Section):
    """`subscription.websocket`: where notifications come from."""

    server: str | UnsetType = option(check=host, required=True)
    """Name or address of the host."""
    protocol: str | UnsetType = option("wss", choice("wss", "ws"))
    port: int | UnsetType = option(443, port)


@define(kw_only=True)
class Subscription(Section):
    """`subscription`."""

    expires: int | UnsetType = option(3600, whole("seconds"))
    """Seconds that a subscription lives; less than 60 becomes 60 when a client is made."""
    service_unavailable_max_retries: int | UnsetType = option(3, whole())
    """How often to try again when the gateway is unavailable."""
    websocket: Websocket | UnsetType = section(Websocket)


@define(kw_only=True)
class Connectivity(Section):
    """`connectivity`: the websocket."""

    method: str | Mapping[str, str] | UnsetType = option(KEEP_ALIVE, connectivity_method)
    ping_interval: int | UnsetType = option(30000, milliseconds)
    reconnect_limit: int | UnsetType = option(5, whole())
    """Attempts of one series, also for the first connection; 0 is no limit."""
    reconnect_delay: int | UnsetType = option(5000, milliseconds)
    """Less than 2000 acts as 2000."""
    reconnect_time_multiplier: float | UnsetType = option(1.0, factor)
    """What the delay is multiplied with after each attempt."""
    reconnect_time_limit: int | UnsetType = option(640000, milliseconds)
    """The longest delay."""
    auto_reconnect: bool | UnsetType = option(True, boolean)
    check_connectivity: bool | UnsetType = option(True, boolean)
    web_socket_oauth_mode: str | UnsetType = option("none", choice("none", "query"), key="webSocketOAuthMode")
    """`query`: a bearer token is sent in the address of the websocket."""


@define(kw_only=True)
class PushRegistration(Section):
    """`notifications.pushRegistration`: where push registrations go, when not to `authentication.server`."""

    server: str | UnsetType = option(check=or_reset(host))
    port: str | int | UnsetType = option(check=or_reset(numeral))
    protocol: str | UnsetType = option(check=or_reset(choice("https", "http")))
    version: str | UnsetType = option(check=or_reset(version))


@define(kw_only=True)
class Notifications(Section):
    """`notifications`."""

    id_cache_length: int | UnsetType = option(100, whole())
    """How many notifications are remembered to recognise repeated ones; 0 does not look for them."""
    incoming_call_notification_mode: str | UnsetType = option("any-channel", choice("any-channel", "push-channel-only"))
    push_registration: PushRegistration | UnsetType = section(PushRegistration)


@define(kw_only=True)
class Request(Section):
    """`request`: REST requests."""

    rest_timeout: int | UnsetType = option(30000, milliseconds)


@define(kw_only=True)
class IceServer(Section):
    """One of `call.defaultPeerConfig.iceServers`."""

    urls: str | Sequence[str] | UnsetType = option(check=ice_urls)
    """`stun:host`, `turn:host:3478?transport=tcp`, `turns:host`."""
    username: str | UnsetType = option(check=or_reset(text))
    credential: str | UnsetType = option(check=or_reset(credential), secret=True)


@define(kw_only=True)
class PeerConfig(Section):
    """`call.defaultPeerConfig`: what peer connections are made with."""

    ice_servers: Sequence[IceServer | Mapping[str, object]] | UnsetType = option(
        (), section_list(IceServer, "ICE servers", "urls"), secret=True
    )
    sdp_semantics: str | UnsetType = option("unified-plan", choice("unified-plan"))
    ice_candidate_pool_size: int | UnsetType = option(check=or_reset(whole()))
    ice_transport_policy: str | UnsetType = option(check=or_reset(choice("all", "public", "relay")))
    bundle_policy: str | UnsetType = option(check=or_reset(choice("balanced", "max-compat", "max-bundle")))
    rtc_mux_policy: str | UnsetType = option(check=or_reset(choice("negotiate", "require")))
    rtcp_mux_policy: str | UnsetType = option(check=or_reset(choice("negotiate", "require")))
    peer_identity: str | UnsetType = option(check=or_reset(text))
    certificates: Sequence[object] | UnsetType = option(check=certificates)


@define(kw_only=True)
class Call(Section):
    """`call`."""

    ALIASES: ClassVar[Mapping[str, str]] = {
        "idealIceCollectionTimeout": "iceCollectionIdealTimeout",
        "maxIceCollectionTimeout": "iceCollectionMaxTimeout",
    }
    FORMER: ClassVar[Mapping[str, str]] = {
        "iceCollectionDelay": "iceCollectionIdealTimeout",
        "maxIceTimeout": "iceCollectionMaxTimeout",
    }
    REMOVED: ClassVar[Mapping[str, str]] = {
        "removeH264Codecs": "has no effect any more; give `call.sdpHandlers` a handler made by `create_codec_remover`",
    }

    default_peer_config: PeerConfig | UnsetType = section(PeerConfig)
    ice_collection_ideal_timeout: int | UnsetType = option(1000, milliseconds)
    """How long to wait for all candidates before a good set of them will do."""
    ice_collection_max_timeout: int | UnsetType = option(3000, milliseconds)
    """How long to wait for candidates at all."""
    ice_collection_check_function: Callable[[Any], object] | UnsetType = option(check=function("ice_check"))
    """Decides whether enough candidates are there; the time-outs above are its own affair then."""
    server_turn_credentials: bool | UnsetType = option(True, boolean)
    """Use the TURN credentials of the subscription for the configured ICE servers."""
    sdp_handlers: Sequence[Callable[..., object]] | UnsetType = option((), functions("sdp_handler"))
    """Change session descriptions, in this order."""
    early_media: bool | UnsetType = option(False, boolean)
    """Take media before a call is answered."""
    resync_on_connect: bool | UnsetType = option(False, boolean)
    """Ask for the state of all calls after connecting."""
    media_broker_only: bool | UnsetType = option(False, boolean)
    """All media goes through the gateway's media broker."""
    remove_bundling: bool | UnsetType = option(False, boolean)
    """Take `a=group` out of session descriptions."""
    ringing_feedback_mode: str | UnsetType = option("auto", choice("auto", "manual"))
    """`manual`: the application calls `send_ringing_feedback`."""
    call_audit_timer: int | UnsetType = option(25000, milliseconds)
    """How often a call is confirmed to the gateway; less than 10000 acts as 10000."""
    media_connection_retry_delay: int | UnsetType = option(3000, milliseconds)
    normalize_destination: bool | UnsetType = option(True, boolean)
    """Bring the address to call into the gateway's form."""
    trickle_ice_mode: str | UnsetType = option("NONE", choice("NONE", "HALF", "FULL"))
    skip_ice_collection: bool | UnsetType = option(False, boolean)
    """Sets `trickleIceMode` to `FULL`."""
    ice_addresses: Sequence[str] | UnsetType | None = option(None, addresses)
    """The only addresses of this machine to offer, such as `127.0.0.1`; None is all."""


@define(kw_only=True)
class Messaging(Section):
    """`messaging`."""

    features: Sequence[str] | UnsetType = option(("base",), features)


@define(kw_only=True)
class Common(Section):
    """`common`."""

    disable_proxy: bool | UnsetType = option(False, boolean)
    """The client gets no namespace `proxy`."""
    enable_redux_dev_tools: bool | UnsetType = option(False, boolean)
    """Has no effect outside a browser."""
    redux_dev_tools_name: str | UnsetType = option("WebRTC SDK", text)
    """Has no effect outside a browser."""


@define(kw_only=True)
class Network(Section):
    """`network`: how REST requests and the websocket reach the gateway. Read when a client is made, and never again."""

    proxy: str | UnsetType | None = option("environment", proxy, secret=True)
    """`environment`: as the environment variables say; None: off; or the address of a proxy.

    Loopback is never proxied."""
    tls: bool | str | PurePath | SSLContext | UnsetType = option(True, tls)
    """Trust what this machine trusts (True), a file of certificates (its path), a context, or anybody (False)."""


@define(kw_only=True)
class Configuration(Section):
    """All of it. `authentication.server.base` and `subscription.websocket.server` are required."""

    logs: Logs | UnsetType = section(Logs)
    authentication: Authentication | UnsetType = section(Authentication)
    subscription: Subscription | UnsetType = section(Subscription)
    notifications: Notifications | UnsetType = section(Notifications)
    connectivity: Connectivity | UnsetType = section(Connectivity)
    request: Request | UnsetType = section(Request)
    call: Call | UnsetType = section(Call)
    messaging: Messaging | UnsetType = section(Messaging)
    common: Common | UnsetType = section(Common)
    network: Network | UnsetType = section(Network)

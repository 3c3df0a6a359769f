"""The classes an application writes its configuration with: every option, its default and its check.

    create(Configuration(
        authentication=Authentication(server=Server(base="gateway.example.com")),
        subscription=Subscription(websocket=Websocket(server="gateway.example.com")),
        logs=Logs(log_level="info"),
    ))

A nested mapping with the documented keys says the same: `{"authentication": {"server": {"base": ...}}}`. Both may be
mixed. What is given is copied and never changed.
"""

from rbbn_sdk.config.classes import (
    Authentication,
    Call,
    Common,
    Configuration,
    Connectivity,
    IceServer,
    LogActions,
    Logs,
    Messaging,
    Network,
    Notifications,
    PeerConfig,
    PushRegistration,
    Request,
    Server,
    Subscription,
    Websocket,
)

__all__ = [
    "Authentication",
    "Call",
    "Common",
    "Configuration",
    "Connectivity",
    "IceServer",
    "LogActions",
    "Logs",
    "Messaging",
    "Network",
    "Notifications",
    "PeerConfig",
    "PushRegistration",
    "Request",
    "Server",
    "Subscription",
    "Websocket",
]

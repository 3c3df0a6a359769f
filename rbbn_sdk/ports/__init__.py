"""What the outside world does for us, in our words. Adapters stand in `rbbn_sdk.io`."""

from rbbn_sdk.ports.clock import Clock
from rbbn_sdk.ports.devices import Device, Devices, LocalTrack, TrackSource
from rbbn_sdk.ports.ids import Ids
from rbbn_sdk.ports.log import Log, LogTarget
from rbbn_sdk.ports.objects import IceCheckAnswer, IceCheckCall, Objects, SdpHandlerCall
from rbbn_sdk.ports.peers import (
    IceProgress,
    IceProgressKind,
    IceServer,
    PeerConfig,
    PeerEvent,
    PeerEventKind,
    Peers,
    RemoteMedia,
    RemoteTrack,
)
from rbbn_sdk.ports.rest import (
    CallAnswer,
    CallOffer,
    Credentials,
    CustomParameter,
    FetchInit,
    FetchReply,
    Rest,
    RestContext,
    Server,
    SubscribeOrder,
    Subscription,
    TurnCredentials,
)
from rbbn_sdk.ports.secrets import Secrets, opened
from rbbn_sdk.ports.socket import Socket, SocketAddress, SocketEvent, SocketEventKind

__all__ = [
    "CallAnswer",
    "CallOffer",
    "Clock",
    "Credentials",
    "CustomParameter",
    "Device",
    "Devices",
    "FetchInit",
    "FetchReply",
    "IceCheckAnswer",
    "IceCheckCall",
    "IceProgress",
    "IceProgressKind",
    "IceServer",
    "Ids",
    "LocalTrack",
    "Log",
    "LogTarget",
    "Objects",
    "PeerConfig",
    "PeerEvent",
    "PeerEventKind",
    "Peers",
    "RemoteMedia",
    "RemoteTrack",
    "Rest",
    "RestContext",
    "SdpHandlerCall",
    "Secrets",
    "Server",
    "Socket",
    "SocketAddress",
    "SocketEvent",
    "SocketEventKind",
    "SubscribeOrder",
    "Subscription",
    "TrackSource",
    "TurnCredentials",
    "opened",
]

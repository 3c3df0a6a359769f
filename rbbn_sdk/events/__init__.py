"""Public events, derived purely from actions and states. A handler may be registered by an event's class."""

from rbbn_sdk.events.auth import AuthChange, AuthError
from rbbn_sdk.events.base import Event
from rbbn_sdk.events.call import (
    CallCustomParameters,
    CallMediaConnectionChange,
    CallOperation,
    CallReceive,
    CallStart,
    CallStateChange,
    CallTracksAdded,
    CallTracksRemoved,
)
from rbbn_sdk.events.connectivity import WsChange
from rbbn_sdk.events.notification import NotificationReceivedEvent
from rbbn_sdk.events.request import RequestErrorEvent
from rbbn_sdk.events.subscription import SubscriptionChange, SubscriptionError, SubscriptionResub
from rbbn_sdk.events.webrtc import DevicesChange, MediaTrackRendered

__all__ = [
    "AuthChange",
    "AuthError",
    "CallCustomParameters",
    "CallMediaConnectionChange",
    "CallOperation",
    "CallReceive",
    "CallStart",
    "CallStateChange",
    "CallTracksAdded",
    "CallTracksRemoved",
    "DevicesChange",
    "Event",
    "MediaTrackRendered",
    "NotificationReceivedEvent",
    "RequestErrorEvent",
    "SubscriptionChange",
    "SubscriptionError",
    "SubscriptionResub",
    "WsChange",
]

"""The gateway's JSON messages as typed records."""

from rbbn_sdk.wire.call import (
    CallControlRequest,
    CallControlRequestBody,
    CallControlResponse,
    CallControlResponseBody,
    CallDispositionRequest,
    CallDispositionRequestBody,
    CallDispositionResponse,
    CallDispositionResponseBody,
    CustomParameter,
)
from rbbn_sdk.wire.decode import Decoded, Malformed, decode, parse_json
from rbbn_sdk.wire.encode import encode, raw
from rbbn_sdk.wire.notification import (
    CallNotification,
    CallNotificationBody,
    CallNotificationParams,
    Notification,
    NotificationBody,
    Ping,
    SessionParams,
)
from rbbn_sdk.wire.subscription import (
    SubscribeRequest,
    SubscribeRequestBody,
    SubscribeResponse,
    SubscribeResponseBody,
    SubscriptionParams,
    TurnCredentials,
)

__all__ = [
    "CallControlRequest",
    "CallControlRequestBody",
    "CallControlResponse",
    "CallControlResponseBody",
    "CallDispositionRequest",
    "CallDispositionRequestBody",
    "CallDispositionResponse",
    "CallDispositionResponseBody",
    "CallNotification",
    "CallNotificationBody",
    "CallNotificationParams",
    "CustomParameter",
    "Decoded",
    "Malformed",
    "Notification",
    "NotificationBody",
    "Ping",
    "SessionParams",
    "SubscribeRequest",
    "SubscribeRequestBody",
    "SubscribeResponse",
    "SubscribeResponseBody",
    "SubscriptionParams",
    "TurnCredentials",
    "decode",
    "encode",
    "parse_json",
    "raw",
]

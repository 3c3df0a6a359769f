"""The frames that the gateway pushes (`connection` 8, `call-signalling` 4)."""

import time
import uuid
from collections.abc import Mapping
from typing import Any

import msgspec

from rbbn_sdk.wire import CallNotification, CallNotificationBody


def new_event_id() -> str:
    return str(uuid.uuid4())


def time_now() -> int:
    """Milliseconds since the epoch."""
    return int(time.time() * 1000)


def frame(message: Mapping[str, Any]) -> str:
    """A notification of any kind; `message` may bring its own `eventId` and `time`."""
    content = {"eventId": new_event_id(), "time": time_now(), **message}
    return msgspec.json.encode({"notificationMessage": content}).decode()


def call_frame(message: CallNotification) -> str:
    """A notification about a call, with a new `eventId`."""
    message = msgspec.structs.replace(message, event_id=new_event_id(), time=time_now())
    return msgspec.json.encode(CallNotificationBody(notification_message=message)).decode()

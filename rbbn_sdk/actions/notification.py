"""Notifications of the gateway (`connection` 8)."""

from enum import StrEnum
from typing import ClassVar

from attrs import frozen

from rbbn_sdk.engine import Action
from rbbn_sdk.types import JsonText


class Channel(StrEnum):
    """The way a notification came."""

    WEBSOCKET = "WEBSOCKET"
    PUSH = "PUSH"


@frozen(kw_only=True, weakref_slot=False)
class ProcessNotification(Action):
    """The application received a notification by another way than the websocket."""

    TYPE: ClassVar[str] = "notification/PROCESS"

    channel: Channel
    payload: JsonText


@frozen(kw_only=True, weakref_slot=False)
class NotificationReceived(Action):
    """A notification was accepted: well-formed, on an enabled channel, not a repetition. The features act on it.

    Followed by `notification:received`, unless `NotificationHandled` is (see `events/notification`).
    """

    TYPE: ClassVar[str] = "notification/RECEIVED"

    event_type: str
    event_id: str = ""
    """The id as JSON, so that `"1"` and `1` are two; empty when there is none."""
    channel: Channel = Channel.WEBSOCKET
    payload: JsonText
    """The whole frame: `{"notificationMessage": {...}}`."""
    cache_length: int = 100
    """How many ids are remembered."""


@frozen(kw_only=True, weakref_slot=False)
class NotificationHandled(Action):
    """A feature has told what a notification means, as far as it comes before `notification:received`."""

    TYPE: ClassVar[str] = "notification/HANDLED"

    payload: JsonText

"""Notifications: gateway to client (`connection` 8, `call-signalling` 1.2)."""

from msgspec import UNSET, Struct, UnsetType

from rbbn_sdk.wire.call import CustomParameter
from rbbn_sdk.wire.numbers import Int64


class SessionParams(Struct, rename="camel", frozen=True, kw_only=True):
    session_data: str
    type: str | UnsetType = UNSET
    sdp: str | UnsetType = UNSET
    status_code: str | Int64 | UnsetType = UNSET
    reason_text: str | UnsetType = UNSET
    retry_after: Int64 | float | UnsetType = UNSET


class CallNotificationParams(Struct, rename="camel", frozen=True, kw_only=True):
    caller_name: str | UnsetType = UNSET
    caller_display_number: str | UnsetType = UNSET
    callee_name: str | UnsetType = UNSET
    callee_display_number: str | UnsetType = UNSET
    remote_name: str | UnsetType = UNSET
    remote_display_number: str | UnsetType = UNSET


class Notification(Struct, rename="camel", frozen=True, kw_only=True):
    """The envelope's content, whatever its type: enough to route it and to find repetitions."""

    event_type: str = ""
    event_id: str | Int64 | UnsetType = UNSET
    time: Int64 | float | UnsetType = UNSET
    status_code: Int64 | str | UnsetType = UNSET


class NotificationBody(Struct, rename="camel", frozen=True, kw_only=True):
    notification_message: Notification


class CallNotification(Struct, rename="camel", frozen=True, kw_only=True):
    """Every notification about a call."""

    event_type: str
    session_params: SessionParams
    event_id: str | Int64 | UnsetType = UNSET
    time: Int64 | float | UnsetType = UNSET
    status_code: Int64 | str | UnsetType = UNSET
    call_notification_params: CallNotificationParams | UnsetType = UNSET
    custom_parameters: tuple[CustomParameter, ...] | UnsetType = UNSET


class CallNotificationBody(Struct, rename="camel", frozen=True, kw_only=True):
    notification_message: CallNotification


class Ping(Struct, frozen=True, kw_only=True):
    """The only frame that a client sends (`connection` 6)."""

    message_type: str = "ping"

"""What is let in of all that comes, and what is not (`connection` 8.2)."""

import json

import msgspec

from rbbn_sdk.actions.notification import Channel, NotificationReceived
from rbbn_sdk.engine import fx
from rbbn_sdk.selectors.config import notification_options
from rbbn_sdk.selectors.notification import is_channel_enabled, is_repeated
from rbbn_sdk.types import JsonText
from rbbn_sdk.wire import Malformed, Notification, NotificationBody, decode, parse_json

_PUSH_ONLY = "push-channel-only"


async def accept(text: str, channel: Channel) -> None:
    """Put `NotificationReceived`, or log why not. Nothing that comes from outside makes it raise."""
    try:
        decoded = decode(NotificationBody, text)
    except Malformed as error:
        await fx.log("warn", "NOTIFICATIONS", f"Ignored a frame that is no notification: {error}")
        return
    if decoded.dropped:
        await fx.log("warn", "NOTIFICATIONS", f"Ignored wrong fields of a notification: {', '.join(decoded.dropped)}")
    notification = decoded.value.notification_message
    message, payload = _read(text)
    if channel is Channel.WEBSOCKET:
        await fx.log("debug", "CONNECTIVITY", "Received a message on the websocket", message)
    options = await fx.select(notification_options)
    if not await fx.select(is_channel_enabled, channel):
        await _ignored(notification, f"the channel {channel} is not enabled")
    elif _is_for_push(notification, channel, options.incoming_call_notification_mode):
        await _ignored(notification, "incoming calls come by push only")
    elif options.id_cache_length > 0 and await fx.select(is_repeated, _id_of(notification)):
        await _ignored(notification, "it is a repetition")
    else:
        await fx.put(
            NotificationReceived(
                event_type=notification.event_type,
                event_id=_id_of(notification),
                channel=channel,
                payload=payload,
                cache_length=options.id_cache_length,
            )
        )


def _read(text: str) -> tuple[object, JsonText]:
    """The frame as plain values, and as JSON that any reader takes: mended where only a lenient one would."""
    try:
        return msgspec.json.decode(text), JsonText(text)
    except (ValueError, RecursionError):
        plain = parse_json(text)
    return plain, JsonText(json.dumps(plain, ensure_ascii=False))


def _is_for_push(notification: Notification, channel: Channel, mode: str) -> bool:
    return mode == _PUSH_ONLY and channel is Channel.WEBSOCKET and notification.event_type == "call"


def _id_of(notification: Notification) -> str:
    """The id as JSON, which tells text from number; empty when there is none."""
    event_id = notification.event_id
    return "" if isinstance(event_id, msgspec.UnsetType) else msgspec.json.encode(event_id).decode()


async def _ignored(notification: Notification, why: str) -> None:
    await fx.log("debug", "NOTIFICATIONS", f"Ignored a notification {notification.event_type!r}: {why}")

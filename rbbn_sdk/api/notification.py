"""`client.notification`: notifications that come by other ways than the websocket."""

import json
from collections.abc import Mapping

from rbbn_sdk.actions.notification import Channel, ProcessNotification
from rbbn_sdk.api.arguments import expected
from rbbn_sdk.api.context import ApiContext
from rbbn_sdk.errors import InvalidArgument
from rbbn_sdk.types import JsonText


class Notification:
    """Hand over notifications that the application received by push."""

    def __init__(self, context: ApiContext) -> None:
        self._context = context

    def process(self, notification: object, channel: str = "PUSH") -> None:
        """Treat a notification as if the gateway had sent it.

        Args:
            notification: `{"notificationMessage": {...}}`, or its JSON text.
            channel: `PUSH`, or `WEBSOCKET`, which is let in only while the websocket is open.

        Followed by `notification:received` and what the notification causes, unless it is a repetition.

        Raises:
            InvalidArgument: A notification or channel that cannot be one.
        """
        if channel not in tuple(Channel):
            msg = f"channel: expected 'PUSH' or 'WEBSOCKET', got {channel!r}"
            raise InvalidArgument(msg)
        payload = _payload(notification)
        self._context.invoked("NOTIFICATIONS", "notification.process", channel)
        self._context.dispatch(ProcessNotification(channel=Channel(channel), payload=payload))


def _payload(notification: object) -> JsonText:
    if isinstance(notification, str):
        return JsonText(notification)
    if not isinstance(notification, Mapping):
        raise expected("notification", "a mapping with notificationMessage, or JSON text", notification)
    try:
        return JsonText(json.dumps(notification))
    except (TypeError, ValueError, RecursionError) as error:
        msg = f"notification: expected plain JSON: {error}"
        raise InvalidArgument(msg) from None

"""The event about notifications, and its place among the events of the features (`connection` 8.2)."""

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec
from attrs import frozen

from rbbn_sdk.actions.notification import NotificationHandled, NotificationReceived
from rbbn_sdk.engine import Derivations, State
from rbbn_sdk.events.base import Event
from rbbn_sdk.types import JsonText

TOLD_AFTER_HANDLING = frozenset({"call", "callEnd", "callCancel", "ringing", "gone", "websocketOverridden"})
"""Event types whose feature puts `NotificationHandled`. For all others the event comes before those of the feature."""


@frozen(kw_only=True, weakref_slot=False)
class NotificationReceivedEvent(Event):
    """A notification of the gateway was accepted."""

    TYPE: ClassVar[str] = "notification:received"

    payload: Any
    """The whole notification as plain JSON: `{"notificationMessage": {...}}`."""


derivations = Derivations()


@derivations.on(NotificationReceived)
def _received(action: NotificationReceived, _before: State, _after: State) -> Iterator[Event]:
    """A report."""
    if action.event_type not in TOLD_AFTER_HANDLING:
        yield NotificationReceivedEvent(payload=_plain(action.payload))


@derivations.on(NotificationHandled)
def _handled(action: NotificationHandled, _before: State, _after: State) -> Iterator[Event]:
    """A report."""
    yield NotificationReceivedEvent(payload=_plain(action.payload))


def _plain(payload: JsonText) -> Any:
    """What was accepted is strict JSON; None for an action that somebody else made of something else."""
    try:
        return msgspec.json.decode(payload)
    except (ValueError, RecursionError):
        return None

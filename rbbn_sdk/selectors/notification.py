"""What notifications are let in (`connection` 8.2)."""

from rbbn_sdk.actions.notification import Channel
from rbbn_sdk.engine import State
from rbbn_sdk.reducers.notification import notifications


def is_channel_enabled(state: State, channel: Channel) -> bool:
    """Whether notifications of a channel are processed."""
    return channel is Channel.PUSH or notifications(state).websocket_enabled


def is_repeated(state: State, event_id: str) -> bool:
    """Whether an id is among those that are remembered."""
    return event_id in notifications(state).seen.by_id

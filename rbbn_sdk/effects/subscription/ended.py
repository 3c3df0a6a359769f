"""Subscriptions that end unasked (`connection` 7.5 to 7.7). No DELETE is sent."""

from rbbn_sdk.actions.connectivity import ConnectionGivenUp
from rbbn_sdk.actions.notification import NotificationHandled, NotificationReceived
from rbbn_sdk.actions.subscription import ChangeReason, SubscriptionEnded, SubscriptionVanished
from rbbn_sdk.effects.connectivity.close import disconnect
from rbbn_sdk.effects.turns import until_not_unsubscribing
from rbbn_sdk.engine import fx
from rbbn_sdk.selectors.subscription import current_subscription, is_unsubscribing

NOTICES = {"gone": ChangeReason.GONE, "websocketOverridden": ChangeReason.WS_OVERRIDDEN}
"""Notifications that end the subscription."""


async def end_noticed(notice: NotificationReceived) -> None:
    """The gateway says so in a notification; `notification:received` comes after."""
    await _end(NOTICES[notice.event_type])
    await fx.put(NotificationHandled(payload=notice.payload))


async def end_vanished(fact: SubscriptionVanished) -> None:
    """The gateway said so in an answer."""
    await _end(fact.reason)


async def end_unconnected(_fact: ConnectionGivenUp) -> None:
    """Without a websocket a subscription is of no use."""
    await _end(ChangeReason.LOST_CONNECTION)


async def _end(reason: ChangeReason) -> None:
    current = await fx.select(current_subscription)
    if current is None:
        return
    await disconnect()
    if await fx.select(is_unsubscribing):
        await fx.fork(_end_unless_unsubscribed, current.path, reason)
    else:
        await _end_if_still_there(current.path, reason)


async def _end_unless_unsubscribed(path: str, reason: ChangeReason) -> None:
    """An unsubscribe that is being served will tell the end; if it fails, this does."""
    await until_not_unsubscribing()
    await _end_if_still_there(path, reason)


async def _end_if_still_there(path: str, reason: ChangeReason) -> None:
    current = await fx.select(current_subscription)
    if current is not None and current.path == path:
        await fx.put(SubscriptionEnded(reason=reason))

"""Service subscription: made, changed, extended, ended (`connection` 5 and 7)."""

from rbbn_sdk.actions.connectivity import ConnectionGivenUp
from rbbn_sdk.actions.notification import NotificationReceived
from rbbn_sdk.actions.subscription import (
    ServicesAdded,
    Subscribe,
    SubscriptionEnded,
    SubscriptionMade,
    SubscriptionVanished,
    Unsubscribe,
)
from rbbn_sdk.effects.apart import apart
from rbbn_sdk.effects.subscription.ended import NOTICES, end_noticed, end_unconnected, end_vanished
from rbbn_sdk.effects.subscription.extend import keep_extended
from rbbn_sdk.effects.subscription.subscribe import subscribe
from rbbn_sdk.effects.subscription.unsubscribe import unsubscribe
from rbbn_sdk.engine import fx

__all__ = ["watch"]


async def watch() -> None:
    """Serve subscribes and unsubscribes, extend what there is, and see its end."""
    await fx.take_every(apart(subscribe), Subscribe)
    await fx.take_every(apart(unsubscribe), Unsubscribe)
    await fx.take_latest(keep_extended, SubscriptionMade, ServicesAdded, SubscriptionEnded)
    await fx.take_every(end_vanished, SubscriptionVanished)
    await fx.take_every(end_unconnected, ConnectionGivenUp)
    for event_type in NOTICES:
        await fx.take_every(end_noticed, NotificationReceived, event_type=event_type)

"""Subscribes and unsubscribes are served one after another, in the order in which they were asked for."""

from rbbn_sdk.actions.subscription import (
    ServicesChanged,
    SubscribeFailed,
    SubscriptionEnded,
    SubscriptionMade,
    UnsubscribeFailed,
)
from rbbn_sdk.engine import Action, fx
from rbbn_sdk.selectors.subscription import first_pending, is_pending, is_unsubscribing
from rbbn_sdk.types import RequestId

_ENDS: tuple[type[Action], ...] = (
    SubscriptionMade,
    ServicesChanged,
    SubscriptionEnded,
    SubscribeFailed,
    UnsubscribeFailed,
)


async def my_turn(request_id: RequestId) -> None:
    """Wait until all that was asked for before has ended."""
    while True:
        first = await fx.select(first_pending)
        if first is None or first.request_id == request_id:
            return
        await fx.take(*_ENDS)


async def until_quiet() -> None:
    """Wait until nothing is pending."""
    while await fx.select(is_pending):
        await fx.take(*_ENDS)


async def until_not_unsubscribing() -> None:
    """Wait until no unsubscribe is being served."""
    while await fx.select(is_unsubscribing):
        await fx.take(*_ENDS)

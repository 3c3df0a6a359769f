"""The story of an unsubscribe: of everything, or of some services (`connection` 5.4, 7.4)."""

from rbbn_sdk.actions.subscription import (
    ChangeReason,
    ServicesRemoved,
    SubscriptionEnded,
    SubscriptionVanished,
    Unsubscribe,
    UnsubscribeFailed,
)
from rbbn_sdk.effects.connectivity.close import disconnect
from rbbn_sdk.effects.request import login_rest
from rbbn_sdk.effects.subscription import failures
from rbbn_sdk.effects.subscription.order import completed, update_order
from rbbn_sdk.effects.turns import my_turn
from rbbn_sdk.engine import fx
from rbbn_sdk.errors import RequestError
from rbbn_sdk.ports import Rest, Subscription
from rbbn_sdk.selectors.subscription import current_subscription
from rbbn_sdk.types import ErrorInfo


async def unsubscribe(request: Unsubscribe) -> None:
    """Serve `services.unsubscribe`. Names are compared with their case."""
    if not request.username:
        await _failed(request, failures.NO_USER)
        return
    await my_turn(request.request_id)
    current = await fx.select(current_subscription)
    if not request.services:
        await _failed(request, failures.NO_SERVICE)
    elif current is None:
        await _failed(request, failures.NOT_SUBSCRIBED)
    else:
        await _unsubscribe_from(request, current)


async def _unsubscribe_from(request: Unsubscribe, current: Subscription) -> None:
    left = tuple(name for name in current.service if name not in request.services)
    if not left:
        await _end(request, current)
    elif len(left) == len(current.service):
        await _failed(request, failures.NOT_SUBSCRIBED)
    else:
        await _remove_services(request, current, left)


async def _end(request: Unsubscribe, current: Subscription) -> None:
    """DELETE, then close the websocket."""
    try:
        if current.path:
            await login_rest(Rest.unsubscribe, current.path)
    except RequestError as error:
        await _failed(request, failures.unsubscribe_error(error))
        return
    await disconnect()
    await fx.put(SubscriptionEnded(request_id=request.request_id))


async def _remove_services(request: Unsubscribe, current: Subscription, left: tuple[str, ...]) -> None:
    """PUT with the rest. What ends the subscription meanwhile waits for this (`ended`)."""
    try:
        answer = await login_rest(Rest.update_subscription, current.path, update_order(current, left))
    except RequestError as error:
        await _failed(request, failures.update_error(error))
        if failures.is_vanished(error.failure):
            await fx.put(SubscriptionVanished(reason=ChangeReason.GONE))
        return
    await fx.put(
        ServicesRemoved(request_id=request.request_id, subscription=completed(answer, current), requested=left)
    )


async def _failed(request: Unsubscribe, error: ErrorInfo) -> None:
    await fx.put(UnsubscribeFailed(request_id=request.request_id, error=error))

"""The story of a subscribe: of a new subscription, or of more services for the one there is (`connection` 5, 7)."""

from functools import partial

from rbbn_sdk.actions.connectivity import ConnectFailed
from rbbn_sdk.actions.subscription import (
    ChangeReason,
    ServicesAdded,
    Subscribe,
    SubscribeAccepted,
    SubscribeFailed,
    SubscriptionMade,
    SubscriptionVanished,
    Unsubscribe,
)
from rbbn_sdk.effects.auth import forget
from rbbn_sdk.effects.connectivity.open import connect
from rbbn_sdk.effects.request import login_rest, rest_in
from rbbn_sdk.effects.subscription import failures
from rbbn_sdk.effects.subscription.order import completed, subscribe_order, update_order, with_more
from rbbn_sdk.effects.turns import my_turn
from rbbn_sdk.engine import fx
from rbbn_sdk.errors import RbbnError, RequestError
from rbbn_sdk.ports import Rest, RestContext, SubscribeOrder, Subscription
from rbbn_sdk.reducers.subscription import turn_secrets
from rbbn_sdk.selectors.auth import login_context, username
from rbbn_sdk.selectors.config import subscription_options
from rbbn_sdk.selectors.connectivity import target_of
from rbbn_sdk.selectors.subscription import current_subscription, is_unwanted
from rbbn_sdk.types import ErrorInfo, RequestId


async def subscribe(request: Subscribe) -> None:
    """Serve `services.subscribe`."""
    if not request.username:
        await _failed(request, failures.NO_USER)
        return
    await my_turn(request.request_id)
    current = await fx.select(current_subscription)
    if current is not None:
        await _add_services(request, current)
    elif request.services:
        await _subscribe_anew(request)
    else:
        await _failed(request, failures.NO_SERVICE)


async def _subscribe_anew(request: Subscribe) -> None:
    """POST, then the websocket; without it the subscription is taken back."""
    before = await fx.select(login_context)
    try:
        answer = await _post(request, await fx.select(subscribe_order, request))
    except RequestError as error:
        await _failed(request, failures.subscribe_error(error))
        return
    if before is not None and await fx.select(username) != before.credentials.username:
        await _take_back(request, answer, before, failures.USER_CHANGED)
        return
    await fx.put(SubscribeAccepted(subscription=answer))
    target = await fx.select(target_of, answer.notification_channel)
    try:
        await connect(target, wait=partial(_while_wanted, request.request_id))
    except RbbnError as error:
        await fx.put(ConnectFailed())
        await _take_back(request, answer, await fx.select(login_context), failures.no_websocket(error))
        return
    await fx.put(SubscriptionMade(request_id=request.request_id, subscription=answer, requested=request.services))


async def _post(request: Subscribe, order: SubscribeOrder) -> Subscription:
    """Send it; again when the gateway says when to come again, as often as the configuration allows."""
    retries = (await fx.select(subscription_options)).service_unavailable_max_retries
    while True:
        try:
            return await login_rest(Rest.subscribe, order)
        except RequestError as error:
            wait = error.failure.retry_after
            if not wait or retries <= 0:
                raise
            await fx.log("warn", "SUBSCRIPTION", f"{error.message}. It is repeated in {wait / 1000:g} s, as asked for")
            if not await _while_wanted(request.request_id, wait / 1000):
                raise
        retries -= 1


async def _while_wanted(request_id: RequestId, seconds: float) -> bool:
    """Wait; False, and at once, when an unsubscribe of all that is being subscribed is waiting for its turn."""
    unwanted, _ = await fx.race(_unwanted(request_id), fx.delay(seconds))
    return unwanted is None


async def _unwanted(request_id: RequestId) -> bool:
    while not await fx.select(is_unwanted, request_id):
        await fx.take(Unsubscribe)
    return True


async def _take_back(request: Subscribe, answer: Subscription, context: RestContext | None, why: ErrorInfo) -> None:
    """Remove a subscription that is of no use; if that fails too, its error is the one that is told."""
    try:
        if answer.path:
            await rest_in(context, Rest.unsubscribe, answer.path)
    except RequestError as error:
        why = failures.unsubscribe_error(error)
    await _failed(request, why)


async def _add_services(request: Subscribe, current: Subscription) -> None:
    """PUT with the granted services and the new ones."""
    services = with_more(current, request.services)
    try:
        answer = await login_rest(Rest.update_subscription, current.path, update_order(current, services))
    except RequestError as error:
        await _failed(request, failures.update_error(error))
        if failures.is_vanished(error.failure):
            await fx.put(SubscriptionVanished(reason=ChangeReason.GONE))
        return
    if await fx.select(current_subscription) is None:
        await _failed(request, failures.ENDED_MEANWHILE)
        await forget(answer.session, *turn_secrets(answer.turn))
        return
    await fx.put(
        ServicesAdded(request_id=request.request_id, subscription=completed(answer, current), requested=services)
    )


async def _failed(request: Subscribe, error: ErrorInfo) -> None:
    await fx.put(SubscribeFailed(request_id=request.request_id, error=error))

"""The subscription is extended before it expires (`connection` 5.5)."""

from rbbn_sdk.actions.subscription import (
    ChangeReason,
    ExtensionFailed,
    SubscriptionExtended,
    SubscriptionVanished,
)
from rbbn_sdk.effects.auth import forget
from rbbn_sdk.effects.request import login_rest
from rbbn_sdk.effects.subscription import failures
from rbbn_sdk.effects.subscription.order import update_order
from rbbn_sdk.effects.turns import until_quiet
from rbbn_sdk.engine import Action, fx
from rbbn_sdk.errors import RequestError
from rbbn_sdk.ports import Ids, Rest
from rbbn_sdk.reducers.subscription import turn_secrets
from rbbn_sdk.selectors.subscription import current_subscription, extension_attempt

_LEAST_PAUSE = 30.0
"""Seconds."""


async def keep_extended(_why: Action) -> None:
    """Extend again and again; sooner after each failure. Made, grown or ended: the latest takes over from this saga."""
    while True:
        current = await fx.select(current_subscription)
        if current is None:
            return
        attempt = await fx.select(extension_attempt)
        await fx.delay(pause(current.expires, attempt, await fx.call(Ids.fraction)))
        await until_quiet()
        if not await _extend(attempt):
            return


def pause(expires: int | None, attempt: int, fraction: float) -> float:
    """Seconds before an attempt: a half of the life, a quarter, an eighth ..., 20 % more or less."""
    due: float = max((expires or 0) / 2**attempt, _LEAST_PAUSE)
    return due * (0.8 + 0.4 * fraction)


async def _extend(attempt: int) -> bool:
    """One attempt, with the services as they are now; False when there is nothing to extend any more."""
    current = await fx.select(current_subscription)
    if current is None:
        return False
    try:
        answer = await login_rest(Rest.update_subscription, current.path, update_order(current, current.service))
    except RequestError as error:
        if failures.is_vanished(error.failure):
            await fx.put(SubscriptionVanished(reason=ChangeReason.GONE))
            return False
        await fx.put(ExtensionFailed(attempt_num=attempt, error=failures.update_error(error)))
        return True
    await fx.put(SubscriptionExtended(attempt_num=attempt))
    await forget(answer.session, *turn_secrets(answer.turn))
    return True

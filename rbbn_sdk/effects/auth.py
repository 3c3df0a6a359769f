"""Credentials that are not needed any more are forgotten."""

from rbbn_sdk.actions.auth import SecretsFreed, SetCredentials
from rbbn_sdk.actions.subscription import (
    ServicesChanged,
    SubscribeFailed,
    SubscriptionEnded,
    SubscriptionMade,
    UnsubscribeFailed,
)
from rbbn_sdk.engine import Action, fx
from rbbn_sdk.ports import Secrets
from rbbn_sdk.selectors import auth, subscription
from rbbn_sdk.types import SecretRef


async def watch() -> None:
    """Look for secrets to forget after every action that may have replaced some."""
    await fx.take_every(
        _free_discarded,
        SetCredentials,
        SubscriptionMade,
        ServicesChanged,
        SubscriptionEnded,
        SubscribeFailed,
        UnsubscribeFailed,
    )


async def _free_discarded(_action: Action) -> None:
    """While a subscription is being made its requests may still need the former user's."""
    if await fx.select(subscription.is_pending):
        return
    refs = (*await fx.select(auth.discarded_secrets), *await fx.select(subscription.discarded_secrets))
    if refs:
        await forget(*refs)
        await fx.put(SecretsFreed(refs=refs))


async def forget(*refs: SecretRef | None) -> None:
    """Forget secrets that nothing refers to."""
    for ref in refs:
        if ref is not None:
            await fx.call(Secrets.free, ref)

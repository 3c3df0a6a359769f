"""Frees what a new configuration, or a new log handler, has replaced."""

from collections.abc import Iterable

from rbbn_sdk.actions.config import ConfigUpdated
from rbbn_sdk.actions.logs import LogHandlersChanged
from rbbn_sdk.engine import fx
from rbbn_sdk.ports import Objects, Secrets
from rbbn_sdk.types import ObjectRef, SecretRef

GRACE = 10.0
"""Seconds for which a replaced reference stays good: an operation under way may have read it a moment ago."""


async def watch() -> None:
    """Serve every change for as long as the client lives."""
    await fx.take_every(_free_replaced, ConfigUpdated)
    await fx.take_every(_free_handlers, LogHandlersChanged)


async def _free_replaced(action: ConfigUpdated) -> None:
    await _free(action.replaced_secrets, action.replaced_objects)


async def _free_handlers(action: LogHandlersChanged) -> None:
    await _free((), action.replaced)


async def _free(secrets: Iterable[SecretRef], objects: Iterable[ObjectRef]) -> None:
    """Wait until nobody can be using them; when the client ends before, everything is forgotten with it."""
    if not secrets and not objects:
        return
    await fx.delay(GRACE)
    for secret in secrets:
        await fx.call(Secrets.free, secret)
    for kept in objects:
        await fx.call(Objects.free, kept)

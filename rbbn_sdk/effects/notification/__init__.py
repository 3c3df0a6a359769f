"""Notifications: from the websocket or the application to the facts that features act on (`connection` 8)."""

from rbbn_sdk.actions.notification import ProcessNotification
from rbbn_sdk.effects.apart import apart
from rbbn_sdk.effects.notification.accept import accept
from rbbn_sdk.effects.notification.read import read_socket
from rbbn_sdk.engine import fx

__all__ = ["accept", "read_socket", "watch"]


async def watch() -> None:
    """Serve `notification.process`. The websocket is read by whoever keeps it open."""
    await fx.take_every(apart(_process), ProcessNotification)


async def _process(order: ProcessNotification) -> None:
    await accept(order.payload, order.channel)

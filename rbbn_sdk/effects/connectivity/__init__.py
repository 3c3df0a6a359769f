"""The websocket: opened, kept alive, opened again, closed (`connection` 6)."""

from rbbn_sdk.actions.connectivity import Connected
from rbbn_sdk.effects.connectivity.close import disconnect
from rbbn_sdk.effects.connectivity.open import connect
from rbbn_sdk.effects.connectivity.stay import stay_connected
from rbbn_sdk.engine import fx

__all__ = ["connect", "disconnect", "watch"]


async def watch() -> None:
    """Look after each connection that a subscription opens."""
    await fx.take_every(stay_connected, Connected, is_reconnect=False)

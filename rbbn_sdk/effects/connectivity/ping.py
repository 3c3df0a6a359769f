"""The keepalive (`connection` 6)."""

from rbbn_sdk.actions.config import ConfigUpdated
from rbbn_sdk.engine import State, fx
from rbbn_sdk.errors import RbbnError
from rbbn_sdk.ports import Socket
from rbbn_sdk.selectors.connectivity import is_checking, ping_interval
from rbbn_sdk.types import SocketId

PING = '{"message_type":"ping"}'
_LEAST_INTERVAL = 10
"""Milliseconds: a configured interval of 0 must not flood the gateway."""
_LAST_FRAMES = 1.0
"""Seconds for reading what had arrived on a websocket that turns out to be broken."""


async def ping_until_broken(socket_id: SocketId) -> bool:
    """Ping while it is wanted; True when a ping could not be sent.

    The configuration says at any time whether and how often; a new setting starts a new interval.
    """
    while True:
        wanted, interval = setting = await fx.select(_setting)
        changed, _ = await fx.race(_another(setting), _due(wanted=wanted, interval=interval))
        if changed is None and not await _ping(socket_id):
            await fx.delay(_LAST_FRAMES)
            return True


async def _ping(socket_id: SocketId) -> bool:
    try:
        await fx.call(Socket.send, socket_id, PING)
    except RbbnError as error:
        await fx.log("warn", "CONNECTIVITY", f"A ping could not be sent: {error.message}")
        return False
    return True


async def _another(setting: tuple[bool, int]) -> bool:
    while await fx.select(_setting) == setting:
        await fx.take(ConfigUpdated)
    return True


async def _due(*, wanted: bool, interval: int) -> None:
    while not wanted:
        await fx.take(ConfigUpdated)
    await fx.delay(max(interval, _LEAST_INTERVAL) / 1000)


def _setting(state: State) -> tuple[bool, int]:
    return is_checking(state), ping_interval(state)

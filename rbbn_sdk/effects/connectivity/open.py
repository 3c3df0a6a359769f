"""A series of attempts to open the websocket (`connection` 6.1)."""

from collections.abc import Callable, Coroutine, Iterator
from itertools import count
from typing import Any

from rbbn_sdk.actions.connectivity import ConnectAttempted, Connected, WsInfo
from rbbn_sdk.engine import SagaCancelled, fx
from rbbn_sdk.errors import RbbnError, SocketRefused
from rbbn_sdk.ports import Ids, Socket, SocketAddress
from rbbn_sdk.selectors.auth import bearer
from rbbn_sdk.selectors.config import LEAST_RECONNECT_DELAY, connectivity_options
from rbbn_sdk.types import SecretRef, SocketId
from rbbn_sdk.types.options import ConnectivityOptions

Wait = Callable[[float], Coroutine[Any, Any, bool]]
"""Waits some seconds; False says that the series is to end."""

_IN_QUERY = "query"
_LEAST_PAUSE = 100
"""Milliseconds: a multiplier under 1 must not end in a flood of attempts."""


async def patiently(seconds: float) -> bool:
    """Wait for the next attempt, come what may."""
    await fx.delay(seconds)
    return True


async def connect(target: WsInfo, *, is_reconnect: bool = False, wait: Wait = patiently) -> SocketId:
    """Try until the websocket is open. Raises why the last attempt failed when they are used up.

    Attempt k+1 begins a delay after the beginning of attempt k. Each has the newest token.
    """
    await fx.put(ConnectAttempted(ws_info=target, is_reconnect=is_reconnect))
    if not target.server or not target.url:
        problem = SocketRefused(_nowhere(target))
        await fx.log("error", "CONNECTIVITY", f"No attempt to connect is made: {problem.message}")
        raise problem
    options = await fx.select(connectivity_options)
    for delay in delays(options):
        pause = None if delay is None else await fx.fork(wait, delay / 1000)
        try:
            socket_id = await _attempt(target, options, is_reconnect=is_reconnect)
        except RbbnError as error:
            await fx.log("warn", "CONNECTIVITY", f"An attempt to connect failed: {error.message}")
            if pause is None or not await fx.join(pause):
                raise
        else:
            if pause is not None:
                await fx.cancel(pause)
            return socket_id
    raise SocketRefused("no attempt was made")


def delays(options: ConnectivityOptions) -> Iterator[int | None]:
    """Milliseconds from each attempt to the next; None after the last one."""
    first = max(options.reconnect_delay, LEAST_RECONNECT_DELAY)
    delay, longest = float(first), max(options.reconnect_time_limit, first)
    for attempt in count(1):
        if attempt == options.reconnect_limit:
            yield None
            return
        yield max(int(delay), _LEAST_PAUSE)
        delay = min(delay * max(options.reconnect_time_multiplier, 0.0), float(longest))


async def _attempt(target: WsInfo, options: ConnectivityOptions, *, is_reconnect: bool) -> SocketId:
    socket_id = SocketId(await fx.call(Ids.uuid))
    token = await fx.select(bearer) if options.web_socket_oauth_mode == _IN_QUERY else None
    try:
        await fx.call(
            Socket.open, socket_id, _address(target, token), max(options.reconnect_delay, LEAST_RECONNECT_DELAY)
        )
        await fx.put(
            Connected(
                socket_id=socket_id,
                ws_info=_shown(target, token),
                options=options,
                is_reconnect=is_reconnect,
            )
        )
    except SagaCancelled:
        await fx.call(Socket.close, socket_id)
        raise
    return socket_id


def _address(target: WsInfo, token: SecretRef | None) -> SocketAddress:
    return SocketAddress(
        server=target.server, port=target.port, path=target.url, protocol=target.protocol, access_token=token
    )


def _shown(target: WsInfo, token: SecretRef | None) -> WsInfo:
    return WsInfo(
        protocol=target.protocol,
        server=target.server,
        port=target.port,
        url=target.url,
        params="" if token is None else "access_token=********",
    )


def _nowhere(target: WsInfo) -> str:
    if not target.server:
        return "the configuration has no subscription.websocket.server"
    return "the gateway's answer names no notificationChannel"

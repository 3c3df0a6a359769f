"""The end of a websocket that is not wanted any more."""

from rbbn_sdk.actions.connectivity import Disconnect, Disconnected
from rbbn_sdk.engine import fx
from rbbn_sdk.ports import Socket
from rbbn_sdk.selectors.connectivity import is_active, open_socket
from rbbn_sdk.types import SocketId


async def disconnect() -> None:
    """Close the websocket, or give up opening it again; `ws:change` follows if it was open.

    The closing handshake is not waited for.
    """
    if not await fx.select(is_active):
        return
    socket_id = await fx.select(open_socket)
    await fx.put(Disconnect())
    await fx.put(Disconnected())
    if socket_id is not None:
        await fx.fork(close_socket, socket_id)


async def close_socket(socket_id: SocketId) -> None:
    """Close a websocket, whatever has become of it."""
    await fx.call(Socket.close, socket_id)

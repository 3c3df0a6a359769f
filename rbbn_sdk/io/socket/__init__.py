"""`Socket` over the websocket library."""

from rbbn_sdk.io.socket.client import WebsocketsSocket

__all__ = ["WebsocketsSocket"]

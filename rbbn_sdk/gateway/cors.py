"""Browsers on any origin may use every path, and may read errors too (`connection` 12.1)."""

from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message, Send

_ORIGIN: Final = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "Retry-After",
}
_PREFLIGHT: Final = {
    **_ORIGIN,
    "access-control-allow-methods": "GET, POST, PUT, DELETE, OPTIONS",
    "access-control-max-age": "600",
}
_HEADERS: Final = ("authorization", "content-type", "accept", "x-token", "x-session")


def with_cors(send: Send) -> Send:
    """Add the headers to whatever answer goes out."""

    async def send_with_cors(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _ORIGIN.items():
                headers[name] = value
        await send(message)

    return send_with_cors


def preflight_headers(asked: Headers) -> dict[str, str]:
    """The answer to `OPTIONS`: the headers of the protocol, and any others that were asked for."""
    more = [name.strip().lower() for name in asked.get("access-control-request-headers", "").split(",")]
    allowed = dict.fromkeys((*_HEADERS, *(name for name in more if name)))
    headers = {**_PREFLIGHT, "access-control-allow-headers": ", ".join(allowed)}
    if asked.get("access-control-request-private-network") == "true":
        headers["access-control-allow-private-network"] = "true"
    return headers

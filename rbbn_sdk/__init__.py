"""A Python SDK for Ribbon WebRTC Gateway: audio and video calls to SIP users and phones, without a browser.

    import rbbn_sdk

    async with rbbn_sdk.create(config) as client:
        client.set_credentials(username="alice@example.com", password=password)
        await client.services.subscribe(["call"])
        call_id = client.call.make("bob@example.com", {"audio": True})

The names below are loaded when they are first used, so that `import rbbn_sdk.engine` does not pay for a client.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rbbn_sdk import errors, events, media, sdp_handlers
    from rbbn_sdk.client import VERSION, Client, create
    from rbbn_sdk.config import Configuration
    from rbbn_sdk.extension import Extension
    from rbbn_sdk.types.log import LogEntry, LogHandler, LogLevel

__all__ = [
    "VERSION",
    "Client",
    "Configuration",
    "Extension",
    "LogEntry",
    "LogHandler",
    "LogLevel",
    "create",
    "errors",
    "events",
    "media",
    "sdp_handlers",
]

_HOMES = {
    "VERSION": "rbbn_sdk.client",
    "Client": "rbbn_sdk.client",
    "Configuration": "rbbn_sdk.config",
    "Extension": "rbbn_sdk.extension",
    "LogEntry": "rbbn_sdk.types.log",
    "LogHandler": "rbbn_sdk.types.log",
    "LogLevel": "rbbn_sdk.types.log",
    "create": "rbbn_sdk.client",
}
_MODULES = frozenset({"errors", "events", "media", "sdp_handlers"})


def __getattr__(name: str) -> object:
    if name in _MODULES:
        return import_module(f"rbbn_sdk.{name}")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    msg = f"module 'rbbn_sdk' has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

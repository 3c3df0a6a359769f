"""The real world behind the ports: the gateway's REST and websocket, secrets, objects, clock and chance.

Importing this package imports no network library; the first request and the first websocket do.
"""

from rbbn_sdk.io.clock import SystemClock
from rbbn_sdk.io.ids import SystemIds
from rbbn_sdk.io.objects import KeptObjects
from rbbn_sdk.io.proxies import Proxies, read_proxies
from rbbn_sdk.io.rest import HttpxRest
from rbbn_sdk.io.secrets import KeptSecrets
from rbbn_sdk.io.socket import WebsocketsSocket
from rbbn_sdk.io.tls import TlsSetting, tls_context

__all__ = [
    "HttpxRest",
    "KeptObjects",
    "KeptSecrets",
    "Proxies",
    "SystemClock",
    "SystemIds",
    "TlsSetting",
    "WebsocketsSocket",
    "read_proxies",
    "tls_context",
]

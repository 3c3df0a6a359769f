"""STUN and TURN URLs (RFC 7064, RFC 7065), read leniently as `call-media` 2.1 says."""

import re
from collections.abc import Callable, Iterable

from attrs import frozen

from rbbn_sdk.io.webrtc.private.ice import Address, TurnServer
from rbbn_sdk.ports.peers import IceServer
from rbbn_sdk.types import SecretRef

_URL = re.compile(
    r"(?P<scheme>stuns?|turns?):(?P<host>\[[0-9a-fA-F:.]+\]|[^\[\]:?/\s]+)(?::(?P<port>[0-9]{1,5}))?(?:\?(?P<query>.*))?",
    re.IGNORECASE,
)
_TRANSPORT = re.compile(r"(?:^|&)transport=([^&]*)", re.IGNORECASE)


@frozen(kw_only=True)
class Servers:
    """What the URLs of a configuration come to."""

    stun: tuple[Address, ...] = ()
    turn: tuple[TurnServer, ...] = ()
    problems: tuple[str, ...] = ()
    """A sentence for each URL that is not used."""


@frozen(kw_only=True)
class _Url:
    scheme: str
    address: Address
    transport: str


def _read_url(text: str) -> _Url | str:
    """A URL, or why it cannot be used. Query parameters other than `transport` are left out, as browsers want it."""
    match = _URL.fullmatch(text.strip())
    if match is None or int(match["port"] or 1) not in range(1, 65536):
        return f"ICE server {text!r} is not used: expected stun:host, turn:host or turns:host, with an optional :port"
    scheme = match["scheme"].lower()
    wanted = _TRANSPORT.search(match["query"] or "")
    transport = wanted[1].lower() if wanted else ("tcp" if scheme == "turns" else "udp")
    if scheme == "stuns" or transport not in ("udp", "tcp") or (scheme, transport) == ("turns", "udp"):
        return f"ICE server {text!r} is not used: STUN over UDP and TURN over UDP, TCP and TLS are possible"
    port = int(match["port"] or (5349 if scheme == "turns" else 3478))
    return _Url(scheme=scheme, address=(match["host"].strip("[]"), port), transport=transport)


def read_servers(servers: Iterable[IceServer], secret: Callable[[SecretRef], str]) -> Servers:
    """All servers of a configuration, each once; credentials are read here and stay in the result."""
    stun: dict[Address, None] = {}
    turn: dict[tuple[Address, str], TurnServer] = {}
    problems: list[str] = []
    for server in servers:
        for text in server.urls:
            url = _read_url(text)
            if isinstance(url, str):
                problems.append(url)
            elif url.scheme == "stun":
                stun.setdefault(url.address)
            else:
                turn.setdefault((url.address, url.transport + url.scheme), _turn(url, server, secret))
    return Servers(stun=tuple(stun), turn=tuple(turn.values()), problems=tuple(problems))


def _turn(url: _Url, server: IceServer, secret: Callable[[SecretRef], str]) -> TurnServer:
    def read(value: SecretRef | str | None) -> str | None:
        return secret(value) if isinstance(value, SecretRef) else value

    return TurnServer(
        address=url.address,
        username=read(server.username),
        password=read(server.credential),
        tls=url.scheme == "turns",
        transport=url.transport,
    )

"""Addresses of the REST resources (`connection` 3)."""

from collections.abc import Iterable
from urllib.parse import quote, urlsplit

from rbbn_sdk.ports import RestContext, Server

__all__ = ["base_url", "full_url", "path_of", "query_string", "user_path"]

_SEGMENT = "!$&'()*+,;=:@"
"""What RFC 3986 3.3 lets stand in a path segment beside letters, digits and `-._~`; `@` of a username stays literal."""
_PATH = _SEGMENT + "/%"
_RESOURCE = _PATH + "?"


def base_url(server: Server) -> str:
    """`<protocol>://<base>:<port>`; the port is always written."""
    host = f"[{server.base}]" if ":" in server.base and not server.base.startswith("[") else server.base
    return f"{server.protocol}://{host}:{server.port}"


def user_path(context: RestContext, *rest: str) -> str:
    """A resource below the user's. What follows the name goes out raw, but for what HTTP cannot carry."""
    user = quote(context.credentials.username, safe=_SEGMENT, errors="replace")
    below = (quote(part, safe=_PATH, errors="replace") for part in rest)
    return "/".join([f"/rest/version/{context.server.version}/user/{user}", *below])


def path_of(address: str) -> str:
    """The path in an address that the gateway gave; credentials never go to another host that it may name."""
    if not address:
        return ""
    if "://" in address:
        parts = urlsplit(address)
        address = parts.path + (f"?{parts.query}" if parts.query else "")
    return address if address.startswith("/") else f"/{address}"


def full_url(server: Server, path: str, query: str = "") -> str:
    """The whole URL. A path that has a query already gets more of it."""
    url = base_url(server) + quote(path if path.startswith("/") else f"/{path}", safe=_RESOURCE, errors="replace")
    return url + ("&" if "?" in path else "?") + query if query else url


def query_string(params: Iterable[tuple[str, str]]) -> str:
    """Percent-encoded as RFC 3986 says, keys sorted; a key that is there twice is repeated in its order."""
    pairs = sorted(params, key=lambda pair: pair[0])
    return "&".join(f"{_quoted(key)}={_quoted(value)}" for key, value in pairs)


def _quoted(text: str) -> str:
    return quote(text, safe="", errors="replace")

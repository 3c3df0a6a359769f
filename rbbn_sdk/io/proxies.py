"""Which proxy a connection goes through. One setting serves REST and websocket; loopback is never proxied."""

from collections.abc import Mapping
from importlib.util import find_spec
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from attrs import field, frozen

from rbbn_sdk.errors import ConfigurationError

__all__ = ["ENVIRONMENT", "OFF", "Proxies", "read_proxies"]

ENVIRONMENT = "environment"
OFF = "off"

_SCHEMES = ("http", "https", "socks5", "socks5h")
_SOCKS_PACKAGES = {"socksio": "socksio", "python_socks": "python-socks"}
_SCHEME_OF_SOCKET = {"ws": "http", "wss": "https"}


@frozen(kw_only=True)
class Proxies:
    """Addresses of proxies. They may hold a password, so none is in the `repr`."""

    http: str | None = field(default=None, repr=False)
    https: str | None = field(default=None, repr=False)
    exceptions: tuple[str, ...] = ()
    """Hosts that are reached directly, as in `NO_PROXY`."""

    def for_address(self, scheme: str, host: str, port: int) -> str | None:
        """The proxy for `http`, `https`, `ws` or `wss` to a host; None to connect directly."""
        if _is_loopback(host) or any(_matches(rule, host.lower(), port) for rule in self.exceptions):
            return None
        return self.https if _SCHEME_OF_SOCKET.get(scheme, scheme) == "https" else self.http


def read_proxies(setting: str | None, environ: Mapping[str, str], *, option: str = "proxy") -> Proxies:
    """The proxies of a setting: `environment`, `off` (or None), or the address of a proxy.

    Raises `ConfigurationError` for a value that cannot be used, naming the option or variable it comes from.
    """
    if setting is None or setting == OFF:
        return Proxies()
    if setting != ENVIRONMENT:
        address = _checked(setting, f"the option `{option}`", option)
        return Proxies(http=address, https=address)
    return Proxies(
        http=_from_environment(environ, ("http_proxy", "all_proxy"), option),
        https=_from_environment(environ, ("https_proxy", "all_proxy"), option),
        exceptions=_exceptions(environ),
    )


def _from_environment(environ: Mapping[str, str], names: tuple[str, ...], option: str) -> str | None:
    """The first variable that is set; the small spelling before the capital one, as curl does it."""
    for name in (spelling for small in names for spelling in (small, small.upper())):
        value = environ.get(name, "").strip()
        if name == "HTTP_PROXY" and "REQUEST_METHOD" in environ:
            continue  # in a CGI process this is a header of the request, set by a stranger
        if value:
            return _checked(value, f"the environment variable {name}", option)
    return None


def _exceptions(environ: Mapping[str, str]) -> tuple[str, ...]:
    value = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
    return tuple(rule.strip().lower() for rule in value.split(",") if rule.strip())


def _checked(address: str, source: str, option: str) -> str:
    if "://" not in address:
        address = f"http://{address}"
    problem = _problem(address)
    if problem:
        msg = (
            f"{source} names a proxy that cannot be used: {problem}. "
            f"Correct it, or set `{option}` to {OFF!r} to connect directly"
        )
        raise ConfigurationError(msg)
    return address


def _problem(address: str) -> str:
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "it is not a URL such as http://proxy.example.com:3128"
    if parts.scheme not in _SCHEMES:
        return f"its scheme is {parts.scheme!r}, not one of {', '.join(_SCHEMES)}"
    if not host or any(character.isspace() for character in address):
        return "it names no host; expected a URL such as http://proxy.example.com:3128"
    if port == 0 or (port is None and parts.scheme.startswith("socks")):
        return "it names no port"
    return _missing_packages() if parts.scheme.startswith("socks") else ""


def _missing_packages() -> str:
    missing = [package for module, package in _SOCKS_PACKAGES.items() if find_spec(module) is None]
    return f"SOCKS needs packages that are not there; run `pip install {' '.join(missing)}`" if missing else ""


def _is_loopback(host: str) -> bool:
    host = host.lower().strip("[]").rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _matches(rule: str, host: str, port: int) -> bool:
    """Whether a rule of `NO_PROXY` names the host: `*`, a name with all below it, an address, a network, `:port`."""
    if rule == "*":
        return True
    name, colon, rule_port = rule.rpartition(":")
    if colon and rule_port.isdigit() and (":" not in name or name.endswith("]")):
        if int(rule_port) != port:
            return False
        rule = name
    rule, host = rule.strip("[]").lstrip(".*"), host.strip("[]").rstrip(".")
    return host == rule or host.endswith(f".{rule}") or _in_network(rule, host)


def _in_network(rule: str, host: str) -> bool:
    try:
        return ip_address(host) in ip_network(rule, strict=False)
    except ValueError:
        return False

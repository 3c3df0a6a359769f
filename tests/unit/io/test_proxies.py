"""One setting for REST and websocket; loopback is never proxied; a bad value says where it comes from."""

import pytest

from rbbn_sdk.errors import ConfigurationError
from rbbn_sdk.io.proxies import Proxies, read_proxies


def test_without_a_setting_nothing_is_proxied() -> None:
    """`off` and None mean the same, whatever the environment says."""
    environ = {"HTTPS_PROXY": "http://proxy:3128"}
    assert read_proxies("off", environ) == read_proxies(None, environ) == Proxies()


@pytest.mark.parametrize(
    ("environ", "scheme", "proxy"),
    [
        ({"HTTPS_PROXY": "http://p:1"}, "https", "http://p:1"),
        ({"HTTPS_PROXY": "http://p:1"}, "wss", "http://p:1"),
        ({"HTTPS_PROXY": "http://p:1"}, "http", None),
        ({"HTTP_PROXY": "http://p:1"}, "ws", "http://p:1"),
        ({"ALL_PROXY": "p:1"}, "wss", "http://p:1"),
        ({"https_proxy": "http://small:1", "HTTPS_PROXY": "http://p:1"}, "https", "http://small:1"),
        ({"HTTPS_PROXY": "http://p:1", "ALL_PROXY": "http://all:1"}, "https", "http://p:1"),
        ({"HTTP_PROXY": "http://p:1", "REQUEST_METHOD": "GET"}, "http", None),
        ({"HTTPS_PROXY": "  "}, "https", None),
    ],
    ids=["https", "wss", "other", "ws", "all", "small-first", "special-first", "cgi", "blank"],
)
def test_the_environment_is_read_as_curl_reads_it(environ: dict[str, str], scheme: str, proxy: str | None) -> None:
    """People expect the variables to mean what they mean elsewhere."""
    assert read_proxies("environment", environ).for_address(scheme, "gw.example.com", 443) == proxy


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.0.1", "localhost", "a.localhost", "LOCALHOST", "::1", "[::1]"])
def test_loopback_is_never_proxied(host: str) -> None:
    """A gateway on this machine cannot be reached through a proxy on another."""
    proxies = read_proxies("http://proxy:3128", {})
    assert proxies.for_address("https", host, 443) is None


@pytest.mark.parametrize(
    ("rule", "host", "port", "direct"),
    [
        ("*", "gw.example.com", 443, True),
        ("example.com", "gw.example.com", 443, True),
        (".example.com", "gw.example.com", 443, True),
        ("*.example.com", "gw.example.com", 443, True),
        ("example.com", "badexample.com", 443, False),
        ("GW.example.com", "gw.Example.com", 443, True),
        ("gw.example.com:8443", "gw.example.com", 443, False),
        ("gw.example.com:443", "gw.example.com", 443, True),
        ("other.org, 192.0.2.0/24", "192.0.2.7", 443, True),
        ("192.0.2.0/24", "198.51.100.7", 443, False),
        ("2001:db8::1", "2001:db8::1", 443, True),
    ],
)
def test_exceptions_are_hosts_domains_networks_and_ports(rule: str, host: str, port: int, direct: bool) -> None:
    """`NO_PROXY` has no standard; these are the forms in use."""
    proxies = read_proxies("environment", {"HTTPS_PROXY": "http://p:1", "NO_PROXY": rule})
    assert (proxies.for_address("https", host, port) is None) is direct


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("ftp://proxy:21", "scheme is 'ftp'"),
        ("http://", "names no host"),
        ("http://pro xy:3128", "names no host"),
        ("http://proxy:port", "not a URL"),
        ("http://[::1", "not a URL"),
        ("socks5://proxy", "names no port"),
        ("socks5h://127.0.0.1:9", "pip install"),
    ],
)
def test_a_bad_value_names_its_variable_and_how_to_switch_it_off(value: str, problem: str) -> None:
    """A clear error at the start, not a dead client in the middle of a call."""
    with pytest.raises(ConfigurationError, match=problem) as caught:
        read_proxies("environment", {"https_proxy": value}, option="request.proxy")
    assert "https_proxy" in caught.value.message
    assert "set `request.proxy` to 'off'" in caught.value.message


def test_a_bad_option_names_the_option() -> None:
    """The address was given by the application."""
    with pytest.raises(ConfigurationError, match=r"the option `proxy`"):
        read_proxies("gopher://x", {})


def test_a_password_in_an_address_is_shown_nowhere() -> None:
    """Proxies of companies often want one, in the address."""
    proxies = read_proxies("http://ann:pa55word@proxy:3128", {})
    with pytest.raises(ConfigurationError) as caught:
        read_proxies("gopher://ann:pa55word@proxy:3128", {})
    assert "pa55word" not in f"{proxies!r}{caught.value!r}"
    assert proxies.for_address("wss", "gw.example.com", 443) == "http://ann:pa55word@proxy:3128"

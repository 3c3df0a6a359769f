"""URLs of STUN and TURN servers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rbbn_sdk.io.webrtc.servers import Servers, read_servers
from rbbn_sdk.ports.peers import IceServer
from rbbn_sdk.types import SecretRef


def read(*urls, **credentials) -> Servers:
    return read_servers([IceServer(urls=urls, **credentials)], lambda ref: f"secret of {ref.id}")


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("stun:s.example", ("s.example", 3478)),
        ("STUN:s.example:99", ("s.example", 99)),
        ("stun:s.example:99?transport=udp&x=1", ("s.example", 99)),
        ("stun:[2001:db8::1]:99", ("2001:db8::1", 99)),
        (" stun:192.0.2.1 ", ("192.0.2.1", 3478)),
    ],
)
def test_stun_urls(url, address):
    """Queries are left out, as browsers want it; IPv6 literals have brackets."""
    assert read(url) == Servers(stun=(address,))


@pytest.mark.parametrize(
    ("url", "address", "transport", "tls"),
    [
        ("turn:t.example", ("t.example", 3478), "udp", False),
        ("turn:t.example?transport=tcp&x=1", ("t.example", 3478), "tcp", False),
        ("turn:t.example:80?x=1&transport=TCP", ("t.example", 80), "tcp", False),
        ("turns:t.example", ("t.example", 5349), "tcp", True),
    ],
)
def test_turn_urls(url, address, transport, tls):
    """`transport` is the one parameter that counts."""
    (server,) = read(url).turn
    assert (server.address, server.transport, server.tls) == (address, transport, tls)


@pytest.mark.parametrize(
    "url",
    ["", "stun:", "stuns:s.example", "turns:t.example?transport=udp", "http://s.example", "stun:s:0", "stun:s:99999",
     "turn:t.example?transport=sctp", "stun://s.example"],
)  # fmt: skip
def test_an_url_that_cannot_be_used_is_a_problem_that_names_it(url):
    """The others still work."""
    servers = read(url, "stun:s.example")
    assert servers.stun == (("s.example", 3478),)
    assert repr(url) in servers.problems[0]


def test_credentials_are_read_and_stay_out_of_sight():
    """A repr ends in logs."""
    (server,) = read("turn:t.example", username="me", credential=SecretRef(id="7", kind="turn")).turn
    assert (server.username, server.password) == ("me", "secret of 7")
    assert "secret" not in repr(server)


def test_a_server_that_is_named_twice_is_asked_once():
    """Gateways repeat themselves."""
    assert len(read("stun:s.example", "stun:s.example:3478").stun) == 1


@given(st.text())
def test_no_text_raises(url):
    """It comes from a configuration."""
    servers = read(url)
    assert len(servers.stun) + len(servers.turn) + len(servers.problems) == 1

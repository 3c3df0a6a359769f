"""F34: the proxy variables of a desktop and a gateway on loopback."""

import pytest

import rbbn_sdk
from rbbn_sdk.errors import ConfigurationError


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"])
async def test_f34_a_proxy_for_everything_is_not_used_for_loopback(name, monkeypatch, gateway, make_client) -> None:
    """Nobody listens at the proxy: registering works all the same."""
    monkeypatch.setenv(name, "http://127.0.0.1:9")
    alice = await make_client(gateway, "alice")
    assert alice.connection.get_socket_state().connected


async def test_f34_a_proxy_that_needs_another_package_is_named_with_the_way_out(monkeypatch, gateway) -> None:
    """At the start, with the variable and the option that switches it off; and switching it off works."""
    monkeypatch.setenv("https_proxy", "socks5h://127.0.0.1:9")
    config = gateway.config_for("alice@example.com")
    with pytest.raises(ConfigurationError) as caught:
        rbbn_sdk.create(config)
    assert "https_proxy" in str(caught.value)
    assert "network.proxy" in str(caught.value)
    async with rbbn_sdk.create({**config, "network": {"proxy": None}, "logs": {"logLevel": "silent"}}) as alice:
        alice.set_credentials(gateway.credentials_for("alice@example.com"))
        await alice.services.subscribe(["call"])
        assert alice.connection.get_socket_state().connected

"""Where the gateway listens, and how."""

import socket

import httpx
import pytest
from websockets.asyncio.client import connect

from rbbn_sdk.errors import InvalidState, RbbnError
from rbbn_sdk.gateway import Account, Gateway
from rbbn_sdk.gateway.server import listen


def _has_ipv6():
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


@pytest.mark.skipif(not _has_ipv6(), reason="this machine has no IPv6")
async def test_it_serves_ipv6(device):
    """With brackets in the URL."""
    async with Gateway(host="::1") as gateway:
        assert gateway.base_url == f"http://[::1]:{gateway.port}"
        async with httpx.AsyncClient(base_url=gateway.base_url, verify=False) as http:
            assert (await http.get("/")).status_code == 404


@pytest.mark.parametrize(
    ("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("localhost", "localhost")]
)
async def test_its_configuration_names_an_address_that_clients_can_reach(nothing_is_left, host, shown):
    """Nobody can connect to `0.0.0.0`."""
    async with Gateway(host=host) as gateway:
        config = gateway.config_for("bob@example.com")
        server = {"protocol": "http", "base": shown, "port": gateway.port}
        assert config["authentication"]["server"] == server
        assert config["subscription"]["websocket"] == {"protocol": "ws", "server": shown, "port": gateway.port}
        assert config["call"]["defaultPeerConfig"]["iceServers"] == []


def test_answers_are_not_held_back_by_the_network_stack():
    """asyncio switches Nagle's algorithm off for sockets that name their protocol only; else an answer takes 40 ms."""
    with listen("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


async def test_an_address_that_cannot_be_had_is_a_clear_error(nothing_is_left):
    """The port is in use, most often."""
    async with Gateway([Account("a@x.org")]) as gateway:
        with pytest.raises(RbbnError, match=rf"cannot listen on 127.0.0.1:{gateway.port}: .*in use"):
            await Gateway(port=gateway.port).start()


async def test_it_is_started_once_and_stopped_any_number_of_times(nothing_is_left):
    """A second start would lose the first server."""
    gateway = Gateway()
    await gateway.stop()
    await gateway.start()
    with pytest.raises(InvalidState, match="runs already"):
        await gateway.start()
    await gateway.stop()
    await gateway.stop()


async def test_a_hundred_sockets_are_closed_at_the_end(nothing_is_left):
    """Nothing of them is left, also when their clients do not read."""
    accounts = [Account(f"user{number}@x.org", password="p") for number in range(100)]
    sockets = []
    async with Gateway(accounts) as gateway, httpx.AsyncClient(base_url=gateway.base_url, verify=False) as http:
        for account in accounts:
            path, body = f"/rest/version/1/user/{account.username}/subscription", {"subscribeRequest": {"service": []}}
            answer = await http.post(path, json=body, auth=(account.username, "p"))
            params = answer.json()["subscribeResponse"]["subscriptionParams"]
            sockets.append(await connect(f"ws://127.0.0.1:{gateway.port}{params['notificationChannel']}"))
    for one in sockets:
        await one.wait_closed()
    assert {one.close_code for one in sockets} == {1012}

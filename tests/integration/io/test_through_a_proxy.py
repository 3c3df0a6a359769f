"""REST and websocket through a real proxy, and past it."""

import asyncio
import base64
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest
import pytest_asyncio
from attrs import define, evolve, field

from rbbn_sdk.errors import RequestUnreachable, SocketRefused
from rbbn_sdk.io import HttpxRest, KeptObjects, KeptSecrets, Proxies, SystemClock, WebsocketsSocket, read_proxies
from rbbn_sdk.ports import Server, SocketAddress
from rbbn_sdk.types import SessionId, SocketId

S1 = SessionId("s-1")
GATEWAY = "gateway.invalid"
"""A name that only the proxy can resolve."""


@define
class Proxy:
    """Answers every tunnel or request as the gateway would, and notes what was asked of it."""

    port: int = 0
    seen: list[str] = field(factory=list)
    authorization: list[str] = field(factory=list)
    refuses: bool = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._serve(reader, writer)
        finally:
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.seen.append(" ".join(head.split(" ")[:2]))
        self.authorization += [line for line in head.splitlines() if line.lower().startswith("proxy-authorization")]
        if self.refuses:
            writer.write(b"HTTP/1.1 407 No\r\ncontent-length: 0\r\n\r\n")
        elif head.startswith("CONNECT"):
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            await reader.read(10)  # nothing beyond the proxy speaks TLS or websocket here
        else:
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")


@pytest_asyncio.fixture
async def proxy(listen) -> Proxy:
    one = Proxy()
    one.port = await listen(one.serve)
    return one


@pytest_asyncio.fixture
async def adapters(
    proxy, secrets: KeptSecrets, objects: KeptObjects
) -> AsyncIterator[tuple[HttpxRest, WebsocketsSocket]]:
    proxies = read_proxies(f"http://ann:pa55@127.0.0.1:{proxy.port}", {})
    rest = HttpxRest(secrets=secrets, objects=objects, clock=SystemClock(), proxies=proxies)
    socket = WebsocketsSocket(secrets=secrets, proxies=proxies)
    yield rest, socket
    await rest.close()
    await socket.close()


async def test_plain_rest_goes_through_the_proxy(proxy, adapters, context) -> None:
    """With the whole address in the request line, and the proxy's own credentials."""
    rest, _ = adapters
    await rest.audit_call(evolve(context, server=Server(base=GATEWAY, port=8080, protocol="http")), S1)
    assert proxy.seen[0].startswith(f"PUT http://{GATEWAY}:8080/rest/version/1/user/ann@ex.org/callControl/")
    assert proxy.authorization[0].endswith(base64.b64encode(b"ann:pa55").decode())


async def test_everything_else_goes_through_a_tunnel(proxy, adapters, context) -> None:
    """TLS and websocket, also a plain one: a proxy that does not know websockets would break it."""
    rest, socket = adapters
    with pytest.raises(RequestUnreachable):
        await rest.audit_call(evolve(context, server=Server(base=GATEWAY, port=443)), S1)
    for protocol in ("wss", "ws"):
        with pytest.raises(SocketRefused):
            await socket.open(SocketId(protocol), _address(protocol), 2_000)
    assert proxy.seen == [f"CONNECT {GATEWAY}:443"] * 3


def _address(protocol: str) -> SocketAddress:
    return SocketAddress(server=GATEWAY, port=443, path="/x", protocol=protocol)


async def test_a_proxy_that_refuses_is_named_without_its_password(proxy, adapters, context) -> None:
    """The library quotes the address."""
    rest, socket = adapters
    proxy.refuses = True
    with pytest.raises(RequestUnreachable, match="proxy") as asked:
        await rest.audit_call(evolve(context, server=Server(base=GATEWAY, port=443)), S1)
    with pytest.raises(SocketRefused, match="proxy answered with HTTP 407") as opened:
        await socket.open(SocketId("w"), _address("wss"), 2_000)
    assert "pa55" not in f"{asked.value!r}{opened.value!r}"


@contextmanager
def _environment(monkeypatch: pytest.MonkeyPatch, proxy: Proxy) -> Iterator[None]:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
    yield


async def test_the_libraries_do_not_look_at_the_environment_themselves(
    proxy, rest, socket, context, monkeypatch, server
) -> None:
    """One setting decides, for both. And this machine is never proxied."""
    with _environment(monkeypatch, proxy):
        await rest.audit_call(context, S1)
        with pytest.raises(SocketRefused):
            await socket.open(SocketId("w"), evolve(_address("ws"), server="127.0.0.1", port=9), 2_000)
    assert proxy.seen == []
    assert len(server.requests) == 1


async def test_a_gateway_on_this_machine_is_reached_past_the_proxy(proxy, context, secrets, objects, server) -> None:
    """F34. Proxy variables of a desktop must not break a development gateway."""
    everywhere = Proxies(http="http://127.0.0.1:9", https="http://127.0.0.1:9")
    rest = HttpxRest(secrets=secrets, objects=objects, clock=SystemClock(), proxies=everywhere)
    await rest.audit_call(context, S1)
    await rest.close()
    assert len(server.requests) == 1


@pytest.mark.parametrize("answer", [b"", b"\x05\xff", b"HTTP/1.1 400 Bad Request\r\n\r\n"], ids=["none", "no", "http"])
async def test_a_socks_proxy_that_hangs_up_or_refuses_is_unreachable(answer, context, secrets, objects, listen) -> None:
    """Its package raises errors of its own, which would be taken for faults of ours."""
    pytest.importorskip("socksio", reason="SOCKS is optional")
    pytest.importorskip("python_socks", reason="SOCKS is optional")

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(answer)
        writer.close()

    proxies = read_proxies(f"socks5h://127.0.0.1:{await listen(refuse)}", {})
    rest = HttpxRest(secrets=secrets, objects=objects, clock=SystemClock(), proxies=proxies)
    there = evolve(context, server=Server(base=GATEWAY, port=443))
    with pytest.raises(RequestUnreachable, match="proxy"):
        await rest.audit_call(there, S1)
    await rest.close()

"""TLS: what is trusted, what is shared, and what is said when it fails."""

import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import trustme
from attrs import evolve, frozen
from websockets.asyncio.server import serve

from rbbn_sdk.errors import ConfigurationError, RequestUnreachable, SocketRefused
from rbbn_sdk.io import HttpxRest, SystemClock, WebsocketsSocket, tls_context
from rbbn_sdk.ports import Server, SocketAddress
from rbbn_sdk.types import SessionId, SocketId


@frozen
class Secured:
    """Servers with a certificate of an authority that nobody knows."""

    authority: Path
    rest_port: int
    socket_port: int


@pytest_asyncio.fixture
async def secured(server, listen, tmp_path: Path) -> AsyncIterator[Secured]:
    ca = trustme.CA()
    ca.cert_pem.write_to_path(tmp_path / "ca.pem")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ca.issue_cert("127.0.0.1").configure_cert(context)
    rest_port = await listen(server.serve, context)

    async def greet(websocket):
        await websocket.send("hello")
        await websocket.wait_closed()

    async with serve(greet, "127.0.0.1", 0, ssl=context, close_timeout=0.2) as sockets:
        yield Secured(
            authority=tmp_path / "ca.pem",
            rest_port=rest_port,
            socket_port=next(iter(sockets.sockets)).getsockname()[1],
        )


def test_all_clients_of_a_process_share_one_context() -> None:
    """27 ms and nearly a megabyte each otherwise: a hundred clients would start for seconds."""
    assert tls_context() is tls_context(True)
    assert tls_context(False) is tls_context(False)
    own = ssl.create_default_context()
    assert tls_context(own) is own


def test_certificates_are_checked_unless_they_shall_not_be() -> None:
    """The default is safe."""
    assert tls_context().verify_mode is ssl.CERT_REQUIRED
    assert tls_context().check_hostname
    assert tls_context(False).verify_mode is ssl.CERT_NONE


@pytest.mark.parametrize("content", [None, "no certificate"], ids=["missing", "not-pem"])
def test_a_file_that_cannot_be_used_is_named(content: str | None, tmp_path: Path) -> None:
    """At the start, not at the first request."""
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ConfigurationError, match=r"ca\.pem"):
        tls_context(path)


@pytest.mark.parametrize("trusts", ["file", "context", "nothing"])
async def test_a_gateway_with_an_authority_of_its_own(trusts, secured, server, context, secrets, objects) -> None:
    """Its certificate file, a context of the application, or no check at all; REST and websocket alike."""
    setting = {
        "file": str(secured.authority),
        "context": ssl.create_default_context(cafile=secured.authority),
        "nothing": False,
    }[trusts]
    rest = HttpxRest(secrets=secrets, objects=objects, clock=SystemClock(), tls=setting)
    socket = WebsocketsSocket(secrets=secrets, tls=setting)
    secure = evolve(context, server=Server(base="127.0.0.1", port=secured.rest_port))
    await rest.audit_call(secure, SessionId("s-1"))
    await rest.audit_call(secure, SessionId("s-1"))
    await socket.open(SocketId("w"), SocketAddress(server="127.0.0.1", port=secured.socket_port, path="/x"), 2_000)
    assert (await socket.next(SocketId("w"))).text == "hello"
    assert server.connections == 1
    await socket.close()
    await rest.close()


async def test_a_file_that_went_away_ends_the_request_only(secured, context, secrets, objects) -> None:
    """It was there when the client was made; a port raises its own errors only."""
    gone = secured.authority.with_name("gone.pem")
    rest = HttpxRest(secrets=secrets, objects=objects, clock=SystemClock(), tls=gone)
    secure = evolve(context, server=Server(base="127.0.0.1", port=secured.rest_port))
    with pytest.raises(RequestUnreachable, match=r"gone\.pem"):
        await rest.audit_call(secure, SessionId("s-1"))
    with pytest.raises(SocketRefused, match=r"gone\.pem"):
        await WebsocketsSocket(secrets=secrets, tls=gone).open(
            SocketId("w"), SocketAddress(server="127.0.0.1", port=secured.socket_port, path="/x"), 2_000
        )


async def test_an_unknown_authority_is_refused_with_a_reason(secured, context, rest, socket) -> None:
    """The most common failure of a first attempt: the text has to say what it is."""
    secure = evolve(context, server=Server(base="127.0.0.1", port=secured.rest_port))
    with pytest.raises(RequestUnreachable, match="certificate was not accepted"):
        await rest.audit_call(secure, SessionId("s-1"))
    with pytest.raises(SocketRefused, match="certificate was not accepted"):
        await socket.open(SocketId("w"), SocketAddress(server="127.0.0.1", port=secured.socket_port, path="/x"), 2_000)

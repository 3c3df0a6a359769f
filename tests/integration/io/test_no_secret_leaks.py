"""No secret in any log, error or repr, with every logger at its most talkative."""

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Iterator

import pytest
from attrs import evolve

from rbbn_sdk.errors import RbbnError
from rbbn_sdk.io import HttpxRest, KeptObjects, KeptSecrets, SystemClock, WebsocketsSocket, read_proxies
from rbbn_sdk.ports import CallOffer, Credentials, FetchInit, RestContext, SocketAddress, SubscribeOrder
from rbbn_sdk.types import SecretRef, SessionId, SocketId

SECRET = "S3CR3T"
S1 = SessionId("s-1")


class Everything(logging.Handler):
    """Every record of every logger, as the most talkative formatter would write it."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.name} {record.getMessage()} {record.args!r} {record.exc_info!r} {record.exc_text}")


@pytest.fixture
def everything() -> Iterator[Everything]:
    handler, loggers = Everything(), [logging.getLogger()]
    loggers += [logging.getLogger(name) for name in ("httpx", "httpcore", "httpcore.http11", "websockets.client")]
    loggers += [logging.getLogger(name) for name in ("httpcore.connection", "httpcore.proxy", "asyncio", "rbbn_sdk")]
    levels = [logger.level for logger in loggers]
    logging.getLogger().addHandler(handler)
    for logger in loggers:
        logger.setLevel(1)
    yield handler
    logging.getLogger().removeHandler(handler)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


def methods_of(secrets: KeptSecrets) -> list[Credentials]:
    """Every way to be authorized; one with characters that no header can carry, which libraries quote in errors."""

    def kept(suffix: str = "") -> SecretRef:
        return secrets.keep(f"{SECRET}{suffix}", "x")

    return [
        Credentials(username="ann@ex.org", password=kept()),
        Credentials(username="ann@ex.org", bearer=kept()),
        Credentials(username="ann@ex.org", bearer=kept("\r\nX-Evil: 1")),
        Credentials(username="ann@ex.org", hmac=kept("ä")),
        Credentials(username="ann@ex.org", session=kept("\x00")),
    ]


async def shown(asked: Awaitable[object]) -> str:
    """All that a result or an error shows, with everything it drags along."""
    try:
        return repr(await asked)
    except RbbnError as error:
        chain = [error, error.__cause__, error.__context__]
        return "".join([*map(repr, chain), str(error), *traceback.format_exception(error, chain=True)])


ANSWERS: dict[str, tuple[object, str]] = {
    "subscribed": (
        {
            "subscribeResponse": {
                "subscription": "/sub/1",
                "subscriptionParams": {
                    "service": ["call"],
                    "sessionId": SECRET,
                    "turnCredentials": {"username": SECRET, "password": SECRET},
                },
            }
        },
        "201 Created",
    ),
    "malformed": (
        {
            "subscribeResponse": {
                "subscriptionParams": {"sessionId": SECRET, "turnCredentials": SECRET, "service": SECRET}
            }
        },
        "200 OK",
    ),
    "no json": (f'{{"sessionId":"{SECRET}"'.encode(), "200 OK"),
    "refused": ({"subscribeResponse": {"statusCode": 4}}, "403 Forbidden"),
    "no http": (b"", "\x00"),
}


@pytest.mark.parametrize("answer", ANSWERS)
async def test_rest_shows_no_secret(answer, server, rest, context, secrets, everything, reply_with) -> None:
    """Not the credentials that were sent, not what the gateway gave in its answer."""
    server.replies = [reply_with(*ANSWERS[answer])]
    told = []
    for credentials in methods_of(secrets):
        asked = evolve(context, credentials=credentials)
        told.append(await shown(rest.subscribe(asked, SubscribeOrder(expires=60, service=("call",)))))
        told.append(await shown(rest.start_call(asked, CallOffer(to="a", from_="b", sdp="v=0"))))
        told.append(await shown(rest.audit_call(asked, S1)))
        told.append(await shown(rest.fetch(asked.server, credentials, f"/x?access_token={SECRET}", FetchInit())))
    assert len(told) == 20
    assert SECRET not in "".join(told)
    assert SECRET not in "\n".join(everything.lines)
    assert everything.lines


async def test_an_unreachable_gateway_makes_no_secret_shown(context: RestContext, rest, secrets, everything) -> None:
    """The errors of the network libraries quote requests and addresses."""
    nowhere = evolve(context.server, port=9)
    told = [
        await shown(rest.audit_call(evolve(context, server=nowhere, credentials=credentials, timeout=limit), S1))
        for credentials in methods_of(secrets)
        for limit in (0, 1000)
    ]
    assert SECRET not in "".join(told) + "\n".join(everything.lines)


async def test_a_websocket_shows_no_secret(server, socket: WebsocketsSocket, secrets, everything, reply_with) -> None:
    """The library logs the request line with its query, and puts the whole address into errors."""
    token = secrets.keep(SECRET, "bearer")
    told = []

    async def never(_request: object) -> None:
        await asyncio.Event().wait()

    for host, answer in (
        ("127.0.0.1", reply_with({}, "401 Unauthorized")),
        ("127.0.0.1", reply_with({}, "302 Found", location=f"http://127.0.0.1/?access_token={SECRET}")),
        ("127.0.0.1", b"nonsense\r\n\r\n"),
        ("127.0.0.1", never),
        ("[", b""),
        ("a" * 300, b""),
    ):
        server.replies = [answer]
        address = SocketAddress(server=host, port=server.port, path="/ws/1", protocol="ws", access_token=token)
        told.append(await shown(socket.open(SocketId("w"), address, 200)))
    assert SECRET not in "".join(told) + "\n".join(everything.lines) + repr(socket) + repr(vars(socket))


async def test_an_open_websocket_shows_no_secret(gateway_echo, socket: WebsocketsSocket, secrets, everything) -> None:
    """Frames are not logged by the library either: what is in them is for `exposePayloads` to decide."""
    token = secrets.keep(SECRET, "bearer")
    await socket.open(SocketId("w"), evolve(gateway_echo, access_token=token), 2_000)
    await socket.send(SocketId("w"), f"echo {SECRET}")
    await socket.next(SocketId("w"))
    told = repr(vars(socket))
    await socket.close(SocketId("w"))
    told += await shown(socket.send(SocketId("w"), SECRET))
    assert SECRET not in told + "\n".join(everything.lines)


async def test_a_proxy_with_a_password_shows_none(context, everything) -> None:
    """Its address is configuration, and configuration is printed."""
    secrets, objects = KeptSecrets(), KeptObjects()
    proxies = read_proxies(f"http://ann:{SECRET}@127.0.0.1:9", {})
    rest = HttpxRest(secrets=secrets, objects=objects, clock=SystemClock(), proxies=proxies)
    socket = WebsocketsSocket(secrets=secrets, proxies=proxies)
    away = evolve(context, server=evolve(context.server, base="gateway.invalid"), credentials=Credentials(username="a"))
    told = await shown(rest.audit_call(away, S1))
    told += await shown(socket.open(SocketId("w"), SocketAddress(server="gateway.invalid", port=1, path="/x"), 1_000))
    await rest.close()
    assert SECRET not in told + "\n".join(everything.lines) + repr(proxies) + repr(vars(rest)) + repr(vars(socket))

"""A whole session at its most talkative shows no secret, and its log rebuilds its states and events."""

import inspect
import logging
import traceback
from collections.abc import Iterator
from typing import Any

import pytest

import rbbn_sdk
from rbbn_sdk.adapters import Adapters
from rbbn_sdk.engine import Action, Store, decode_action, encode_action
from rbbn_sdk.errors import RbbnError
from rbbn_sdk.features import DERIVATIONS, SLICES
from rbbn_sdk.io.log import ConsoleActionHandler, ConsoleHandler

ALICE = "alice@example.com"
GIVEN = [
    "alice-pass-1",
    "bearer-token-alice-0001",
    "hmac-token-alice-0001",
    "wrong-secret",
    "turn-secret-9",
    "proxy-secret-9",
    "mine-secret-9",
    "YWxpY2U",  # how `Authorization: Basic` begins for Alice
    "bWluZS1zZWNyZXQtOQ",
]
SERVERS_OWN = ("uvicorn", "starlette", "websockets.server")
"""The gateway runs in this process too; what it logs is not the client's."""


class Shown:
    """All that anybody could see."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.actions: list[Action] = []
        self.events: list[Any] = []
        self._console, self._actions = ConsoleHandler(), ConsoleActionHandler()

    def log(self, entry: Any) -> None:
        self.texts.append(f"{entry!r} {entry.messages} {dict(entry)}")
        self._console(entry)

    def log_action(self, entry: Any) -> None:
        self.texts.append(repr(entry))
        self._actions(entry)

    def tap(self, action: Action, before: object, after: object) -> None:
        self.actions.append(action)
        self.texts.append(f"{action!r} {encode_action(action).decode()} {before!r} {after!r}")

    def hear(self, name: str, events: list[Any]) -> None:
        self.events += events
        self.texts.append(f"{name} {events!r}")

    def error(self, error: BaseException) -> None:
        self.texts += [repr(error), str(error), *traceback.format_exception(error, chain=True)]

    def has(self, secret: str) -> list[str]:
        found = ((text, text.find(secret)) for text in self.texts)
        return [text[max(0, at - 200) : at + 50] for text, at in found if at >= 0][:3]


class _Everything(logging.Handler):
    def __init__(self, texts: list[str]) -> None:
        super().__init__(1)
        self.texts = texts

    def emit(self, record: logging.LogRecord) -> None:
        if not record.name.startswith(SERVERS_OWN):
            self.texts.append(f"{record.name} {record.getMessage()} {record.args!r} {record.exc_info!r}")


@pytest.fixture
def shown() -> Iterator[Shown]:
    """Every library logs at its most talkative, too."""
    made, root = Shown(), logging.getLogger()
    handler = _Everything(made.texts)
    names = ("httpcore", "httpx", "websockets.client", "aiortc", "aioice", "asyncio", "rbbn_sdk", "blinker", "av")
    loggers = [root, *(logging.getLogger(name) for name in names)]
    levels = [logger.level for logger in loggers]
    root.addHandler(handler)
    for logger in loggers:
        logger.setLevel(1)
    yield made
    root.removeHandler(handler)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.fixture
def port_results(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    """What each port is called with, gives and raises is shown as well: it is what a recording would hold."""
    method = Adapters.method

    def watched(self: Adapters, name: str) -> Any:
        run = method(self, name)

        async def noted(*args: Any, **kwargs: Any) -> Any:
            try:
                result = run(*args, **kwargs)
                result = await result if inspect.isawaitable(result) else result
            except Exception as error:
                shown.error(error)
                raise
            shown.texts.append(f"{name} {args!r} {kwargs!r} {result!r}")
            return result

        return noted

    monkeypatch.setattr(Adapters, "method", watched)


def configured(gateway: Any, shown: Shown, level: str) -> dict[str, Any]:
    return {
        **gateway.config_for(ALICE),
        "connectivity": {"webSocketOAuthMode": "query", "reconnectLimit": 1},
        "network": {"proxy": "http://me:proxy-secret-9@127.0.0.1:9"},
        "call": {
            "iceAddresses": ["127.0.0.1"],
            "iceCollectionIdealTimeout": 300,
            "defaultPeerConfig": {
                "iceServers": [{"urls": "turn:127.0.0.1:9", "username": "me", "credential": "turn-secret-9"}]
            },
        },
        "logs": {
            "logLevel": level,
            "handler": shown.log,
            "logActions": {"handler": shown.log_action, "diff": True, "level": level},
        },
    }


async def fail(shown: Shown, operation: Any) -> None:
    """It has to, and its error is seen."""
    with pytest.raises(RbbnError) as caught:
        await operation
    shown.error(caught.value)


async def refusals(client: Any, gateway: Any, shown: Shown) -> None:
    """A wrong password, a refused websocket, a refused request."""
    client.set_credentials(username=ALICE, password="wrong-secret")
    await fail(shown, client.services.subscribe(["call"]))
    client.set_credentials(username=ALICE, bearer_access_token="wrong-secret")
    await fail(shown, client.services.subscribe(["call"]))
    client.set_credentials(gateway.credentials_for(ALICE, "bearer"))
    await gateway.fail(method="GET", path="*websocket*", status=403)
    await fail(shown, client.services.subscribe(["call"]))
    await gateway.clear()


async def fetches(client: Any) -> None:
    """Requests of the application's own may hold anything."""
    await client.request.fetch(
        f"/rest/version/1/user/{ALICE}/nothing?access_token=mine-secret-9&x=1",
        {
            "method": "POST",
            "headers": {"X-Api-Key": "mine-secret-9", "Authorization": "Basic bWluZS1zZWNyZXQtOQ=="},
            "queryParams": {"access_token": "mine-secret-9"},
            "body": '{"password": "mine-secret-9"}',
        },
    )


async def a_call(client: Any, bob: Any) -> None:
    """Made, answered and ended."""
    received = bob.wait_for("call:stateChange", timeout=30)
    made = client.call.make("bob@example.com", {"audio": True})
    await bob.call.answer((await received).call_id, {"audio": True})
    await client.call.answered(made)
    await client.call.end(made)


@pytest.mark.parametrize(
    ("kind", "level"), [("password", "debug"), ("authname", "trace"), ("bearer", "debug"), ("hmac", "trace")]
)
async def test_a_session_shows_no_secret(gateway, make_client, shown, port_results, capfd, kind, level) -> None:
    """With every logger, handler and tap there is; also of what failed. And its log is enough to rebuild it."""
    bob = await make_client(gateway, "bob")
    watching = rbbn_sdk.Extension(taps=(shown.tap,))
    async with rbbn_sdk.create(configured(gateway, shown, level), extensions=[watching]) as client:
        client.subscribe(shown.hear)
        await refusals(client, gateway, shown)
        client.set_credentials(gateway.credentials_for(ALICE, kind))
        await client.services.subscribe(["call"], {"headers": {"X-My-Token": "mine-secret-9"}})
        if kind == "bearer":
            client.set_credentials(gateway.credentials_for(ALICE, kind))
        client.connection.reset_connection()
        await client.wait_for("ws:change", lambda _: client.connection.get_socket_state().connected, timeout=30)
        await fetches(client)
        await a_call(client, bob)
        of_the_gateway = _of_the_gateway(gateway)
        await client.services.unsubscribe(["call"])
        shown.texts += [repr(client), repr(client.state), repr(client.get_user_info()), repr(vars(client))]
        shown.texts += [repr(vars(client._adapters)), *(repr(vars(made)) for made in _vars(client._adapters))]
        live, events, seen = client.state, tuple(shown.events), len(shown.actions)
    shown.texts += capfd.readouterr()
    for secret in [*GIVEN, *of_the_gateway]:
        assert shown.has(secret) == []
    states, rebuilt_events = _rebuilt(shown.actions[:seen])
    for one, rebuilt in zip(SLICES, states, strict=True):
        assert rebuilt == one(live)
    assert rebuilt_events == events


def _vars(adapters: Any) -> list[Any]:
    return [made for made in adapters._made.values() if hasattr(made, "__dict__")]


def _of_the_gateway(gateway: Any) -> set[str]:
    """Session tokens as they were sent, and what the gateway gave for TURN."""
    sent = {request.headers.get("x-session") for request in gateway.requests}
    turn = [subscription.turn for subscription in gateway._running.subscriptions.of_user(ALICE)]
    assert turn
    return {one for one in sent if one} | {text for one in turn for text in (one.username, one.password)}


def _rebuilt(actions: list[Action]) -> tuple[tuple[object, ...], tuple[object, ...]]:
    """What becomes of the actions, written and read, in a store without sagas."""
    events: list[object] = []
    again = Store(SLICES, derivations=DERIVATIONS, emit=events.append)
    for action in actions:
        again.dispatch(decode_action(encode_action(action)))
    return tuple(one(again.state) for one in SLICES), tuple(events)

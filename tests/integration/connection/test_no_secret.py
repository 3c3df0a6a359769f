"""A session at debug level with every logger and tap on shows no secret, and its actions rebuild its state."""

import pytest

import rbbn_sdk
from rbbn_sdk.engine import Store, decode_action, encode_action
from rbbn_sdk.extension import Extension

SECRETS = ["alice-pass-1", "bearer-token-alice-0001", "hmac-token-alice-0001", "wrong-secret", "QWxhZGRpbjpvcGVu"]


@pytest.mark.parametrize("kind", ["password", "authname", "bearer", "hmac"])
async def test_a_session_shows_no_secret_and_is_rebuilt_from_its_log(gateway, kind, nothing_is_left) -> None:
    """Output, reprs, errors, state and actions alike; also of what was refused."""
    shown: list[str] = []
    actions = []
    config = {
        **gateway.config_for("alice@example.com"),
        "connectivity": {"webSocketOAuthMode": "query", "pingInterval": 20},
        "logs": {"logLevel": "debug", "handler": lambda entry: shown.append(repr(entry)), "logActions": True},
    }
    tap = Extension(taps=(lambda action, _before, _after: actions.append(action),))
    async with rbbn_sdk.create(config, extensions=[tap]) as client:
        client.subscribe(lambda _name, events: shown.append(repr(events)))
        client.set_credentials(username="alice@example.com", password="wrong-secret")
        try:
            await client.services.subscribe(["call"])
        except rbbn_sdk.errors.RbbnError as error:
            shown.append(repr(error) + str(error))
        client.set_credentials(gateway.credentials_for("alice@example.com", kind))
        await client.services.subscribe(["call"])
        client.connection.reset_connection()
        await client.wait_for("ws:change", lambda _: client.connection.get_socket_state().connected, timeout=30)
        await client.request.fetch("/rest/version/1/user/alice@example.com/nothing")
        await client.services.unsubscribe(["call"])
        shown += [repr(client.state), repr(client), repr(client.get_config()), repr(client.get_user_info())]
        live, slices = client.state, client.store.state.SLICES
    shown += [repr(action) + encode_action(action).decode() for action in actions]
    sessions = [request.headers.get("x-session", "no-session") for request in gateway.requests]
    for secret in (*SECRETS, *sessions):
        assert not [line for line in shown if secret in line]
    again = Store(slices)
    for action in actions:
        again.dispatch(decode_action(encode_action(action)))
    for one in slices:
        assert one(again.state) == one(live)

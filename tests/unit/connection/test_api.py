"""What applications call: arguments, what is dispatched, what is returned."""

import json

import pytest

from rbbn_sdk.actions.auth import SetCredentials
from rbbn_sdk.actions.config import ConfigUpdated
from rbbn_sdk.actions.connectivity import ResetConnection
from rbbn_sdk.actions.notification import ProcessNotification
from rbbn_sdk.actions.request import Fetch
from rbbn_sdk.actions.subscription import Subscribe, Unsubscribe
from rbbn_sdk.api.auth import Auth
from rbbn_sdk.api.connectivity import Connection
from rbbn_sdk.api.context import ApiContext
from rbbn_sdk.api.notification import Notification
from rbbn_sdk.api.request import Requests
from rbbn_sdk.api.subscription import Services
from rbbn_sdk.errors import InvalidArgument, InvalidState, OperationFailed
from rbbn_sdk.ports import FetchReply
from rbbn_sdk.types import ObjectRef, SecretRef


class Kept:
    """Secrets, objects, ids, a clock and a log in one."""

    def __init__(self) -> None:
        self.values = {}
        self.lines = []

    def keep(self, value, kind):
        ref = SecretRef(id=f"k{len(self.values)}", kind=kind)
        self.values[ref.id] = value
        return ref

    def read(self, ref):
        return self.values[ref.id]

    def free(self, ref):
        self.values.pop(ref.id, None)

    def uuid(self):
        return f"u{len(self.lines)}"

    def now(self):
        return 77

    def write(self, method, target, messages) -> None:
        self.lines.append((method, target.type, messages))


@pytest.fixture
def kept():
    return Kept()


@pytest.fixture
def context(client, kept):
    return ApiContext(
        store=client.store,
        ids=kept,
        clock=kept,
        secrets=kept,
        objects=kept,
        logger=kept,
        guard=lambda: None,
    )


def last(client, kind):
    return client.actions_of(kind)[-1]


def test_credentials_are_given_as_mapping_or_keywords(context, client, kept) -> None:
    """In both spellings; empty texts are not given."""
    auth = Auth(context)
    auth.setCredentials({"username": "ann@ex.org", "bearerAccessToken": "tok", "password": ""})
    by_mapping = last(client, SetCredentials)
    auth.set_credentials(username="ann@ex.org", bearer_access_token="tok")
    by_keywords = last(client, SetCredentials)
    for action in (by_mapping, by_keywords):
        assert (action.username, action.password) == ("ann@ex.org", None)
        assert kept.read(action.bearer) == "tok"


def test_user_info_is_empty_then_tells_who_and_the_token(context, client, make_client, kept) -> None:
    """Documented, though the JavaScript SDK leaves the token out."""
    auth = Auth(context)
    assert dict(auth.get_user_info()) == {"username": "ann@ex.org", "isAnonymous": False}
    auth.set_credentials(username="bob@ex.org", bearer_access_token="tok-1")
    info = auth.getUserInfo()
    assert dict(info) == {"username": "bob@ex.org", "isAnonymous": False, "token": "tok-1"}
    assert "tok-1" not in repr(info)


def test_nothing_that_is_logged_of_credentials_is_secret(context, kept) -> None:
    """Only the name."""
    Auth(context).set_credentials(username="ann@ex.org", password="hunter2")
    assert "hunter2" not in repr(kept.lines)
    assert "ann@ex.org" in repr(kept.lines)


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (None, "credentials"),
        ("ann", "credentials"),
        ({"username": 5}, "credentials.username"),
        ({"username": "a", "password": b"x"}, "credentials.password"),
        ({1: 2}, "keys"),
    ],
    ids=["none", "text", "number", "bytes", "key"],
)
def test_credentials_of_a_wrong_kind_are_refused_by_name(context, given, names) -> None:
    """And their value is not quoted."""
    with pytest.raises(InvalidArgument, match=names):
        Auth(context).set_credentials(given)


def test_unknown_keys_of_credentials_are_named_in_a_warning(context, kept) -> None:
    """A typo shows itself."""
    Auth(context).set_credentials({"username": "a", "password": "p", "passwrod": "p"})
    assert any(method == "warn" and "passwrod" in messages[0] for method, _, messages in kept.lines)


def test_services_are_names_or_descriptors_with_options(context, client, kept) -> None:
    """Parameters cannot be sent, and that is said."""
    services = Services(context)
    services.subscribe(
        ["call", {"service": "smsinbound", "params": {"destinationAddress": "x"}}],
        {"type": "websocket", "clientCorrelator": "desk", "headers": {"x-a": 1}, "queryParams": {"q": ["a", "b"]}},
    )
    request = last(client, Subscribe)
    assert request.services == ("call", "smsinbound")
    assert (request.client_correlator, request.start_time, request.username) == ("desk", 77, "ann@ex.org")
    assert request.headers == (("x-a", "1"),)
    assert request.query_params == (("q", "a"), ("q", "b"))
    assert any("params" in messages[0] for method, _, messages in kept.lines if method == "warn")


@pytest.mark.parametrize("type_", ["websocket", "push"])
def test_options_may_be_the_bare_type(context, client, type_) -> None:
    """As in the JavaScript SDK."""
    Services(context).subscribe(["call"], type_)
    assert last(client, Subscribe).type == type_


@pytest.mark.parametrize(
    ("services", "options", "names"),
    [
        ("call", None, "services"),
        ({"service": "call"}, None, "services"),
        (5, None, "services"),
        (["call", 5], None, r"services\[1\]"),
        ([{"params": {}}], None, r"services\[0\].service"),
        (["call"], "carrier-pigeon", "'websocket' or 'push'"),
        (["call"], 5, "options"),
        (["call"], {"clientCorrelator": 5}, "options.clientCorrelator"),
        (["call"], {"headers": "x"}, "options.headers"),
        (["call"], {"headers": {"x": object()}}, "options.headers"),
    ],
)
def test_bad_arguments_of_subscribe_are_named_and_nothing_happens(context, client, services, options, names) -> None:
    """With what is accepted."""
    with pytest.raises(InvalidArgument, match=names):
        Services(context).subscribe(services, options)
    assert client.events == []


@pytest.mark.parametrize("services", ["call", {"a": 1}, 5, [5]])
def test_bad_arguments_of_unsubscribe_are_named(context, client, services) -> None:
    """A text is no list of names."""
    with pytest.raises(InvalidArgument, match="services"):
        Services(context).unsubscribe(services)
    assert client.events == []


def test_no_list_is_an_empty_one(context, client) -> None:
    """It ends in the documented error."""
    Services(context).subscribe()
    Services(context).unsubscribe()
    assert last(client, Unsubscribe).services == ()
    client.scheduler.run_turns()
    assert client.events[-1] == "subscription:error(subscription:2)"


async def test_a_handle_tells_the_end_or_raises_its_error(context, client) -> None:
    """Ignoring it is fine too."""
    services = Services(context)
    handle = services.subscribe(["call"])
    client.scheduler.run_turns()
    assert await handle is None
    refused = services.unsubscribe(["never"])
    client.scheduler.run_turns()
    with pytest.raises(InvalidState) as caught:
        await refused
    assert caught.value.code == "authentication:3"


def test_subscriptions_are_told_by_documented_keys(context, client) -> None:
    """And as attributes; the same object until something changes."""
    services = Services(context)
    assert dict(services.get_subscriptions()) == {
        "subscribed": (),
        "available": ("call", "Presence", "IM"),
        "isPending": False,
    }
    services.subscribe(["call"])
    client.scheduler.run_turns()
    assert services.getSubscriptions().subscribed == ("call",)
    assert services.get_subscriptions() is services.get_subscriptions()
    assert services.changeReasons.GONE == "GONE"


def test_the_socket_state_has_two_fields_before_the_first_connection_and_all_after(context, client) -> None:
    """10.3; a deliberate close empties it again."""
    connection, services = Connection(context), Services(context)
    assert dict(connection.get_socket_state()) == {"connected": False, "pinging": False}
    services.subscribe(["call"])
    client.scheduler.run_turns()
    state = connection.getSocketState()
    assert (state.connected, state.pinging, state["webSocketOAuthMode"]) == (True, True, "none")
    assert dict(state["method"]) == {"type": "keepAlive", "responsibleParty": "client"}
    assert dict(state["wsInfo"]) == {
        "protocol": "wss",
        "server": "gw.example",
        "port": 443,
        "url": "/websocket/w1",
        "params": "",
    }
    services.unsubscribe(["call"])
    client.scheduler.run_turns()
    assert dict(connection.get_socket_state()) == {"connected": False, "pinging": False}


def test_the_switch_for_checking_changes_the_configuration(context, client) -> None:
    """6.4; nothing is dispatched when it stands so already."""
    connection = Connection(context)
    connection.enableConnectivityChecking(False)
    assert last(client, ConfigUpdated).config.connectivity.check_connectivity is False
    connection.enable_connectivity_checking(0)
    assert len(client.actions_of(ConfigUpdated)) == 1


def test_a_reset_without_connection_is_only_logged(context, client, kept) -> None:
    """6.4."""
    Connection(context).resetConnection()
    assert client.actions_of(ResetConnection) == []
    Services(context).subscribe(["call"])
    client.scheduler.run_turns()
    Connection(context).reset_connection()
    assert len(client.actions_of(ResetConnection)) == 1


@pytest.mark.parametrize(
    ("notification", "channel", "names"),
    [
        ({}, "push", "channel"),
        ({}, None, "channel"),
        (None, "PUSH", "notification"),
        ({"a": object()}, "PUSH", "notification"),
    ],
)
def test_bad_arguments_of_process_are_named(context, notification, channel, names) -> None:
    """The channel has to be spelt exactly."""
    with pytest.raises(InvalidArgument, match=names):
        Notification(context).process(notification, channel)


def test_a_notification_is_processed_as_mapping_or_text(context, client) -> None:
    """By push unless told otherwise."""
    body = {"notificationMessage": {"eventType": "custom", "eventId": "1"}}
    Notification(context).process(body)
    Notification(context).process(json.dumps(body), "WEBSOCKET")
    assert [action.channel for action in client.actions_of(ProcessNotification)] == ["PUSH", "WEBSOCKET"]
    assert client.events == ["notification:received"]


@pytest.mark.parametrize(
    ("resource", "init", "names"),
    [
        (None, None, "resource"),
        ("", None, "resource"),
        ("/x", "GET", "init"),
        ("/x", {"body": {"a": 1}}, "init.body"),
        ("/x", {"method": 5}, "init.method"),
        ("/x", {"headers": []}, "init.headers"),
    ],
)
def test_bad_arguments_of_fetch_are_named(context, client, resource, init, names) -> None:
    """Nothing is sent."""
    with pytest.raises(InvalidArgument, match=names):
        Requests(context).fetch(resource, init)
    assert client.actions_of(Fetch) == []


async def test_a_fetch_gives_a_response_and_frees_its_body(context, client, kept) -> None:
    """Awaited twice, it is the same."""
    kept.values["b"] = b'{"a": "\xc3\xa4"}'
    reply = FetchReply(
        status=404,
        reason="Not Found",
        headers=(("Content-Type", "application/json"), ("x", "1"), ("X", "2")),
        body=ObjectRef(id="b", kind="body"),
    )
    client.rest.will("fetch", reply)
    handle = Requests(context).fetch("/x", {"method": "post", "body": "{}"})
    client.scheduler.run_turns()
    response = await handle
    assert (response.status, response.ok, response.statusText, response.json()) == (404, False, "Not Found", {"a": "ä"})
    assert (response.header("X"), response.header("none"), response.text()) == ("1, 2", None, '{"a": "ä"}')
    assert "b" not in kept.values
    assert await handle is response
    assert last(client, Fetch).init.method == "POST"


async def test_a_fetch_without_reply_or_body_is_no_riddle(context, client) -> None:
    """An empty body is empty bytes; no reply at all is an error."""
    requests = Requests(context)
    client.rest.will("fetch", FetchReply(status=204, reason="No Content", headers=(), body=None), None)
    empty, nothing = requests.fetch("/x"), requests.fetch("/x", {"unknown": 1})
    client.scheduler.run_turns()
    assert (await empty).body == b""
    with pytest.raises(OperationFailed):
        await nothing


def test_unknown_options_are_named_in_a_warning_and_values_become_texts(context, client, kept) -> None:
    """Options are those of a JavaScript program too."""
    Services(context).subscribe(["call"], {"cliantCorrelator": "x", "queryParams": {"a": True, "b": None, "c": 1.5}})
    assert last(client, Subscribe).query_params == (("a", "true"), ("c", "1.5"))
    assert any("cliantCorrelator" in messages[0] for method, _, messages in kept.lines if method == "warn")

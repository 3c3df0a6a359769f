"""What is read of the connection's slices, field by field (`connection` 5, 6, 10)."""

import pytest
from pyrsistent import pmap, pvector

from rbbn_sdk.actions.connectivity import WsInfo
from rbbn_sdk.engine import Slice, Store, evolve
from rbbn_sdk.ports import Credentials, RestContext, Server
from rbbn_sdk.reducers.auth import Authentication, authentication
from rbbn_sdk.reducers.config import config
from rbbn_sdk.reducers.connectivity import Connectivity, connectivity
from rbbn_sdk.reducers.logs import Logs, TypeHandler, logs
from rbbn_sdk.reducers.subscription import PendingKind, PendingOperation, SubscriptionState, subscription
from rbbn_sdk.selectors.auth import bearer, login, login_context, rest_context
from rbbn_sdk.selectors.connectivity import connected_with, socket_state
from rbbn_sdk.selectors.logs import handlers_replaced_by
from rbbn_sdk.selectors.subscription import ServicesInfo, is_unwanted, services_info
from rbbn_sdk.testing.connection import granted
from rbbn_sdk.types import ObjectRef, RequestId, SecretRef
from rbbn_sdk.types.options import (
    AuthenticationOptions,
    ConnectivityMethod,
    ConnectivityOptions,
    Options,
    RequestOptions,
    ServerOptions,
)

TOKEN = SecretRef(id="b", kind="bearer")
SET = ConnectivityOptions(
    method=ConnectivityMethod(type="keepAlive", responsible_party="server"),
    ping_interval=1,
    reconnect_limit=2,
    reconnect_delay=3,
    reconnect_time_multiplier=4.5,
    reconnect_time_limit=5,
    auto_reconnect=False,
    web_socket_oauth_mode="query",
)
INFO = WsInfo(protocol="ws", server="s", port=1, url="/w")


def state_of(**slices):
    """A state with some slices as given."""
    pieces = {piece.name: piece for piece in (authentication, config, connectivity, logs, subscription)}
    initial: dict[Slice, object] = {pieces[name]: value for name, value in slices.items()}
    return Store(tuple(pieces.values()), initial=initial).state


@pytest.mark.parametrize(("connected", "checking"), [(True, True), (True, False), (False, True), (False, False)])
def test_the_socket_is_told_with_the_options_it_was_opened_with(connected, checking) -> None:
    """Pings are sent through an open one only, and only if they are wanted."""
    known = Connectivity(connected=connected, options=SET, ws_info=INFO)
    wanted = Options(connectivity=ConnectivityOptions(check_connectivity=checking))
    flags = {"connected": connected, "pinging": connected and checking}
    told = {
        "method": {"type": "keepAlive", "responsibleParty": "server"},
        "pingInterval": 1,
        "reconnectLimit": 2,
        "reconnectDelay": 3,
        "reconnectTimeMultiplier": 4.5,
        "reconnectTimeLimit": 5,
        "autoReconnect": False,
        "webSocketOAuthMode": "query",
        "wsInfo": {"protocol": "ws", "server": "s", "port": 1, "url": "/w", "params": ""},
    }
    read = dict(socket_state(state_of(connectivity=known, config=wanted)))
    assert {key: dict(value) if key in ("method", "wsInfo") else value for key, value in read.items()} == flags | told
    assert "wsInfo" not in socket_state(state_of(connectivity=evolve(known, ws_info=None)))
    assert dict(socket_state(state_of(connectivity=Connectivity(connected=connected), config=wanted))) == flags


def test_a_connection_keeps_the_options_it_was_made_with() -> None:
    """Those of the configuration count for the first one."""
    configured = Options(connectivity=ConnectivityOptions(reconnect_limit=9))
    assert connected_with(state_of(config=configured)) == configured.connectivity
    assert connected_with(state_of(config=configured, connectivity=Connectivity(options=SET))) == SET


@pytest.mark.parametrize(
    ("requested", "received", "missing", "status"),
    [
        ((), (), (), "NONE"),
        (("call",), (), ("call",), "NONE"),
        (("call", "IM"), ("CALL",), ("IM",), "PARTIAL"),
        (("call", "IM"), ("im", "Call"), (), "FULL"),
        (("CALL",), ("call", "IM"), (), "UNKNOWN"),
    ],
)
def test_granted_services_are_compared_in_any_spelling(requested, received, missing, status) -> None:
    """The gateway has its own."""
    known = SubscriptionState(current=granted(*received), requested=requested)
    assert services_info(state_of(subscription=known)) == ServicesInfo(
        requested=requested,
        received=received,
        missing=missing,
        status=status,
        services=pmap({name: name not in missing for name in requested}),
    )


def pending(name, kind, *services):
    return PendingOperation(request_id=RequestId(name), operation=kind, services=services, start_time=1)


@pytest.mark.parametrize(
    ("name", "unwanted"), [("all", True), ("some", False), ("other", False), ("nothing", False), ("unknown", False)]
)
def test_a_subscribe_is_unwanted_when_all_of_it_is_to_be_unsubscribed(name, unwanted) -> None:
    """By one unsubscribe or by several."""
    asked = (
        pending("all", PendingKind.SUBSCRIBE, "call", "IM"),
        pending("some", PendingKind.SUBSCRIBE, "call", "Presence"),
        pending("other", PendingKind.SUBSCRIBE, "Presence"),
        pending("nothing", PendingKind.SUBSCRIBE),
        pending("u1", PendingKind.UNSUBSCRIBE, "call"),
        pending("u2", PendingKind.UNSUBSCRIBE, "IM"),
    )
    state = state_of(subscription=SubscriptionState(pending=pvector(asked)))
    assert is_unwanted(state, RequestId(name)) is unwanted


def test_the_user_is_told_by_name_and_token() -> None:
    """What there is not is not there."""
    assert bearer(state_of()) is None
    for known, name, token in (
        (Credentials(username="ann@ex.org", bearer=TOKEN), "ann@ex.org", TOKEN),
        (Credentials(authname="a1", password=TOKEN), None, None),
    ):
        state = state_of(authentication=Authentication(credentials=known))
        told = login(state)
        assert (told.username or None, told.token or None, told.is_anonymous) == (name, token, False)
        assert bearer(state) == token


def test_requests_go_to_the_configured_server_and_some_to_the_one_of_the_login() -> None:
    """With the time that the configuration allows; not at all before somebody logged in."""
    server = ServerOptions(base="now.example", protocol="http", port=8080, version="2")
    options = Options(authentication=AuthenticationOptions(server=server), request=RequestOptions(rest_timeout=7))
    then, user = Server(base="then.example", port=1), Credentials(username="ann", bearer=TOKEN)
    state = state_of(config=options, authentication=Authentication(server=then, credentials=user))
    now = Server(base="now.example", protocol="http", port=8080, version="2")
    assert rest_context(state) == RestContext(server=now, credentials=user, timeout=7)
    assert login_context(state) == RestContext(server=then, credentials=user, timeout=7)
    assert login_context(state_of(config=options, authentication=Authentication(credentials=user))) is None
    assert rest_context(state_of(config=options)) is None


def test_another_handler_replaces_that_of_its_type_or_those_of_all() -> None:
    """The default handler is nobody's to free."""
    first, second = (ObjectRef(id=name, kind="log_handler") for name in "ab")
    known = Logs(
        handlers=(
            TypeHandler(type="CALL", handler=first),
            TypeHandler(type="AUTH", handler=second),
            TypeHandler(type="SDP", handler=None),
        )
    )
    replaced = {name: handlers_replaced_by(state_of(logs=known), name) for name in ("DEFAULT", "CALL", "SDP", "MINE")}
    assert replaced == {"DEFAULT": (first, second), "CALL": (first,), "SDP": (), "MINE": ()}

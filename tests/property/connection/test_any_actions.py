"""Whatever happens in whatever order, the slices stay valid and nothing raises."""

from hypothesis import given
from hypothesis import strategies as st

from rbbn_sdk.actions.auth import SecretsFreed, SetCredentials
from rbbn_sdk.actions.connectivity import (
    ConnectAttempted,
    Connected,
    ConnectFailed,
    ConnectionGivenUp,
    ConnectionLost,
    Disconnected,
    WsInfo,
)
from rbbn_sdk.actions.notification import Channel, NotificationHandled, NotificationReceived
from rbbn_sdk.actions.subscription import (
    ChangeReason,
    ExtensionFailed,
    ServicesAdded,
    ServicesRemoved,
    Subscribe,
    SubscribeAccepted,
    SubscribeFailed,
    SubscriptionEnded,
    SubscriptionExtended,
    SubscriptionMade,
    Unsubscribe,
    UnsubscribeFailed,
)
from rbbn_sdk.engine import Store, decode_action, encode_action
from rbbn_sdk.events import auth as auth_events
from rbbn_sdk.events import connectivity as connectivity_events
from rbbn_sdk.events import notification as notification_events
from rbbn_sdk.events import subscription as subscription_events
from rbbn_sdk.ports import Server, TurnCredentials
from rbbn_sdk.reducers.auth import authentication
from rbbn_sdk.reducers.config import config
from rbbn_sdk.reducers.connectivity import connectivity
from rbbn_sdk.reducers.notification import notifications
from rbbn_sdk.reducers.subscription import subscription
from rbbn_sdk.selectors.auth import login
from rbbn_sdk.selectors.connectivity import socket_state
from rbbn_sdk.selectors.subscription import services_info, subscriptions
from rbbn_sdk.testing.connection import granted
from rbbn_sdk.types import ErrorInfo, JsonText, RequestId, SecretRef, SocketId
from rbbn_sdk.types.options import ConnectivityOptions

refs = st.builds(SecretRef, id=st.sampled_from("abcdef"), kind=st.just("x"))
maybe_ref = st.none() | refs
names = st.sampled_from(["", "ann@ex.org", "bob@ex.org"])
request_ids = st.sampled_from([RequestId(""), RequestId("r1"), RequestId("r2"), RequestId("r3")])
services = st.lists(st.sampled_from(["call", "IM", "im", "Presence"]), max_size=4).map(tuple)
errors = st.none() | st.builds(ErrorInfo, code=st.sampled_from(["authentication:4", 39]))
turns = st.none() | st.builds(TurnCredentials, username=refs, password=refs)
answers = st.builds(
    lambda names, path, session, turn: granted(*names, path=path, session=session, turn=turn),
    services,
    st.sampled_from(["", "/s1", "/s2"]),
    maybe_ref,
    turns,
)
info = st.builds(WsInfo, protocol=st.just("wss"), server=st.just("s"), port=st.just(1), url=st.just("/w"))
asked = {"services": services, "username": names, "start_time": st.integers(0, 9)}
answered = {"request_id": request_ids, "subscription": answers, "requested": services}
failed = {"request_id": request_ids, "error": errors}
actions = st.one_of(
    st.builds(
        SetCredentials,
        server=st.just(Server(base="s", port=1)),
        username=names,
        authname=names,
        password=maybe_ref,
        hmac=maybe_ref,
        bearer=maybe_ref,
    ),
    st.builds(SecretsFreed, refs=st.lists(refs, max_size=3).map(tuple)),
    st.builds(SubscribeAccepted, subscription=answers),
    st.builds(SubscriptionMade, **answered),
    st.builds(ServicesAdded, **answered),
    st.builds(ServicesRemoved, **answered),
    st.builds(SubscriptionEnded, request_id=request_ids, reason=st.none() | st.sampled_from(ChangeReason)),
    st.builds(SubscribeFailed, **failed),
    st.builds(UnsubscribeFailed, **failed),
    st.builds(SubscriptionExtended, attempt_num=st.integers(1, 9)),
    st.builds(ExtensionFailed, attempt_num=st.integers(1, 9), error=st.builds(ErrorInfo)),
    st.builds(ConnectAttempted, ws_info=info, is_reconnect=st.booleans()),
    st.builds(
        Connected,
        socket_id=st.sampled_from([SocketId("s1"), SocketId("s2")]),
        ws_info=info,
        options=st.just(ConnectivityOptions()),
        is_reconnect=st.booleans(),
    ),
    st.builds(ConnectFailed),
    st.builds(ConnectionLost, code=st.none() | st.integers(1000, 4999)),
    st.builds(ConnectionGivenUp),
    st.builds(Disconnected),
    st.builds(
        NotificationReceived,
        event_type=st.sampled_from(["call", "custom", "gone"]),
        event_id=st.sampled_from(["", '"1"', "1", '"2"']),
        channel=st.sampled_from(Channel),
        payload=st.text().map(JsonText),
        cache_length=st.integers(-1, 3),
    ),
    st.builds(NotificationHandled, payload=st.text().map(JsonText)),
)
requests = st.one_of(
    st.builds(Subscribe, request_id=request_ids, **asked), st.builds(Unsubscribe, request_id=request_ids, **asked)
)

SLICES = (config, authentication, subscription, connectivity, notifications)
DERIVATIONS = tuple(
    module.derivations for module in (auth_events, subscription_events, connectivity_events, notification_events)
)


def assert_valid(state) -> None:
    login_, sub, socket, seen = (
        authentication(state),
        subscription(state),
        connectivity(state),
        notifications(state).seen,
    )
    if login_.credentials is not None:
        one = login_.credentials
        methods = [one.password, one.bearer, one.hmac, one.session]
        assert sum(ref is not None for ref in methods) == 1
    assert len({pending.request_id for pending in sub.pending}) == len(sub.pending)
    assert sub.attempt >= 1
    assert sub.current is None or (sub.current.session is None and sub.current.turn is None)
    assert socket.connected is (socket.socket_id is not None)
    assert socket.active or not socket.connected
    assert len(seen.by_id) == len(seen.by_place) == seen.next - seen.first


@given(st.lists(actions | requests, max_size=40))
def test_any_sequence_of_actions_leaves_every_slice_valid(sequence) -> None:
    """Any order, any ids, repeated, late; reducers, derivations and selectors alike."""
    problems, events = [], []
    store = Store(SLICES, derivations=DERIVATIONS, emit=events.append, report=problems.append)
    for action in sequence:
        store.dispatch(action)
        assert_valid(store.state)
        for selector in (login, subscriptions, services_info, socket_state):
            assert selector(store.state) is selector(store.state)
    assert [problem for problem in problems if problem.kind != "request"] == []


@given(st.lists(actions, max_size=20))
def test_a_secret_in_use_is_never_discarded(sequence) -> None:
    """Each secret has a place of its own in a client; so no two fields of these actions share one here."""
    state = authentication.initial
    for number, action in enumerate(sequence):
        if isinstance(action, SetCredentials):
            fresh = {
                kind: SecretRef(id=f"{number}{kind}", kind=kind)
                for kind in ("password", "hmac", "bearer")
                if getattr(action, kind) is not None
            }
            action = SetCredentials(server=action.server, username=action.username, authname=action.authname, **fresh)
        elif isinstance(action, (SubscribeAccepted, ServicesAdded, ServicesRemoved)):
            continue
        state = authentication.reduce(state, action)
        used = state.credentials
        in_use = set() if used is None else {used.password, used.hmac, used.bearer, used.session} - {None}
        assert not in_use & set(state.discarded)


@given(actions | requests)
def test_every_action_survives_a_log(action) -> None:
    """Written and read back, it is equal."""
    assert decode_action(encode_action(action)) == action

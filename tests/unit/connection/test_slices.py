"""The slices as state machines: every state by every action."""

import pytest
from pyrsistent import pmap, pvector

from rbbn_sdk.actions.auth import SecretsFreed
from rbbn_sdk.actions.connectivity import (
    ConnectAttempted,
    Connected,
    ConnectFailed,
    ConnectionGivenUp,
    ConnectionLost,
    Disconnect,
    Disconnected,
    Reconnected,
    ResetConnection,
    WsInfo,
)
from rbbn_sdk.actions.notification import Channel, NotificationReceived
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
    SubscriptionVanished,
    Unsubscribe,
    UnsubscribeFailed,
)
from rbbn_sdk.engine import Store, evolve
from rbbn_sdk.events.subscription import SubscriptionError, derivations
from rbbn_sdk.ports import TurnCredentials
from rbbn_sdk.reducers.connectivity import Connectivity, connectivity
from rbbn_sdk.reducers.notification import Notifications, SeenIds, notifications
from rbbn_sdk.reducers.subscription import PendingKind, PendingOperation, SubscriptionState, subscription
from rbbn_sdk.testing.connection import granted
from rbbn_sdk.types import ErrorInfo, JsonText, RequestId, SecretRef, SocketId
from rbbn_sdk.types.options import ConnectivityOptions

INFO = WsInfo(protocol="wss", server="s", port=1, url="/w")
OPTIONS = ConnectivityOptions()
R1, R2 = RequestId("r1"), RequestId("r2")
ERROR = ErrorInfo(code="authentication:4")

SOCKETS = {
    "nothing": Connectivity(),
    "attempting": Connectivity(active=True),
    "open": Connectivity(active=True, connected=True, socket_id=SocketId("a"), options=OPTIONS, ws_info=INFO),
    "lost": Connectivity(active=True, options=OPTIONS, ws_info=INFO),
    "given-up": Connectivity(options=OPTIONS, ws_info=INFO),
}
OPENED = evolve(SOCKETS["open"], socket_id=SocketId("b"))
SOCKET_TABLE = [
    # action, then what follows in the states above, in their order
    (ConnectAttempted(ws_info=INFO), "attempting attempting lost lost lost"),
    (Connected(socket_id=SocketId("b"), ws_info=INFO, options=OPTIONS), "opened opened opened opened opened"),
    (ConnectFailed(), "nothing nothing nothing nothing nothing"),
    (ConnectionLost(code=1006), "nothing attempting lost lost given-up"),
    (ConnectionGivenUp(), "nothing nothing given-up given-up given-up"),
    (Disconnected(), "nothing nothing nothing nothing nothing"),
    (Disconnect(), "nothing attempting open lost given-up"),
    (Reconnected(), "nothing attempting open lost given-up"),
    (ResetConnection(), "nothing attempting open lost given-up"),
]


@pytest.mark.parametrize(("action", "row"), SOCKET_TABLE, ids=lambda value: getattr(value, "TYPE", ""))
def test_the_websocket_in_every_state(action, row) -> None:
    """What changes nothing gives back the same object."""
    for before, expected in zip(SOCKETS.values(), row.split(), strict=True):
        after = connectivity.reduce(before, action)
        assert after == (OPENED if expected == "opened" else SOCKETS[expected])
        if after == before and not isinstance(action, (Connected, ConnectAttempted)):
            assert after is before


def pending(request_id, kind=PendingKind.SUBSCRIBE):
    return PendingOperation(request_id=request_id, operation=kind, services=("call",), start_time=1)


STORED = granted("call")
NONE = SubscriptionState()
PENDING = SubscriptionState(pending=pvector([pending(R1)]))
SUBSCRIBED = SubscriptionState(current=STORED, requested=("call",))
CHANGING = evolve(SUBSCRIBED, pending=pvector([pending(R1)]))
FAILING = evolve(SUBSCRIBED, attempt=3, error=ERROR)
MORE = granted("call", "IM")
WITH_MORE = evolve(SUBSCRIBED, current=MORE, requested=("call", "IM"))
SUBSCRIPTIONS = (NONE, PENDING, SUBSCRIBED, CHANGING, FAILING)


def ask(kind, request_id):
    return kind(request_id=request_id, services=("call",), username="ann", start_time=1)


def plus(state, request_id, kind):
    return evolve(state, pending=state.pending.append(pending(request_id, kind)))


SUBSCRIPTION_TABLE = [
    (ask(Subscribe, R2), [plus(state, R2, PendingKind.SUBSCRIBE) for state in SUBSCRIPTIONS]),
    (ask(Unsubscribe, R2), [plus(state, R2, PendingKind.UNSUBSCRIBE) for state in SUBSCRIPTIONS]),
    (
        SubscriptionMade(request_id=R1, subscription=STORED, requested=("call",)),
        [SUBSCRIBED] * 5,
    ),
    (
        ServicesAdded(request_id=R1, subscription=MORE, requested=("call", "IM")),
        [NONE, NONE, WITH_MORE, WITH_MORE, WITH_MORE],
    ),
    (
        ServicesRemoved(request_id=R1, subscription=STORED, requested=("call",)),
        [NONE, NONE, SUBSCRIBED, SUBSCRIBED, SUBSCRIBED],
    ),
    (SubscriptionEnded(request_id=R1), [NONE, NONE, NONE, NONE, evolve(NONE, error=ERROR)]),
    (
        SubscriptionEnded(reason=ChangeReason.GONE),
        [NONE, PENDING, NONE, PENDING, evolve(NONE, error=ERROR)],
    ),
    (
        SubscribeFailed(request_id=R1, error=ERROR),
        [
            evolve(NONE, error=ERROR),
            evolve(NONE, error=ERROR),
            evolve(SUBSCRIBED, error=ERROR),
            evolve(SUBSCRIBED, error=ERROR),
            FAILING,
        ],
    ),
    (UnsubscribeFailed(request_id=R1, error=ERROR), [NONE, NONE, SUBSCRIBED, SUBSCRIBED, FAILING]),
    (SubscriptionExtended(attempt_num=3), [NONE, PENDING, SUBSCRIBED, CHANGING, evolve(FAILING, attempt=1)]),
    (
        ExtensionFailed(attempt_num=3, error=ERROR),
        [
            NONE,
            PENDING,
            evolve(SUBSCRIBED, attempt=4),
            evolve(CHANGING, attempt=4),
            evolve(FAILING, attempt=4),
        ],
    ),
    (SubscribeAccepted(subscription=STORED), list(SUBSCRIPTIONS)),
    (SubscriptionVanished(reason=ChangeReason.GONE), list(SUBSCRIPTIONS)),
]


@pytest.mark.parametrize(
    ("action", "expected"),
    SUBSCRIPTION_TABLE,
    ids=[f"{place}-{action.TYPE}" for place, (action, _) in enumerate(SUBSCRIPTION_TABLE)],
)
def test_the_subscription_in_every_state(action, expected) -> None:
    """None, subscribing, subscribed, changing, and subscribed after failures."""
    for before, after in zip(SUBSCRIPTIONS, expected, strict=True):
        assert subscription.reduce(before, action) == after


def test_a_request_without_user_or_made_twice_is_pending_no_more_than_once() -> None:
    """Both come from outside."""
    nobody = Subscribe(request_id=R1, services=("call",), username="", start_time=1)
    assert subscription.reduce(NONE, nobody) is NONE
    once = subscription.reduce(NONE, ask(Subscribe, R1))
    assert subscription.reduce(once, ask(Subscribe, R1)) is once


def test_a_fact_for_nobody_ends_no_pending_operation() -> None:
    """An end that was not asked for leaves what is under way."""
    assert subscription.reduce(PENDING, SubscriptionEnded()) is PENDING


def turn(name):
    return TurnCredentials(username=SecretRef(id=f"{name}-user", kind="turn"), password=SecretRef(id=name, kind="turn"))


ONE, TWO, THREE = turn("1"), turn("2"), turn("3")


@pytest.mark.parametrize(
    "tell", [SubscribeAccepted, lambda subscription: ServicesAdded(subscription=subscription, requested=("call",))]
)
def test_the_last_two_turn_credentials_are_kept_and_older_ones_discarded(tell) -> None:
    """Also of an update; an answer without any, or with the same, changes nothing."""
    state = SUBSCRIBED
    for given, known, former, discarded in (
        (None, None, None, ()),
        (ONE, ONE, None, ()),
        (None, ONE, None, ()),
        (ONE, ONE, None, ()),
        (TWO, TWO, ONE, ()),
        (TWO, TWO, ONE, ()),
        (THREE, THREE, TWO, (ONE.username, ONE.password)),
        (evolve(TWO, password=ONE.password), evolve(TWO, password=ONE.password), THREE, (TWO.password,)),
    ):
        freed = evolve(state, discarded=pvector())
        state = subscription.reduce(freed, tell(subscription=granted("call", turn=given)))
        assert (state.turn, state.former_turn) == (known, former)
        assert tuple(state.discarded) == discarded
        assert state.current == STORED


def test_secrets_that_were_freed_are_forgotten() -> None:
    """The others are still to be freed."""
    state = evolve(NONE, discarded=pvector([ONE.username, ONE.password, TWO.username]))
    after = subscription.reduce(state, SecretsFreed(refs=(ONE.username, TWO.username, TWO.password)))
    assert after == evolve(NONE, discarded=pvector([ONE.password]))
    assert subscription.reduce(after, SecretsFreed(refs=(ONE.username,))) is after


@pytest.mark.parametrize("kind", [SubscribeFailed, UnsubscribeFailed])
def test_a_failure_is_told_also_without_a_reason(kind) -> None:
    """Handlers read the error."""
    events: list[object] = []
    store = Store((subscription,), derivations=(derivations,), emit=events.append)
    store.dispatch(kind(error=ERROR))
    store.dispatch(kind())
    assert events == [SubscriptionError(error=ERROR), SubscriptionError(error=ErrorInfo())]


def test_what_changes_nothing_gives_back_the_same_subscription() -> None:
    """So that nobody looks at it again."""
    for state in (NONE, PENDING, SUBSCRIBED, CHANGING):
        assert subscription.reduce(state, SubscriptionExtended(attempt_num=3)) is state
        assert subscription.reduce(state, SubscribeAccepted(subscription=STORED)) is state
        assert subscription.reduce(state, UnsubscribeFailed(request_id=R2)) is state


def test_remembered_ids_are_forgotten_oldest_first_also_when_the_limit_shrinks() -> None:
    """The configuration may change at any time."""
    seen = SeenIds()
    for number in range(10):
        seen = seen.with_id(f"i{number}", 5)
    assert set(seen.by_id) == {"i5", "i6", "i7", "i8", "i9"}
    assert set(seen.with_id("new", 2).by_id) == {"i9", "new"}
    assert set(seen.with_id("new", 2).by_place.values()) == {"i9", "new"}


def received(event_id, limit=2):
    given = {"event_type": "ringing", "channel": Channel.WEBSOCKET, "payload": JsonText("{}")}
    return NotificationReceived(event_id=event_id, cache_length=limit, **given)


def test_the_ids_of_notifications_are_remembered_in_their_places() -> None:
    """Those without an id, those that are known, and all if the limit is none leave everything as it was."""
    seen = SeenIds(by_id=pmap({"b": 1, "c": 2}), by_place=pmap({1: "b", 2: "c"}), first=1, next=3)
    before = Notifications(seen=seen)
    after = notifications.reduce(before, received("d"))
    later = SeenIds(by_id=pmap({"c": 2, "d": 3}), by_place=pmap({2: "c", 3: "d"}), first=2, next=4)
    assert after == Notifications(seen=later)
    for action in (received(""), received("b"), received("e", 0), received("e", -1)):
        assert notifications.reduce(before, action) is before
    assert notifications.reduce(before, received("e", 1)).seen.by_id == pmap({"e": 3})


@pytest.mark.parametrize("action", [row[0] for row in SOCKET_TABLE], ids=lambda action: action.TYPE)
def test_notifications_come_by_an_open_websocket_only(action) -> None:
    """What was seen stays known."""
    kept = Notifications(seen=SeenIds().with_id("a", 5))
    closing = (ConnectFailed, ConnectionLost, ConnectionGivenUp, Disconnected)
    for enabled in (False, True):
        before = evolve(kept, websocket_enabled=enabled)
        after = notifications.reduce(before, action)
        expected = True if isinstance(action, Connected) else False if isinstance(action, closing) else enabled
        assert after == evolve(kept, websocket_enabled=expected)
        assert after is before or expected is not enabled

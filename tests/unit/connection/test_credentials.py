"""Which credentials are taken, and what becomes of the secrets (`connection` 2)."""

import pytest
from pyrsistent import pvector

from rbbn_sdk.actions.auth import SecretsFreed, SetCredentials
from rbbn_sdk.actions.subscription import (
    ServicesAdded,
    ServicesRemoved,
    SubscribeAccepted,
    SubscriptionEnded,
    SubscriptionMade,
)
from rbbn_sdk.engine import Later, evolve
from rbbn_sdk.ports import Credentials, Server, TurnCredentials
from rbbn_sdk.reducers.auth import Authentication, authentication
from rbbn_sdk.reducers.subscription import subscription
from rbbn_sdk.selectors.auth import domain, login, rest_context
from rbbn_sdk.selectors.subscription import turn_credentials
from rbbn_sdk.testing.connection import granted
from rbbn_sdk.types import SecretRef

SERVER = Server(base="gw.example", port=443)
P, H, B, S = (SecretRef(id=kind[0], kind=kind) for kind in ("password", "hmac", "bearer", "session"))


def given(**fields):
    return SetCredentials(server=SERVER, **fields)


def after(state, *actions):
    for action in actions:
        state = authentication.reduce(state, action)
    return state


SUBSCRIBED = Authentication(server=SERVER, credentials=Credentials(username="ann@ex.org", password=P), subscribed=True)


@pytest.mark.parametrize(
    ("fields", "taken"),
    [
        ({"username": "ann", "password": P}, Credentials(username="ann", password=P)),
        (
            {"username": "ann", "authname": "a1", "password": P},
            Credentials(username="ann", authname="a1", password=P),
        ),
        ({"authname": "a1", "password": P}, Credentials(authname="a1", password=P)),
        ({"username": "ann", "hmac": H}, Credentials(username="ann", hmac=H)),
        ({"username": "ann", "authname": "a1", "hmac": H}, Credentials(username="ann", hmac=H)),
        ({"username": "ann", "bearer": B}, Credentials(username="ann", bearer=B)),
        ({"authname": "a1", "password": P, "hmac": H}, Credentials(authname="a1", password=P)),
    ],
    ids=["password", "authname", "authname-alone", "hmac", "hmac-first", "bearer", "no-user-not-ambiguous"],
)
def test_every_documented_combination_is_taken(fields, taken) -> None:
    """By the first row that fits."""
    state = after(Authentication(), given(**fields))
    assert state.credentials == taken
    assert (state.error, state.server) == (None, SERVER)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"username": "ann"},
        {"password": P},
        {"authname": "a1"},
        {"hmac": H},
        {"bearer": B},
        {"authname": "a1", "bearer": B},
        {"username": "ann", "password": P, "hmac": H},
        {"username": "ann", "password": P, "bearer": B},
        {"username": "ann", "hmac": H, "bearer": B},
        {"username": "ann", "authname": "a1", "password": P, "bearer": B},
    ],
    ids=str,
)
def test_anything_else_is_refused_and_the_old_ones_stay(fields) -> None:
    """The secrets that were given are not needed."""
    before = after(Authentication(), given(username="old", bearer=SecretRef(id="old", kind="bearer")))
    state = after(before, given(**fields))
    assert state.credentials == before.credentials
    assert state.error.code == "authentication:1"
    assert set(state.discarded) == {ref for ref in fields.values() if isinstance(ref, SecretRef)}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"username": "bob@ex.org", "bearer": B}, "authentication:7"),
        ({"username": "ann@ex.org", "password": SecretRef(id="new", kind="password")}, "authentication:7"),
        ({"username": "ann@ex.org", "hmac": H}, "authentication:7"),
        ({"username": "ann@ex.org", "bearer": B, "authname": "a1"}, "authentication:7"),
        ({"username": "ann@ex.org", "bearer": B, "hmac": H}, "authentication:7"),
        ({"authname": "a1", "password": P}, "authentication:7"),
        ({}, "authentication:7"),
        ({"username": "ann@ex.org", "bearer": B}, None),
    ],
    ids=["user", "password", "hmac", "authname", "ambiguous", "no-user", "nothing", "refresh"],
)
def test_while_subscribed_only_a_new_token_of_the_same_user_is_taken(fields, code) -> None:
    """As documented."""
    state = after(SUBSCRIBED, given(**fields))
    assert (state.error.code if state.error else None) == code
    assert (state.credentials == SUBSCRIBED.credentials) is (code is not None)


def test_a_success_clears_the_error_and_discards_the_old_secret() -> None:
    """It is freed by a saga."""
    state = after(Authentication(), given(username="ann", password=P), given(), given(username="ann", hmac=H))
    assert state.error is None
    assert tuple(state.discarded) == (P,)
    assert after(state, SecretsFreed(refs=(P,))).discarded == pvector()


def test_the_same_action_twice_does_not_discard_what_is_in_use() -> None:
    """A log may be played again."""
    state = after(Authentication(), given(username="ann", password=P), given(username="ann", password=P))
    assert P not in state.discarded
    assert P not in after(SUBSCRIBED, given(username="ann@ex.org", password=P)).discarded


def test_an_hmac_user_changes_to_the_session_of_the_subscription() -> None:
    """2.1: `x-token` goes, `x-session` comes and stays; setting HMAC credentials again resets it."""
    state = after(
        Authentication(), given(username="ann", hmac=H), SubscribeAccepted(subscription=granted("call", session=S))
    )
    assert state.credentials == Credentials(username="ann", session=S)
    ended = after(state, SubscriptionMade(subscription=granted("call"), requested=()), SubscriptionEnded())
    assert ended.credentials == state.credentials
    again = after(ended, given(username="ann", hmac=H))
    assert again.credentials == Credentials(username="ann", hmac=H)
    assert S in again.discarded


def test_other_users_do_not_take_the_session() -> None:
    """Nor does an HMAC user without one in the answer send nonsense."""
    state = after(
        Authentication(), given(username="ann", bearer=B), SubscribeAccepted(subscription=granted("call", session=S))
    )
    assert state.credentials == Credentials(username="ann", bearer=B)
    assert tuple(state.discarded) == (S,)
    hmac = after(Authentication(), given(username="ann", hmac=H), SubscribeAccepted(subscription=granted("call")))
    assert hmac.credentials == Credentials(username="ann", hmac=H)


def test_the_session_of_an_update_is_not_needed() -> None:
    """The one in use is never discarded."""
    other = SecretRef(id="other", kind="session")
    state = after(
        Authentication(), given(username="ann", hmac=H), SubscribeAccepted(subscription=granted("call", session=S))
    )
    for session in (S, other):
        state = after(state, ServicesAdded(subscription=granted("call", session=session), requested=("call",)))
    assert other in state.discarded
    assert S not in state.discarded


def test_old_secrets_are_freed_when_new_ones_are_set(client) -> None:
    """And the state forgets them."""
    client.log_in()
    assert [ref.id for ref in client.secrets.freed] == ["password-1"]
    assert authentication(client.state).discarded == pvector()


def test_nothing_is_freed_while_a_subscribe_may_need_it(client) -> None:
    """Its request may be repeated or undone with the old user's secret."""
    answer = Later()
    client.rest.will("subscribe", answer)
    client.subscribe("call")
    client.log_in("bob@ex.org")
    assert client.secrets.freed == []
    answer.set(granted("call"))
    client.pass_time(0)
    assert [ref.id for ref in client.secrets.freed] == ["password-1"]


def turn(name):
    return TurnCredentials(
        username=SecretRef(id=f"{name}-u", kind="turn"), password=SecretRef(id=f"{name}-p", kind="turn")
    )


def test_turn_credentials_outlive_the_subscription_and_one_change(client) -> None:
    """Calls outlive it too, and a peer that is just being opened may still need the last but one."""
    for name in ("a", "b", "c"):
        client.rest.will("subscribe", granted("call", turn=turn(name)))
        client.subscribe("call")
        client.unsubscribe("call")
    assert turn_credentials(client.state) == turn("c")
    assert [ref.id for ref in client.secrets.freed] == ["a-u", "a-p"]


def test_secrets_of_an_extension_are_forgotten_at_once(subscribed) -> None:
    """Its answer is not stored."""
    subscribed.rest.will("update_subscription", granted("call", "IM", session=S, turn=turn("x")))
    subscribed.pass_time(1800)
    assert [ref.id for ref in subscribed.secrets.freed] == ["s", "x-u", "x-p"]
    assert turn_credentials(subscribed.state) is None


def test_the_state_of_the_subscription_has_no_secret_but_turn(client) -> None:
    """One place for each."""
    client.rest.will("subscribe", granted("call", session=S, turn=turn("x")))
    client.subscribe("call")
    current = subscription(client.state).current
    assert (current.session, current.turn) == (None, None)


def test_events_tell_success_and_failure_of_credentials(client) -> None:
    """Each call has one."""
    client.log_in()
    client.dispatch(given())
    assert client.events == ["auth:change", "auth:error(authentication:1)"]


def test_user_info_and_domain_follow_the_credentials(client) -> None:
    """Empty before, without a name for `authname` alone."""
    assert domain(client.state) == "ex.org"
    client.dispatch(given(authname="a1", password=P))
    known = login(client.state)
    assert (known.is_anonymous, domain(client.state)) == (False, "")
    assert login(client.state) is known


def test_requests_need_a_server_and_credentials(make_client) -> None:
    """The selector says so by None."""
    bare = make_client()
    assert rest_context(bare.state) is None
    bare.log_in()
    context = rest_context(bare.state)
    assert (context.server.base, context.credentials.username, context.timeout) == ("gw.example", "ann@ex.org", 30000)


def test_a_user_without_a_name_who_is_subscribed_keeps_the_credentials() -> None:
    """A token alone is none, also when the names are equal."""
    nameless = evolve(SUBSCRIBED, credentials=Credentials(authname="a1", password=P))
    state = after(nameless, given(bearer=B))
    assert (state.credentials, state.error.code) == (nameless.credentials, "authentication:1")


def test_credentials_and_refusals_discard_exactly_what_nobody_needs() -> None:
    """In the order in which it came; what is in use is not among it."""
    state = after(Authentication(), given(authname="a1", password=P, hmac=H))
    assert tuple(state.discarded) == (H,)
    state = after(state, given(username="ann", hmac=H, bearer=B, password=P))
    assert tuple(state.discarded) == (H, H, B)
    state = after(state, given(username="ann", bearer=B))
    assert tuple(state.discarded) == (H, H, B, P)
    assert after(state, SecretsFreed(refs=(H, P))) == evolve(state, discarded=pvector([B]))


NEW = SecretRef(id="new", kind="session")
HMAC = Authentication(server=SERVER, credentials=Credentials(username="ann", hmac=H))
IN_SESSION = Authentication(server=SERVER, credentials=Credentials(username="ann", session=S))
TOKEN = Authentication(server=SERVER, credentials=Credentials(username="ann", bearer=B))


@pytest.mark.parametrize(
    ("before", "session", "in_use", "discarded"),
    [
        (HMAC, NEW, Credentials(username="ann", session=NEW), (H,)),
        (IN_SESSION, NEW, Credentials(username="ann", session=NEW), (S,)),
        (IN_SESSION, S, Credentials(username="ann", session=S), ()),
        (TOKEN, NEW, TOKEN.credentials, (NEW,)),
        (Authentication(), NEW, None, (NEW,)),
        (HMAC, None, HMAC.credentials, ()),
    ],
    ids=["hmac", "next", "same", "token", "nobody", "none"],
)
def test_the_session_of_a_subscribe_takes_the_place_of_what_it_was_got_with(before, session, in_use, discarded) -> None:
    """Of an HMAC user; nobody else needs it."""
    state = after(before, SubscribeAccepted(subscription=granted("call", session=session)))
    assert state == evolve(before, credentials=in_use, discarded=pvector(discarded))


@pytest.mark.parametrize(
    ("before", "session", "discarded"),
    [(IN_SESSION, S, ()), (IN_SESSION, NEW, (NEW,)), (IN_SESSION, None, ()), (Authentication(), NEW, (NEW,))],
    ids=["same", "other", "none", "nobody"],
)
def test_the_session_of_an_update_is_discarded_unless_it_is_in_use(before, session, discarded) -> None:
    """What requests carry does not change."""
    state = after(before, ServicesAdded(subscription=granted("call", session=session), requested=("call",)))
    assert state == evolve(before, subscribed=True, discarded=pvector(discarded))


def test_the_user_is_fixed_while_some_service_is_subscribed() -> None:
    """By each answer of the gateway, until the end."""
    state = Authentication()
    for action, subscribed in (
        (SubscriptionMade(subscription=granted("call"), requested=("call",)), True),
        (ServicesRemoved(subscription=granted(), requested=()), False),
        (ServicesAdded(subscription=granted("IM"), requested=("IM",)), True),
        (SubscriptionMade(subscription=granted(), requested=("call",)), False),
        (ServicesAdded(subscription=granted("IM"), requested=("IM",)), True),
        (SubscriptionEnded(), False),
    ):
        state = after(state, action)
        assert state == Authentication(subscribed=subscribed)
    fixed_without_anybody = after(Authentication(subscribed=True), given(username="ann", password=P))
    assert fixed_without_anybody.error is None


def test_evolve_is_not_called_for_nothing() -> None:
    """An action that changes nothing gives back the same object."""
    state = after(SUBSCRIBED, SubscriptionMade(subscription=granted("call"), requested=()))
    assert state is SUBSCRIBED
    ended = evolve(SUBSCRIBED, subscribed=False)
    assert after(ended, SubscriptionEnded(), SecretsFreed(refs=(H,))) is ended

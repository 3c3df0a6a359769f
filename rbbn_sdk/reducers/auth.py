"""The slice of credentials (`connection` 2). It holds references to secrets, never secrets."""

from collections.abc import Callable

from attrs import frozen
from pyrsistent import PVector, pvector

from rbbn_sdk.actions.auth import SecretsFreed, SetCredentials
from rbbn_sdk.actions.subscription import (
    ServicesChanged,
    SubscribeAccepted,
    SubscriptionEnded,
    SubscriptionMade,
)
from rbbn_sdk.engine import Slice, evolve
from rbbn_sdk.ports import Credentials, Server
from rbbn_sdk.types import ErrorInfo, SecretRef


@frozen(kw_only=True, weakref_slot=False)
class Authentication:
    """Who the user is."""

    server: Server | None = None
    """The configured server at the time when the credentials were set."""
    credentials: Credentials | None = None
    error: ErrorInfo | None = None
    """Why the last credentials were refused here; None after a success."""
    subscribed: bool = False
    """Some service is subscribed, so the user cannot change."""
    discarded: PVector[SecretRef] = pvector()
    """Secrets that no request will need any more and that are not freed yet."""


authentication = Slice("authentication", Authentication())

_OTHER_USER = ErrorInfo(
    code="authentication:7",
    message="Another user cannot be set while services are subscribed. Unsubscribe first.",
)
_WHILE_SUBSCRIBED = ErrorInfo(
    code="authentication:7",
    message="While services are subscribed, only a new bearerAccessToken of the same username can be set.",
)
_AMBIGUOUS = ErrorInfo(
    code="authentication:1",
    message="The credentials are ambiguous: give one of password, hmacToken and bearerAccessToken.",
)
_UNUSABLE = ErrorInfo(
    code="authentication:1",
    message=(
        "The credentials are no valid combination: give username and password, username, authname and password,"
        " username and hmacToken, or username and bearerAccessToken."
    ),
)


@authentication.on(SetCredentials)
def _set(state: Authentication, action: SetCredentials) -> Authentication:
    row = _row(action)
    error = _refusal(state, action)
    if row is None or error is not None:
        refused = [ref for ref in _given(action) if ref not in _secrets(state.credentials)]
        return evolve(state, error=error or _UNUSABLE, discarded=state.discarded.extend(refused))
    taken = row[1](action)
    unused = [ref for ref in (*_secrets(state.credentials), *_given(action)) if ref not in _secrets(taken)]
    return evolve(state, server=action.server, credentials=taken, error=None, discarded=state.discarded.extend(unused))


@authentication.on(SecretsFreed)
def _freed(state: Authentication, action: SecretsFreed) -> Authentication:
    kept = [ref for ref in state.discarded if ref not in action.refs]
    return state if len(kept) == len(state.discarded) else evolve(state, discarded=pvector(kept))


@authentication.on(SubscribeAccepted)
def _accepted(state: Authentication, action: SubscribeAccepted) -> Authentication:
    """From now on an HMAC user's requests carry the session's token (`connection` 2.1)."""
    session, login = action.subscription.session, state.credentials
    if session is None:
        return state
    if login is None or (login.hmac is None and login.session is None):
        return evolve(state, discarded=state.discarded.append(session))
    replaced = [ref for ref in (login.hmac, login.session) if ref is not None and ref != session]
    return evolve(
        state,
        credentials=evolve(login, hmac=None, session=session),
        discarded=state.discarded.extend(replaced),
    )


@authentication.on(SubscriptionMade)
def _made(state: Authentication, action: SubscriptionMade) -> Authentication:
    return _with_subscribed(state, subscribed=bool(action.subscription.service))


@authentication.on(ServicesChanged)
def _updated(state: Authentication, action: ServicesChanged) -> Authentication:
    """An update's answer repeats the session, which is used from the subscribe only."""
    session = action.subscription.session
    in_use = None if state.credentials is None else state.credentials.session
    if session is not None and session != in_use:
        state = evolve(state, discarded=state.discarded.append(session))
    return _with_subscribed(state, subscribed=bool(action.subscription.service))


@authentication.on(SubscriptionEnded)
def _ended(state: Authentication, _action: SubscriptionEnded) -> Authentication:
    return _with_subscribed(state, subscribed=False)


def _with_subscribed(state: Authentication, *, subscribed: bool) -> Authentication:
    return state if state.subscribed is subscribed else evolve(state, subscribed=subscribed)


def _refusal(state: Authentication, action: SetCredentials) -> ErrorInfo | None:
    """Why credentials are not taken although they may be usable, by the first check of `connection` 2 that fails."""
    if state.subscribed and state.credentials is not None:
        if action.username != state.credentials.username:
            return _OTHER_USER
        if _kinds(action) != (False, False, False, True):
            return _WHILE_SUBSCRIBED
    elif action.username and len(_given(action)) > 1:
        return _AMBIGUOUS
    return None


def _kinds(action: SetCredentials) -> tuple[bool, bool, bool, bool]:
    return (bool(action.authname), action.password is not None, action.hmac is not None, action.bearer is not None)


def _given(action: SetCredentials) -> list[SecretRef]:
    return [ref for ref in (action.password, action.hmac, action.bearer) if ref is not None]


def _secrets(login: Credentials | None) -> list[SecretRef]:
    if login is None:
        return []
    return [ref for ref in (login.password, login.bearer, login.hmac, login.session) if ref is not None]


_Row = tuple[Callable[[SetCredentials], bool], Callable[[SetCredentials], Credentials]]

_ROWS: tuple[_Row, ...] = (
    (
        lambda given: bool(given.username) and given.hmac is not None,
        lambda given: Credentials(username=given.username, hmac=given.hmac),
    ),
    (
        lambda given: bool(given.authname) and given.password is not None,
        lambda given: Credentials(username=given.username, authname=given.authname, password=given.password),
    ),
    (
        lambda given: bool(given.username) and given.bearer is not None,
        lambda given: Credentials(username=given.username, bearer=given.bearer),
    ),
    (
        lambda given: bool(given.username) and given.password is not None,
        lambda given: Credentials(username=given.username, password=given.password),
    ),
)
"""Combinations that can be used, in the order in which they are tried, and what is made of them."""


def _row(action: SetCredentials) -> _Row | None:
    return next((row for row in _ROWS if row[0](action)), None)

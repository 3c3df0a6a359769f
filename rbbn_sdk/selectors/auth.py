"""Who the user is, and what requests need (`connection` 2)."""

from attrs import frozen
from msgspec import UNSET, UnsetType

from rbbn_sdk.engine import State, create_selector
from rbbn_sdk.ports import Credentials, RestContext, Server
from rbbn_sdk.reducers.auth import authentication
from rbbn_sdk.selectors.config import rest_server, rest_timeout
from rbbn_sdk.types import SecretRef


@frozen(kw_only=True, weakref_slot=False)
class Login:
    """What is known of the user; the token is a reference."""

    username: str | UnsetType = UNSET
    is_anonymous: bool | UnsetType = UNSET
    token: SecretRef | UnsetType = UNSET


def credentials(state: State) -> Credentials | None:
    """The credentials of requests; None before any were set."""
    return authentication(state).credentials


def username(state: State) -> str:
    """The user's name, `name@domain`; empty when there is none."""
    login = authentication(state).credentials
    return "" if login is None else login.username


def domain(state: State) -> str:
    """The user's own domain: what follows the first `@` of the name."""
    return username(state).partition("@")[2]


def bearer(state: State) -> SecretRef | None:
    """The newest bearer token."""
    login = authentication(state).credentials
    return None if login is None else login.bearer


def discarded_secrets(state: State) -> tuple[SecretRef, ...]:
    """Credentials that no request will need any more."""
    return tuple(authentication(state).discarded)


def _login(known: Credentials | None) -> Login:
    if known is None:
        return Login()
    return Login(
        username=known.username or UNSET,
        is_anonymous=False,
        token=UNSET if known.bearer is None else known.bearer,
    )


login = create_selector(credentials, _login)
"""What `get_user_info` tells."""


def login_server(state: State) -> Server | None:
    """The server at the time when the credentials were set."""
    return authentication(state).server


def _context(server: Server | None, known: Credentials | None, timeout: int) -> RestContext | None:
    return None if known is None or server is None else RestContext(server=server, credentials=known, timeout=timeout)


rest_context = create_selector(rest_server, credentials, rest_timeout, _context)
"""What requests to the configured server need; None before credentials were set."""

login_context = create_selector(login_server, credentials, rest_timeout, _context)
"""The same for requests that go to the server of the time when the credentials were set (`connection` 1)."""

"""The four kinds of credentials (`connection` 2.2)."""

import base64
import binascii
import hmac
from collections import OrderedDict
from collections.abc import Callable, Mapping
from secrets import token_hex
from typing import Final

from attrs import define, field

from rbbn_sdk.gateway.accounts import Account, Directory
from rbbn_sdk.gateway.addresses import normal_user
from rbbn_sdk.gateway.replies import Reply, html_reply, status_reply

_MOST_SESSIONS: Final = 10_000

BAD_CREDENTIALS: Final = 4
NO_CREDENTIALS: Final = 61


@define(eq=False)
class Sessions:
    """The `x-session` ids given to users of HMAC tokens; the oldest are forgotten when there are very many."""

    _users: OrderedDict[str, str] = field(factory=OrderedDict)

    def issue(self, username: str) -> str:
        session = token_hex(16)
        self._users[session] = normal_user(username)
        while len(self._users) > _MOST_SESSIONS:
            self._users.popitem(last=False)
        return session

    def belongs(self, session: str, username: str) -> bool:
        return self._users.get(session) == normal_user(username)


def _same(given: str, expected: str | None) -> bool:
    return expected is not None and hmac.compare_digest(given.encode(), expected.encode())


@define(eq=False)
class Authenticator:
    _directory: Directory
    _sessions: Sessions

    def check(self, user: str, resource: str, headers: Mapping[str, str]) -> Account | Reply:
        """The account of the path's user, or the answer to who is not that user."""
        account = self._directory.user(user)
        if account is None:
            return html_reply(403, "Forbidden")
        if session := headers.get("x-session"):
            known = self._sessions.belongs(session, account.username)
            return account if known else status_reply(resource, BAD_CREDENTIALS, 403)
        if token := headers.get("x-token"):
            return account if _same(token, account.hmac) else status_reply(resource, BAD_CREDENTIALS, 403)
        return self._check_authorization(account, resource, headers.get("authorization", ""))

    def _check_authorization(self, account: Account, resource: str, authorization: str) -> Account | Reply:
        scheme, _, value = authorization.strip().partition(" ")
        check = _SCHEMES.get(scheme.lower())
        if check is None:  # no WWW-Authenticate header: browsers would ask their user for a password
            return status_reply(resource, NO_CREDENTIALS, 401)
        return check(account, resource, value.strip())


def _check_basic(account: Account, resource: str, value: str) -> Account | Reply:
    try:
        name, _, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return status_reply(resource, BAD_CREDENTIALS, 403)
    if normal_user(name) != normal_user(account.username) and name != account.authname:
        return html_reply(403, "Forbidden")
    return account if _same(password, account.password) else status_reply(resource, BAD_CREDENTIALS, 403)


def _check_bearer(account: Account, resource: str, value: str) -> Account | Reply:
    return account if _same(value, account.bearer) else status_reply(resource, BAD_CREDENTIALS, 403)


_SCHEMES: Final[Mapping[str, Callable[[Account, str, str], Account | Reply]]] = {
    "basic": _check_basic,
    "bearer": _check_bearer,
}

"""Credentials: `client.set_credentials` and `client.get_user_info`."""

from attrs import frozen
from msgspec import UNSET, UnsetType

from rbbn_sdk.actions.auth import SetCredentials
from rbbn_sdk.api.arguments import mapping, text
from rbbn_sdk.api.context import ApiContext
from rbbn_sdk.errors import InvalidArgument
from rbbn_sdk.selectors.auth import login
from rbbn_sdk.selectors.config import rest_server
from rbbn_sdk.types import MappingRecord, SecretRef

_KEYS = ("username", "password", "authname", "hmacToken", "bearerAccessToken")


@frozen(kw_only=True, weakref_slot=False, repr=False)
class UserInfo(MappingRecord):
    """Who the user is. Without fields, an empty mapping, before credentials were set. Its `repr` shows no token."""

    username: str | UnsetType = UNSET
    """`name@domain`."""
    is_anonymous: bool | UnsetType = UNSET
    token: str | UnsetType = UNSET
    """The current bearer token, if the user has one."""

    def __repr__(self) -> str:
        shown = ", ".join(f"{key}={'...' if key == 'token' else repr(self[key])}" for key in self)
        return f"UserInfo({shown})"


class Auth:
    """Who the user is."""

    def __init__(self, context: ApiContext) -> None:
        self._context = context

    def set_credentials(
        self,
        credentials: object = None,
        *,
        username: str | None = None,
        password: str | None = None,
        authname: str | None = None,
        hmac_token: str | None = None,
        bearer_access_token: str | None = None,
    ) -> None:
        """Set the user's credentials, as a mapping by the documented keys or as keywords.

        One of these is needed: `username` and `password`; `username`, `authname` and `password`; `username` and
        `hmacToken`; `username` and `bearerAccessToken`. Nothing is sent. While services are subscribed only a new
        `bearerAccessToken` of the same `username` is taken. Empty texts count as not given.

        Followed by `auth:change`; or by `auth:error` with code `authentication:1` (ambiguous, or no such combination)
        or `authentication:7` (services are subscribed), and then the former credentials stay.

        Raises:
            InvalidArgument: Nothing was given, or something that is no text.
        """
        given = self._given(
            credentials,
            {
                "username": username,
                "password": password,
                "authname": authname,
                "hmacToken": hmac_token,
                "bearerAccessToken": bearer_access_token,
            },
        )
        self._context.invoked("AUTH", "setCredentials", given["username"])
        self._context.dispatch(
            SetCredentials(
                server=self._context.select(rest_server),
                username=given["username"],
                authname=given["authname"],
                password=self._keep(given["password"], "password"),
                hmac=self._keep(given["hmacToken"], "hmac"),
                bearer=self._keep(given["bearerAccessToken"], "bearer"),
            )
        )

    def get_user_info(self) -> UserInfo:
        """The user of the last `set_credentials` that succeeded; empty before the first one."""
        self._context.invoked("AUTH", "getUserInfo")
        known = self._context.select(login)
        token = UNSET if isinstance(known.token, UnsetType) else self._context.secrets.read(known.token)
        return UserInfo(username=known.username, is_anonymous=known.is_anonymous, token=token)

    def _given(self, credentials: object, keywords: dict[str, str | None]) -> dict[str, str]:
        named = {key: value for key, value in keywords.items() if value is not None}
        if credentials is None and not named:
            msg = f"credentials: expected a mapping with some of {', '.join(_KEYS)}, got None"
            raise InvalidArgument(msg)
        given = {**mapping("credentials", credentials), **named}
        unknown = sorted(set(given) - set(_KEYS))
        if unknown:
            self._context.log("warn", "AUTH", f"Unknown keys of credentials: {', '.join(unknown)}")
        return {key: text(f"credentials.{key}", given.get(key)) for key in _KEYS}

    def _keep(self, secret: str, kind: str) -> SecretRef | None:
        return self._context.secrets.keep(secret, kind) if secret else None

    setCredentials = set_credentials
    getUserInfo = get_user_info

"""Credentials (`connection` 2)."""

from typing import ClassVar

from attrs import frozen

from rbbn_sdk.engine import Action
from rbbn_sdk.ports import Server
from rbbn_sdk.types import SecretRef


@frozen(kw_only=True, weakref_slot=False)
class SetCredentials(Action):
    """The application gave credentials; what was not given is empty or None.

    Whether they are taken is worked out by the reducer. Followed by `auth:change` or `auth:error`.
    """

    TYPE: ClassVar[str] = "auth/SET_CREDENTIALS"

    server: Server
    """Where subscription requests go from now on: the configuration's server at this moment."""
    username: str = ""
    authname: str = ""
    password: SecretRef | None = None
    hmac: SecretRef | None = None
    bearer: SecretRef | None = None


@frozen(kw_only=True, weakref_slot=False)
class SecretsFreed(Action):
    """Secrets that no request will need any more were forgotten."""

    TYPE: ClassVar[str] = "auth/SECRETS_FREED"

    refs: tuple[SecretRef, ...]

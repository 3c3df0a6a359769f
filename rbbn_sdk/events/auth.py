"""Events about credentials."""

from collections.abc import Iterator
from typing import ClassVar

from attrs import frozen

from rbbn_sdk.actions.auth import SetCredentials
from rbbn_sdk.engine import Derivations, State
from rbbn_sdk.events.base import Event
from rbbn_sdk.reducers.auth import authentication
from rbbn_sdk.types import ErrorInfo


@frozen(kw_only=True, weakref_slot=False)
class AuthChange(Event):
    """Credentials were set; `get_user_info` tells whose."""

    TYPE: ClassVar[str] = "auth:change"


@frozen(kw_only=True, weakref_slot=False)
class AuthError(Event):
    """Credentials were refused without asking the gateway; the former ones stay."""

    TYPE: ClassVar[str] = "auth:error"

    error: ErrorInfo


derivations = Derivations()


@derivations.on(SetCredentials)
def _credentials(_action: SetCredentials, _before: State, after: State) -> Iterator[Event]:
    """A report: what became of the credentials that were given."""
    error = authentication(after).error
    yield AuthChange() if error is None else AuthError(error=error)

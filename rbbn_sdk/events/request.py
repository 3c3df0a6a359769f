"""Events about REST requests as such."""

from collections.abc import Iterator
from typing import ClassVar

from attrs import frozen

from rbbn_sdk.actions.request import AuthorizationFailed
from rbbn_sdk.engine import Derivations, State
from rbbn_sdk.events.base import Event
from rbbn_sdk.types import ErrorInfo


@frozen(kw_only=True, weakref_slot=False)
class RequestErrorEvent(Event):
    """The gateway did not accept the credentials of a request. The event of what was asked for follows."""

    TYPE: ClassVar[str] = "request:error"

    error: ErrorInfo


derivations = Derivations()


@derivations.on(AuthorizationFailed)
def _not_authorized(action: AuthorizationFailed, _before: State, _after: State) -> Iterator[Event]:
    """A report."""
    yield RequestErrorEvent(error=action.error)

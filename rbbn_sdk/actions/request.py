"""REST requests as such (`connection` 3)."""

from typing import ClassVar

from attrs import frozen

from rbbn_sdk.engine import Action, Fact, Request
from rbbn_sdk.ports import FetchInit, FetchReply
from rbbn_sdk.types import ErrorInfo


@frozen(kw_only=True, weakref_slot=False)
class AuthorizationFailed(Action):
    """The gateway did not accept the credentials of a request. Followed by `request:error`."""

    TYPE: ClassVar[str] = "request/AUTHORIZATION_FAILED"

    error: ErrorInfo


@frozen(kw_only=True, weakref_slot=False)
class Fetched(Fact):
    """A request of the application's own was answered, with whatever status, or got no answer."""

    TYPE: ClassVar[str] = "request/FETCHED"

    reply: FetchReply | None = None


@frozen(kw_only=True, weakref_slot=False)
class Fetch(Request):
    """Send a request of the application's own."""

    TYPE: ClassVar[str] = "request/FETCH"
    ENDED_BY: ClassVar[tuple[type[Fact], ...]] = (Fetched,)

    resource: str
    init: FetchInit

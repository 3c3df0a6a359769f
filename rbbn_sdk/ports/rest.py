"""The gateway's REST resources in our words (`connection` 3 and 5, `call-signalling` 3)."""

from typing import Protocol

from attrs import frozen
from msgspec import UNSET, UnsetType

from rbbn_sdk.types import JsonText, MappingRecord, ObjectRef, SecretRef, SessionId, port


@frozen(kw_only=True, weakref_slot=False)
class Server:
    """Where REST requests go."""

    base: str
    port: int
    protocol: str = "https"
    """`https` or `http`."""
    version: str = "1"


@frozen(kw_only=True, weakref_slot=False)
class Credentials:
    """How requests are authorized. Exactly one of the methods of `connection` 2 is set."""

    username: str = ""
    authname: str = ""
    """The name in `Authorization: Basic`, when it is not the username."""
    password: SecretRef | None = None
    bearer: SecretRef | None = None
    hmac: SecretRef | None = None
    """Sent as `x-token` until a subscription succeeded."""
    session: SecretRef | None = None
    """Sent as `x-session` since a subscription succeeded with HMAC credentials."""


@frozen(kw_only=True, weakref_slot=False)
class RestContext:
    """What every request needs."""

    server: Server
    credentials: Credentials
    timeout: int
    """Milliseconds until the answer's headers have to be there."""


@frozen(kw_only=True, weakref_slot=False)
class SubscribeOrder:
    """The `subscribeRequest` of a POST or PUT (`connection` 5.1, 5.2)."""

    expires: int | None
    """Seconds; None leaves it out."""
    service: tuple[str, ...]
    localization: str = "English_US"
    notification_type: str = "WebSocket"
    client_correlator: str | None = None
    """POST: in the body. PUT: in the path, when the stored subscription has one."""
    headers: tuple[tuple[str, str | SecretRef], ...] = ()
    """Further headers the application asked for in the options of `services.subscribe`."""
    query_params: tuple[tuple[str, str | SecretRef], ...] = ()


@frozen(kw_only=True, weakref_slot=False)
class TurnCredentials:
    username: SecretRef
    password: SecretRef


@frozen(kw_only=True, weakref_slot=False)
class Subscription:
    """The gateway's answer to subscribe and update. Secrets in it were kept; the rest is as it came."""

    path: str
    """Target of PUT and DELETE, starts with `/`."""
    service: tuple[str, ...]
    expires: int | None
    """Seconds."""
    notification_channel: str = ""
    """Path of the websocket."""
    client_correlator: str | None = None
    localization: str | None = None
    notification_type: str | None = None
    status_code: int = 0
    session: SecretRef | None = None
    turn: TurnCredentials | None = None
    params: JsonText
    """All of `subscriptionParams` but its secrets."""


@frozen(kw_only=True, weakref_slot=False)
class CustomParameter(MappingRecord):
    name: str
    value: str


@frozen(kw_only=True, weakref_slot=False)
class CallOffer:
    """The body of `callStart`."""

    to: str
    from_: str
    sdp: str
    early_media: bool = False
    custom_parameters: tuple[CustomParameter, ...] | UnsetType = UNSET
    custom_bodies: JsonText | UnsetType = UNSET


@frozen(kw_only=True, weakref_slot=False)
class CallAnswer:
    """The body of `callAnswer`."""

    sdp: str
    custom_parameters: tuple[CustomParameter, ...] | UnsetType = UNSET
    custom_bodies: JsonText | UnsetType = UNSET


@frozen(kw_only=True, weakref_slot=False)
class FetchInit:
    """The options of `request.fetch`. A secret in them is a reference, and so is the body: it may hold anything."""

    method: str = "GET"
    headers: tuple[tuple[str, str | SecretRef], ...] = ()
    query_params: tuple[tuple[str, str | SecretRef], ...] = ()
    body: SecretRef | None = None


@frozen(kw_only=True, weakref_slot=False)
class FetchReply:
    """The raw answer to `request.fetch`."""

    status: int
    reason: str
    headers: tuple[tuple[str, str | SecretRef], ...]
    body: ObjectRef | None
    """The body (`bytes`), kept by `Objects`: it may hold anything, so it stays out of records and logs."""


@port("rest")
class Rest(Protocol):
    """Every method raises `RequestError`s only, with `failure`."""

    async def subscribe(self, context: RestContext, order: SubscribeOrder) -> Subscription:
        """POST `.../subscription`."""
        ...

    async def update_subscription(self, context: RestContext, path: str, order: SubscribeOrder) -> Subscription:
        """PUT on the subscription's path, or on that of its correlator when `order` has one.

        An answer with a `statusCode` other than 0 and 2 is a `RequestRefused`.
        """
        ...

    async def unsubscribe(self, context: RestContext, path: str) -> None:
        """DELETE the subscription."""
        ...

    async def start_call(self, context: RestContext, offer: CallOffer) -> SessionId:
        """POST `.../callControl`, `callStart`. The id of the caller's own session."""
        ...

    async def send_ringing(self, context: RestContext, session: SessionId) -> None: ...

    async def answer_call(self, context: RestContext, session: SessionId, answer: CallAnswer) -> None: ...

    async def reject_call(self, context: RestContext, session: SessionId) -> None: ...

    async def end_call(self, context: RestContext, session: SessionId) -> None: ...

    async def refuse_update(self, context: RestContext, session: SessionId) -> None:
        """PUT `respondCallUpdate` with status code "491": another negotiation is in the way (`call-signalling` 3.7)."""
        ...

    async def audit_call(self, context: RestContext, session: SessionId) -> None: ...

    async def call_state(self, context: RestContext, session: SessionId) -> str:
        """GET the session's state: `RINGING` or `ANSWERED`."""
        ...

    async def fetch(
        self, server: Server, credentials: Credentials | None, resource: str, init: FetchInit
    ) -> FetchReply:
        """Any request of the application (`connection` 3.4): no timeout, every status is an answer."""
        ...

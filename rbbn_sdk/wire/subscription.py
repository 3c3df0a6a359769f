"""Service subscription (`connection` 5)."""

from msgspec import UNSET, Struct, UnsetType

from rbbn_sdk.wire.numbers import Int64


class SubscribeRequest(Struct, rename="camel", frozen=True, kw_only=True):
    expires: Int64 | str | UnsetType = UNSET
    """Seconds; some clients send text."""
    service: tuple[str, ...]
    localization: str = "English_US"
    use_turn: bool = True
    notification_type: str = "WebSocket"
    supported: tuple[str, ...] = ("RingingFeedback",)
    client_correlator: str | UnsetType = UNSET


class SubscribeRequestBody(Struct, rename="camel", frozen=True, kw_only=True):
    subscribe_request: SubscribeRequest


class TurnCredentials(Struct, rename="camel", frozen=True, kw_only=True):
    username: str
    password: str


class SubscriptionParams(Struct, rename="camel", frozen=True, kw_only=True):
    service: tuple[str, ...]
    expires: Int64 | UnsetType = UNSET
    assigned_service: tuple[str, ...] | UnsetType = UNSET
    use_turn: bool | UnsetType = UNSET
    notification_channel: str | UnsetType = UNSET
    session_id: str | UnsetType = UNSET
    client_correlator: str | UnsetType = UNSET
    localization: str | UnsetType = UNSET
    notification_type: str | UnsetType = UNSET
    turn_credentials: TurnCredentials | UnsetType = UNSET


class SubscribeResponse(Struct, rename="camel", frozen=True, kw_only=True):
    status_code: Int64 = 0
    subscription: str | UnsetType = UNSET
    subscription_params: SubscriptionParams | UnsetType = UNSET
    retry_after: Int64 | UnsetType = UNSET
    """Milliseconds."""


class SubscribeResponseBody(Struct, rename="camel", frozen=True, kw_only=True):
    subscribe_response: SubscribeResponse

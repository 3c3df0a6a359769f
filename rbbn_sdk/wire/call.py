"""Call control requests and their answers (`call-signalling` 3)."""

from msgspec import UNSET, Raw, Struct, UnsetType

from rbbn_sdk.types import documented_key
from rbbn_sdk.wire.numbers import Int64


class CustomParameter(Struct, rename="camel", frozen=True, kw_only=True):
    name: str
    value: str


class CallControlRequest(Struct, rename=documented_key, frozen=True, kw_only=True):
    """One struct for all types: which members are there depends on `type`."""

    type: str
    to: str | UnsetType = UNSET
    from_: str | UnsetType = UNSET
    first_session_data: str | UnsetType = UNSET
    second_session_data: str | UnsetType = UNSET
    sdp: str | UnsetType = UNSET
    supported: tuple[str, ...] | UnsetType = UNSET
    custom_parameters: tuple[CustomParameter, ...] | UnsetType = UNSET
    custom_bodies: Raw | UnsetType = UNSET
    session_data: str | UnsetType = UNSET
    address: str | UnsetType = UNSET
    status_code: str | Int64 | UnsetType = UNSET


class CallControlRequestBody(Struct, rename="camel", frozen=True, kw_only=True):
    call_control_request: CallControlRequest


class CallControlResponse(Struct, rename="camel", frozen=True, kw_only=True):
    status_code: Int64 = 0
    session_data: str | UnsetType = UNSET
    state: str | UnsetType = UNSET


class CallControlResponseBody(Struct, rename="camel", frozen=True, kw_only=True):
    call_control_response: CallControlResponse


class CallDispositionRequest(Struct, rename="camel", frozen=True, kw_only=True):
    action: str
    session_data: str
    address: str | UnsetType = UNSET


class CallDispositionRequestBody(Struct, rename="camel", frozen=True, kw_only=True):
    call_disposition_request: CallDispositionRequest


class CallDispositionResponse(Struct, rename="camel", frozen=True, kw_only=True):
    status_code: Int64 = 0


class CallDispositionResponseBody(Struct, rename="camel", frozen=True, kw_only=True):
    call_disposition_response: CallDispositionResponse

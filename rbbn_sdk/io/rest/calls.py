"""Call control: bodies, answers, and what the gateway's numbers mean (`call-signalling` 3 and 9)."""

from msgspec import UNSET, Raw, UnsetType

from rbbn_sdk.errors import RequestRefused
from rbbn_sdk.io.rest.failure import json_of, unusable
from rbbn_sdk.io.rest.message import Answer
from rbbn_sdk.io.rest.tree import as_object
from rbbn_sdk.ports import CallAnswer, CallOffer, CustomParameter
from rbbn_sdk.types import JsonText, RestFailure, SessionId
from rbbn_sdk.wire import (
    CallControlRequest,
    CallControlRequestBody,
    CallDispositionRequest,
    CallDispositionRequestBody,
    encode,
    raw,
)
from rbbn_sdk.wire import CustomParameter as WireParameter

__all__ = [
    "answer_body",
    "disposition_body",
    "read_session",
    "read_state",
    "refusal_body",
    "refused_call",
    "simple_body",
    "start_body",
]


def start_body(offer: CallOffer) -> bytes:
    return _body(
        CallControlRequest(
            type="callStart",
            to=offer.to,
            from_=offer.from_,
            sdp=offer.sdp,
            supported=("earlymedia",) if offer.early_media else UNSET,
            custom_parameters=_parameters(offer.custom_parameters),
            custom_bodies=_raw(offer.custom_bodies),
        )
    )


def answer_body(answer: CallAnswer) -> bytes:
    return _body(
        CallControlRequest(
            type="callAnswer",
            sdp=answer.sdp,
            custom_parameters=_parameters(answer.custom_parameters),
            custom_bodies=_raw(answer.custom_bodies),
        )
    )


def simple_body(kind: str) -> bytes:
    """`ringing`, `audit`."""
    return _body(CallControlRequest(type=kind))


def refusal_body() -> bytes:
    """Another negotiation is in the way (`call-signalling` 3.7): the code is text on the wire."""
    return _body(CallControlRequest(type="respondCallUpdate", status_code="491"))


def disposition_body(action: str, session: SessionId) -> bytes:
    request = CallDispositionRequest(action=action, session_data=session)
    return encode(CallDispositionRequestBody(call_disposition_request=request))


def _body(request: CallControlRequest) -> bytes:
    return encode(CallControlRequestBody(call_control_request=request))


def _parameters(given: tuple[CustomParameter, ...] | UnsetType) -> tuple[WireParameter, ...] | UnsetType:
    if given is UNSET:
        return UNSET
    return tuple(WireParameter(name=parameter.name, value=parameter.value) for parameter in given)


def _raw(given: JsonText | UnsetType) -> Raw | UnsetType:
    return UNSET if given is UNSET else raw(given)


def read_session(answer: Answer) -> SessionId:
    """The caller's session of a `callStart`. Raises `UnusableReply` when there is none."""
    return SessionId(_member(answer, "sessionData", "the call"))


def read_state(answer: Answer) -> str:
    return _member(answer, "state", "the session's state")


def _member(answer: Answer, name: str, subject: str) -> str:
    value = as_object(json_of(answer, subject).get("callControlResponse")).get(name)
    if not isinstance(value, str) or not value:
        reason = f"the answer to {subject} has no callControlResponse.{name}"
        raise unusable(answer, reason)
    return value


_WORDS = {
    5: "the gateway found the request incomplete or not well-formed",
    26: "the gateway failed",
    27: "the gateway did not authorize it",
    35: "the user may not use call control",
    37: "the gateway did not accept a value in the request",
    42: "the gateway does not know this call",
    47: "the gateway does not know this call",
    55: "another device has answered the call",
    61: "the credentials are missing or wrong",
    62: "the account is disabled",
    63: "the account is locked",
    1004: "the gateway calls it a bad request",
}


def refused_call(failure: RestFailure, subject: str) -> RequestRefused:
    """The error of a refused call request: the gateway's number if it gave one, else the HTTP status.

    A 503 is always 503, whatever is in it (`call-signalling` 1.1).
    """
    if failure.wrapper == "callControlResponse" and failure.status_code is not None and failure.http_status != 503:
        words = _WORDS.get(failure.status_code, "the gateway gave a reason that is not documented")
        message = f"{subject} failed: {words} (status code {failure.status_code}, HTTP {failure.http_status})"
        return RequestRefused(message, code=failure.status_code, failure=failure)
    reason = f": {failure.reason}" if failure.reason else ""
    message = f"{subject} was refused with HTTP {failure.http_status}{reason}"
    return RequestRefused(message, code=failure.http_status, failure=failure)

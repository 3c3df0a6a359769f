"""What is in the way of an operation, as the documented error (`call-signalling` 5.3, 7.2)."""

from typing import Final

from msgspec import UnsetType

from rbbn_sdk.actions.call import AnswerCall, CallRequest, operation_of
from rbbn_sdk.engine import State
from rbbn_sdk.ports import TrackSource
from rbbn_sdk.reducers.call import CallObject
from rbbn_sdk.selectors.call.lookup import call_by_id, operation
from rbbn_sdk.selectors.config import call_options
from rbbn_sdk.types import CallId, ErrorInfo
from rbbn_sdk.types.call import CallDirection, CallState, TrackType

INVALID_STATE: Final = "call:6"
INVALID_ARGUMENT: Final = "call:7"
NOT_SUPPORTED: Final = "call:5"
GLARE: Final = "call:12"

_UNANSWERED = (CallState.INITIATED, CallState.RINGING)


def unknown_call(call_id: CallId) -> ErrorInfo:
    """There is no such call."""
    return ErrorInfo(
        code=INVALID_ARGUMENT, message=f"call_id: there is no call {call_id!r}; `call.get_all` has all calls"
    )


def refusal(state: State, request: CallRequest) -> ErrorInfo | None:
    """Why an operation was not even begun; None if it was."""
    call = call_by_id(state, request.call_id)
    if call is None:
        return unknown_call(request.call_id)
    if operation(state, request.call_id, operation_of(request.request_id)) is not None:
        return None
    under_way = ", ".join(known.type for known in call.current_operations) or "the end"
    message = f"{request.OPERATION} is not possible while {under_way} of call {call.id} is under way"
    return ErrorInfo(code=GLARE, message=message)


def decline_problem(state: State, call_id: CallId) -> ErrorInfo | None:
    """Why an incoming call cannot be answered, rejected or ignored."""
    call = call_by_id(state, call_id)
    if call is None:
        return unknown_call(call_id)
    if call.direction is not CallDirection.INCOMING:
        return _invalid(call, "it is an outgoing call; only incoming calls can be answered, rejected or ignored")
    if call.state not in _UNANSWERED:
        return _invalid(call, f"its state is {call.state}, and it has to be Initiated or Ringing")
    return None


def answer_problem(state: State, request: AnswerCall) -> ErrorInfo | None:
    """Why a call cannot be answered, or not with these media."""
    call = call_by_id(state, request.call_id)
    if call is None:
        return unknown_call(request.call_id)
    return decline_problem(state, request.call_id) or _not_offered(call, request.media) or request.problem


def _not_offered(call: CallObject, media: tuple[TrackSource, ...]) -> ErrorInfo | None:
    """Each kind has to be offered; a screen counts as video."""
    offered = call.media_offered
    if offered is None or isinstance(offered, UnsetType):
        return None
    there = {TrackType.AUDIO: offered.audio, TrackType.VIDEO: offered.video, TrackType.SCREEN: offered.video}
    missing = [source.type.value for source in media if not there[source.type]]
    if not missing:
        return None
    kinds = " and ".join(kind for kind, has in (("audio", offered.audio), ("video", offered.video)) if has)
    message = (
        f"media: the caller did not offer {', '.join(missing)}; the offer has {kinds or 'neither audio nor video'}"
    )
    return ErrorInfo(code=INVALID_ARGUMENT, message=message)


def ringing_problem(state: State, call_id: CallId) -> ErrorInfo | None:
    """Why no ringing feedback can be sent."""
    call = call_by_id(state, call_id)
    if call is None:
        return unknown_call(call_id)
    if call_options(state).ringing_feedback_mode != "manual":
        message = "ringing feedback is sent by itself; set call.ringingFeedbackMode to 'manual' to send it yourself"
        return ErrorInfo(code=NOT_SUPPORTED, message=message)
    if call.direction is not CallDirection.INCOMING or call.state is not CallState.INITIATED:
        return _invalid(call, f"it is {call.direction} and {call.state}, and it has to be incoming and Initiated")
    return None


def _invalid(call: CallObject, reason: str) -> ErrorInfo:
    return ErrorInfo(code=INVALID_STATE, message=f"not possible with call {call.id}: {reason}")

"""Reading what the gateway says about calls (`call-signalling` 1.2, 1.3)."""

from typing import Final

from msgspec import UNSET, UnsetType

from rbbn_sdk.actions.call import RemoteParticipant, Transition
from rbbn_sdk.ports import CustomParameter
from rbbn_sdk.reducers.call import CallObject
from rbbn_sdk.types import JsonText
from rbbn_sdk.types.call import CallDirection
from rbbn_sdk.wire import CallNotification, CallNotificationBody, CallNotificationParams, Decoded, decode

_CONFERENCE: Final = "conference@"
_NOTHING: Final = CallNotificationParams()


def read_notice(payload: JsonText) -> Decoded[CallNotification]:
    """The notification. Raises `Malformed`."""
    decoded = decode(CallNotificationBody, payload)
    return Decoded(value=decoded.value.notification_message, dropped=decoded.dropped)


def custom_parameters(notice: CallNotification) -> tuple[CustomParameter, ...]:
    """What the other side sent along."""
    given = notice.custom_parameters
    if isinstance(given, UnsetType):
        return ()
    return tuple(CustomParameter(name=parameter.name, value=parameter.value) for parameter in given)


def caller(notice: CallNotification) -> RemoteParticipant:
    """Who calls."""
    params = _params(notice)
    return RemoteParticipant(display_number=params.caller_display_number, display_name=params.caller_name)


def participant(call: CallObject, notice: CallNotification) -> RemoteParticipant:
    """Who is at the other end now; what the gateway leaves out or empty is as before."""
    params = _params(notice)
    if call.direction is CallDirection.INCOMING or _text(params.caller_display_number).startswith(_CONFERENCE):
        return _merged(call, params.caller_display_number, params.caller_name)
    return _merged(call, params.remote_display_number, params.remote_name)


def progress_participant(call: CallObject, notice: CallNotification) -> RemoteParticipant:
    """The same, of a provisional answer: always the remote party."""
    params = _params(notice)
    return _merged(call, params.remote_display_number, params.remote_name)


def _merged(call: CallObject, number: str | UnsetType, name: str | UnsetType) -> RemoteParticipant:
    known = call.remote_participant
    return RemoteParticipant(
        display_number=_text(number) or known.display_number, display_name=_text(name) or known.display_name
    )


def _params(notice: CallNotification) -> CallNotificationParams:
    params = notice.call_notification_params
    return _NOTHING if isinstance(params, UnsetType) else params


def callee_number(notice: CallNotification) -> str:
    """Who was called."""
    return _text(_params(notice).callee_display_number)


def transition(notice: CallNotification) -> Transition:
    """Why a call ended: numeric text is a number, what is empty is left out."""
    params = notice.session_params
    return Transition(status_code=_status(params.status_code), reason_text=_text(params.reason_text) or UNSET)


def _status(code: str | int | UnsetType) -> int | str | UnsetType:
    if not isinstance(code, str):
        return code
    text = code.strip()
    if not text:
        return UNSET
    return int(text) if text.isascii() and text.isdigit() and len(text) < _TOO_LONG else text


_TOO_LONG: Final = 10


def _text(value: str | UnsetType) -> str:
    return "" if isinstance(value, UnsetType) else value


def description(notice: CallNotification) -> str:
    """The SDP; empty when there is none."""
    return _text(notice.session_params.sdp)


def is_update_failure(notice: CallNotification) -> bool:
    """The other side refused, or is negotiating itself (`call-signalling` 4.4)."""
    return notice.status_code == UPDATE_FAILED


UPDATE_FAILED: Final = 49

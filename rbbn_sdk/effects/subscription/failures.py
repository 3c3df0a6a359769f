"""What is said of each way in which a subscription request can fail (`connection` 5.2, 5.4, 5.6, 5.7).

Applications look for `Status Code: <n>` in the messages.
"""

from typing import Final

from rbbn_sdk.errors import RbbnError, RequestError
from rbbn_sdk.types import ErrorInfo, RestFailure

NO_USER: Final = ErrorInfo(
    code="subscription:4", message="No credentials with a username are set. Call set_credentials first."
)
NO_SERVICE: Final = ErrorInfo(code="subscription:2", message="No service was named.")
NOT_SUBSCRIBED: Final = ErrorInfo(
    code="authentication:3", message="Nothing, or none of the services that were named, is subscribed."
)
USER_CHANGED: Final = ErrorInfo(
    code="authentication:7", message="Another user was set while the subscribe was pending, so it was undone."
)
ENDED_MEANWHILE: Final = ErrorInfo(
    code="authentication:6", message="The subscription ended while it was being updated."
)

_OURS = ("", "subscribeResponse")
_UNAVAILABLE = (503, 53)
_GONE = 39


def is_vanished(failure: RestFailure) -> bool:
    """Whether the gateway says that the subscription does not exist any more."""
    return failure.http_status == 404 and _number(failure) == _GONE


def no_websocket(error: RbbnError) -> ErrorInfo:
    """Of a series of attempts to open the websocket."""
    return ErrorInfo(
        code="subscription:1",
        message=f"The websocket could not be opened, so the new subscription was removed: {error.message}",
    )


def subscribe_error(error: RequestError) -> ErrorInfo:
    """Of a POST that failed."""
    failure = error.failure
    number = _number(failure)
    code = "authentication:13" if number in _UNAVAILABLE else "authentication:4"
    if failure.http_status is None or not failure.has_body or failure.http_status < 300:
        return ErrorInfo(code=code, message=f"The subscribe failed: {error.message}")
    told = "undefined" if number is None else number
    return ErrorInfo(
        code=code, message=f"The subscribe was refused with HTTP {failure.http_status}. Status Code: {told}."
    )


def update_error(error: RequestError) -> ErrorInfo:
    """Of a PUT that failed; a subscription that has vanished is told by its number."""
    failure = error.failure
    number = _number(failure)
    if number is None:
        return ErrorInfo(code="authentication:6", message=f"The update failed: {error.message}")
    if is_vanished(failure):
        return ErrorInfo(code=_GONE, message="The subscription does not exist any more. Status Code: 39.")
    label = "statusCode:" if failure.http_status is not None and failure.http_status < 300 else "status code"
    return ErrorInfo(
        code="authentication:6", message=f"The update was refused with {label} {number}. Status Code: {number}."
    )


def unsubscribe_error(error: RequestError) -> ErrorInfo:
    """Of a DELETE that failed: the gateway's number, else the HTTP status or the kind of failure."""
    failure = error.failure
    if failure.wrapper == "subscribeResponse" and failure.status_code is not None:
        message = f"The unsubscribe was refused. Status Code: {failure.status_code}."
        return ErrorInfo(code=failure.status_code, message=message)
    return ErrorInfo(code=error.code, message=f"The unsubscribe failed: {error.message}")


def _number(failure: RestFailure) -> int | None:
    return failure.status_code if failure.wrapper in _OURS else None

"""The errors an application can meet.

    RbbnError
     +- InvalidArgument      the application gave something that cannot be used (also a ValueError)
     |   +- ConfigurationError
     +- InvalidState         not possible now
     |   +- ClientDestroyed
     |   +- WrongThread
     +- NotSupported         not possible here at all
     +- OperationFailed      an operation ended with an error event
     +- RequestError         a REST request failed
     |   +- RequestRefused       the gateway said no
     |   +- RequestTimedOut      no answer in time
     |   +- RequestUnreachable   no connection, or it broke
     |   +- UnusableReply        an answer that is not what the protocol says
     +- SocketError          the websocket
     |   +- SocketRefused        the upgrade was not granted
     |   +- SocketLost           it was open and is no more
     +- MediaError           devices, sources, sinks, peer connections
     |   +- SdpError             a session description that cannot be used
     +- EventsLost           a reader of events was too slow

Every error has `code` (documented string, or the gateway's number) and `message`. No message holds a secret.
"""

from typing import ClassVar, Final

from rbbn_sdk.types import NO_CODE, ErrorInfo, RestFailure

__all__ = [
    "NETWORK_FAILURES",
    "ClientDestroyed",
    "ConfigurationError",
    "EventsLost",
    "InvalidArgument",
    "InvalidState",
    "MediaError",
    "NotSupported",
    "OperationFailed",
    "RbbnError",
    "RequestError",
    "RequestRefused",
    "RequestTimedOut",
    "RequestUnreachable",
    "SdpError",
    "SocketError",
    "SocketLost",
    "SocketRefused",
    "UnusableReply",
    "WrongThread",
    "error_for",
]


class RbbnError(Exception):
    """Base of all errors of this package."""

    default_code: ClassVar[str] = NO_CODE

    def __init__(self, message: str, *, code: str | int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code: str | int = self.default_code if code is None else code

    @property
    def info(self) -> ErrorInfo:
        """The error as a value, for actions and events."""
        return ErrorInfo(code=self.code, message=self.message)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.message!r}, code={self.code!r})"


class InvalidArgument(RbbnError, ValueError):
    """The application gave something that cannot be used; the message names it and what is allowed."""


class ConfigurationError(InvalidArgument):
    """A configuration that no client can be made of."""


class InvalidState(RbbnError):
    """Not possible in the present state."""


class ClientDestroyed(InvalidState):
    """The client was destroyed."""


class WrongThread(InvalidState):
    """Called from a thread that the client does not belong to; use `client.run_threadsafe(fn, *args)`."""


class NotSupported(RbbnError):
    """This machine, gateway or version cannot do that."""


class OperationFailed(RbbnError):
    """An operation ended with the error that its event carries."""


class RequestError(RbbnError):
    """A REST request failed; `failure` says how."""

    def __init__(self, message: str, *, code: str | int | None = None, failure: RestFailure | None = None) -> None:
        super().__init__(message, code=code)
        self.failure = RestFailure() if failure is None else failure


class RequestRefused(RequestError):
    """The gateway answered that it will not."""


class RequestTimedOut(RequestError):
    """No answer within `request.restTimeout`."""

    default_code = "TimeoutError"


class RequestUnreachable(RequestError):
    """No connection could be made, or it broke before the answer. Its code is one of `NETWORK_FAILURES`."""

    default_code = "NetworkError"


class UnusableReply(RequestError):
    """The answer is not what the protocol says."""


class SocketError(RbbnError):
    """The websocket failed."""


class SocketRefused(SocketError):
    """The gateway did not grant the websocket."""


class SocketLost(SocketError):
    """The websocket was open and is no more."""


class MediaError(RbbnError):
    """A device, source, sink or peer connection failed."""


class SdpError(MediaError):
    """A session description that cannot be used."""


class EventsLost(RbbnError):
    """A reader of `client.events(...)` was too slow; the oldest events were dropped."""


NETWORK_FAILURES: Final = (
    "ClosedWhileIdle",
    "ConnectError",
    "InvalidURL",
    "LocalProtocolError",
    "NetworkError",
    "ProxyError",
    "ReadError",
    "RemoteProtocolError",
    "UnicodeEncodeError",
    "UnsupportedProtocol",
    "UnusableHeader",
    "WriteError",
)
"""The names under which a request is said to have failed when there was no answer, but for `TimeoutError`."""

_CLASS_OF_CODE: Final[dict[str | int, type[RbbnError]]] = {
    **dict.fromkeys(NETWORK_FAILURES, RequestUnreachable),
    "authentication:1": RequestRefused,
    "authentication:3": InvalidState,
    "authentication:7": InvalidState,
    "authentication:13": RequestRefused,
    "call:3": MediaError,
    "call:4": MediaError,
    "call:5": NotSupported,
    "call:6": InvalidState,
    "call:7": InvalidArgument,
    "call:9": MediaError,
    "call:10": MediaError,
    "call:11": SdpError,
    "call:12": InvalidState,
    "subscription:1": SocketError,
    "subscription:2": InvalidArgument,
    "subscription:4": InvalidState,
    "webrtc:1": InvalidArgument,
    "webrtc:2": InvalidArgument,
    "webrtc:3": InvalidState,
    "SyntaxError": UnusableReply,
    "TimeoutError": RequestTimedOut,
}
"""What the documented codes mean. A number is the gateway's or the other side's: `OperationFailed`."""


def error_for(info: ErrorInfo) -> RbbnError:
    """The exception that an awaited operation raises for an error value."""
    return _CLASS_OF_CODE.get(info.code, OperationFailed)(info.message, code=info.code)

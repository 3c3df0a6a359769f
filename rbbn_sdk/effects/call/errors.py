"""How failures of the ports become the documented errors of calls (`call-signalling` 9.2)."""

from typing import Final

from rbbn_sdk.errors import RbbnError
from rbbn_sdk.types import NO_CODE, ErrorInfo

GENERIC: Final = "call:2"
USER_MEDIA: Final = "call:4"


class CallBroken(RbbnError):
    """The call cannot go on: the session description never got complete, or the peer connection is gone."""


def error_info(error: RbbnError, code: str = GENERIC) -> ErrorInfo:
    """The error with its own code, else with `code`."""
    return ErrorInfo(code=code if error.code == NO_CODE else error.code, message=error.message)

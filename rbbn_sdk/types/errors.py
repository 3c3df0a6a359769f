"""An error as a value: what events, actions and state carry instead of an exception."""

from typing import Final

from attrs import frozen

from rbbn_sdk.types.record import MappingRecord

NO_CODE: Final = "NO_CODE"


@frozen(kw_only=True, weakref_slot=False)
class ErrorInfo(MappingRecord):
    """The documented `BasicError`: `{name, code, message}`.

    `code` is a documented string such as `call:7`, or the number that the gateway gave.
    """

    code: str | int = NO_CODE
    message: str = "An error occurred"
    name: str = "BasicError"

    @classmethod
    def of(cls, error: BaseException) -> "ErrorInfo":
        """The value of an exception: its `code` and `message` if it has them, else its text."""
        code = getattr(error, "code", NO_CODE)
        message = getattr(error, "message", None) or str(error) or type(error).__name__
        return cls(code=code if isinstance(code, (str, int)) else NO_CODE, message=str(message))

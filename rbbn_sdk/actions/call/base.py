"""What requests and facts about one call have in common."""

from typing import ClassVar, Final

from attrs import frozen

from rbbn_sdk.engine import Fact, Request
from rbbn_sdk.types import CallId, ErrorInfo, OperationId, RequestId
from rbbn_sdk.types.call import OperationType

NO_OPERATION: Final = OperationId("")
"""The `operation_id` of a fact that no operation of the other side belongs to."""


@frozen(kw_only=True, weakref_slot=False)
class CallFact(Fact):
    """Something happened to a call.

    The operation that the fact belongs to is named by `request_id` if the application asked for it (an operation has
    the id of its request), else by `operation_id`.
    """

    call_id: CallId
    operation_id: OperationId = NO_OPERATION

    @property
    def operation(self) -> OperationId:
        """The operation that the fact belongs to; `NO_OPERATION` if there is none."""
        return self.operation_id or OperationId(self.request_id)


@frozen(kw_only=True, weakref_slot=False)
class OperationAbandoned(CallFact):
    """An operation was given up, and the call goes on or ends without it.

    Followed by `call:operation` FINISH with the error, if the operation is still there, and by no `call:stateChange`.
    """

    TYPE: ClassVar[str] = "call/OPERATION_ABANDONED"


@frozen(kw_only=True, weakref_slot=False)
class CallRequest(Request):
    """The application asks for something to be done with a call: an operation that has the id of the request.

    Followed by `call:operation` START, unless the call is unknown or an operation is in the way.
    """

    OPERATION: ClassVar[OperationType]
    IS_BLOCKING: ClassVar[bool] = False
    FAILED: ClassVar[type[CallFact]] = OperationAbandoned

    call_id: CallId

    def failed(self, error: ErrorInfo) -> Fact:
        return self.FAILED(request_id=self.request_id, call_id=self.call_id, error=error)


def operation_of(request_id: RequestId) -> OperationId:
    """The operation of a request."""
    return OperationId(request_id)

"""How far operations are."""

from typing import ClassVar

from attrs import frozen

from rbbn_sdk.actions.call.base import CallFact
from rbbn_sdk.types.call import OperationStatus, OperationType


@frozen(kw_only=True, weakref_slot=False)
class RemoteOperationStarted(CallFact):
    """The other side does something with the call. Followed by `call:operation` START, `isLocal` false."""

    TYPE: ClassVar[str] = "call/REMOTE_OPERATION_STARTED"

    type: OperationType


@frozen(kw_only=True, weakref_slot=False)
class OperationMoved(CallFact):
    """An operation goes on: PENDING as its request goes out (UPDATE), RESOLVING as the other side has replied (RESUME).

    Followed by `call:operation`.
    """

    TYPE: ClassVar[str] = "call/OPERATION_MOVED"

    status: OperationStatus

"""Incoming calls that are rejected or ignored (`call-signalling` 3.4, 8.4)."""

from typing import ClassVar

from attrs import frozen

from rbbn_sdk.actions.call.base import CallFact, CallRequest, OperationAbandoned
from rbbn_sdk.engine import Fact
from rbbn_sdk.types.call import OperationType


@frozen(kw_only=True, weakref_slot=False)
class CallRejected(CallFact):
    """The gateway took our rejection. Followed by `call:operation` FINISH and `call:stateChange`."""

    TYPE: ClassVar[str] = "call/REJECTED"

    time: int


@frozen(kw_only=True, weakref_slot=False)
class CallIgnored(CallFact):
    """The call is over for this client only. Followed by `call:operation` FINISH and `call:stateChange`."""

    TYPE: ClassVar[str] = "call/IGNORED"

    time: int


@frozen(kw_only=True, weakref_slot=False)
class DeclineFailed(CallFact):
    """The call was not rejected or ignored. Followed by `call:operation` FINISH and `call:stateChange`."""

    TYPE: ClassVar[str] = "call/DECLINE_FAILED"


@frozen(kw_only=True, weakref_slot=False)
class RejectCall(CallRequest):
    """Let the caller know that we do not answer."""

    TYPE: ClassVar[str] = "call/REJECT"
    ENDED_BY: ClassVar[tuple[type[Fact], ...]] = (CallRejected, DeclineFailed, OperationAbandoned)
    OPERATION: ClassVar[OperationType] = OperationType.REJECT
    FAILED: ClassVar[type[CallFact]] = DeclineFailed


@frozen(kw_only=True, weakref_slot=False)
class IgnoreCall(CallRequest):
    """Be done with a call without telling anybody: other devices of the user ring on."""

    TYPE: ClassVar[str] = "call/IGNORE"
    ENDED_BY: ClassVar[tuple[type[Fact], ...]] = (CallIgnored, DeclineFailed, OperationAbandoned)
    OPERATION: ClassVar[OperationType] = OperationType.IGNORE
    FAILED: ClassVar[type[CallFact]] = DeclineFailed

"""Ringing feedback that the application asks for (`call-signalling` 3.2)."""

from typing import ClassVar

from attrs import frozen

from rbbn_sdk.actions.call.base import CallFact, CallRequest, OperationAbandoned
from rbbn_sdk.engine import Fact
from rbbn_sdk.types.call import OperationType


@frozen(kw_only=True, weakref_slot=False)
class RingingFeedbackSent(CallFact):
    """The caller knows that we are alerted. Followed by `call:operation` FINISH and `call:stateChange`."""

    TYPE: ClassVar[str] = "call/RINGING_FEEDBACK_SENT"


@frozen(kw_only=True, weakref_slot=False)
class RingingFeedbackFailed(CallFact):
    """The caller does not know it. Followed by `call:operation` FINISH and `call:stateChange` with the error."""

    TYPE: ClassVar[str] = "call/RINGING_FEEDBACK_FAILED"


@frozen(kw_only=True, weakref_slot=False)
class SendRingingFeedback(CallRequest):
    """Let the caller know that we are alerted; in the mode `manual` only."""

    TYPE: ClassVar[str] = "call/SEND_RINGING_FEEDBACK"
    ENDED_BY: ClassVar[tuple[type[Fact], ...]] = (RingingFeedbackSent, RingingFeedbackFailed, OperationAbandoned)
    OPERATION: ClassVar[OperationType] = OperationType.SEND_RINGING_FEEDBACK
    FAILED: ClassVar[type[CallFact]] = RingingFeedbackFailed

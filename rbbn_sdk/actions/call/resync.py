"""Asking the gateway what has become of a call (`call-signalling` 3.12)."""

from typing import ClassVar

from attrs import frozen

from rbbn_sdk.actions.call.base import CallFact, CallRequest
from rbbn_sdk.engine import Fact
from rbbn_sdk.types.call import OperationType


@frozen(kw_only=True, weakref_slot=False)
class ResyncFinished(CallFact):
    """The gateway was asked, or could not be. Followed by `call:operation` FINISH."""

    TYPE: ClassVar[str] = "call/RESYNC_FINISHED"


@frozen(kw_only=True, weakref_slot=False)
class ResyncCall(CallRequest):
    """Ask the gateway whether the call is still what we think it is, and believe it."""

    TYPE: ClassVar[str] = "call/RESYNC"
    ENDED_BY: ClassVar[tuple[type[Fact], ...]] = (ResyncFinished,)
    OPERATION: ClassVar[OperationType] = OperationType.RESYNC
    FAILED: ClassVar[type[CallFact]] = ResyncFinished

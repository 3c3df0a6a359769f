"""The end of calls (`call-signalling` 3.5, 4.6, 4.7)."""

from typing import ClassVar

from attrs import frozen

from rbbn_sdk.actions.call.base import CallFact, CallRequest
from rbbn_sdk.actions.call.values import EndCause, RemoteParticipant, Transition
from rbbn_sdk.engine import Fact
from rbbn_sdk.types.call import OperationType


@frozen(kw_only=True, weakref_slot=False)
class CallEnded(CallFact):
    """The call is over.

    Followed by `call:tracksRemoved`, `call:stateChange` and `call:operation` FINISH of all that was under way, in an
    order that depends on the cause.
    """

    TYPE: ClassVar[str] = "call/ENDED"

    cause: EndCause
    transition: Transition | None = None
    remote_participant: RemoteParticipant | None = None
    """None: as known."""
    time: int


@frozen(kw_only=True, weakref_slot=False)
class CallCancelled(CallFact):
    """An unanswered call cannot be answered any more. Followed by `call:stateChange` and `call:operation` FINISH."""

    TYPE: ClassVar[str] = "call/CANCELLED"


@frozen(kw_only=True, weakref_slot=False)
class EndFailed(CallFact):
    """The call cannot be ended: it is unknown, or is being ended already. Followed by `call:stateChange`."""

    TYPE: ClassVar[str] = "call/END_FAILED"


@frozen(kw_only=True, weakref_slot=False)
class EndCall(CallRequest):
    """End a call, in whatever state it is."""

    TYPE: ClassVar[str] = "call/END"
    ENDED_BY: ClassVar[tuple[type[Fact], ...]] = (CallEnded, EndFailed)
    OPERATION: ClassVar[OperationType] = OperationType.END
    FAILED: ClassVar[type[CallFact]] = EndFailed


@frozen(kw_only=True, weakref_slot=False)
class UpdateRefused(CallFact):
    """A re-offer of the other side was refused. Followed by `call:operation` FINISH with the error."""

    TYPE: ClassVar[str] = "call/UPDATE_REFUSED"

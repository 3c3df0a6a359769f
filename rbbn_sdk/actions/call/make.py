"""Outgoing calls (`call-signalling` 3.1, 7.1)."""

from typing import ClassVar

from attrs import frozen
from msgspec import UNSET, UnsetType

from rbbn_sdk.actions.call.base import CallFact, CallRequest, OperationAbandoned
from rbbn_sdk.actions.call.values import UNLIMITED, Bandwidth, RemoteParticipant
from rbbn_sdk.engine import Fact
from rbbn_sdk.ports import CustomParameter, TrackSource
from rbbn_sdk.ports.peers import RemoteTrack
from rbbn_sdk.types import ErrorInfo, JsonText, SessionId, TrackId
from rbbn_sdk.types.call import OperationType


@frozen(kw_only=True, weakref_slot=False)
class CallStarted(CallFact):
    """Work on an outgoing call begins; the application has its id. Followed by `call:start` and `call:operation`."""

    TYPE: ClassVar[str] = "call/STARTED"


@frozen(kw_only=True, weakref_slot=False)
class CallInitiated(CallFact):
    """The gateway took the call.

    Followed by `call:tracksAdded` and `call:stateChange`, unless the call is being ended.
    """

    TYPE: ClassVar[str] = "call/INITIATED"

    session_id: SessionId
    local_tracks: tuple[TrackId, ...] = ()
    bandwidth: Bandwidth = UNLIMITED


@frozen(kw_only=True, weakref_slot=False)
class RemoteRang(CallFact):
    """The callee is alerted. Followed by `call:stateChange`."""

    TYPE: ClassVar[str] = "call/REMOTE_RANG"

    remote_participant: RemoteParticipant


@frozen(kw_only=True, weakref_slot=False)
class EarlyMediaBegan(CallFact):
    """A provisional answer was applied. Followed by `call:tracksAdded` and `call:stateChange`."""

    TYPE: ClassVar[str] = "call/EARLY_MEDIA_BEGAN"

    remote_tracks: tuple[RemoteTrack, ...]
    remote_participant: RemoteParticipant


@frozen(kw_only=True, weakref_slot=False)
class CallAnswered(CallFact):
    """The other side's answer to our offer was applied, of an outgoing call or of one answered by an offer.

    Followed by `call:tracksAdded`, `call:stateChange` and `call:operation` FINISH.
    """

    TYPE: ClassVar[str] = "call/ANSWERED"

    remote_tracks: tuple[RemoteTrack, ...]
    remote_participant: RemoteParticipant
    local_tracks: tuple[TrackId, ...] = ()
    """Those that become part of the call only now: of a call answered by an offer."""
    time: int


@frozen(kw_only=True, weakref_slot=False)
class MakeFailed(CallFact):
    """There is no call. Followed by `call:operation` FINISH and `call:stateChange`, both with the error."""

    TYPE: ClassVar[str] = "call/MAKE_FAILED"

    time: int


@frozen(kw_only=True, weakref_slot=False)
class MakeAborted(CallFact):
    """The call was ended before anything was sent to the gateway. No event follows."""

    TYPE: ClassVar[str] = "call/MAKE_ABORTED"


@frozen(kw_only=True, weakref_slot=False)
class MakeCall(CallRequest):
    """Call somebody. No event follows at once: `call:start` comes when the application has the call's id."""

    TYPE: ClassVar[str] = "call/MAKE"
    ENDED_BY: ClassVar[tuple[type[Fact], ...]] = (CallAnswered, MakeFailed, OperationAbandoned)
    OPERATION: ClassVar[OperationType] = OperationType.MAKE
    IS_BLOCKING: ClassVar[bool] = True

    to: str
    """Normalised, unless the configuration says otherwise."""
    from_: str
    """The own username."""
    originator: str
    """`from` on the wire."""
    media: tuple[TrackSource, ...] = ()
    bandwidth: Bandwidth = UNLIMITED
    display_name: str | UnsetType = UNSET
    custom_parameters: tuple[CustomParameter, ...] | UnsetType = UNSET
    custom_bodies: JsonText | UnsetType = UNSET
    problem: ErrorInfo | None = None
    """What is wrong with the arguments: the call fails with it."""
    time: int
    """Milliseconds since the UNIX epoch."""

    def failed(self, error: ErrorInfo) -> Fact:
        return MakeFailed(request_id=self.request_id, call_id=self.call_id, error=error, time=self.time)

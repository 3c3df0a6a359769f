"""The events about calls."""

from typing import ClassVar

from attrs import frozen
from msgspec import UNSET, UnsetType

from rbbn_sdk.actions.call import MediaOffered, Transition
from rbbn_sdk.events.base import Event
from rbbn_sdk.ports import CustomParameter
from rbbn_sdk.types import CallId, ErrorInfo, MappingRecord, OperationId, TrackId
from rbbn_sdk.types.call import (
    CallState,
    MediaConnectionState,
    OperationStatus,
    OperationTransition,
    OperationType,
)


@frozen(kw_only=True, weakref_slot=False)
class CallEvent(Event):
    """Something about one call."""

    call_id: CallId


@frozen(kw_only=True, weakref_slot=False)
class CallStart(CallEvent):
    """A call that the application makes has begun."""

    TYPE: ClassVar[str] = "call:start"


@frozen(kw_only=True, weakref_slot=False)
class CallReceive(CallEvent):
    """Somebody calls."""

    TYPE: ClassVar[str] = "call:receive"

    media_offered: MediaOffered | None = None
    """None for a call without an offer."""


@frozen(kw_only=True, weakref_slot=False)
class PreviousState(MappingRecord):
    """A call before the change; nothing is there when the call is unknown."""

    state: CallState | UnsetType = UNSET
    local_hold: bool | UnsetType = UNSET
    remote_hold: bool | UnsetType = UNSET


@frozen(kw_only=True, weakref_slot=False)
class CallStateChange(CallEvent):
    """A call has changed its state, or an operation has failed (`error`; the state may be the same then)."""

    TYPE: ClassVar[str] = "call:stateChange"

    previous: PreviousState
    transition: Transition | UnsetType = UNSET
    """Why a call ended that this client did not end."""
    error: ErrorInfo | UnsetType = UNSET


@frozen(kw_only=True, weakref_slot=False)
class PreviousOperation(MappingRecord):
    """An operation before the transition."""

    operation: OperationType | UnsetType = UNSET
    status: OperationStatus | UnsetType = UNSET


@frozen(kw_only=True, weakref_slot=False)
class CallOperation(CallEvent):
    """An operation on a call begins, goes on or ends."""

    TYPE: ClassVar[str] = "call:operation"

    operation_id: OperationId | UnsetType = UNSET
    """Not there when a call was ended without an operation, by a failed audit for instance."""
    operation: OperationType
    is_local: bool
    transition: OperationTransition
    previous: PreviousOperation | UnsetType = UNSET
    """Not there on START."""
    error: ErrorInfo | UnsetType = UNSET


@frozen(kw_only=True, weakref_slot=False)
class CallTracksAdded(CallEvent):
    """Tracks are part of a call now."""

    TYPE: ClassVar[str] = "call:tracksAdded"

    track_ids: tuple[TrackId, ...]


@frozen(kw_only=True, weakref_slot=False)
class CallTracksRemoved(CallEvent):
    """Tracks are no part of a call any more."""

    TYPE: ClassVar[str] = "call:tracksRemoved"

    track_ids: tuple[TrackId, ...]


@frozen(kw_only=True, weakref_slot=False)
class CallCustomParameters(CallEvent):
    """The other side sent parameters."""

    TYPE: ClassVar[str] = "call:customParameters"

    custom_parameters: tuple[CustomParameter, ...]


@frozen(kw_only=True, weakref_slot=False)
class PreviousConnection(MappingRecord):
    """The media connection before the change; nothing is there on the first one."""

    state: MediaConnectionState | UnsetType = UNSET


@frozen(kw_only=True, weakref_slot=False)
class CallMediaConnectionChange(CallEvent):
    """The media connection of a call has changed; the call object tells its state."""

    TYPE: ClassVar[str] = "call:mediaConnectionChange"

    previous: PreviousConnection

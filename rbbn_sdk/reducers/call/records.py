"""What is known of calls. The records of the state are what the application reads: frozen, and mappings too."""

from attrs import frozen
from msgspec import UNSET, UnsetType
from pyrsistent import PMap, PVector, pmap, pvector

from rbbn_sdk.actions.call.values import NOBODY, Bandwidth, MediaOffered, RemoteParticipant
from rbbn_sdk.ports import CustomParameter
from rbbn_sdk.types import CallId, ErrorInfo, JsonText, MappingRecord, OperationId, PeerId, SessionId, TrackId
from rbbn_sdk.types.call import (
    CallDirection,
    CallState,
    MediaConnectionState,
    OperationStatus,
    OperationType,
)


@frozen(kw_only=True, weakref_slot=False)
class CurrentOperation(MappingRecord):
    """An operation that is under way."""

    id: OperationId
    type: OperationType
    status: OperationStatus
    is_local: bool
    """This client began it, not the other side."""
    is_blocking: bool
    """No other negotiation can begin meanwhile."""


@frozen(kw_only=True, weakref_slot=False)
class CallObject(MappingRecord):
    """A call as it was when it was asked for; it does not change. Times are in milliseconds since the UNIX epoch."""

    id: CallId
    direction: CallDirection
    state: CallState
    from_: str
    to: str
    remote_participant: RemoteParticipant = NOBODY
    media_offered: MediaOffered | UnsetType | None = UNSET
    """Incoming calls only; None when the call came without an offer."""
    local_hold: bool = False
    remote_hold: bool = False
    local_tracks: tuple[TrackId, ...] = ()
    remote_tracks: tuple[TrackId, ...] = ()
    media_connection_state: MediaConnectionState | UnsetType = UNSET
    """Not there until the connection first changes."""
    bandwidth: Bandwidth | UnsetType = UNSET
    display_name: str | UnsetType = UNSET
    """The own name that `make` was given."""
    custom_parameters: tuple[CustomParameter, ...] | UnsetType = UNSET
    """Those that this client sends."""
    custom_bodies: JsonText | UnsetType = UNSET
    start_time: int | UnsetType = UNSET
    """When it was connected; of a call that never was, when it ended."""
    end_time: int | UnsetType = UNSET
    current_operations: tuple[CurrentOperation, ...] = ()
    error: ErrorInfo | UnsetType = UNSET
    """What the last `make` or `answer` failed of."""
    is_slow_start: bool | UnsetType = UNSET
    """Incoming calls only: it came without an offer."""
    wrtcs_session_id: SessionId | UnsetType = UNSET
    """The gateway's id of this side of the call."""
    webrtc_session_id: PeerId | UnsetType = UNSET
    """The peer connection."""


@frozen(kw_only=True, weakref_slot=False)
class Calls:
    """All calls of the client, ended ones included."""

    by_id: PMap[CallId, CallObject] = pmap()
    order: PVector[CallId] = pvector()
    """Oldest first."""
    by_session: PMap[SessionId, CallId] = pmap()
    posting: PMap[CallId, OperationId] = pmap()
    """Calls that the gateway has been asked to make: their sessions are not known yet."""
    awaiting: PMap[CallId, OperationId] = pmap()
    """Operations whose request the gateway took, and that wait for the other side's reply."""

from typing import Protocol

from attrs import frozen

from rbbn_sdk.types import CallId, JsonText, ObjectRef, port
from rbbn_sdk.types.call import IceCheckReason, IceGatheringState, SdpEndpoint, SdpStep, SdpType


@frozen(kw_only=True, weakref_slot=False)
class SdpHandlerCall:
    """What an application's SDP handler is called with (`call-media` 4.1, documented `SdpHandlerInfo`)."""

    call_id: CallId
    type: SdpType
    step: SdpStep
    endpoint: SdpEndpoint
    sdp: str
    """The description so far, with what the handlers before this one changed."""
    original_sdp: str
    bandwidth: JsonText | None = None
    """`{call?, audio, video}` in kbit/s; local descriptions only."""


@frozen(kw_only=True, weakref_slot=False)
class IceCheckCall:
    """What an ICE collection check function is called with (documented `IceCollectionInfo`)."""

    call_id: CallId
    call_operation: str
    reason: IceCheckReason
    ice_candidates: tuple[str, ...]
    """Candidate attribute values (`candidate:...`), all of this peer since it was made."""
    ice_candidate_mids: tuple[str, ...]
    """The mid of each candidate."""
    ice_collection_duration: int
    """Milliseconds since gathering began; 0 when it is not going on."""
    ice_gathering_state: IceGatheringState
    rtc_peer_connection_config: JsonText
    local_type: SdpType
    local_sdp: str
    ideal_timeout: int
    """Milliseconds."""
    max_timeout: int
    """Milliseconds."""


@frozen(kw_only=True, weakref_slot=False)
class IceCheckAnswer:
    """What the check function answered: `StartCall`, `Wait` (milliseconds) or `Error` (text)."""

    type: str
    wait: float | None = None
    error: str | None = None


@port("objects")
class Objects(Protocol):
    """Keeps what the application passed in and cannot be written down."""

    def keep(self, value: object, kind: str, label: str = "") -> ObjectRef:
        """Keep an object under a new reference."""
        ...

    def read(self, ref: ObjectRef) -> object:
        """The object. Raises `InvalidState` when it was freed."""
        ...

    def free(self, ref: ObjectRef) -> None:
        """Forget an object; one that is forgotten already is ignored."""
        ...

    def run_sdp_handler(self, ref: ObjectRef, call: SdpHandlerCall) -> str:
        """Run an SDP handler; the new description. Raises `RbbnError` when it raises or returns nothing usable."""
        ...

    def run_ice_check(self, ref: ObjectRef, call: IceCheckCall) -> IceCheckAnswer:
        """Run an ICE collection check function.

        Raises `RbbnError` `call:1` when it raises and `call:7` when its answer is malformed (`call-media` 3.4).
        """
        ...

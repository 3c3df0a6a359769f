"""Peer connections (`call-media` 2 and 3). Descriptions are SDP text as it is on the wire."""

from enum import StrEnum
from typing import Protocol

from attrs import frozen

from rbbn_sdk.types import MediaId, PeerId, SecretRef, TrackId, port
from rbbn_sdk.types.call import IceGatheringState, MediaConnectionState, MediaKind, SdpType


@frozen(kw_only=True, weakref_slot=False)
class IceServer:
    urls: tuple[str, ...]
    username: SecretRef | str | None = None
    credential: SecretRef | None = None


@frozen(kw_only=True, weakref_slot=False)
class PeerConfig:
    ice_servers: tuple[IceServer, ...] = ()
    ice_transport_policy: str = "all"
    """`all`, `public` or `relay`."""
    bundle_policy: str = "max-bundle"
    """`balanced`, `max-compat` or `max-bundle`."""
    ice_addresses: tuple[str, ...] | None = None
    """The only local addresses to gather candidates on, such as `127.0.0.1`; None is every interface."""


@frozen(kw_only=True, weakref_slot=False)
class RemoteTrack:
    id: TrackId
    """From the description's `msid` when it has one, else made up, unique in this client."""
    media_id: MediaId
    kind: MediaKind
    mid: str


@frozen(kw_only=True, weakref_slot=False)
class RemoteMedia:
    """What a remote description means for this peer."""

    tracks: tuple[RemoteTrack, ...]
    """Remote tracks that may send now."""
    problems: tuple[str, ...] = ()
    """What could not be used, each a sentence for the log: a section refused and why, a candidate skipped."""


class IceProgressKind(StrEnum):
    CANDIDATE = "candidate"
    STATE = "state"


@frozen(kw_only=True, weakref_slot=False)
class IceProgress:
    """One step of gathering."""

    kind: IceProgressKind
    state: IceGatheringState
    candidates: tuple[str, ...]
    """All candidates of this peer so far, as attribute values (`candidate:...`)."""
    mids: tuple[str, ...]
    """The mid of each candidate."""


class PeerEventKind(StrEnum):
    CONNECTION = "connection"
    TRACK_ENDED = "track_ended"
    CLOSED = "closed"


@frozen(kw_only=True, weakref_slot=False)
class PeerEvent:
    kind: PeerEventKind
    connection_state: MediaConnectionState | None = None
    track_id: TrackId | None = None


@port("peers")
class Peers(Protocol):
    """Every method raises `MediaError`s only. An unknown or closed `peer_id` raises one too, except in `close`."""

    async def open(self, peer_id: PeerId, config: PeerConfig) -> None: ...

    async def add_track(self, peer_id: PeerId, track_id: TrackId) -> None:
        """Send a local track (opened through `Devices`), on a free transceiver of its kind if there is one."""
        ...

    async def create_offer(self, peer_id: PeerId) -> str: ...

    async def create_answer(self, peer_id: PeerId) -> str:
        """An answer that mirrors the remote offer section by section; what we cannot use is refused alone."""
        ...

    async def set_local(self, peer_id: PeerId, sdp_type: SdpType, sdp: str) -> None:
        """Apply an own description; gathering begins and goes on after the return."""
        ...

    async def set_remote(self, peer_id: PeerId, sdp_type: SdpType, sdp: str) -> RemoteMedia:
        """Apply a description of the other side.

        Raises `SdpError` when nothing of it can be used; code `call:11` when an answer's sections do not match the
        offer's.
        """
        ...

    async def gathering(self, peer_id: PeerId) -> IceProgress:
        """Where gathering stands now."""
        ...

    async def next_gathering(self, peer_id: PeerId) -> IceProgress:
        """The next step of gathering. Cancelling it loses nothing."""
        ...

    async def local_description(self, peer_id: PeerId) -> str:
        """The own description with the candidates gathered so far; gathering ends here if it is still going on."""
        ...

    async def start_transport(self, peer_id: PeerId) -> None:
        """Let connectivity checks and DTLS begin. An answerer's wait for it; an offerer's need not."""
        ...

    async def next_event(self, peer_id: PeerId) -> PeerEvent:
        """The next change of the connection, in order. Cancelling it loses nothing; after `close`, `CLOSED`."""
        ...

    async def close(self, peer_id: PeerId) -> None:
        """Close the peer and all it holds within 1 s; one that is closed or unknown is ignored."""
        ...

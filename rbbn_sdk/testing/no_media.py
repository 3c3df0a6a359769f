"""Ports without media, in real time: for tests of what goes on around it. `Extension(ports=no_media())`."""

import asyncio

from rbbn_sdk.errors import MediaError
from rbbn_sdk.ports import (
    Device,
    IceProgress,
    LocalTrack,
    PeerConfig,
    PeerEvent,
    PeerEventKind,
    RemoteMedia,
    TrackSource,
)
from rbbn_sdk.ports.peers import IceProgressKind
from rbbn_sdk.testing.call import OFFER
from rbbn_sdk.types import MediaId, ObjectRef, PeerId, TrackId
from rbbn_sdk.types.call import IceGatheringState, MediaConnectionState, SdpType

__all__ = ["no_media"]


def no_media() -> dict[str, object]:
    """Peers that agree to everything and are connected at once, and devices that are always there."""
    return {"peers": _Peers(), "devices": _Devices()}


class _Devices:
    async def list(self) -> tuple[Device, ...]:
        return ()

    async def open(self, track_id: TrackId, media_id: MediaId, source: TrackSource) -> LocalTrack:
        return LocalTrack(track_id=track_id, media_id=media_id, type=source.type, label="none")

    async def stop(self, track_id: TrackId) -> None: ...

    async def render(self, track_ids: tuple[TrackId, ...], _sink: ObjectRef) -> tuple[TrackId, ...]:
        return track_ids

    async def remove(self, track_ids: tuple[TrackId, ...], sink: ObjectRef) -> None: ...


class _Peers:
    def __init__(self) -> None:
        self._events: dict[PeerId, asyncio.Queue[PeerEvent]] = {}

    async def open(self, peer_id: PeerId, _config: PeerConfig) -> None:
        self._events[peer_id] = asyncio.Queue()

    async def close(self, peer_id: PeerId) -> None:
        events = self._events.pop(peer_id, None)
        if events is not None:
            events.put_nowait(PeerEvent(kind=PeerEventKind.CLOSED))

    async def next_event(self, peer_id: PeerId) -> PeerEvent:
        events = self._events.get(peer_id)
        return PeerEvent(kind=PeerEventKind.CLOSED) if events is None else await events.get()

    async def start_transport(self, peer_id: PeerId) -> None:
        connected = PeerEvent(kind=PeerEventKind.CONNECTION, connection_state=MediaConnectionState.CONNECTED)
        self._events_of(peer_id).put_nowait(connected)

    async def set_remote(self, peer_id: PeerId, sdp_type: SdpType, _sdp: str) -> RemoteMedia:
        self._events_of(peer_id)
        if sdp_type is SdpType.ANSWER:
            await self.start_transport(peer_id)
        return RemoteMedia(tracks=())

    def _events_of(self, peer_id: PeerId) -> asyncio.Queue[PeerEvent]:
        events = self._events.get(peer_id)
        if events is None:
            raise MediaError(f"peer {peer_id!r} is closed")
        return events

    async def add_track(self, peer_id: PeerId, track_id: TrackId) -> None: ...

    async def set_local(self, peer_id: PeerId, sdp_type: SdpType, sdp: str) -> None: ...

    async def create_offer(self, _peer_id: PeerId) -> str:
        return OFFER

    async def create_answer(self, _peer_id: PeerId) -> str:
        return OFFER.replace("a=setup:actpass", "a=setup:active")

    async def local_description(self, _peer_id: PeerId) -> str:
        return OFFER

    async def gathering(self, _peer_id: PeerId) -> IceProgress:
        return IceProgress(kind=IceProgressKind.STATE, state=IceGatheringState.COMPLETE, candidates=(), mids=())

    async def next_gathering(self, peer_id: PeerId) -> IceProgress:
        return await self.gathering(peer_id)

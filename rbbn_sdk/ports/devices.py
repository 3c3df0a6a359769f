"""Where media comes from and goes to: microphones, cameras, speakers, files, generated signals."""

from typing import Protocol

from attrs import frozen

from rbbn_sdk.types import MediaId, ObjectRef, TrackId, port
from rbbn_sdk.types.call import TrackType


@frozen(kw_only=True, weakref_slot=False)
class TrackSource:
    """What a local track shall send."""

    type: TrackType
    device_id: str = "default"
    """A device's id. Generated ones: `silence`, `tone:440` (Hz), `testpattern`, `file:/path`."""
    source: ObjectRef | None = None
    """A source object of the application, instead of a device."""
    width: int | None = None
    height: int | None = None
    frame_rate: float | None = None


@frozen(kw_only=True, weakref_slot=False)
class LocalTrack:
    track_id: TrackId
    media_id: MediaId
    type: TrackType
    label: str


@frozen(kw_only=True, weakref_slot=False)
class Device:
    device_id: str
    kind: str
    """`audioinput`, `videoinput` or `audiooutput`."""
    label: str
    group_id: str = ""


@port("devices")
class Devices(Protocol):
    """Every method raises `MediaError`s only."""

    async def list(self) -> tuple[Device, ...]: ...

    async def open(self, track_id: TrackId, media_id: MediaId, source: TrackSource) -> LocalTrack:
        """Open a local track. Raises `MediaError` `call:4`, naming the device and what there is."""
        ...

    async def stop(self, track_id: TrackId) -> None:
        """End a local track and free its device; one that has ended or is unknown is ignored."""
        ...

    async def render(self, track_ids: tuple[TrackId, ...], sink: ObjectRef) -> tuple[TrackId, ...]:
        """Give the media of tracks, local or remote, to a sink; the ids that were known."""
        ...

    async def remove(self, track_ids: tuple[TrackId, ...], sink: ObjectRef) -> None:
        """Stop giving media to a sink; when none of its tracks is left, the sink is finished (a file is closed)."""
        ...

"""Devices, and where tracks are rendered (`call-media` 13, 14)."""

from typing import ClassVar

from attrs import frozen

from rbbn_sdk.engine import Action, Fact, Request
from rbbn_sdk.ports import Device
from rbbn_sdk.types import ErrorInfo, ObjectRef, TrackId


@frozen(kw_only=True, weakref_slot=False)
class ListDevices(Action):
    """The application asks for the devices, or is about to need one."""

    TYPE: ClassVar[str] = "webrtc/LIST_DEVICES"


@frozen(kw_only=True, weakref_slot=False)
class DevicesListed(Action):
    """The devices of this machine are known. Followed by `devices:change`."""

    TYPE: ClassVar[str] = "webrtc/DEVICES_LISTED"

    devices: tuple[Device, ...]


@frozen(kw_only=True, weakref_slot=False)
class TracksRendered(Fact):
    """Tracks go to a sink, or do not because of the error. Followed by `media:trackRendered`."""

    TYPE: ClassVar[str] = "webrtc/TRACKS_RENDERED"

    track_ids: tuple[TrackId, ...] = ()
    """Those that are known."""
    container: str = ""
    """The sink's name."""


@frozen(kw_only=True, weakref_slot=False)
class RenderTracks(Request):
    """Give tracks to a sink."""

    TYPE: ClassVar[str] = "webrtc/RENDER_TRACKS"
    ENDED_BY: ClassVar[tuple[type[Fact], ...]] = (TracksRendered,)

    track_ids: tuple[TrackId, ...] = ()
    sink: ObjectRef | None = None
    container: str = ""
    problem: ErrorInfo | None = None
    """What is wrong with the arguments."""

    def failed(self, error: ErrorInfo) -> Fact:
        return TracksRendered(
            request_id=self.request_id, track_ids=self.track_ids, container=self.container, error=error
        )


@frozen(kw_only=True, weakref_slot=False)
class TracksRemoved(Fact):
    """Tracks go to a sink no more. No event."""

    TYPE: ClassVar[str] = "webrtc/TRACKS_REMOVED"

    track_ids: tuple[TrackId, ...] = ()
    container: str = ""


@frozen(kw_only=True, weakref_slot=False)
class RemoveTracks(Request):
    """Stop giving tracks to a sink."""

    TYPE: ClassVar[str] = "webrtc/REMOVE_TRACKS"
    ENDED_BY: ClassVar[tuple[type[Fact], ...]] = (TracksRemoved,)

    track_ids: tuple[TrackId, ...] = ()
    sink: ObjectRef
    container: str

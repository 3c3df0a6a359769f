"""Events about devices and rendered tracks (`call-media` 11, 13, 14)."""

from collections.abc import Iterator
from typing import ClassVar

from attrs import frozen
from msgspec import UNSET, UnsetType

from rbbn_sdk.actions.webrtc import DevicesListed, TracksRendered
from rbbn_sdk.engine import Derivations, State
from rbbn_sdk.events.base import Event
from rbbn_sdk.reducers.webrtc import webrtc
from rbbn_sdk.types import ErrorInfo, TrackId


@frozen(kw_only=True, weakref_slot=False)
class DevicesChange(Event):
    """The devices are others than before; `media.get_devices` tells them."""

    TYPE: ClassVar[str] = "devices:change"


@frozen(kw_only=True, weakref_slot=False)
class MediaTrackRendered(Event):
    """Tracks go to a sink, or cannot (`error`)."""

    TYPE: ClassVar[str] = "media:trackRendered"

    track_ids: tuple[TrackId, ...]
    selector: str | UnsetType = UNSET
    """The sink's name."""
    error: ErrorInfo | UnsetType = UNSET


derivations = Derivations()


@derivations.on(DevicesListed)
def _devices(_action: DevicesListed, before: State, after: State) -> Iterator[Event]:
    """A change."""
    if webrtc(before).devices is not webrtc(after).devices:
        yield DevicesChange()


@derivations.on(TracksRendered)
def _rendered(action: TracksRendered, _before: State, _after: State) -> Iterator[Event]:
    """A report."""
    if action.error is None:
        yield MediaTrackRendered(track_ids=action.track_ids, selector=action.container)
    else:
        yield MediaTrackRendered(track_ids=action.track_ids, error=action.error)

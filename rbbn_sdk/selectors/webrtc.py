"""Tracks, media and devices (`call-media` 10, 13)."""

from attrs import frozen

from rbbn_sdk.engine import State, create_selector, item_of
from rbbn_sdk.ports import Device
from rbbn_sdk.reducers.webrtc import MediaObject, MediaSession, TrackObject, webrtc
from rbbn_sdk.types import CallId, MappingRecord, MediaId, TrackId


@frozen(kw_only=True, weakref_slot=False)
class DeviceInfo(MappingRecord):
    """A device."""

    device_id: str
    group_id: str
    kind: str
    """`audioinput`, `videoinput` or `audiooutput`."""
    label: str


@frozen(kw_only=True, weakref_slot=False)
class DevicesObject(MappingRecord):
    """The devices of this machine."""

    camera: tuple[DeviceInfo, ...]
    microphone: tuple[DeviceInfo, ...]
    speaker: tuple[DeviceInfo, ...]


def track_by_id(state: State, track_id: TrackId) -> TrackObject | None:
    """The track; the identical object until something about it changes."""
    return item_of(webrtc(state).tracks, track_id)


def media_by_id(state: State, media_id: MediaId) -> MediaObject | None:
    """The media; the identical object until something about it changes."""
    return item_of(webrtc(state).media, media_id)


def media_session(state: State, call_id: CallId) -> MediaSession | None:
    """The media of a call that is not over."""
    return item_of(webrtc(state).sessions, call_id)


def may_be_answered(state: State, call_id: CallId) -> bool:
    """Whether the other side may have an answer of ours that the gateway did not confirm."""
    session = media_session(state, call_id)
    return session is not None and bool(session.unconfirmed_answer)


def known_tracks(state: State, track_ids: tuple[TrackId, ...]) -> tuple[TrackId, ...]:
    """Those of the ids that are tracks."""
    tracks = webrtc(state).tracks
    return tuple(track_id for track_id in track_ids if track_id in tracks)


def _devices(state: State) -> tuple[Device, ...]:
    return webrtc(state).devices


def _by_kind(known: tuple[Device, ...]) -> DevicesObject:
    def of_kind(kind: str) -> tuple[DeviceInfo, ...]:
        return tuple(_info(device) for device in known if device.kind == kind)

    return DevicesObject(camera=of_kind("videoinput"), microphone=of_kind("audioinput"), speaker=of_kind("audiooutput"))


def _info(device: Device) -> DeviceInfo:
    return DeviceInfo(device_id=device.device_id, group_id=device.group_id, kind=device.kind, label=device.label)


devices = create_selector(_devices, _by_kind)
"""What `media.get_devices` tells."""

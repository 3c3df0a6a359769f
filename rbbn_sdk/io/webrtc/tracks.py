"""The tracks of a client. `Devices` opens local ones and renders all; `Peers` sends local ones and adds remote ones."""

from collections.abc import Callable

from rbbn_sdk.errors import MediaError
from rbbn_sdk.io.webrtc.hub import Hub
from rbbn_sdk.types import TrackId


def _nobody(track_id: TrackId) -> None:
    """Nobody wants to know."""


class Tracks:
    """Every live track of one client by its id. Shared by the client's `AiortcPeers` and `RtcDevices`."""

    def __init__(self) -> None:
        self._hubs: dict[TrackId, Hub] = {}
        self.ended: Callable[[TrackId], None] = _nobody
        """Called when a track is gone."""

    def __contains__(self, track_id: object) -> bool:
        return track_id in self._hubs

    def get(self, track_id: TrackId) -> Hub | None:
        """The track, or None."""
        return self._hubs.get(track_id)

    def require(self, track_id: TrackId) -> Hub:
        """The track. Raises `MediaError`."""
        hub = self._hubs.get(track_id)
        if hub is None:
            raise MediaError(f"track {track_id!r} is not open: it was stopped or never opened")
        return hub

    def add(self, hub: Hub) -> None:
        """Add a track. Raises `MediaError` when its id is taken."""
        if hub.track_id in self._hubs:
            raise MediaError(f"track {hub.track_id!r} is open already")
        self._hubs[hub.track_id] = hub

    def discard(self, track_id: TrackId) -> None:
        """Forget a track and those who listen to it; an unknown one is ignored."""
        hub = self._hubs.pop(track_id, None)
        if hub is not None:
            self.ended(track_id)
            hub.end()

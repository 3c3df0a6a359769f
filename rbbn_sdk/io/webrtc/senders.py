"""The senders of one peer, and what each of them sends."""

from aiortc import RTCRtpTransceiver

from rbbn_sdk.errors import MediaError
from rbbn_sdk.io.webrtc.hub import Hub
from rbbn_sdk.io.webrtc.outgoing import OutgoingTrack, outgoing_track
from rbbn_sdk.io.webrtc.private.peer import OwnPeerConnection

_WITH_SENDING = {"recvonly": "sendrecv", "inactive": "sendonly"}


class Senders:
    """Gives each transceiver one outgoing track for life, and that track its source."""

    def __init__(self) -> None:
        self._outgoing: dict[RTCRtpTransceiver, OutgoingTrack] = {}

    def add(self, engine: OwnPeerConnection, hub: Hub) -> None:
        """Send a track, on the first free transceiver of its kind (`call-media` 2.5)."""
        if any(outgoing.source is hub for outgoing in self._outgoing.values()):
            raise MediaError(f"track {hub.track_id!r} is sent already")
        free = (t for t in engine.getTransceivers() if t.kind == hub.kind.value and self._is_free(t))
        transceiver = next(free, None) or engine.addTransceiver(hub.kind.value, direction="sendrecv")
        outgoing = self._outgoing.get(transceiver) or outgoing_track(hub.kind)
        if transceiver not in self._outgoing:
            self._outgoing[transceiver] = outgoing
            transceiver.sender.replaceTrack(outgoing)
        outgoing.replace(hub)
        transceiver.direction = _WITH_SENDING.get(transceiver.direction, transceiver.direction)
        engine.name_sender(transceiver, hub.media_id, hub.track_id)

    def _is_free(self, transceiver: RTCRtpTransceiver) -> bool:
        outgoing = self._outgoing.get(transceiver)
        return not transceiver.stopped and (outgoing is None or outgoing.free)

    def close(self) -> None:
        """End all."""
        for outgoing in self._outgoing.values():
            outgoing.stop()

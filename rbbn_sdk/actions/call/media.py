"""The media of calls: sessions, tracks, the connection (`call-media` 1, 18)."""

from typing import ClassVar

from attrs import frozen

from rbbn_sdk.actions.call.base import CallFact
from rbbn_sdk.ports import CustomParameter, LocalTrack
from rbbn_sdk.ports.peers import RemoteTrack
from rbbn_sdk.types import PeerId
from rbbn_sdk.types.call import MediaConnectionState


@frozen(kw_only=True, weakref_slot=False)
class LocalTracksOpened(CallFact):
    """Microphones, cameras and the like were opened for a call. No event."""

    TYPE: ClassVar[str] = "call/LOCAL_TRACKS_OPENED"

    tracks: tuple[LocalTrack, ...]


@frozen(kw_only=True, weakref_slot=False)
class PeerOpened(CallFact):
    """The call has a peer connection from now on, in place of the one before. No event."""

    TYPE: ClassVar[str] = "call/PEER_OPENED"

    peer_id: PeerId


@frozen(kw_only=True, weakref_slot=False)
class RemoteOfferApplied(CallFact):
    """The peer connection knows the other side's offer. No event."""

    TYPE: ClassVar[str] = "call/REMOTE_OFFER_APPLIED"

    sdp: str
    """As it came: needed again when a peer connection has to be replaced."""
    remote_tracks: tuple[RemoteTrack, ...]


@frozen(kw_only=True, weakref_slot=False)
class MediaDropped(CallFact):
    """Local tracks and peer connection of an attempt that failed were closed; the call goes on. No event."""

    TYPE: ClassVar[str] = "call/MEDIA_DROPPED"


@frozen(kw_only=True, weakref_slot=False)
class AnswerUnconfirmed(CallFact):
    """The gateway did not say whether it took our answer, so the next attempt has to send the same. No event."""

    TYPE: ClassVar[str] = "call/ANSWER_UNCONFIRMED"

    sdp: str


@frozen(kw_only=True, weakref_slot=False)
class MediaClosed(CallFact):
    """All media of an ended call was closed. No event."""

    TYPE: ClassVar[str] = "call/MEDIA_CLOSED"


@frozen(kw_only=True, weakref_slot=False)
class MediaConnectionChanged(CallFact):
    """The connection to the other side got into another state. Followed by `call:mediaConnectionChange`."""

    TYPE: ClassVar[str] = "call/MEDIA_CONNECTION_CHANGED"

    state: MediaConnectionState


@frozen(kw_only=True, weakref_slot=False)
class CustomParametersReceived(CallFact):
    """The other side sent parameters. Followed by `call:customParameters`."""

    TYPE: ClassVar[str] = "call/CUSTOM_PARAMETERS_RECEIVED"

    custom_parameters: tuple[CustomParameter, ...]

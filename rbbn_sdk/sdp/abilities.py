"""What the WebRTC engine can do. The defaults are aiortc's."""

from typing import Final

from attrs import frozen

_MID: Final = "urn:ietf:params:rtp-hdrext:sdes:mid"
_AUDIO_LEVEL: Final = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
_ABS_SEND_TIME: Final = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
_VIDEO_FEEDBACK: Final = ("nack", "nack pli", "goog-remb")


@frozen(kw_only=True, weakref_slot=False)
class CodecAbility:
    """A codec the engine has."""

    kind: str
    name: str
    rate: int
    channels: int = 1
    payload: int
    """Its payload type when nobody says otherwise."""
    feedback: tuple[str, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    """Format parameters that another side must have with just this value (missing ones count as '')."""
    h264_profiles: tuple[str, ...] = ()
    """`profile-level-id`s whose profiles it can do; only for H264."""


@frozen(kw_only=True, weakref_slot=False)
class EngineAbilities:
    """What the engine can do with a description."""

    codecs: tuple[CodecAbility, ...] = (
        CodecAbility(kind="audio", name="opus", rate=48000, channels=2, payload=96),
        CodecAbility(kind="audio", name="G722", rate=8000, payload=9),
        CodecAbility(kind="audio", name="PCMU", rate=8000, payload=0),
        CodecAbility(kind="audio", name="PCMA", rate=8000, payload=8),
        CodecAbility(kind="video", name="VP8", rate=90000, payload=97, feedback=_VIDEO_FEEDBACK),
        CodecAbility(
            kind="video",
            name="H264",
            rate=90000,
            payload=99,
            feedback=_VIDEO_FEEDBACK,
            parameters=(("packetization-mode", "1"),),
            h264_profiles=("42001f", "42e01f"),
        ),
    )
    rtx: bool = True
    audio_extensions: tuple[str, ...] = (_MID, _AUDIO_LEVEL)
    video_extensions: tuple[str, ...] = (_MID, _ABS_SEND_TIME)
    dynamic_payloads: tuple[tuple[int, int], ...] = ((96, 127), (35, 63))
    """Ranges of payload types it takes from another side; outside of these it knows its own only."""
    integer_parameters: tuple[str, ...] = (
        "apt",
        "max-fr",
        "max-fs",
        "maxplaybackrate",
        "minptime",
        "stereo",
        "useinbandfec",
    )
    """Format parameters it reads as numbers, and stumbles over anything else."""
    mdns: bool = True
    """Whether candidates with `.local` names are passed on; each costs up to 1 s and a question to the local link."""
    max_candidates: int = 100
    """RFC 8445 6.1.2.5: the most promising are kept."""

    def extensions(self, kind: str) -> tuple[str, ...]:
        """Header extensions for a kind of media."""
        return self.audio_extensions if kind == "audio" else self.video_extensions

    def of_kind(self, kind: str) -> tuple[CodecAbility, ...]:
        """Codecs for a kind of media."""
        return tuple(codec for codec in self.codecs if codec.kind == kind)


AIORTC: Final = EngineAbilities()
MID_EXTENSION: Final = _MID

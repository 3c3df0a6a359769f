"""What came of reading a foreign description for the engine."""

from attrs import frozen

from rbbn_sdk.sdp.media import Codec, StreamTrack


@frozen(kw_only=True, weakref_slot=False)
class SectionPlan:
    """One section of the description as it was on the wire."""

    index: int
    """Its place on the wire."""
    kind: str
    mid: str | None
    """As written on the wire; None when the section has none (or none that can be used)."""
    engine_index: int | None
    """Its place in the engine's text; None for kinds that the engine has no sections for."""
    engine_mid: str
    """The mid in the engine's text; '' when it is not in there."""
    refused: str = ""
    """Why the section cannot be used; '' for one that can."""
    direction: str = "inactive"
    """As its writer sees it: `sendrecv`, `sendonly`, `recvonly` or `inactive`; a refused section is `inactive`."""
    tracks: tuple[StreamTrack, ...] = ()
    """The writer's streams and tracks, by `a=msid` or older lines; only the first is played."""
    codecs: tuple[Codec, ...] = ()
    """Those that the engine was given, retransmission formats included."""
    telephone_events: tuple[Codec, ...] = ()
    """Formats for DTMF, in the writer's order."""
    payload_aliases: tuple[tuple[int, int], ...] = ()
    """In answers: (number we offered, number that was answered) of the same codec, where they differ. The other side
    may send with either."""
    bitrate: int | None = None
    """The writer's limit for what we send in this section, in bit/s; None when there is none."""
    ssrc: int | None = None
    """The source of the first stream, if the writer says."""

    @property
    def usable(self) -> bool:
        """Whether media can flow."""
        return not self.refused

    @property
    def sends(self) -> bool:
        """Whether the writer wants to send."""
        return self.direction in ("sendrecv", "sendonly")


@frozen(kw_only=True, weakref_slot=False)
class EngineView:
    """What the engine gets, and how that relates to the wire."""

    text: str
    """For `setRemoteDescription`."""
    sections: tuple[SectionPlan, ...]
    """One for each section on the wire, in order."""
    bundled: bool
    """False when usable sections have transports of their own: the engine must not put them on one."""
    problems: tuple[str, ...] = ()
    """Sentences for the log: sections refused, lines that were passed over."""
    fingerprints: tuple[str, ...] = ()
    """Of the usable sections, `sha-256 AB:...`. Others than last time come from another peer."""
    session_id: str = ""
    """Of the `o=` line. Another one than last time comes from another peer."""

"""Session descriptions: a lossless model, and all that is made of it. Pure, no engine in it.

The way of a description (all of it text, as it is on the wire or as the engine takes it):

    foreign offer  -> view_offer(sdp, abilities=AIORTC, known_mids=(), reoffer=False) -> EngineView
                      `view.text` is for the engine, `view.sections` tells what became of each section on the wire
    engine answer  -> wire_answer(engine_answer, offer=sdp, view=view, origin=Origin(...)) -> str
                      mirrors the offer; refused sections have port 0
    engine offer   -> wire_offer(engine_offer, origin=Origin(...), negotiated="last answer on the wire") -> str
    foreign answer -> view_answer(sdp, wire_offer=..., engine_offer=..., abilities=AIORTC, local_is_caller=True,
                      remote_setup="") -> EngineView
                      `view.text` has every section of our offer; SdpError `call:11` for another order
    own, gathered  -> with_candidates(own, [[candidate, ...] per audio/video section], complete=True) -> str
    own, munged    -> codec_changes(original, munged) -> tuple[CodecChange, ...]: what to take from the engine
                      with_origin(own, Origin(...)) -> str

`view_offer` and `view_answer` raise `SdpError` only (`call:2`, `call:11`); all else is total over any text.

Model: parse(text) -> Description; `.text` is the same text again; `.session`, `.media`, `.edit_session(edit)`,
`.edit_media(index, edit)`, `.edit_all_media(edit)`. Readers: origin, mid, direction, media_line, codecs,
telephone_events, stream_tracks, ssrcs, transport, candidate ...

Questions: media_offered(sdp) -> kinds; remote_bandwidth(sdp) -> RemoteBandwidth (bit/s); origin_session_id(sdp);
fingerprints(sdp); is_connection_hold(sdp); first_setup(sdp).

Handlers, text to text: remove_trickle_option, remove_bundling, fix_dtls_role(sdp, role), fix_actpass(sdp, role),
open_dtls_role, remove_sdes, set_bandwidth(sdp, call=, audio=, video=).

Object form for applications' handlers: to_object(sdp) -> dict; from_object(object) -> str; to_object unmodified gives
the same text. create_codec_remover(codecs) -> handler(new_sdp, info, original_sdp) on that form.
"""

from rbbn_sdk.sdp.abilities import AIORTC, CodecAbility, EngineAbilities
from rbbn_sdk.sdp.answer_view import view_answer
from rbbn_sdk.sdp.changes import CodecChange, codec_changes, with_candidates, with_origin
from rbbn_sdk.sdp.codec_remover import CodecSelector, SdpHandler, create_codec_remover
from rbbn_sdk.sdp.handler_object import SdpObject, from_object, to_object
from rbbn_sdk.sdp.handlers import (
    first_setup,
    fix_actpass,
    fix_dtls_role,
    open_dtls_role,
    remove_bundling,
    remove_sdes,
    remove_trickle_option,
    set_bandwidth,
)
from rbbn_sdk.sdp.media import (
    Codec,
    HeaderExtension,
    MediaLine,
    Ssrc,
    StreamTrack,
    codecs,
    header_extensions,
    media_line,
    ssrcs,
    stream_tracks,
    telephone_events,
)
from rbbn_sdk.sdp.mirror import wire_answer
from rbbn_sdk.sdp.model import Description, Line, Section
from rbbn_sdk.sdp.offer_view import view_offer
from rbbn_sdk.sdp.offered import (
    RemoteBandwidth,
    fingerprints,
    is_connection_hold,
    media_offered,
    origin_session_id,
    remote_bandwidth,
)
from rbbn_sdk.sdp.own_offer import wire_offer
from rbbn_sdk.sdp.parse import parse
from rbbn_sdk.sdp.read import Bandwidth, Origin, bandwidths, direction, mid, origin
from rbbn_sdk.sdp.transport import Candidate, Fingerprint, Transport, candidate, transport
from rbbn_sdk.sdp.view import EngineView, SectionPlan

__all__ = [
    "AIORTC",
    "Bandwidth",
    "Candidate",
    "Codec",
    "CodecAbility",
    "CodecChange",
    "CodecSelector",
    "Description",
    "EngineAbilities",
    "EngineView",
    "Fingerprint",
    "HeaderExtension",
    "Line",
    "MediaLine",
    "Origin",
    "RemoteBandwidth",
    "SdpHandler",
    "SdpObject",
    "Section",
    "SectionPlan",
    "Ssrc",
    "StreamTrack",
    "Transport",
    "bandwidths",
    "candidate",
    "codec_changes",
    "codecs",
    "create_codec_remover",
    "direction",
    "fingerprints",
    "first_setup",
    "fix_actpass",
    "fix_dtls_role",
    "from_object",
    "header_extensions",
    "is_connection_hold",
    "media_line",
    "media_offered",
    "mid",
    "open_dtls_role",
    "origin",
    "origin_session_id",
    "parse",
    "remote_bandwidth",
    "remove_bundling",
    "remove_sdes",
    "remove_trickle_option",
    "set_bandwidth",
    "ssrcs",
    "stream_tracks",
    "telephone_events",
    "to_object",
    "transport",
    "view_answer",
    "view_offer",
    "wire_answer",
    "wire_offer",
    "with_candidates",
    "with_origin",
]

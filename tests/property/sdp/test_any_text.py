"""Any text is a description: it comes back as it was, and nothing but `SdpError` is raised about it."""

import copy
import json
from pathlib import Path

import pytest
from aiortc.codecs import CODECS
from aiortc.rtcpeerconnection import find_common_codecs
from aiortc.sdp import SessionDescription
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rbbn_sdk import sdp
from rbbn_sdk.errors import SdpError

DATA = Path(__file__).parents[2] / "data" / "sdp"
REAL = {
    path.name: path.read_bytes().decode()
    for path in sorted(DATA.rglob("*.sdp"))
    if path.name != "very-many-candidates.sdp"  # 90 kB: mutated, it would only be slow
}
ENGINE_OFFER = (DATA / "engine" / "offer-audio-video.sdp").read_bytes().decode()
ORIGIN = sdp.Origin(session_id="7", version="1")
LINE_ENDS = st.sampled_from(["\r\n", "\n", "\r", "\n\n", "\r\r\n"])
WORDS = st.sampled_from(
    [
        *("m=", "a=", "b=AS", "b=TIAS:-1", "c=IN", "o=", "o=- 1", "=", "", " ", "\u2028", "\x85a=mid:1"),
        *("m=audio", "m=audio 9", "m=video 0 UDP/TLS/RTP/SAVPF", f"m=audio {'9' * 30}/1 RTP/SAVPF 96"),
        *("a=rtpmap:", "a=rtpmap:0", f"a=rtpmap:96 opus/{'9' * 25}/2", "a=fmtp:111 x=;=y", "a=fmtp:97 apt=\u0661"),
        *("a=mid:", "a=mid:0", "a=group:BUNDLE", "a=group:BUNDLE 0 0 1", "a=bundle-only", "a=rtcp-fb:*"),
        *("a=candidate:", "a=ssrc:", "a=ssrc:1", "a=ssrc-group:FID 1", "a=ssrc-group:FID 1 1", "a=msid:"),
        *("a=extmap:1", "a=crypto:1", "a=setup:", "a=fingerprint:sha-256", "a=ice-ufrag:"),
    ]
)
TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(st.tuples(WORDS, LINE_ENDS), max_size=25).map(lambda lines: "".join(word + end for word, end in lines)),
)
FAST = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A real description with a few lines cut short, doubled, moved, dropped, replaced or glued together."""
    lines = draw(st.sampled_from(sorted(REAL.values()))).splitlines(keepends=True)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        lines[at] = draw(st.sampled_from(_mutations(lines[at])) | (WORDS.map(lambda word: word + "\r\n")))
        other = draw(st.integers(0, len(lines) - 1))
        lines[at], lines[other] = lines[other], lines[at]
    return "".join(lines)


def _mutations(line: str) -> list[str]:
    body = line.rstrip("\r\n")
    cut = [body[: len(body) // 2], body[:2], body[: body.find(":") + 1], body.rpartition(" ")[0]]
    changed = [
        body.upper(),
        body.replace(" ", "  "),
        body.replace(" ", "\t"),
        body + " ",
        f" {body}",
        body.replace("=", ""),
    ]
    grown = [body + ";" + body, body + " 99999999999999999999", body + "\u00a0\u4f1a", f"{body}\r\n{body}", body * 3]
    return ["", body, *(text + "\r\n" for text in (*cut, *changed, *grown))]


def views(text: str) -> list[sdp.EngineView]:
    """What comes of the text as an offer and as an answer, where something does."""
    found: list[sdp.EngineView] = []
    refusals: list[SdpError] = []
    wire = sdp.wire_offer(ENGINE_OFFER, origin=ORIGIN, negotiated=text)
    for make in (
        lambda: sdp.view_offer(text),
        lambda: sdp.view_offer(text, known_mids=("0", "1"), reoffer=True),
        lambda: sdp.view_answer(text, wire_offer=wire, engine_offer=ENGINE_OFFER),
        lambda: sdp.view_answer(text, wire_offer=text, engine_offer=ENGINE_OFFER, local_is_caller=False),
    ):
        try:
            found.append(make())
        except SdpError as error:
            refusals.append(error)
    assert all(error.code in ("call:2", "call:11") and error.message for error in refusals)
    return found


@given(text=TEXTS | mutated())
@example("")
@example("\r")
@example("v=0\r\r\nm=audio\r")
@FAST
def test_parsing_and_printing_gives_the_same_text(text: str) -> None:
    """Nothing of a description may get lost on its way through us."""
    assert sdp.parse(text).text == text


@given(text=TEXTS | mutated())
@FAST
def test_the_object_form_unmodified_gives_the_same_text(text: str) -> None:
    """A handler that changes nothing must change nothing, also after a copy or a way through JSON."""
    form = sdp.to_object(text)
    assert sdp.from_object(form) == text
    assert sdp.from_object(copy.deepcopy(form)) == text
    assert sdp.from_object(json.loads(json.dumps(form))) == text


@given(text=TEXTS | mutated())
@FAST
def test_no_reader_and_no_handler_raises(text: str) -> None:
    """What comes from the network is untrusted."""
    sdp.media_offered(text), sdp.remote_bandwidth(text), sdp.origin_session_id(text), sdp.fingerprints(text)
    sdp.is_connection_hold(text), sdp.first_setup(text), sdp.codec_changes(text, text), sdp.origin(sdp.parse(text))
    sdp.with_candidates(text, [["1 1 udp 1 127.0.0.1 5 typ host"]], complete=True)
    sdp.with_origin(text, ORIGIN), sdp.remove_sdes(text), sdp.remove_trickle_option(text), sdp.remove_bundling(text)
    sdp.fix_actpass(text, "passive"), sdp.fix_dtls_role(text, "active"), sdp.open_dtls_role(text)
    sdp.set_bandwidth(text, call=1, audio=2, video=3)
    sdp.create_codec_remover(["opus", "VP8"])(sdp.to_object(text), {}, {})


@given(text=TEXTS | mutated())
@FAST
def test_a_foreign_description_gives_the_engine_normal_form_or_an_sdp_error(text: str) -> None:
    """Only what the engine knows reaches it, one section for each audio or video section of the wire, no two alike."""
    for view in views(text):
        engine = sdp.parse(view.text)
        names = [sdp.mid(section) for section in engine.media]
        in_engine = [plan for plan in view.sections if plan.engine_index is not None]
        assert view.text.isprintable() is False
        assert all(line.end == "\r\n" and line.text.isprintable() for line in engine.session.lines)
        assert [plan.engine_mid for plan in in_engine] == names
        assert len(set(names)) == len(names)
        assert any(plan.usable for plan in view.sections)
        assert all(plan.usable or plan.direction == "inactive" for plan in view.sections)


@given(text=TEXTS | mutated())
@FAST
def test_our_answer_mirrors_whatever_was_offered(text: str) -> None:
    """Same number of sections, same kinds, same mids; what is refused has port 0, what is used has not."""
    try:
        view = sdp.view_offer(text)
    except SdpError:
        return
    answer = sdp.parse(sdp.wire_answer(view.text, offer=text, view=view, origin=ORIGIN))
    offer = sdp.parse(text)
    assert len(answer.media) == len(offer.media)
    for plan, ours, theirs in zip(view.sections, answer.media, offer.media, strict=True):
        assert sdp.mid(ours) == sdp.mid(theirs)
        assert sdp.media_line(ours).kind == (sdp.media_line(theirs).kind or "audio")
        assert bool(sdp.media_line(ours).port) is plan.usable


@pytest.mark.media
@given(text=TEXTS | mutated())
@FAST
def test_the_engine_reads_what_is_written_for_it_and_agrees_on_the_codecs(text: str) -> None:
    """Its parser asserts and raises at much; nothing of that kind may be left in our text."""
    for view in views(text):
        plans = [plan for plan in view.sections if plan.engine_index is not None]
        for media, plan in zip(SessionDescription.parse(view.text).media, plans, strict=True):
            assert media.ice.usernameFragment
            assert media.rtcp_mux
            agreed = [codec.payloadType for codec in find_common_codecs(CODECS[media.kind], media.rtp.codecs)]
            assert agreed
            assert not plan.usable or agreed == [codec.payload for codec in plan.codecs]

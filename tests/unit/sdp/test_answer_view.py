"""What the engine gets of foreign answers: always all sections of our offer, under our mids."""

from collections.abc import Callable

import pytest

from rbbn_sdk import sdp
from rbbn_sdk.errors import SdpError

View = Callable[..., sdp.EngineView]


@pytest.fixture
def view(wire_offer: str, engine_offer: str) -> View:
    """The view of an answer to our audio and video offer."""
    return lambda answer, **more: sdp.view_answer(answer, wire_offer=wire_offer, engine_offer=engine_offer, **more)


@pytest.fixture
def audio_view(load, origin: sdp.Origin) -> View:
    """The view of an answer to our audio offer."""
    engine = load("engine/offer-audio")
    wire = sdp.wire_offer(engine, origin=origin)
    return lambda answer, **more: sdp.view_answer(answer, wire_offer=wire, engine_offer=engine, **more)


@pytest.fixture
def answer(wire_offer: str) -> str:
    """A plain answer to all that we offered."""
    return wire_offer.replace("a=setup:actpass", "a=setup:active")


def engine(view: sdp.EngineView) -> sdp.Description:
    return sdp.parse(view.text)


def without_mids(text: str) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("a=mid:"))


def test_a_plain_answer_is_usable_as_a_whole(view: View, answer: str) -> None:
    found = view(answer)
    assert [plan.refused for plan in found.sections] == ["", ""]
    assert [sdp.mid(section) for section in engine(found).media] == ["0", "1"]
    assert found.bundled


def test_a_naked_refusal_is_completed_for_the_engine(view: View, load) -> None:
    """F03: port 0, one unknown format, no attributes; audio goes on."""
    found = view(load("answer-rejected-video-bare"))
    video = engine(found).media[1]
    assert [plan.usable for plan in found.sections] == [True, False]
    assert (sdp.mid(video), video.has("inactive"), video.attribute("setup")) == ("1", True, "active")
    assert sdp.codecs(video)[0].name == "VP8"


def test_telephone_events_at_another_clock_than_the_codec_are_found(audio_view: View, load) -> None:
    """F22: Opus at 48000, events only at 8000, with numbers of the answerer's own."""
    plan = audio_view(load("answer-opus-te8000")).sections[0]
    assert [(event.payload, event.rate) for event in plan.telephone_events] == [(126, 8000)]
    assert plan.payload_aliases == ((96, 111),)


def test_sections_that_the_answer_left_out_count_as_refused(view: View, load) -> None:
    found = view(load("answer-opus-te8000"))
    assert [plan.refused for plan in found.sections] == ["", "its port is 0"]
    assert len(engine(found).media) == 2


def test_missing_mids_are_ours_by_place(view: View, answer: str) -> None:
    found = view(without_mids(answer))
    assert [plan.engine_mid for plan in found.sections] == ["0", "1"]
    assert found.bundled


def test_mids_of_the_answerers_own_are_read_as_ours_by_place(view: View, answer: str) -> None:
    """Some gateways name sections anew."""
    renamed = (
        answer.replace("a=mid:0", "a=mid:audio")
        .replace("a=mid:1", "a=mid:video")
        .replace("BUNDLE 0 1", "BUNDLE audio video")
    )
    assert [plan.engine_mid for plan in view(renamed).sections] == ["0", "1"]


def test_too_many_sections_are_a_mismatch(audio_view: View, answer: str) -> None:
    with pytest.raises(SdpError, match="2 media sections for the 1") as caught:
        audio_view(answer)
    assert caught.value.code == "call:11"


def test_another_kind_in_a_place_is_a_mismatch(view: View, answer: str) -> None:
    with pytest.raises(SdpError, match="is video, but audio was offered") as caught:
        view(answer.replace("m=audio", "m=video"))
    assert caught.value.code == "call:11"


def test_another_order_is_a_mismatch(load, origin: sdp.Origin, engine_offer: str) -> None:
    """Same kinds, but the mids say that the sections changed places."""
    audio_twice = engine_offer.replace("m=video", "m=audio")
    wire = sdp.wire_offer(audio_twice, origin=origin)
    swapped = wire.replace("a=mid:0", "a=mid:x").replace("a=mid:1", "a=mid:0").replace("a=mid:x", "a=mid:1")
    with pytest.raises(SdpError, match="mid 1 of section 1") as caught:
        sdp.view_answer(swapped, wire_offer=wire, engine_offer=audio_twice)
    assert caught.value.code == "call:11"


def test_an_answer_that_refuses_all_cannot_be_used(view: View, answer: str) -> None:
    refused = "".join(
        f"m={line.split()[0][2:]} 0 {' '.join(line.split()[2:])}\r\n" if line.startswith("m=") else line
        for line in answer.splitlines(keepends=True)
    )
    with pytest.raises(SdpError, match="port is 0") as caught:
        view(refused)
    assert caught.value.code == "call:2"


def test_an_answer_without_rtcp_mux_names_it(audio_view: View, load) -> None:
    with pytest.raises(SdpError, match="rtcp-mux"):
        audio_view(load("answer-opus-te8000").replace("a=rtcp-mux\r\n", ""))


@pytest.mark.parametrize(
    ("written", "more", "read"),
    [
        ("a=setup:active", {}, "active"),
        ("a=setup:passive", {}, "passive"),
        ("a=setup:actpass", {}, "passive"),
        ("a=setup:actpass", {"local_is_caller": False}, "active"),
        ("a=x", {}, "active"),
        ("a=setup:holdconn", {"remote_setup": "passive"}, "passive"),
    ],
    ids=["active", "passive", "actpass to the caller", "actpass to the callee", "none", "holdconn"],
)
def test_an_answer_always_has_a_dtls_role(audio_view: View, load, written: str, more: dict, read: str) -> None:
    """`call-media` 2.6; the engine takes `active` and `passive` only."""
    answer = load("answer-opus-te8000").replace("a=setup:active", written)
    assert engine(audio_view(answer, **more)).media[0].attribute("setup") == read


def test_an_answer_gives_no_more_than_was_offered(
    view: View, engine_offer: str, origin: sdp.Origin, answer: str
) -> None:
    """Codecs taken out of our offer stay out, and nobody sends where we do not receive."""
    wire = sdp.from_object(
        sdp.create_codec_remover(["VP8"])(sdp.to_object(sdp.wire_offer(engine_offer, origin=origin)), {}, {})
    ).replace("a=sendrecv", "a=sendonly", 1)
    found = sdp.view_answer(answer, wire_offer=wire, engine_offer=engine_offer)
    assert {codec.name for codec in found.sections[1].codecs} == {"H264", "rtx"}
    assert [plan.direction for plan in found.sections] == ["recvonly", "sendrecv"]


def test_a_codec_that_was_not_offered_is_a_refusal(engine_offer: str, wire_offer: str, answer: str) -> None:
    only_vp8 = sdp.from_object(sdp.create_codec_remover(["H264"])(sdp.to_object(wire_offer), {}, {}))
    only_h264 = sdp.from_object(sdp.create_codec_remover(["VP8"])(sdp.to_object(answer), {}, {}))
    found = sdp.view_answer(only_h264, wire_offer=only_vp8, engine_offer=engine_offer)
    assert found.sections[1].refused == "none of its codecs was offered"


def test_an_answer_cannot_revive_a_section_that_we_turned_down(engine_offer: str, wire_offer: str, answer: str) -> None:
    head = next(line for line in wire_offer.splitlines() if line.startswith("m=video"))
    down = wire_offer.replace(head, " ".join(("m=video", "0", *head.split()[2:])))
    found = sdp.view_answer(answer, wire_offer=down, engine_offer=engine_offer)
    assert found.sections[1].refused == "it was not offered (port 0)"


def test_a_provisional_answer_without_bundle_is_told_apart(view: View, answer: str) -> None:
    assert not view(sdp.remove_bundling(answer)).bundled


def test_offers_of_different_length_are_an_error_of_ours(wire_offer: str, load, answer: str) -> None:
    with pytest.raises(SdpError, match="2 audio and video sections and the engine's has 1"):
        sdp.view_answer(answer, wire_offer=wire_offer, engine_offer=load("engine/offer-audio"))

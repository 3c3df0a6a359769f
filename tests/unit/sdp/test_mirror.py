"""Our answers and offers on the wire."""

from collections.abc import Callable
from pathlib import Path

import pytest

from rbbn_sdk import sdp

DATA = Path(__file__).parents[2] / "data" / "sdp"
Answered = Callable[[str], sdp.Description]

USABLE = [
    "h264-odd-level", "hold-connection-zero", "ipv6-only", "legacy-pbx-no-mid", "lf-no-final-newline", "many-b-lines",
    "non-ascii-session-name", "plan-b-two-audio", "port-count", "setup-holdconn", "static-pt-no-rtpmap",
    "unknown-candidate-kinds", "very-many-candidates", "vendors/asterisk-audio-video-no-bundle",
    "vendors/chrome-audio-video", "vendors/chrome-bundle-only", "vendors/chrome-data-channel",
    "vendors/desk-phone-video-refused", "vendors/firefox-audio-video", "vendors/freeswitch-audio",
    "vendors/kamailio-session-level", "vendors/rtpengine-audio", "vendors/safari-audio-video",
]  # fmt: skip


@pytest.mark.parametrize("name", USABLE)
def test_an_answer_has_the_sections_of_the_offer(load, answered: Answered, name: str) -> None:
    """Same count, order, kinds, protocols and mids (RFC 3264 6)."""
    offer, answer = sdp.parse(load(name)), answered(name)
    theirs, ours = map(sdp.media_line, offer.media), map(sdp.media_line, answer.media)
    assert [(line.kind, line.protocol) for line in ours] == [(line.kind, line.protocol) for line in theirs]
    assert [sdp.mid(section) for section in answer.media] == [sdp.mid(section) for section in offer.media]


@pytest.mark.parametrize("name", USABLE)
def test_an_answer_has_only_offered_formats(load, answered: Answered, name: str) -> None:
    offer, answer = sdp.parse(load(name)), answered(name)
    for ours, theirs in zip(answer.media, offer.media, strict=True):
        assert set(sdp.media_line(ours).formats) <= set(sdp.media_line(theirs).formats)


def test_an_old_pbx_gets_no_mid_and_no_bundle(answered: Answered) -> None:
    """F01: what was not offered is not answered."""
    answer = answered("legacy-pbx-no-mid")
    assert not answer.session.has("group")
    assert sdp.media_line(answer.media[0]).formats == ("0", "8", "101")
    assert not answer.media[0].has("mid")


def test_dtmf_of_static_offers_is_kept(answered: Answered) -> None:
    """F02: PCMU, PCMA and 101; G729 is ignored."""
    section = answered("static-pt-no-rtpmap").media[0]
    assert sdp.media_line(section).formats == ("0", "8", "101")
    assert "101 0-16" in section.attributes("fmtp")


def test_video_without_a_common_codec_is_turned_down(answered: Answered) -> None:
    """F13: port 0, one offered format, not in the group."""
    answer = answered("h264-odd-level")
    line = sdp.media_line(answer.media[1])
    assert (line.port, line.formats) == (0, ("97",))
    assert answer.session.attributes("group") == ("BUNDLE as",)


def test_a_data_channel_is_turned_down_and_video_after_it_is_not(answered: Answered) -> None:
    answer = answered("vendors/chrome-data-channel")
    assert [bool(sdp.media_line(section).port) for section in answer.media] == [True, False, True]
    assert answer.session.attributes("group") == ("BUNDLE 0 2",)


def test_fax_and_text_are_turned_down_in_their_places(answered: Answered) -> None:
    answer = answered("vendors/kamailio-session-level")
    assert [section.value("m") for section in answer.media[1:]] == ["image 0 udptl t38", "text 0 RTP/AVP 98"]


def test_only_the_events_that_fit_are_answered(answered: Answered) -> None:
    """At 8000 and at the clock of the first codec; Safari offers 16000 too. Ids and ranges as offered."""
    safari = [(one.payload, one.rate) for one in sdp.telephone_events(answered("vendors/safari-audio-video").media[0])]
    firefox = sdp.telephone_events(answered("vendors/firefox-audio-video").media[0])
    assert safari == [(110, 48000), (126, 8000)]
    assert [(one.payload, one.config) for one in firefox] == [(101, "0-15")]


def test_header_extension_ids_are_as_offered_and_directions_turned_round(answered: Answered) -> None:
    audio, video = answered("vendors/chrome-audio-video").media
    assert [one.id for one in sdp.header_extensions(audio)] == [1, 4]
    assert {(one.id, one.direction) for one in sdp.header_extensions(video)} == {(2, ""), (4, "sendonly")}


def test_an_answer_has_one_fingerprint_and_our_origin(
    answered: Answered, engine_offer: str, origin: sdp.Origin
) -> None:
    """Some gateways cannot read a second hash; the `o=` id is constant for a peer connection."""
    wire = sdp.parse(sdp.wire_offer(engine_offer, origin=origin))
    assert [len(section.attributes("fingerprint")) for section in wire.media] == [1, 1]
    assert answered("port-count").session.value("o") == "- 77 3 IN IP4 127.0.0.1"


def test_an_answer_that_does_not_send_names_no_stream(load, origin: sdp.Origin) -> None:
    offer = load("vendors/chrome-audio-video")
    view = sdp.view_offer(offer)
    engine = view.text.replace("a=setup:actpass", "a=setup:active").replace("a=sendrecv", "a=inactive")
    for section in sdp.parse(sdp.wire_answer(engine, offer=offer, view=view, origin=origin)).media:
        assert not section.has("msid")
        assert not section.has("ssrc")


def test_a_section_that_the_engine_lost_is_turned_down(load, origin: sdp.Origin) -> None:
    offer = load("vendors/chrome-audio-video")
    view = sdp.view_offer(offer)
    only_audio = view.text[: view.text.index("m=video")]
    answer = sdp.parse(sdp.wire_answer(only_audio, offer=offer, view=view, origin=origin))
    assert [bool(sdp.media_line(section).port) for section in answer.media] == [True, False]
    assert answer.session.attributes("group") == ("BUNDLE 0",)


def test_our_offer_adds_telephone_events_to_audio_only(wire_offer: str) -> None:
    audio, video = sdp.parse(wire_offer).media
    events = [(one.payload, one.rate, one.config) for one in sdp.telephone_events(audio)]
    assert events == [(110, 48000, "0-16"), (126, 8000, "0-16")]
    assert sdp.telephone_events(video) == ()


def test_event_numbers_do_not_collide_in_a_bundle(engine_offer: str, origin: sdp.Origin) -> None:
    """After a call from a browser the engine's video may have 126 and 110."""
    taken = engine_offer.replace(" 101 102", " 126 110").replace(":101 ", ":126 ").replace(":102 ", ":110 ")
    wire = sdp.parse(sdp.wire_offer(taken, origin=origin))
    numbers = [codec.payload for section in wire.media for codec in sdp.codecs(section)]
    assert len(numbers) == len(set(numbers))


def test_a_later_offer_keeps_event_numbers_and_sections_of_other_kinds(
    load, engine_offer: str, origin: sdp.Origin, answered: Answered
) -> None:
    """Sections never go away (RFC 3264 8), and numbers keep their meaning."""
    negotiated = answered("vendors/chrome-data-channel").text.replace("110", "105")
    wire = sdp.parse(sdp.wire_offer(engine_offer, origin=origin, negotiated=negotiated))
    assert [sdp.media_line(section).kind for section in wire.media] == ["audio", "application", "video"]
    assert sdp.media_line(wire.media[1]).port == 0
    assert [one.payload for one in sdp.telephone_events(wire.media[0])] == [105, 126]


@pytest.mark.parametrize(("direction", "port"), [("recvonly", 0), ("inactive", 0), ("sendrecv", 45616)])
def test_a_refused_section_stays_refused_until_we_want_to_send(
    load, engine_offer: str, origin: sdp.Origin, direction: str, port: int
) -> None:
    """F03: hold must not offer the video again that was turned down; a later addMedia may."""
    audio, _, video = engine_offer.rpartition("m=video")
    later = f"{audio}m=video{video.replace('a=sendrecv', f'a={direction}')}"
    wire = sdp.parse(sdp.wire_offer(later, origin=origin, negotiated=load("answer-rejected-video-bare")))
    assert sdp.media_line(wire.media[1]).port == port
    assert wire.session.attributes("group") == ("BUNDLE 0 1" if port else "BUNDLE 0",)


def test_of_several_groups_the_first_is_answered(load, origin: sdp.Origin) -> None:
    """The engine shares one transport; the others' sections keep transports of their own."""
    offer = load("vendors/asterisk-audio-video-no-bundle").replace(
        "t=0 0\r\n", "t=0 0\r\na=group:BUNDLE x\r\na=group:BUNDLE audio-0 video-1\r\n"
    )
    view = sdp.view_offer(offer)
    answer = sdp.parse(sdp.wire_answer(view.text, offer=offer, view=view, origin=origin))
    assert not view.bundled
    assert not answer.session.has("group")


def test_a_new_engine_with_fewer_sections_offers_what_it_has(load, origin: sdp.Origin, answered: Answered) -> None:
    """After the peer connection was replaced only what has a track is offered, under a new session id."""
    negotiated = answered("vendors/chrome-audio-video").text
    wire = sdp.parse(sdp.wire_offer(load("engine/offer-audio"), origin=origin, negotiated=negotiated))
    assert [sdp.media_line(section).kind for section in wire.media] == ["audio"]

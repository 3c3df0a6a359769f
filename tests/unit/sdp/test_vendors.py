"""Offers in the words of many makes, each with its quirks: what is answered, section by section."""

import pytest

from rbbn_sdk import sdp
from rbbn_sdk.errors import SdpError

ANSWERS = {
    "chrome-137-all": "+audio:111,9,0,8,110,126 +video:96,97,103,104,108,109",
    "chrome-simulcast-rid": "+video:96,97 +audio:111",
    "chrome-max-bundle-data-first": "-application +audio:111",
    "firefox-128": "+audio:109,9,0,8,101 +video:120,124,126,127 -application",
    "safari-17": "+audio:111,9,0,8,110,126 +video:98,99,100,101",
    "freeswitch-verto": "+audio:111,9,0,8,110,101",
    "asterisk-20-webrtc-yes": "+audio:107,9,0,8,101,121 +video:99,100",
    "rtpengine-osrtp": "+audio:96,8,0,97",
    "janus-sip-lite": "+audio:111 -video",
    "jitsi-focus": "+audio:111,126 +video:100,96,107,99 -application",
    "mediasoup-lite": "+audio:100 +audio:100 +video:101,102",
    "livekit-pion": "-application +audio:111,9,0,8",
    "cisco-cube-webex": "+audio:114,9,0,8,101 +video:99 -video -application",
    "polycom-vvx": "+audio:9,115,0,8,127",
    "yealink-t5": "+audio:9,0,8,107,101 -video -application -video",
    "avaya-sbce": "+audio:0,8,9,101",
    "mitel-micollab": "+audio:9,0,8,98",
    "acme-packet-sbc": "+audio:0,8,101",
    "audiocodes-sbc": "+audio:96,0,8,101",
    "ribbon-sbc": "+audio:0,8,9,101",
    "ribbon-media-broker": "+audio:96,9,8,0,101 +video:97,98",
    "genband-quantix": "+audio:8,0,101 -image",
    "teams-mediation": "+audio:111,9,0,8,101 -video",
    "metaswitch-perimeta": "+audio:8,0,101",
    "twilio-media": "+audio:111,0,8,126",
    "vonage-opentok": "+audio:109,110 +video:120,121",
    "linphone-desktop": "+audio:96,0,8,101,100 +video:96",
    "pjsip-pjsua": "+audio:0,8,96,120",
    "baresip": "+audio:96,8,0,101",
    "sipml5-2012": "+audio:111,9,0,8,126",
    "zoiper-5": "+audio:98,8,0,101",
    "grandstream-gxp": "+audio:123,0,8,9,101",
    "google-voice": "+audio:111,0,8,126",
    "two-transports-no-bundle": "+audio:0,101 +video:97",
    "mids-with-odd-words": "+audio:111 +video:97",
    "tabs-and-double-blanks": "+audio:111,0,101",
    "session-level-everything": "+audio:0,8,126",
    "low-dynamic-payload-types": "+audio:35,36 +video:41,42",
    "several-certificates": "+audio:0",
    "text-and-fax-and-more": "-text -image -message +audio:8,96 -unknown",
    "ssrc-of-somebody-else": "+audio:111 +audio:111",
}
"""`+kind:formats` of a section in use, `-kind` of one that is refused; in the order of the offer."""

BUNDLES = {
    "chrome-max-bundle-data-first": ("BUNDLE 1",),
    "firefox-128": ("BUNDLE 0 1",),
    "google-voice": ("BUNDLE audio",),
    "janus-sip-lite": ("BUNDLE audio",),
    "mediasoup-lite": ("BUNDLE 0 1 probator",),
    "mids-with-odd-words": ("BUNDLE audio/0@sdp (video:main)",),
    "ribbon-media-broker": (),
    "teams-mediation": (),
}
SETUPS = {"avaya-sbce": "active", "google-voice": "active", "mitel-micollab": "passive", "ribbon-sbc": "active"}


def shown(section: sdp.Section) -> str:
    line = sdp.media_line(section)
    return f"+{line.kind}:{','.join(line.formats)}" if line.port else f"-{line.kind}"


@pytest.mark.parametrize("name", [*ANSWERS, "sipp-uac"])
def test_a_vendors_offer_is_printed_byte_by_byte(load, name: str) -> None:
    """Also after the way through the object form of applications' handlers."""
    text = load(f"vendors/{name}")
    assert sdp.parse(text).text == text
    assert sdp.from_object(sdp.to_object(text)) == text


@pytest.mark.parametrize("name", ANSWERS)
def test_a_vendors_offer_is_answered_section_by_section(load, answered, name: str) -> None:
    """In the offer's order, under its names, profiles and payload types (RFC 3264 6)."""
    offer, answer = sdp.parse(load(f"vendors/{name}")), answered(f"vendors/{name}")
    assert " ".join(map(shown, answer.media)) == ANSWERS[name]
    assert [section.attribute("mid") for section in answer.media] == [one.attribute("mid") for one in offer.media]
    profiles = [sdp.media_line(section).protocol for section in answer.media]
    assert profiles == [sdp.media_line(section).protocol for section in offer.media]


@pytest.mark.parametrize("name", BUNDLES)
def test_only_offered_bundles_are_answered(answered, name: str) -> None:
    """Without the sections that are refused, and without names that no section has."""
    assert answered(f"vendors/{name}").session.attributes("group") == BUNDLES[name]


@pytest.mark.parametrize("name", SETUPS)
def test_the_engine_gets_the_offered_role(load, name: str) -> None:
    """It answers `active` to all but `active` (RFC 8842 5.3)."""
    offered = sdp.first_setup(sdp.view_offer(load(f"vendors/{name}")).text)
    assert ("passive" if offered == "active" else "active") == SETUPS[name]


def test_a_plain_rtp_offer_is_refused(load) -> None:
    """SIPp's own scenario: neither ICE nor DTLS."""
    with pytest.raises(SdpError, match="no DTLS fingerprint"):
        sdp.view_offer(load("vendors/sipp-uac"))


@pytest.mark.parametrize("name", ["chrome-max-bundle-data-first", "livekit-pion", "session-level-everything"])
def test_candidates_that_stand_elsewhere_are_used(load, name: str) -> None:
    """In the first section of the group, be it one that is refused (RFC 9143 7.1.3), or before all sections."""
    text = sdp.view_offer(load(f"vendors/{name}")).text
    assert "192.0.2.10 40000 typ host" in text


def test_candidates_of_a_section_with_other_credentials_are_not_borrowed(load) -> None:
    """They belong to a transport that nobody is going to use."""
    offer = load("vendors/livekit-pion")
    audio = offer.index("m=audio")
    other = offer[:audio] + offer[audio:].replace("ice-ufrag:Fq7d", "ice-ufrag:Other")
    assert "192.0.2.10" not in sdp.view_offer(other).text


ODD_ENDS = ["\0", "\r\n\0", "\r\n\r\n", " \t", "\r\n\x1a"]


@pytest.mark.parametrize("end", ODD_ENDS)
@pytest.mark.parametrize("last", ["a=rtcp-mux", "a=setup:actpass", "a=ice-pwd:kz0Qe8R1yTnVb3LwXc5JmH2a"])
def test_what_stands_after_the_end_is_no_part_of_the_last_line(load, end: str, last: str) -> None:
    """C strings bring their NUL, editors their blanks."""
    offer = load("vendors/twilio-media").replace(f"{last}\r\n", "") + last + end
    (plan,) = sdp.view_offer(offer).sections
    assert plan.usable
    assert sdp.parse(offer).text == offer


@pytest.mark.parametrize("begin", ["\ufeff", "\r\n\r\n", "  "])
@pytest.mark.parametrize("eol", ["\r", "\n", "\r\n", "\r\r\n", "\n\r\n"])
def test_line_ends_and_beginnings_of_all_kinds(load, begin: str, eol: str) -> None:
    """A byte order mark, empty lines, lines ended twice."""
    offer = begin + load("vendors/ribbon-sbc").replace("\r\n", eol)
    assert sdp.view_offer(offer).text == sdp.view_offer(load("vendors/ribbon-sbc")).text


def test_tabs_part_words_like_blanks(load) -> None:
    offer = load("vendors/tabs-and-double-blanks")
    codec, *_ = sdp.codecs(sdp.parse(offer).media[0])
    assert (codec.rtpmap, codec.config) == ("opus/48000/2", "minptime=10;  useinbandfec=1")
    assert [(one.id, one.cname) for one in sdp.ssrcs(sdp.parse(offer).media[0])] == [(9001, "tabs")]


@pytest.mark.parametrize("spelling", ["G722/16000", "g722/8000", "G722/8000/1"])
def test_the_number_of_g722_tells_its_clock(load, spelling: str) -> None:
    """It samples at 16000 and counts at 8000 (RFC 3551 4.5.2); some write the one, some the other."""
    offer = load("vendors/twilio-media").replace("0 8 126", "9 126").replace("0 PCMU/8000", f"9 {spelling}")
    (plan,) = sdp.view_offer(offer).sections
    assert [codec.rtpmap.upper() for codec in plan.codecs] == ["OPUS/48000/2", "G722/8000"]


H264 = {
    "428014;level-asymmetry-allowed=1": "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42801f",
    "42800d": "packetization-mode=1;profile-level-id=42800d",
    "42E01F": "packetization-mode=1;profile-level-id=42E01f",
    "42e034;level-asymmetry-allowed=0": "packetization-mode=1;profile-level-id=42e01f",
}


@pytest.mark.parametrize("asked", H264)
def test_h264_is_answered_in_its_profile_and_within_its_level(load, origin, asked: str) -> None:
    """RFC 6184 8.2.2: a device that was promised less than it is sent shows nothing."""
    offer = load("vendors/ribbon-media-broker").replace("42E01F;", f"{asked};")
    view = sdp.view_offer(offer)
    engine = view.text.replace(f"profile-level-id={asked[:6]}", f"profile-level-id={asked[:2]}e01f")
    video = sdp.parse(sdp.wire_answer(engine, offer=offer, view=view, origin=origin)).media[1]
    assert next(codec.config for codec in sdp.codecs(video) if codec.name == "H264") == H264[asked]


def test_two_lines_of_parameters_count_as_one(load) -> None:
    """RFC 8866 6.15 wants one line; some devices write one for each parameter."""
    offer = load("vendors/ribbon-media-broker").replace(";packetization-mode=1", "\r\na=fmtp:98 packetization-mode=1")
    assert [codec.name for codec in sdp.view_offer(offer).sections[1].codecs] == ["VP8", "H264"]


@pytest.mark.parametrize("told", ["", "a=candidate:1 1 udp 2130706431 sbc.example.com 40000 typ host\r\n"])
def test_who_tells_no_usable_candidate_is_asked_at_the_default_place(load, told: str) -> None:
    """A lite agent never checks: without this nobody would begin. A name is nothing to be asked (RFC 8839 5.1)."""
    line = "a=candidate:1 1 UDP 2130706431 192.0.2.10 40000 typ host\r\n"
    offer = load("vendors/ribbon-sbc").replace(line, told)
    assert "a=candidate:default 1 udp 1 192.0.2.10 40000 typ host" in sdp.view_offer(offer).text


@pytest.mark.parametrize("place", ["9", "0.0.0.0", "sbc.example.com", "trickle"])
def test_a_default_place_that_says_nothing_is_none(load, place: str) -> None:
    """RFC 8840 4.1.3: candidates come later, or the other side finds us."""
    line = "a=candidate:1 1 UDP 2130706431 192.0.2.10 40000 typ host\r\n"
    offer = load("vendors/ribbon-sbc").replace(line, "a=ice-options:trickle\r\n" if place == "trickle" else "")
    old, new = ("m=audio 40000", "m=audio 9") if place == "9" else ("c=IN IP4 192.0.2.10", f"c=IN IP4 {place}")
    text = sdp.view_offer(offer if place == "trickle" else offer.replace(old, new)).text
    assert "a=candidate" not in text
    assert "a=end-of-candidates" not in text

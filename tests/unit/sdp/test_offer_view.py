"""What the engine gets of foreign offers: normal form, what it knows, nothing else."""

import re

import pytest

from rbbn_sdk import sdp
from rbbn_sdk.errors import SdpError

MID = "urn:ietf:params:rtp-hdrext:sdes:mid"


def engine(view: sdp.EngineView) -> sdp.Description:
    return sdp.parse(view.text)


def names(section: sdp.Section) -> list[str]:
    return [codec.rtpmap for codec in sdp.codecs(section)]


def test_a_chrome_offer_keeps_what_the_engine_knows(load) -> None:
    """red, CN, telephone-event, AV1, VP9, ulpfec, H264 of other profiles or modes and their rtx stay behind."""
    audio, video = engine(sdp.view_offer(load("vendors/chrome-audio-video"))).media
    assert names(audio) == ["opus/48000/2", "G722/8000", "PCMU/8000", "PCMA/8000"]
    assert [codec.payload for codec in sdp.codecs(video)] == [96, 97, 103, 104, 109, 114]
    assert [extension.id for extension in sdp.header_extensions(audio)] == [1, 4]
    assert sdp.codecs(video)[0].feedback == ("goog-remb", "nack", "nack pli")


def test_a_plan_says_who_sends_what(load) -> None:
    audio, video = sdp.view_offer(load("vendors/chrome-audio-video")).sections
    assert audio.tracks == (sdp.StreamTrack(stream_id="stream-1", track_id="track-audio"),)
    assert [event.payload for event in audio.telephone_events] == [110, 126]
    assert (video.mid, video.engine_index, video.ssrc, video.sends) == ("1", 1, 3001, True)


def test_sections_of_a_bundle_share_the_transport_of_its_first(load) -> None:
    """RFC 8843 7: candidates may stand in the first section only, and the engine looks at the last."""
    audio, video = engine(sdp.view_offer(load("vendors/chrome-audio-video"))).media
    assert video.attributes("candidate") == audio.attributes("candidate") != ()


def test_bundle_only_is_no_refusal(load) -> None:
    """RFC 8843 6: port 0 with `a=bundle-only` rides on the group's transport."""
    view = sdp.view_offer(load("vendors/chrome-bundle-only"))
    assert [plan.refused for plan in view.sections] == ["", ""]
    assert view.bundled


def test_bundle_only_without_a_group_is_refused(load) -> None:
    view = sdp.view_offer(sdp.remove_bundling(load("vendors/chrome-bundle-only")))
    assert [plan.refused for plan in view.sections] == ["", "its port is 0"]


def test_a_data_channel_is_refused_alone_and_shifts_the_engine(load) -> None:
    view = sdp.view_offer(load("vendors/chrome-data-channel"))
    assert [plan.engine_index for plan in view.sections] == [0, None, 1]
    assert "application is not supported" in view.sections[1].refused
    assert engine(view).session.attributes("group") == ("BUNDLE 0 2",)


def test_a_firefox_offer_has_its_session_level_fingerprint(load) -> None:
    view = sdp.view_offer(load("vendors/firefox-audio-video"))
    assert all(section.has("fingerprint") for section in engine(view).media)
    assert not engine(view).session.has("fingerprint")


def test_a_safari_offer_with_blanks_in_fmtp_has_its_h264(load) -> None:
    """Written `; packetization-mode=1`, in capitals; an engine that does not strip blanks would read mode 0."""
    video = engine(sdp.view_offer(load("vendors/safari-audio-video"))).media[1]
    assert [codec.payload for codec in sdp.codecs(video)] == [98, 99]


def test_own_transports_of_sections_without_bundle_stay_apart(load) -> None:
    view = sdp.view_offer(load("vendors/asterisk-audio-video-no-bundle"))
    assert not view.bundled
    assert [section.attribute("ice-ufrag") for section in engine(view).media] == [
        "0a1b2c3d4e5f60718293",
        "ffffeeee11112222",
    ]


def test_a_hash_that_the_engine_cannot_compare_is_left_out(load) -> None:
    """rtpengine offers sha-1 beside sha-256; its session is ice-lite."""
    view = sdp.view_offer(load("vendors/rtpengine-audio"))
    assert [value.split()[0] for value in engine(view).media[0].attributes("fingerprint")] == ["sha-256"]
    assert engine(view).session.has("ice-lite")


def test_an_old_pbx_gets_a_mid_for_the_engine_only(load) -> None:
    """F01: no mid, no BUNDLE, upper-case hash name, component 2, `a=rtcp` without address (RFC 8829 5.10)."""
    view = sdp.view_offer(load("legacy-pbx-no-mid"))
    section = engine(view).media[0]
    assert (view.sections[0].mid, view.sections[0].engine_mid) == (None, "0")
    assert names(section) == ["PCMU/8000", "PCMA/8000"]
    assert section.attribute("fingerprint").startswith("sha-256 3A:")
    assert view.problems == ()


def test_static_payload_types_get_their_rtpmap(load) -> None:
    """F02: `fmtp` for a payload type that the engine does not get would break it."""
    section = engine(sdp.view_offer(load("static-pt-no-rtpmap"))).media[0]
    assert section.attributes("rtpmap") == ("0 PCMU/8000", "8 PCMA/8000")
    assert section.attributes("fmtp") == ()


def test_a_port_count_is_ignored(load) -> None:
    """F06."""
    assert sdp.view_offer(load("port-count")).sections[0].usable


def test_bandwidth_lines_are_read_and_capped(load) -> None:
    """F08: RS, RR and unknown types count for nothing, 2^64-1 for as much as there is."""
    assert sdp.view_offer(load("many-b-lines")).sections[0].bitrate == 2**31 - 1


def test_other_scripts_do_not_reach_the_engine(load) -> None:
    """F09."""
    view = sdp.view_offer(load("non-ascii-session-name"))
    assert view.text.isascii()
    assert view.session_id == "4611"


def test_line_feeds_and_a_missing_last_one_are_accepted(load) -> None:
    """F10."""
    view = sdp.view_offer(load("lf-no-final-newline"))
    assert engine(view).media[0].attribute("candidate").endswith("40000 typ host")


def test_video_without_a_common_profile_is_refused_alone(load) -> None:
    """F13: one level does not exist, one profile nobody has; audio is fine."""
    view = sdp.view_offer(load("h264-odd-level"))
    assert [plan.usable for plan in view.sections] == [True, False]
    assert view.problems == ("section 1 (video) is refused: no codec in common (it has H264)",)
    assert engine(view).media[1].attribute("mid") == "vs"
    assert engine(view).media[1].has("inactive")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("no-rtcp-mux", "rtcp-mux"),
        ("reoffer-without-ice", "fingerprint"),
        ("vendors/sdes-only", "SDES"),
    ],
)
def test_an_offer_of_which_nothing_can_be_used_says_why(load, name: str, reason: str) -> None:
    """F14, F26: never a call that rings for ever."""
    with pytest.raises(SdpError, match=reason) as caught:
        sdp.view_offer(load(name))
    assert caught.value.code == "call:2"


@pytest.mark.parametrize("text", ["", "v=0\r\n", "not SDP at all"])
def test_an_offer_without_sections_says_so(text: str) -> None:
    with pytest.raises(SdpError, match="no media section"):
        sdp.view_offer(text)


def test_unusable_candidates_are_passed_over_one_by_one(load) -> None:
    """F16."""
    view = sdp.view_offer(load("unknown-candidate-kinds"))
    found = engine(view).media[0].attributes("candidate")
    assert [value.split()[0] for value in found] == ["1", "6", "7"]
    assert len(view.problems) == 5


def test_a_link_local_candidate_with_a_zone_is_passed_over(load) -> None:
    """F17: a zone is another machine's (RFC 4007 11)."""
    view = sdp.view_offer(load("ipv6-only"))
    addresses = [value.split()[4] for value in engine(view).media[0].attributes("candidate")]
    assert addresses == ["2001:db8::10", "::1"]


def test_of_very_many_candidates_the_best_hundred_are_tried(load) -> None:
    """F18, RFC 8445 6.1.2.5."""
    view = sdp.view_offer(load("very-many-candidates"))
    found = engine(view).media[0].attributes("candidate")
    assert len(found) == 100
    assert found[0].startswith("0 1 udp 2130706431 ")
    assert any("200 candidates" in problem for problem in view.problems)


def test_setup_holdconn_is_read_as_actpass(load) -> None:
    """F25: RFC 8842 5.1 forbids the value."""
    view = sdp.view_offer(load("setup-holdconn"))
    assert engine(view).media[0].attribute("setup") == "actpass"
    assert "holdconn" in view.problems[0]


def test_plan_b_plays_the_first_stream(load) -> None:
    """F45: RFC 8829 5.10, one track a section."""
    view = sdp.view_offer(load("plan-b-two-audio"))
    assert len(view.sections[0].tracks) == 2
    assert [value.split()[0] for value in engine(view).media[0].attributes("ssrc")] == ["1001"]


def test_a_refused_section_keeps_its_place_in_the_engine_on_the_transport_of_a_live_one(load) -> None:
    """The engine must see every section it once had, and takes the first of a group for its transport."""
    view = sdp.view_offer(load("vendors/desk-phone-video-refused"))
    video, audio = engine(view).media
    assert video.attribute("ice-ufrag") == audio.attribute("ice-ufrag") == "Fq7d"
    assert engine(view).session.attributes("group") == ("BUNDLE 0 1",)
    assert video.has("inactive")


@pytest.mark.parametrize(("written", "read"), [("active", "active"), ("passive", "passive"), ("foo", "actpass")])
def test_a_dtls_role_is_kept_in_a_first_offer_and_open_in_a_later_one(load, written: str, read: str) -> None:
    """Once DTLS runs with this peer its role is settled (`call-media` 2.6)."""
    offer = load("vendors/freeswitch-audio").replace("a=setup:actpass", f"a=setup:{written}")
    assert engine(sdp.view_offer(offer)).media[0].attribute("setup") == read
    assert engine(sdp.view_offer(offer, reoffer=True)).media[0].attribute("setup") == "actpass"


def test_a_missing_role_and_direction_have_their_defaults(load) -> None:
    offer = load("lf-no-final-newline").replace("a=setup:actpass\n", "").replace("a=sendrecv\n", "")
    section = engine(sdp.view_offer(offer)).media[0]
    assert section.attribute("setup") == "actpass"
    assert section.has("sendrecv")


def test_a_section_that_lost_its_mid_keeps_the_one_of_the_session(load) -> None:
    """A gateway that drops mids in a re-offer must not be taken for one that adds a section."""
    view = sdp.view_offer(load("legacy-pbx-no-mid"), known_mids=("audio-7",))
    assert view.sections[0].engine_mid == "audio-7"


def test_equal_mids_are_told_apart(load) -> None:
    offer = load("vendors/asterisk-audio-video-no-bundle").replace("a=mid:video-1", "a=mid:audio-0")
    assert [plan.engine_mid for plan in sdp.view_offer(offer).sections] == ["audio-0", "1"]


def test_the_mid_extension_needs_a_mid(load) -> None:
    """RFC 9143: without `a=mid` there is nothing to say in it."""
    offer = load("vendors/chrome-audio-video").replace("a=mid:0\r\n", "")
    assert MID not in {one.uri for one in sdp.header_extensions(engine(sdp.view_offer(offer)).media[0])}


def test_candidates_are_complete_unless_more_are_announced(load) -> None:
    """Without an end the engine never gives up; with one it takes no more."""
    whole = engine(sdp.view_offer(load("lf-no-final-newline"))).media[0]
    trickling = engine(sdp.view_offer(load("vendors/chrome-audio-video"))).media[0]
    assert (whole.has("end-of-candidates"), trickling.has("end-of-candidates")) == (True, False)


def test_names_of_the_local_link_are_an_ability(load) -> None:
    offer = load("vendors/firefox-audio-video")
    deaf = sdp.EngineAbilities(mdns=False)
    assert len(engine(sdp.view_offer(offer)).media[0].attributes("candidate")) == 2
    assert len(engine(sdp.view_offer(offer, abilities=deaf)).media[0].attributes("candidate")) == 1


@pytest.mark.parametrize(
    ("old", "new", "left"),
    [
        ("a=rtpmap:111 opus/48000/2", "a=rtpmap:111 opus/48000", [111, 0, 8]),
        ("a=rtpmap:111 opus/48000/2", "a=rtpmap:111 OPUS/48000/2", [111, 0, 8]),
        ("a=rtpmap:111 opus/48000/2", "a=rtpmap:111 opus/16000", [0, 8]),
        ("a=rtpmap:111 opus/48000/2", "a=rtpmap:111 opus/48000/2/9 x", [111, 0, 8]),
        ("111 0 8 101", "111 0 8 101 8 111 x 300", [111, 0, 8]),
        ("minptime=10;", "minptime=ten;", [111, 0, 8]),
        ("RTP/SAVPF 111 0 8 101", "RTP/SAVPF 0 8", [0, 8]),
    ],
)
def test_odd_spellings_of_codecs(load, old: str, new: str, left: list[int]) -> None:
    text = load("lf-no-final-newline").replace(old, new)
    section = engine(sdp.view_offer(text)).media[0]
    assert [codec.payload for codec in sdp.codecs(section)] == left


@pytest.mark.parametrize("number", [20, 64, 72, 95])
def test_a_dynamic_codec_with_a_number_that_the_engine_would_change_is_left_out(load, number: int) -> None:
    """It keeps 35 to 63 and 96 to 127 only; with another it would answer with its own, and nobody hears anything."""
    text = load("lf-no-final-newline").replace(":111 ", f":{number} ").replace("SAVPF 111", f"SAVPF {number}")
    assert [codec.payload for codec in sdp.view_offer(text).sections[0].codecs] == [0, 8]


@pytest.mark.parametrize(
    ("config", "fits"),
    [
        ("packetization-mode=1;profile-level-id=42e01f", True),
        ("packetization-mode=1;profile-level-id=420028", True),
        ("packetization-mode=1", True),
        ("packetization-mode=1;profile-level-id=4d0033", False),
        ("packetization-mode=1;profile-level-id=42e009", False),
        ("packetization-mode=1;profile-level-id=zzz", False),
        ("packetization-mode=0;profile-level-id=42e01f", False),
        ("packetization-mode;profile-level-id=42e01f", False),
        ("profile-level-id=42e01f", False),
    ],
)
def test_h264_fits_by_mode_and_profile(load, config: str, fits: bool) -> None:
    """RFC 6184 8.1."""
    text = load("vendors/asterisk-audio-video-no-bundle")
    old = "packetization-mode=1;level-asymmetry-allowed=1;profile-level-id=42E01F"
    codecs = sdp.view_offer(text.replace(old, config)).sections[1].codecs
    assert ("H264" in {codec.name for codec in codecs}) is fits


def test_a_fingerprint_change_is_seen(load) -> None:
    """Another certificate is another peer, whatever the operation."""
    view = sdp.view_offer(load("lf-no-final-newline"))
    assert view.fingerprints == sdp.fingerprints(load("lf-no-final-newline"))


def test_a_hash_that_nobody_checks_any_more_is_named(load) -> None:
    """RFC 8122 5 forbids md5: who is at the other end could be anybody."""
    text = load("vendors/rtpengine-audio").replace("fingerprint:sha-256", "fingerprint:md5")
    with pytest.raises(SdpError, match="only md5"):
        sdp.view_offer(re.sub(r"a=fingerprint:sha-1 .*\r\n", "", text))


def test_sha_1_counts_for_those_who_have_nothing_better(load) -> None:
    """Old gateways know no other hash; beside a better one it would only weaken the check."""
    text = load("vendors/rtpengine-audio")
    assert "sha-1 " not in sdp.view_offer(text).text
    assert "a=fingerprint:sha-1 " in sdp.view_offer(re.sub(r"a=fingerprint:sha-256 .*\r\n", "", text)).text

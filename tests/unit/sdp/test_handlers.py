"""The built-in handlers: each changes its own lines and no others."""

import pytest

from rbbn_sdk import sdp


def test_only_a_media_level_trickle_option_that_stands_alone_is_removed() -> None:
    """`call-media` 4.3: session-level or longer values stay."""
    text = "v=0\na=ice-options:trickle\nm=audio 9 A 0\na=ice-options:trickle\nm=video 9 A 96\na=ice-options:trickle x"
    assert sdp.remove_trickle_option(text) == text.replace("m=audio 9 A 0\na=ice-options:trickle\n", "m=audio 9 A 0\n")


def test_bundling_is_removed_and_mids_stay(load) -> None:
    text = load("vendors/chrome-audio-video")
    assert sdp.remove_bundling(text) == text.replace("a=group:BUNDLE 0 1\r\n", "")


def test_the_dtls_role_is_set_in_every_section(load) -> None:
    text = load("vendors/asterisk-audio-video-no-bundle")
    assert sdp.fix_dtls_role(text, "passive") == text.replace("setup:actpass", "setup:passive")


@pytest.mark.parametrize("role", ["active", "passive"])
def test_an_open_role_in_an_answer_is_settled(role: str) -> None:
    """All sections are rewritten when one leaves it open (`call-media` 2.6)."""
    text = "v=0\r\nm=audio 9 A 0\r\na=setup:actpass\r\nm=video 9 A 96\r\na=setup:active\r\n"
    fixed = text.replace("actpass", role).replace("setup:active", f"setup:{role}")
    assert sdp.fix_actpass(text, role) == fixed


def test_a_settled_role_in_an_answer_stays(load) -> None:
    text = load("answer-opus-te8000")
    assert sdp.fix_actpass(text, "passive") == text


def test_an_active_offer_is_opened() -> None:
    text = "v=0\na=setup:active\nm=audio 9 A 0\na=setup:active\nm=video 9 A 96\na=setup:passive"
    assert sdp.open_dtls_role(text) == text.replace("setup:active", "setup:actpass")


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("", ""),
        ("v=0\na=setup:active\nm=audio 9 A 0", "active"),
        ("v=0\na=setup:active\nm=a\na=setup:passive", "passive"),
    ],
)
def test_the_first_role_is_that_of_a_section(text: str, role: str) -> None:
    assert sdp.first_setup(text) == role


def test_sdes_keys_go_where_dtls_is_offered_too(load) -> None:
    only = load("vendors/sdes-only")
    both = only + "a=fingerprint:sha-256 AB\r\n"
    assert sdp.remove_sdes(only) == only
    assert "a=crypto" not in sdp.remove_sdes(both)
    assert sdp.remove_sdes(both).replace("a=rtpmap", "").count("\r\n") == both.count("\r\n") - 1


def test_limits_are_written_at_their_places_in_kilobits(load) -> None:
    """`b=` stands before `t=` and before all attributes (RFC 8866 5)."""
    text = sdp.set_bandwidth(load("vendors/chrome-audio-video"), call=1000, audio=64, video=512)
    description = sdp.parse(text)
    session = [line.type for line in description.session.lines]
    assert session[:6] == ["v", "o", "s", "b", "b", "t"]
    assert [line.text for line in description.media[1].lines[1:4]] == ["c=IN IP4 0.0.0.0", "b=AS:512", "b=TIAS:512000"]
    assert sdp.remote_bandwidth(text) == sdp.RemoteBandwidth(call=1_000_000, audio=64_000, video=512_000)


def test_reports_limits_of_others_are_not_touched(load) -> None:
    """F08: RS, RR and unknown types stay, AS and TIAS are replaced."""
    section = sdp.parse(sdp.set_bandwidth(load("many-b-lines"), audio=32)).media[0]
    assert section.values("b") == ("AS:32", "TIAS:32000", "RS:612", "RR:1837")


def test_a_limit_set_twice_is_written_once(load) -> None:
    """Local descriptions pass the handlers twice."""
    once = sdp.set_bandwidth(load("vendors/chrome-audio-video"), call=9, audio=64)
    assert sdp.set_bandwidth(once, call=9, audio=64) == once


def test_no_limit_changes_nothing(load) -> None:
    text = load("many-b-lines")
    assert sdp.set_bandwidth(text) == text
    assert sdp.set_bandwidth(text, call=0, audio=None, video=100) == text


def test_no_handler_glues_lines(load) -> None:
    """F10: the last line has no end."""
    text = load("lf-no-final-newline")
    limited = sdp.set_bandwidth(text, audio=64)
    assert limited.endswith("typ host")
    assert "b=AS:64\nb=TIAS:64000\n" in limited


def test_a_limit_beyond_all_measure_is_capped() -> None:
    text = sdp.set_bandwidth("v=0\r\nm=audio 9 A 0\r\n", audio=10**12)
    assert sdp.remote_bandwidth(text).audio is not None
    assert len(max(text.split(), key=len)) < 20

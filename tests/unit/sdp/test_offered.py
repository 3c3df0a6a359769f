"""Questions about a foreign description."""

import pytest

from rbbn_sdk import sdp


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("vendors/chrome-audio-video", ("audio", "video")),
        ("vendors/desk-phone-video-refused", ("video", "audio")),
        ("vendors/kamailio-session-level", ("audio", "image", "text")),
        ("plan-b-two-audio", ("audio",)),
    ],
)
def test_offered_kinds_are_those_with_a_section(load, name: str, kinds: tuple[str, ...]) -> None:
    """Whatever direction or port (`call-media` 6.2)."""
    assert sdp.media_offered(load(name)) == kinds


def test_nothing_is_offered_by_nothing() -> None:
    assert sdp.media_offered("") == ()


def test_the_other_sides_limits_are_in_bits(load) -> None:
    assert sdp.remote_bandwidth(load("many-b-lines")) == sdp.RemoteBandwidth(call=440_000, audio=2**31 - 1)


def test_the_session_id_is_that_of_the_origin_line(load) -> None:
    assert sdp.origin_session_id(load("hold-connection-zero")) == "4611732401"
    assert sdp.origin_session_id("v=0") == ""


def test_fingerprints_are_compared_in_normal_form(load) -> None:
    lower, upper = load("port-count").lower(), load("legacy-pbx-no-mid")
    assert sdp.fingerprints(lower) == sdp.fingerprints(upper)


def test_fingerprints_of_the_session_count(load) -> None:
    assert len(sdp.fingerprints(load("vendors/firefox-audio-video"))) == 1
    assert len(sdp.fingerprints(load("vendors/rtpengine-audio"))) == 2


def test_the_address_of_nowhere_is_an_old_hold(load) -> None:
    """F28 (a), RFC 3264 8.4."""
    assert sdp.is_connection_hold(load("hold-connection-zero"))


@pytest.mark.parametrize("name", ["vendors/safari-audio-video", "vendors/chrome-audio-video", "ipv6-only"])
def test_the_address_of_nowhere_with_port_nine_is_no_hold(load, name: str) -> None:
    """F28 (b), RFC 8829 5.2.1: candidates are still to come."""
    assert not sdp.is_connection_hold(load(name))


def test_refused_sections_do_not_count_for_a_hold(load) -> None:
    held = load("hold-connection-zero")
    assert sdp.is_connection_hold(held + "m=video 0 RTP/AVP 96\r\nc=IN IP4 192.0.2.1\r\n")
    assert not sdp.is_connection_hold(held.replace("m=audio 40000", "m=audio 0"))

"""Typed readers: what can be read is read, what cannot is left out, nothing raises."""

import pytest

from rbbn_sdk import sdp


def section(*lines: str, head: str = "m=audio 40000 UDP/TLS/RTP/SAVPF 0 96") -> sdp.Section:
    return sdp.parse("\r\n".join((head, *lines)) + "\r\n").media[0]


def session(*lines: str) -> sdp.Description:
    return sdp.parse("\r\n".join(("v=0", *lines, "m=audio 9 RTP/SAVPF 0", "")))


def test_a_port_count_is_read_apart_from_the_port() -> None:
    line = sdp.media_line(section(head="m=audio 40000/2 UDP/TLS/RTP/SAVPF 111 0"))
    assert (line.port, line.port_count, line.formats) == (40000, 2, ("111", "0"))


@pytest.mark.parametrize("head", ["m=", "m=audio", "m=audio x", "m=audio 9", "m=audio -1 RTP/AVP"])
def test_a_media_line_that_is_cut_short_has_empty_parts(head: str) -> None:
    line = sdp.media_line(section(head=head))
    assert line.port in (0, 9)
    assert line.formats == ()


def test_a_port_beyond_all_ports_is_capped() -> None:
    assert sdp.media_line(section(head="m=audio 999999999999999999999999 RTP/AVP 0")).port == 65535


def test_static_payload_types_need_no_rtpmap() -> None:
    """RFC 3551 6."""
    names = [codec.rtpmap for codec in sdp.codecs(section(head="m=audio 9 RTP/AVP 18 0 8 9 13 77"))]
    assert names == ["G729/8000", "PCMU/8000", "PCMA/8000", "G722/8000", "CN/8000"]


def test_an_rtpmap_goes_before_the_static_meaning() -> None:
    assert [codec.name for codec in sdp.codecs(section("a=rtpmap:0 L8/8000"))] == ["L8"]


def test_format_parameters_are_read_with_blanks_and_capitals() -> None:
    read = section("a=rtpmap:96 H264/90000", "a=fmtp:96 Profile-Level-ID=42E01F; packetization-mode=1 ;foo;;=;")
    codec = next(codec for codec in sdp.codecs(read) if codec.payload == 96)
    assert codec.parameters == (("profile-level-id", "42E01F"), ("packetization-mode", "1"), ("foo", ""))


def test_feedback_for_all_formats_counts_for_each() -> None:
    codec = sdp.codecs(section("a=rtpmap:96 VP8/90000", "a=rtcp-fb:* nack  pli", "a=rtcp-fb:96 nack", "a=rtcp-fb:97 x"))
    assert codec[1].feedback == ("nack", "nack pli")


def test_header_extensions_keep_their_ids_and_directions() -> None:
    read = section(
        "a=extmap:4/recvonly urn:a", "a=extmap:15 urn:b", "a=extmap:0 urn:c", "a=extmap:4 urn:d", "a=extmap:x"
    )
    assert sdp.header_extensions(read) == (sdp.HeaderExtension(id=4, uri="urn:a", direction="recvonly"),)


@pytest.mark.parametrize(
    "lines",
    [
        ("a=msid:s1 t1",),
        ("a=ssrc:7 cname:c", "a=ssrc:7 msid:s1 t1"),
        ("a=ssrc:7 cname:c", "a=ssrc:7 mslabel:s1", "a=ssrc:7 label:t1"),
    ],
    ids=["msid", "ssrc msid", "mslabel"],
)
def test_streams_and_tracks_are_found_in_every_spelling(lines: tuple[str, ...]) -> None:
    assert sdp.stream_tracks(section(*lines)) == (sdp.StreamTrack(stream_id="s1", track_id="t1"),)


def test_a_source_without_a_stream_has_no_track() -> None:
    """Asterisk sends `a=ssrc` with a cname only."""
    assert sdp.stream_tracks(section("a=ssrc:7 cname:c", "a=msid:", "a=ssrc:x", "a=ssrc:8 foo")) == ()


def test_a_stream_may_stand_without_the_name_of_its_track() -> None:
    """RFC 8830 2: the second word is optional."""
    assert sdp.stream_tracks(section("a=msid:only-stream")) == (sdp.StreamTrack(stream_id="only-stream", track_id=""),)


def test_retransmission_sources_are_joined_to_their_own() -> None:
    read = section("a=ssrc-group:FID 1 2", "a=ssrc:1 cname:c", "a=ssrc:2 cname:c", "a=ssrc:3 foo")
    assert sdp.ssrcs(read) == (sdp.Ssrc(id=1, cname="c", rtx=2), sdp.Ssrc(id=3))


def test_a_direction_of_the_session_is_a_default() -> None:
    description = sdp.parse("v=0\r\na=inactive\r\nm=audio 9 RTP/AVP 0\r\nm=video 9 RTP/AVP 96\r\na=sendonly\r\n")
    assert [sdp.direction(description, one) for one in description.media] == ["inactive", "sendonly"]


def test_without_any_direction_media_flows_both_ways() -> None:
    assert sdp.direction(sdp.parse(""), section()) == "sendrecv"


def test_huge_bandwidths_are_capped_and_unknown_types_kept_apart() -> None:
    read = section("b=AS:41", "b=TIAS:18446744073709551615", "b=X-YZ:128", "b=foo", "b=RR:-1")
    assert [(one.type, one.limit) for one in sdp.bandwidths(read)] == [("AS", 41), ("TIAS", 2**31 - 1), ("X-YZ", 128)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("o=- 12 3 IN IP6 ::1", ("-", "12", "3", "IP6", "::1")),
        ("o=grüße 12 3", ("grüße", "12", "3", "IP4", "0.0.0.0")),
    ],
    ids=["whole", "cut short"],
)
def test_an_origin_is_read(line: str, expected: tuple[str, ...]) -> None:
    origin = sdp.origin(session(line))
    assert origin is not None
    assert (origin.username, origin.session_id, origin.version, origin.address_type, origin.address) == expected


@pytest.mark.parametrize("line", ["o=", "o=- 1", "s=-"])
def test_an_origin_without_a_session_id_is_none(line: str) -> None:
    assert sdp.origin(session(line)) is None


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("1 2 udp 1 192.0.2.1 5 typ host", "component"),
        ("1 1 tcp 1 192.0.2.1 9 typ host tcptype active", "protocol tcp"),
        ("1 1 ssltcp 1 192.0.2.1 443 typ host", "protocol ssltcp"),
        ("1 1 udp 1 192.0.2.1 5 typ nat64x", "unknown type"),
        ("1 1 udp 1 192.0.2.1", "short"),
        ("1 1 udp 1 192.0.2.1 5 type host", "short"),
        ("1 1 udp 1 fe80::1%eth0 5 typ host", "link-local"),
        ("1 1 udp 1 fe80::1 5 typ host", "link-local"),
        ("1 1 udp 1 gw.example.com 5 typ host", "not an IP address"),
        ("1 1 udp 1 0.0.0.0 5 typ host", "nobody"),
        ("1 1 udp 1 224.0.0.251 5 typ host", "nobody"),
        ("1 1 udp x 192.0.2.1 5 typ host", "priority"),
        ("1 1 udp 1 192.0.2.1 0 typ host", "port"),
        ("1 1 udp 1 192.0.2.1 65536 typ host", "port"),
        ("1 1 udp 1 192.0.2.1 \u0661 typ host", "port"),
        ("1 1 udp 1 bad\x00.local 5 typ host", "address"),
    ],
)
def test_a_candidate_that_cannot_be_used_says_why(value: str, reason: str) -> None:
    """RFC 8839 5.1: such lines are ignored one by one."""
    reading = sdp.candidate(value)
    assert isinstance(reading, str)
    assert reason in reading


@pytest.mark.parametrize(
    ("value", "normal"),
    [
        ("6 1 UDP 169 192.0.2.1 5 typ SRFLX generation 0", "6 1 udp 169 192.0.2.1 5 typ srflx"),
        ("7 1 udp 5 ::1 6 typ relay raddr 0.0.0.0 rport 0 x-flag", "7 1 udp 5 ::1 6 typ relay raddr 0.0.0.0 rport 0"),
        ("7 1 udp 5 ::1 6 typ srflx raddr fe80::1%3 rport 9", "7 1 udp 5 ::1 6 typ srflx"),
        ("2 1 udp 5 5fa2b3c4.local 6 typ host", "2 1 udp 5 5fa2b3c4.local 6 typ host"),
    ],
    ids=["without raddr", "extensions", "zone in raddr", "mdns"],
)
def test_a_usable_candidate_is_written_in_normal_form(value: str, normal: str) -> None:
    reading = sdp.candidate(value)
    assert isinstance(reading, sdp.Candidate)
    assert reading.text == normal


def test_a_transport_takes_from_the_session_what_the_section_lacks(load) -> None:
    """Firefox and proxies write ICE and DTLS once."""
    description = sdp.parse(load("vendors/kamailio-session-level"))
    read = sdp.transport(description, description.media[0])
    assert (read.ufrag, read.setup, read.rtcp_mux, read.has_ice, read.has_dtls) == ("Fq7d", "actpass", True, True, True)


@pytest.mark.parametrize(
    "line", ["a=fingerprint:", "a=fingerprint:sha-256 AB:CD", "a=fingerprint:md5 00", "a=fingerprint:x"]
)
def test_a_fingerprint_that_cannot_be_compared_is_no_dtls(line: str) -> None:
    description = sdp.parse(f"v=0\r\nm=audio 9 RTP/SAVPF 0\r\n{line}\r\n")
    assert not sdp.transport(description, description.media[0]).has_dtls


@pytest.mark.parametrize(
    "line", ["a=ssrc-group:FID 1", "a=ssrc-group:SIM 1 2", "a=ssrc-group:FID 1 9999999999", "a=ssrc-group:"]
)
def test_a_group_that_pairs_nothing_joins_no_sources(line: str) -> None:
    assert sdp.ssrcs(section(line, "a=ssrc:1 cname:c", "a=ssrc:4294967296 cname:c")) == (sdp.Ssrc(id=1, cname="c"),)

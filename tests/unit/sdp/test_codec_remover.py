"""The codec remover (`call-media` 4.5)."""

import pytest

from rbbn_sdk import sdp
from rbbn_sdk.errors import InvalidArgument


def removed(text: str, *codecs: object) -> str:
    form = sdp.to_object(text)
    return sdp.from_object(sdp.create_codec_remover(codecs)(form, {"type": "offer"}, sdp.to_object(text)))


VIDEO = "\r\n".join((
    "v=0", "m=video 9 UDP/TLS/RTP/SAVPF 96 97 102 103 108", "a=rtpmap:96 VP8/90000", "a=rtcp-fb:96 nack",
    "a=rtcp-fb:* ccm fir", "a=rtpmap:97 rtx/90000", "a=fmtp:97 apt=96", "a=rtpmap:102 H264/90000",
    "a=fmtp:102 packetization-mode=1", "a=rtpmap:103 rtx/90000", "a=fmtp:103 apt=102", "a=rtpmap:108 H264/90000",
    "a=fmtp:108 packetization-mode=0", "a=sendrecv", "",
))  # fmt: skip


def test_names_and_format_parameters_choose_and_retransmissions_follow() -> None:
    """The worked example: payloads 102 and 103 are left."""
    text = removed(VIDEO, "VP8", {"name": "H264", "fmtpParams": ["packetization-mode=0"]})
    section = sdp.parse(text).media[0]
    assert section.value("m") == "video 9 UDP/TLS/RTP/SAVPF 102 103"
    assert section.attributes("rtpmap") == ("102 H264/90000", "103 rtx/90000")
    assert section.attributes("fmtp") == ("102 packetization-mode=1", "103 apt=102")
    assert section.attributes("rtcp-fb") == ("* ccm fir",)
    assert section.has("sendrecv")


def test_names_are_exact() -> None:
    assert removed(VIDEO, "vp8", "H26") == VIDEO


def test_all_parameters_must_be_there_and_a_codec_without_any_never_matches() -> None:
    params = ["packetization-mode=1", "profile"]
    assert removed(VIDEO, {"name": "H264", "fmtpParams": params}, {"name": "VP8", "fmtpParams": ["x"]}) == VIDEO


def test_empty_parameters_mean_every_payload_of_the_name() -> None:
    assert sdp.parse(removed(VIDEO, {"name": "H264", "fmtpParams": []})).media[0].value("m").endswith("SAVPF 96 97")


def test_one_payload_always_stays() -> None:
    """The last in the list of those to remove: retransmissions come after their codecs."""
    section = sdp.parse(removed(VIDEO, "VP8", "H264", "rtx")).media[0]
    assert len(sdp.media_line(section).formats) == 1


def test_a_section_of_one_payload_is_left_alone() -> None:
    text = "v=0\r\nm=audio 9 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"
    assert removed(text, "PCMU") == text


def test_static_payloads_are_known_by_number(load) -> None:
    """F02: PCMU without an rtpmap is PCMU all the same."""
    section = sdp.parse(removed(load("static-pt-no-rtpmap"), "PCMU", "G729")).media[0]
    assert sdp.media_line(section).formats == ("8", "101")
    assert section.attributes("fmtp") == ("101 0-16",)


def test_nothing_to_remove_changes_nothing(load) -> None:
    for name in ("vendors/chrome-audio-video", "lf-no-final-newline", "vendors/kamailio-session-level"):
        assert removed(load(name)) == removed(load(name), "NoSuchCodec") == load(name)


def test_line_ends_survive(load) -> None:
    """F10: LF, and no line end at the end."""
    text = removed(load("lf-no-final-newline"), "opus")
    assert "\r" not in text
    assert text.endswith("typ host")
    assert "m=audio 40000 UDP/TLS/RTP/SAVPF 0 8 101\n" in text


@pytest.mark.parametrize(
    "codecs",
    [
        "VP8",
        {"name": "VP8"},
        [3],
        [{"name": 3}],
        [{"name": "VP8", "fmtpParams": "x"}],
        [{"name": "VP8", "fmtpParams": [1]}],
    ],
    ids=["text", "one selector", "number", "name", "params text", "param number"],
)
def test_selectors_of_other_shapes_are_refused(codecs: object) -> None:
    with pytest.raises(InvalidArgument, match="codec"):
        sdp.create_codec_remover(codecs)

"""The object form of applications' SDP handlers: documented keys in, the same text out, only changes change it."""

import pytest

from rbbn_sdk import sdp
from rbbn_sdk.errors import SdpError


@pytest.fixture
def chrome(load) -> sdp.SdpObject:
    return sdp.to_object(load("vendors/chrome-audio-video"))


def test_the_documented_keys_of_a_session(chrome: sdp.SdpObject) -> None:
    """`call-media` 4.1."""
    assert chrome["origin"] == {
        "username": "-",
        "sessionId": 4611732401,
        "sessionVersion": 2,
        "netType": "IN",
        "ipVer": 4,
        "address": "127.0.0.1",
    }
    assert chrome["groups"] == [{"type": "BUNDLE", "mids": "0 1"}]


def test_the_documented_keys_of_a_section(chrome: sdp.SdpObject) -> None:
    audio, video = chrome["media"]
    assert (audio["type"], audio["port"], audio["protocol"]) == ("audio", 40000, "UDP/TLS/RTP/SAVPF")
    assert audio["payloads"] == "111 63 9 0 8 13 110 126"
    assert audio["rtp"][:2] == [
        {"payload": 111, "codec": "opus", "rate": 48000, "encoding": 2},
        {"payload": 63, "codec": "red", "rate": 48000, "encoding": 2},
    ]
    assert audio["fmtp"][0] == {"payload": 111, "config": "minptime=10;useinbandfec=1"}
    assert video["rtcpFb"][3:5] == [
        {"payload": 96, "type": "nack"},
        {"payload": 96, "type": "nack", "subtype": "pli"},
    ]
    assert (video["mid"], video["msid"], video["direction"], video["setup"]) == (
        "1",
        "stream-1 track-video",
        "sendrecv",
        "actpass",
    )
    assert video["ssrcGroups"] == [{"semantics": "FID", "ssrcs": "3001 3002"}]
    assert video["ssrcs"][0] == {"id": 3001, "attribute": "cname", "value": "qZ8t"}
    assert audio["candidates"][1]["tcptype"] == "active"
    assert audio["iceOptions"] == "trickle"


def test_a_single_payload_is_a_number() -> None:
    """`call-media` 4.1: text, or a number if there is just one."""
    form = sdp.to_object("m=audio 9 RTP/AVP 0\r\n")
    assert form["media"][0]["payloads"] == 0


def test_keys_and_bandwidth_of_the_session_level(load) -> None:
    form = sdp.to_object(load("many-b-lines"))
    assert form["bandwidth"][0] == {"type": "AS", "limit": 440}
    assert form["media"][0]["bandwidth"][3] == {"type": "TIAS", "limit": "18446744073709551615"}
    crypto = sdp.to_object(load("vendors/sdes-only"))["media"][0]["crypto"]
    assert crypto[0]["suite"] == "AES_CM_128_HMAC_SHA1_80"


def test_removed_items_take_their_lines_with_them_and_no_others(load, chrome: sdp.SdpObject) -> None:
    text = load("vendors/chrome-audio-video")
    chrome["media"][0]["candidates"] = [one for one in chrome["media"][0]["candidates"] if one["transport"] == "udp"]
    del chrome["media"][1]["iceOptions"]
    tcp = next(line for line in text.splitlines(keepends=True) if " tcp " in line)
    head, option, tail = text.rpartition("a=ice-options:trickle\r\n")
    assert option
    assert sdp.from_object(chrome) == (head + tail).replace(tcp, "")


def test_a_changed_value_changes_its_line_in_place(load, chrome: sdp.SdpObject) -> None:
    text = load("vendors/chrome-audio-video")
    chrome["media"][0]["fmtp"][0]["config"] += ";maxaveragebitrate=24000"
    assert sdp.from_object(chrome) == text.replace("useinbandfec=1", "useinbandfec=1;maxaveragebitrate=24000")


def test_extensions_of_a_changed_candidate_survive(load, chrome: sdp.SdpObject) -> None:
    """Whatever a vendor writes behind the address."""
    chrome["media"][0]["candidates"][0]["ip"] = "127.0.0.1"
    written = sdp.from_object(chrome)
    assert "a=candidate:1 1 udp 2130706431 127.0.0.1 40000 typ host generation 0 network-id 1\r\n" in written


def test_new_items_go_behind_those_of_their_kind(chrome: sdp.SdpObject) -> None:
    chrome["media"][0]["ext"].append({"value": 9, "uri": "urn:x", "direction": "sendonly", "config": "y"})
    written = sdp.from_object(chrome)
    assert ":sdes:mid\r\na=extmap:9/sendonly urn:x y\r\n" in written


def test_a_new_key_goes_where_its_line_belongs(load, chrome: sdp.SdpObject) -> None:
    chrome["bandwidth"] = [{"type": "AS", "limit": 300}]
    chrome["media"][1]["bandwidth"] = [{"type": "TIAS", "limit": 5}]
    written = sdp.from_object(chrome)
    assert "s=-\r\nb=AS:300\r\nt=0 0\r\n" in written
    assert "c=IN IP4 0.0.0.0\r\nb=TIAS:5\r\na=rtcp:9" in written


def test_payloads_are_taken_in_every_shape(load) -> None:
    for shape in ("8 0", [8, 0], ("8", "0")):
        form = sdp.to_object(load("port-count"))
        form["media"][0]["payloads"] = shape
        assert "m=audio 40000/2 UDP/TLS/RTP/SAVPF 8 0\r\n" in sdp.from_object(form)


def test_a_section_can_be_taken_out_and_another_put_in(load) -> None:
    form = sdp.to_object(load("lf-no-final-newline"))
    made = {"type": "video", "port": 9, "protocol": "RTP/SAVPF", "payloads": 96, "mid": "7",
            "rtp": [{"payload": 96, "codec": "VP8", "rate": 90000}]}  # fmt: skip
    form["media"].append(made)
    written = sdp.from_object(form)
    assert written.endswith("typ host\nm=video 9 RTP/SAVPF 96\na=mid:7\na=rtpmap:96 VP8/90000\n")
    form["media"].pop(0)
    assert sdp.from_object(form).startswith("v=0\no=- 4611732401 2 IN IP4 192.0.2.10\ns=\nt=0 0\nm=video")


def test_order_is_kept_and_can_be_changed(chrome: sdp.SdpObject) -> None:
    audio = chrome["media"][0]
    audio["rtp"].insert(0, audio["rtp"].pop(3))
    lines = sdp.parse(sdp.from_object(chrome)).media[0].attributes("rtpmap")
    assert [line.split()[0] for line in lines] == ["0", "111", "63", "9", "8", "13", "110", "126"]


def test_lines_that_are_unknown_or_cannot_be_read_travel_along() -> None:
    """Nobody's handler should cost us what it did not ask for."""
    text = "v=0\r\nz=odd\r\ngarbage\r\nm=audio 9 RTP/AVP 0\r\na=rtpmap:x\r\na=silenceSupp:off - - - -\r\na=mid:0\r\n"
    form = sdp.to_object(text)
    form["media"][0]["mid"] = "a"
    assert sdp.from_object(form) == text.replace("mid:0", "mid:a")


def test_a_line_added_to_the_raw_lines_is_written() -> None:
    form = sdp.to_object("v=0\r\nm=audio 9 RTP/AVP 0\r\n")
    form["media"][0]["lines"] += "a=x-own:1\r\n"
    assert sdp.from_object(form) == "v=0\r\nm=audio 9 RTP/AVP 0\r\na=x-own:1\r\n"


def test_further_lines_of_a_single_key_stay_until_the_key_goes() -> None:
    text = "v=0\r\nm=audio 9 A 0\r\na=fingerprint:sha-256 AA\r\na=fingerprint:sha-384 BB\r\n"
    form = sdp.to_object(text)
    form["media"][0]["fingerprint"] = {"type": "sha-256", "hash": "CC"}
    assert sdp.from_object(form) == text.replace("AA", "CC")
    del form["media"][0]["fingerprint"]
    assert "fingerprint" not in sdp.from_object(form)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"media": 3}, "media"),
        ({"media": ["x"]}, r"media\[0\]"),
        ({"media": [{"type": "audio"}]}, "port, protocol, payloads"),
        ({"groups": "BUNDLE"}, "groups"),
        ({"origin": {"username": "-"}}, "origin"),
        ({"groups": [None]}, "groups"),
    ],
    ids=["media no list", "section no object", "section half", "groups no list", "origin half", "group none"],
)
def test_what_cannot_be_written_is_named(change: dict, place: str) -> None:
    """An application's mistake must not end as a stack trace of ours."""
    with pytest.raises(SdpError, match=place) as caught:
        sdp.from_object({**sdp.to_object("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\n"), **change})
    assert caught.value.code == "call:7"


def test_an_empty_object_is_an_empty_description() -> None:
    assert sdp.from_object({}) == ""


def test_a_changed_origin_is_written() -> None:
    form = sdp.to_object("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\n")
    form["origin"]["sessionVersion"] = 2
    assert sdp.from_object(form) == "v=0\r\no=- 1 2 IN IP4 0.0.0.0\r\n"


def test_items_in_another_order_that_are_fewer_fill_the_first_places(chrome: sdp.SdpObject) -> None:
    audio = chrome["media"][0]
    audio["rtp"] = [audio["rtp"][3], audio["rtp"][0]]
    section = sdp.parse(sdp.from_object(chrome)).media[0]
    assert section.attributes("rtpmap") == ("0 PCMU/8000", "111 opus/48000/2")


def test_a_source_line_is_added_behind_the_others(chrome: sdp.SdpObject) -> None:
    chrome["media"][0]["ssrcs"].append({"id": 5, "attribute": "label", "value": "x"})
    chrome["media"][0]["ssrcs"].append({"id": 6, "attribute": "odd"})
    assert sdp.parse(sdp.from_object(chrome)).media[0].attributes("ssrc")[-2:] == ("5 label:x", "6 odd")

"""What handlers took out of our descriptions, and what gathering brings in."""

from rbbn_sdk import sdp

CANDIDATES = [
    "1 1 udp 2130706431 127.0.0.1 5000 typ host",
    "candidate:2 1 udp 1694498815 192.0.2.9 6000 typ srflx raddr 127.0.0.1 rport 5000",
]


def without(text: str, *names: str) -> str:
    return sdp.from_object(sdp.create_codec_remover(list(names))(sdp.to_object(text), {}, {}))


def test_removed_codecs_are_named_for_each_section(wire_offer: str) -> None:
    """The engine is told by codec preferences, so it must know what is left and in which order."""
    audio, video = sdp.codec_changes(wire_offer, without(wire_offer, "opus", "VP8"))
    assert [codec.name for codec in audio.removed] == ["opus"]
    assert [codec.payload for codec in video.removed] == [97, 98]
    assert (video.index, video.engine_index, video.mid) == (1, 1, "1")
    assert [codec.name for codec in audio.kept][:3] == ["G722", "PCMU", "PCMA"]


def test_an_unchanged_description_lost_nothing(wire_offer: str) -> None:
    assert all(change.removed == () for change in sdp.codec_changes(wire_offer, wire_offer))


def test_a_section_that_is_gone_lost_all(wire_offer: str) -> None:
    munged = wire_offer[: wire_offer.index("m=video")]
    assert sdp.codec_changes(wire_offer, munged)[1].kept == ()


def test_sections_of_other_kinds_do_not_count(answered) -> None:
    text = answered("vendors/chrome-data-channel").text
    assert [(change.index, change.engine_index) for change in sdp.codec_changes(text, text)] == [(0, 0), (2, 1)]


def test_candidates_go_into_a_munged_description_and_nothing_else_changes(wire_offer: str) -> None:
    """What the handlers did must survive; the default address is the one most likely to be reached."""
    munged = sdp.set_bandwidth(wire_offer, video=512) + "x-unknown\r\n"
    filled = sdp.parse(sdp.with_candidates(munged, [CANDIDATES, CANDIDATES[:1]], complete=True))
    audio, video = filled.media
    assert audio.value("m").startswith("audio 6000 ")
    assert audio.value("c") == "IN IP4 192.0.2.9"
    assert [value.split()[0] for value in audio.attributes("candidate")] == ["1", "2"]
    assert video.values("b") == ("AS:512", "TIAS:512000")
    last = [line.text for line in video.lines[-3:]]
    assert last == ["x-unknown", f"a=candidate:{CANDIDATES[0]}", "a=end-of-candidates"]


def test_gathering_that_goes_on_is_not_ended(wire_offer: str) -> None:
    filled = sdp.with_candidates(wire_offer, [[], []], complete=False)
    assert "end-of-candidates" not in filled
    assert "m=audio 9 " in filled
    assert "c=IN IP4 0.0.0.0" in filled


def test_candidates_do_not_revive_a_refused_section(answered) -> None:
    text = answered("h264-odd-level").text
    filled = sdp.parse(sdp.with_candidates(text, [CANDIDATES, CANDIDATES], complete=True))
    assert sdp.media_line(filled.media[1]).port == 0
    assert not filled.media[1].has("candidate")


def test_candidates_find_their_section_past_those_of_other_kinds(answered) -> None:
    text = answered("vendors/chrome-data-channel").text
    filled = sdp.parse(sdp.with_candidates(text, [[], CANDIDATES], complete=False))
    assert [sdp.media_line(section).port for section in filled.media] == [9, 0, 6000]


def test_an_ipv6_candidate_gives_an_ipv6_address(wire_offer: str) -> None:
    filled = sdp.with_candidates(wire_offer, [["1 1 udp 5 ::1 7000 typ host"]], complete=True)
    assert "c=IN IP6 ::1" in filled


def test_a_missing_connection_line_is_made() -> None:
    filled = sdp.with_candidates("m=audio 9 RTP/SAVPF 0\na=mid:0", [CANDIDATES], complete=False)
    assert filled.startswith("m=audio 6000 RTP/SAVPF 0\nc=IN IP4 192.0.2.9\na=mid:0\na=candidate:1 ")


def test_the_origin_can_be_written_anew(load) -> None:
    """One id for a peer connection, whatever the engine thinks (`call-media` 21)."""
    text = load("non-ascii-session-name")
    changed = sdp.with_origin(text, sdp.Origin(session_id="5", version="6"))
    assert sdp.origin_session_id(changed) == "5"
    assert changed.replace("o=- 5 6 IN IP4 127.0.0.1", "o=größe-7 4611 2 IN IP4 192.0.2.10") == text

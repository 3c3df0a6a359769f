"""Offers of other makes with somebody behind them: answered, and each side hears the other."""

import asyncio
import re
from typing import Any

import pytest

from rbbn_sdk.sdp import parse
from rbbn_sdk.types.call import SdpType

pytestmark = pytest.mark.media


def numbered(text: str) -> list[str]:
    return [word for line in text.splitlines() if line.startswith("m=audio") for word in line.split()[3:]]


async def talks(bob: Any, caller: Any, peer: Any, offer: str, **media: Any) -> tuple[str, str]:
    """Bob takes the call and both hear each other; the call's id and bob's answer."""
    await caller.call(bob.username, peer.behind(offer))
    call_id = await bob.rings()
    await bob.answer(call_id, **media)
    answer = (await caller.notification("respondCallUpdate"))["sessionParams"]["sdp"]
    await peer.takes(SdpType.ANSWER, answer)
    await asyncio.gather(bob.hears(call_id), peer.hears())
    return call_id, answer


async def offering(live: Any) -> Any:
    peer = await live()
    await peer.offers()
    return peer


@pytest.fixture
async def sides(gateway, phone, raw_party):
    """Bob is ours, alice is not."""
    return await phone(gateway, "bob"), await raw_party(gateway, "alice")


async def over(bob, caller, call_id) -> None:
    await bob.end(call_id)
    assert await caller.notification("callEnd")
    assert bob.state(call_id) == "Ended"


async def test_f01_an_old_pbx_without_mid_and_bundle(sides, live, description) -> None:
    """Profile without the transport's name, upper-case hash, `a=rtcp` without an address (RFC 3605 2.1)."""
    peer = await offering(live)
    call_id, answer = await talks(*sides, peer, description("legacy-pbx-no-mid"))
    assert "BUNDLE" not in answer
    assert "a=mid" not in answer
    assert numbered(answer)[0] in ("0", "8")
    assert len(parse(answer).media) == 1
    await over(*sides, call_id)


async def test_f02_static_payload_types_without_rtpmap(sides, live, description) -> None:
    """RFC 8866 6.6: PCMU needs none; G.729 is nothing we have; digits are kept."""
    peer = await offering(live)
    call_id, answer = await talks(*sides, peer, description("static-pt-no-rtpmap"))
    assert numbered(answer)[0] in ("0", "8")
    assert "18" not in numbered(answer)
    await over(*sides, call_id)


STATIC_LINES = [
    "m=audio 40000 UDP/TLS/RTP/SAVPF 8\r\n",
    "m=audio 40000 UDP/TLS/RTP/SAVPF 18 8 0\r\n",
    "m=audio 40000 RTP/SAVP 0 101\r\n",
    "m=audio 40000/2 UDP/TLS/RTP/SAVPF 0\r\n",
    "m=audio 40000 UDP/TLS/RTP/SAVPF 77 200 0 x\r\n",
]


async def test_f02_f06_other_lists_of_static_types(sides, live, description, subtests) -> None:
    """Each is answered with what both have."""
    for lines in STATIC_LINES:
        with subtests.test(lines):
            offer = re.sub(r"m=audio .*\r\n", lines, description("static-pt-no-rtpmap"))
            call_id, answer = await talks(*sides, await offering(live), offer)
            assert numbered(answer)[0] in ("0", "8")
            await over(*sides, call_id)


async def test_f06_a_number_of_ports(sides, live, description, subtests) -> None:
    """RFC 8866 5.14; it means nothing with rtcp-mux."""
    for count in ("/2", "/1", "/0", "/99999", "/"):
        with subtests.test(count):
            offer = description("port-count").replace("40000/2", f"40000{count}")
            call_id, answer = await talks(*sides, await offering(live), offer)
            assert re.search(r"^m=audio [1-9]\d* ", answer, re.MULTILINE)
            await over(*sides, call_id)


async def test_f08_bandwidth_lines_of_all_kinds(sides, live, description) -> None:
    """No limit of 0, none of 2^64; RS and RR are nobody's limit of media."""
    peer = await offering(live)
    call_id, answer = await talks(*sides, peer, description("many-b-lines"))
    bandwidth = sides[0].call(call_id).bandwidth
    assert all(value is None or 0 < value < 1_000_000 for value in (bandwidth.audio, bandwidth.video))
    assert "18446744073709551615" not in answer
    await over(*sides, call_id)


@pytest.mark.parametrize("limits", [{"audio": 40}, {"audio": 40, "call": 100}, {"call": 1}])
async def test_f08_f10_our_own_limits_on_an_odd_offer(limits, sides, live, description) -> None:
    """The limit stands in a line of its own."""
    peer, (bob, caller) = await live(), sides
    await peer.offers()
    for name in ("many-b-lines", "lf-no-final-newline"):
        await caller.call(bob.username, description(name))
        call_id = await bob.rings()
        await bob.client.call.answer(call_id, {"audio": True}, {"bandwidth": limits})
        answer = (await caller.notification("respondCallUpdate"))["sessionParams"]["sdp"]
        lines = answer.splitlines()
        assert all(re.fullmatch(r"[a-z]=.*", line) for line in lines)
        assert len([line for line in lines if line.startswith(("b=AS", "b=TIAS"))]) >= 1
        await over(bob, caller, call_id)


async def test_f10_line_feeds_and_no_end_of_the_last_line(gateway, phone, raw_party, live, description) -> None:
    """RFC 8866 5: also through the codec remover and a handler that appends a line, which is not glued to the last."""
    from rbbn_sdk.sdp_handlers import create_codec_remover

    seen: list[list[str]] = []

    def append(sdp, info, _original):
        if info["endpoint"] == "remote":
            first = sdp["media"][-1]["candidates"][0]
            sdp["media"][-1]["candidates"].append({**first, "foundation": "2", "port": first["port"] + 1})
        return sdp

    def look(sdp, info, _original):
        if info["endpoint"] == "remote":
            seen.append(sdp["media"][-1]["lines"].split("\n"))
        return sdp

    handlers = {"call": {"sdpHandlers": [create_codec_remover(["G722"]), append, look]}}
    bob, caller, peer = await phone(gateway, "bob", **handlers), await raw_party(gateway, "alice"), await live()
    await peer.offers()
    call_id, answer = await talks(bob, caller, peer, description("lf-no-final-newline"))
    (lines,) = seen
    candidates = [line.rstrip() for line in lines if "candidate:" in line]
    assert len(candidates) == 2
    assert all(line.startswith("a=candidate:") and line.endswith("typ host") for line in candidates)
    assert all(line.endswith("\r") for line in answer.split("\n")[:-1])
    await over(bob, caller, call_id)


async def test_f13_video_that_nobody_shares(sides, live, description) -> None:
    """Audio connects, video is answered with port 0, and the log says why."""
    peer = await live("audio", "video")
    await peer.offers()
    call_id, answer = await talks(*sides, peer, description("h264-odd-level"), video=True)
    assert re.search(r"^m=video 0 ", answer, re.MULTILINE)
    assert "mid:as" in answer
    bob = sides[0]
    assert len(bob.call(call_id).remote_tracks) == 1
    await over(*sides, call_id)


async def test_f16_candidates_of_unknown_kinds(sides, live, description) -> None:
    """Each unusable one is skipped alone (RFC 8839 5.1)."""
    peer = await offering(live)
    call_id, _ = await talks(*sides, peer, description("unknown-candidate-kinds"))
    await over(*sides, call_id)


async def test_f28_a_dummy_address_in_a_first_offer_is_no_hold(sides, live, description) -> None:
    """RFC 8829 5.2.1: `0.0.0.0` with port 9 says that candidates tell."""
    peer = await offering(live)
    offer = description("hold-connection-zero").replace("m=audio 40000", "m=audio 9")
    call_id, answer = await talks(*sides, peer, offer)
    call = sides[0].call(call_id)
    assert (call.state, call.local_hold, call.remote_hold) == ("Connected", False, False)
    assert "a=sendrecv" in answer
    await over(*sides, call_id)


async def test_f45_two_tracks_in_one_section(sides, live, description) -> None:
    """RFC 8829 5.10: one track a section."""
    peer = await offering(live)
    call_id, answer = await talks(*sides, peer, description("plan-b-two-audio"))
    assert len(sides[0].call(call_id).remote_tracks) == 1
    assert len(parse(answer).media) == 1
    await over(*sides, call_id)


@pytest.mark.parametrize("escaped", [True, False], ids=["escaped", "raw"])
async def test_f09_text_that_is_not_ascii(escaped, sides, live, description) -> None:
    """Inside JSON, as UTF-8 or as escapes."""
    import json

    bob, caller, peer = *sides, await live()
    await peer.offers()
    offer = peer.behind(description("non-ascii-session-name"))
    assert not offer.isascii()
    body = {"callControlRequest": {"type": "callStart", "to": bob.username, "from": "sip:alice", "sdp": offer}}
    content = json.dumps(body, ensure_ascii=escaped).encode()
    reply = await caller._rest.post("callControl", content=content, headers={"content-type": "application/json"})
    caller.session = reply.json()["callControlResponse"]["sessionData"]
    await caller.control("audit")
    call_id = await bob.rings()
    await bob.answer(call_id)
    await peer.takes(SdpType.ANSWER, (await caller.notification("respondCallUpdate"))["sessionParams"]["sdp"])
    await asyncio.gather(bob.hears(call_id), peer.hears())
    await over(bob, caller, call_id)


async def test_f17_ipv6_only(gateway, phone, raw_party, live, description) -> None:
    """Over ::1; the candidate with a zone of another machine is skipped (RFC 4007 11)."""
    bob = await phone(gateway, "bob", call={"iceAddresses": ["127.0.0.1", "::1"]})
    caller, peer = await raw_party(gateway, "alice"), await live(address="::1")
    await peer.offers()
    call_id, _ = await talks(bob, caller, peer, description("ipv6-only"))
    await over(bob, caller, call_id)


async def test_f17_ipv6_only_for_a_client_without_ipv6(gateway, phone, raw_party, live, description) -> None:
    """The media connection fails, which is told; the call can be ended, and the next one works."""
    bob, caller = await phone(gateway, "bob"), await raw_party(gateway, "alice")
    peer = await live(address="::1")
    await peer.offers()
    await caller.call(bob.username, peer.behind(description("ipv6-only")))
    call_id = await bob.rings()
    await bob.answer(call_id)
    await bob.until(lambda: bob.call(call_id).media_connection_state == "failed")
    assert bob.state(call_id) == "Connected"
    await over(bob, caller, call_id)
    await talks(bob, caller, await offering(live), description("port-count"))

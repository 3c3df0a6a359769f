"""F25, F26, F28a, F31: a remote re-offer, however odd, breaks no call. It is refused, and all stays as it was."""

import asyncio
import re

import pytest

from rbbn_sdk.types.call import SdpType

pytestmark = pytest.mark.media

REOFFERS = ["setup-holdconn", "reoffer-without-ice", "hold-connection-zero"]


@pytest.fixture
async def call(gateway, phone, raw_party, live, description):
    """Bob is ours and talks to a live peer of another make."""
    bob, caller, peer = await phone(gateway, "bob"), await raw_party(gateway, "alice"), await live()
    await peer.offers()
    await caller.call(bob.username, peer.behind(description("port-count")))
    call_id = await bob.rings()
    await bob.answer(call_id)
    await peer.takes(SdpType.ANSWER, (await caller.notification("respondCallUpdate"))["sessionParams"]["sdp"])
    await asyncio.gather(bob.hears(call_id), peer.hears())
    bob.forget()
    return bob, caller, peer, call_id


async def refused(bob, caller, call_id) -> None:
    """The offerer hears that it came at a bad time, and nothing else is told of it."""
    reply = await caller.notification("respondCallUpdate")
    assert reply["statusCode"] == 49
    await bob.until(lambda: not bob.call(call_id).current_operations)
    assert bob.state(call_id) == "Connected"
    assert [text for text in bob.events(call_id) if "<" in text or "tracks" in text] == []


@pytest.mark.parametrize("ender", ["ours", "theirs"])
@pytest.mark.parametrize("name", REOFFERS)
async def test_an_odd_reoffer_leaves_the_call_as_it_was(name, ender, call, description) -> None:
    """Media flow on, and each side can end."""
    bob, caller, peer, call_id = call
    assert await caller.control("startCallUpdate", sdp=peer.behind(description(name))) == 200
    await refused(bob, caller, call_id)
    assert bob.events(call_id) == ["GENERIC_REMOTE* START", "GENERIC_REMOTE* FINISH(ONGOING) ! call:12"]
    await asyncio.gather(bob.hears(call_id), peer.hears())
    if ender == "ours":
        await bob.end(call_id)
        assert await caller.notification("callEnd")
    else:
        await caller.end()
        await bob.reaches(call_id, "Ended")


async def test_reoffers_of_all_kinds_in_a_row(call, description) -> None:
    """Each is refused by itself; a good one as well as garbage."""
    bob, caller, peer, call_id = call
    good = peer.behind(description("port-count"))
    variants = [
        good,
        re.sub("a=sendrecv", "a=sendonly", good),
        re.sub(r"a=(ice-ufrag|ice-pwd|candidate|fingerprint).*\r\n", "", good),
        good + "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 VP8/90000\r\n",
        good[: good.index("m=")],
        "garbage",
        good.replace("UDP/TLS/RTP/SAVPF", "RTP/AVP"),
    ]
    for sdp in variants:
        await caller.control("startCallUpdate", sdp=sdp)
        await refused(bob, caller, call_id)
    await asyncio.gather(bob.hears(call_id), peer.hears())
    await bob.end(call_id)


async def test_f31_two_reoffers_at_once(call, description) -> None:
    """Each gets its answer; the call goes on."""
    bob, _, peer, call_id = call
    sdp = peer.behind(description("port-count"))
    session = bob.call(call_id).wrtcs_session_id
    for _ in range(2):
        bob.notify("startCallUpdate", session=session, sdp=sdp)
    await bob.settled()
    await bob.until(lambda: bob.events(call_id).count("GENERIC_REMOTE* FINISH(ONGOING) ! call:12") == 2)
    await asyncio.gather(bob.hears(call_id), peer.hears())
    await bob.end(call_id)


async def test_a_reoffer_without_description(call) -> None:
    """A slow start in the middle of a call is refused too."""
    bob, _, peer, call_id = call
    bob.notify("startCallUpdate", call_id)
    await bob.until(lambda: "SLOW_START* FINISH(ONGOING) ! call:12" in bob.events(call_id))
    await asyncio.gather(bob.hears(call_id), peer.hears())
    await bob.end(call_id)


async def test_a_reoffer_whose_refusal_is_not_taken(call, gateway) -> None:
    """The gateway fails: the call goes on all the same."""
    bob, _, peer, call_id = call
    await gateway.fail(user=bob.username, method="PUT", path="*callSessions*", status=500)
    bob.notify("startCallUpdate", call_id, sdp="v=0\r\n")
    await bob.until(lambda: "GENERIC_REMOTE* FINISH(ONGOING) ! call:12" in bob.events(call_id))
    await gateway.clear()
    await asyncio.gather(bob.hears(call_id), peer.hears())
    await bob.end(call_id)

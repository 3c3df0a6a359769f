"""Offers of other makes, as they really came: each rings, is answered section by section, and ends."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from rbbn_sdk.events.call import CallReceive, CallStateChange

SDP = Path(__file__).parents[2] / "data" / "sdp"

pytestmark = pytest.mark.media

ANSWERED = {
    "legacy-pbx-no-mid": 1,
    "static-pt-no-rtpmap": 1,
    "port-count": 1,
    "many-b-lines": 1,
    "non-ascii-session-name": 1,
    "lf-no-final-newline": 1,
    "h264-odd-level": 2,
    "unknown-candidate-kinds": 1,
    "ipv6-only": 1,
    "very-many-candidates": 1,
    "plan-b-two-audio": 1,
}
"""How many sections each has."""


def kinds(sdp: str) -> list[str]:
    return re.findall(r"^m=(\w+)", sdp, re.MULTILINE)


def read(name: str) -> str:
    return (SDP / f"{name}.sdp").read_bytes().decode("utf-8")


@pytest.mark.parametrize("name", ANSWERED, ids=list(ANSWERED))
async def test_a_foreign_offer_is_answered_section_by_section(
    name: str, gateway: Any, make_client: Callable[..., Awaitable[Any]], raw_party: Callable[..., Awaitable[Any]]
) -> None:
    """The answer mirrors the offer (RFC 3264 6), whatever vendor wrote it, and the client can be called again."""
    bob = await make_client(gateway, "bob")
    alice = await raw_party(gateway, "alice")
    call_id = await _rings(bob, alice, read(name))
    offered = bob.call.get_by_id(call_id).media_offered
    await bob.call.answer(call_id, {"audio": True, "video": bool(offered.video)})
    answer = (await alice.notification("respondCallUpdate"))["sessionParams"]["sdp"]
    assert kinds(answer) == kinds(read(name))
    assert len(kinds(answer)) == ANSWERED[name]
    assert bob.call.get_by_id(call_id).state == "Connected"
    await bob.call.end(call_id)
    assert (await alice.notification("callEnd"))["eventType"] == "callEnd"
    assert await _rings(bob, alice, read("legacy-pbx-no-mid"))


async def _rings(client: Any, caller: Any, sdp: str) -> str:
    incoming = client.wait_for(CallReceive, timeout=30)
    ringing = client.wait_for(CallStateChange, lambda event: event.previous.state == "Initiating", timeout=30)
    await caller.call(client.get_user_info().username, sdp)
    call_id = (await incoming).call_id
    await ringing
    assert client.call.get_by_id(call_id).state == "Ringing"
    return call_id

"""F18 and F14: offers that take long to try, or cannot be taken at all, hold nobody up."""

import asyncio

import pytest

pytestmark = pytest.mark.media


async def test_f18_the_end_is_at_once_while_300_candidates_are_tried(
    gateway, phone, raw_party, description, connect
) -> None:
    """The frame of 90 kB passes, the end does not wait for the checks, and another call's sound goes on."""
    bob, carol, caller = await phone(gateway, "bob"), await phone(gateway, "carol"), await raw_party(gateway, "alice")
    outgoing, _ = await connect(bob, carol)
    await caller.call(bob.username, description("very-many-candidates"))
    call_id = await bob.rings()
    await bob.answer(call_id)
    assert (await caller.notification("respondCallUpdate"))["sessionParams"]["sdp"]
    await bob.until(lambda: bob.call(call_id).media_connection_state == "checking")
    await bob.hears(outgoing, frames=25)
    peers = bob.client._adapters.get("peers")
    assert len(peers._peers) == 2
    await bob.end(call_id)
    assert bob.events(call_id)[-2:] == ["END FINISH(PENDING)", "Ended < Connected"]
    await bob.hears(outgoing, frames=10)
    assert len(peers._peers) == 1
    assert await caller.notification("callEnd")
    await bob.end(outgoing)


async def test_f18_the_client_is_destroyed_while_300_candidates_are_tried(
    gateway, phone, raw_party, description
) -> None:
    """Within a moment; the caller is told."""
    bob, caller = await phone(gateway, "bob"), await raw_party(gateway, "alice")
    await caller.call(bob.username, description("very-many-candidates"))
    call_id = await bob.rings()
    await bob.answer(call_id)
    await bob.until(lambda: bob.call(call_id).media_connection_state == "checking")
    await asyncio.wait_for(bob.client.destroy(), 10)
    assert await caller.notification("callEnd")


async def test_f14_an_offer_without_rtcp_mux_ends_with_a_reason_that_names_it(
    gateway, phone, raw_party, description
) -> None:
    """RFC 8829 4.1.1, policy `require`: it never rings for ever."""
    bob, caller = await phone(gateway, "bob"), await raw_party(gateway, "alice")
    await caller.call(bob.username, description("no-rtcp-mux"))
    await bob.until(lambda: bob.client.call.get_all() and not bob.live())
    (call,) = bob.client.call.get_all()
    assert call.state == "Ended"
    assert "rtcp-mux" in call.error.message
    await caller.end()
    await caller.call(bob.username, description("port-count"))
    assert await bob.rings()

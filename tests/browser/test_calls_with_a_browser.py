"""Calls between this SDK and a real browser, through the embedded gateway."""

import pytest

pytestmark = [pytest.mark.nightly, pytest.mark.media]


async def both_get(phone, call_id, page, sid, *, video):
    """Media at both ends: our tone and pictures there, the page's here."""
    await phone.connected(call_id)
    await page("connected", sid)
    await phone.gets(call_id, tone=600, pictures=video)
    await page("hears", sid, 440)
    if video:
        await page("sees", sid)
    inbound = await page("inbound", sid)
    assert inbound["audio"]["packetsReceived"] > 10
    assert inbound["audio"]["totalSamplesReceived"] > 4800
    if video:
        assert inbound["video"]["framesDecoded"] > 2
    assert (await page("path", sid))[1] == "127.0.0.1"


@pytest.mark.parametrize("who_ends", ["page", "client"])
async def test_a_page_calls_us(gateway, page, softphone, kinds, who_ends):
    """The browser's offer is answered; both hear and see each other; either end hangs up."""
    ours, theirs = kinds
    alice, bob = await page(gateway, "alice"), await softphone(gateway, "bob")
    sid = await alice("make", "bob@example.com", theirs)
    incoming = await bob.rings()
    await alice("reaches", sid, "Ringing")
    assert dict(bob.call(incoming).media_offered) == {"audio": True, "video": theirs["video"]}
    await bob.client.call.answer(incoming, ours)
    await alice("reaches", sid, "Connected")
    await both_get(bob, incoming, alice, sid, video=theirs["video"])
    if who_ends == "page":
        assert await alice("end", sid) in (200, 204)
    else:
        await bob.client.call.end(incoming)
    await bob.reaches(incoming, "Ended")
    await alice("reaches", sid, "Ended")


@pytest.mark.parametrize("who_ends", ["page", "client"])
async def test_we_call_a_page(gateway, page, softphone, kinds, who_ends):
    """The browser answers our offer; both hear and see each other; either end hangs up."""
    ours, theirs = kinds
    alice, bob = await softphone(gateway, "alice"), await page(gateway, "bob")
    made = alice.client.call.make("bob@example.com", ours)
    sid = await bob("rings")
    await alice.reaches(made, "Ringing")
    await bob("answer", sid, theirs)
    await alice.client.call.answered(made)
    await both_get(alice, made, bob, sid, video=theirs["video"])
    if who_ends == "page":
        await bob("end", sid)
    else:
        await alice.client.call.end(made)
    await alice.reaches(made, "Ended")
    await bob("reaches", sid, "Ended")

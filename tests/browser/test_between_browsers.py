"""The gateway alone between two browsers: nothing of the SDK is in these calls."""

import asyncio

import pytest

pytestmark = [pytest.mark.nightly, pytest.mark.media]


async def talking(gateway, page, media=None):
    """Two pages in a call with sound, alice's 600 Hz and bob's 800."""
    alice, bob = await page(gateway, "alice"), await page(gateway, "bob")
    made = await alice("make", "bob@example.com", {"audio": 600, **(media or {})})
    taken = await bob("rings")
    await bob("answer", taken, {"audio": 800, **(media or {})})
    await alice("reaches", made, "Connected")
    await alice("connected", made)
    await bob("connected", taken)
    return alice, made, bob, taken


async def test_two_pages_hear_and_see_each_other(gateway, page):
    """A whole call, as it was recorded of the browser client; its notifications are the recorded ones."""
    alice, made, bob, taken = await talking(gateway, page, {"video": True})
    await alice("hears", made, 800)
    await bob("hears", taken, 600)
    await alice("sees", made)
    await bob("sees", taken)
    assert await alice("end", made) in (200, 204)
    await bob("reaches", taken, "Ended")
    assert await alice("heard") == ["ringing", "respondCallUpdate"]
    assert await bob("heard") == ["call", "callEnd"]
    assert (await bob("call", taken))["from"] == "alice@example.com"


async def test_descriptions_are_relayed_as_they_are(gateway, page):
    """Not a byte of an offer or answer is changed."""
    alice, made, bob, taken = await talking(gateway, page, {"video": True})
    offered, answered = [await side("sent", sid) for side, sid in ((alice, made), (bob, taken))]
    assert (await bob("notified", "call"))["sessionParams"]["sdp"] == offered
    assert (await alice("notified", "respondCallUpdate"))["sessionParams"]["sdp"] == answered


@pytest.mark.parametrize("holder", ["caller", "callee"])
async def test_hold_and_unhold(gateway, page, holder):
    """Media stops both ways and comes back, whoever asks; the transport stays."""
    alice, made, bob, taken = await talking(gateway, page)
    (one, sid), (other, other_sid) = ((alice, made), (bob, taken))[:: 1 if holder == "caller" else -1]
    await one("hold", sid)
    assert await one("settled", sid) == {"done": True}
    assert (await other("call", other_sid))["sections"] == [["audio", "sendrecv", "inactive"]]
    assert await one("flow", sid) == {"audio": 0}
    await one("unhold", sid)
    assert await one("settled", sid) == {"done": True}
    await alice("hears", made, 800)
    await bob("hears", taken, 600)
    assert (await one("call", sid))["sections"] == [["audio", "sendrecv", "sendrecv"]]


@pytest.mark.parametrize("adder", ["caller", "callee"])
async def test_video_is_added(gateway, page, adder):
    """By one side, then by the other; each sees the other in the end."""
    alice, made, bob, taken = await talking(gateway, page)
    (one, sid), (other, other_sid) = ((alice, made), (bob, taken))[:: 1 if adder == "caller" else -1]
    await one("addMedia", sid, {"video": True})
    assert await one("settled", sid) == {"done": True}
    await other("sees", other_sid)
    await other("addMedia", other_sid, {"video": True})
    assert await other("settled", other_sid) == {"done": True}
    await one("sees", sid)
    await alice("hears", made, 800)


async def test_a_reoffer_right_after_the_answer_is_held_back(gateway, page):
    """G3: both may offer at once when they are connected, and nothing is lost."""
    alice, bob = await page(gateway, "alice"), await page(gateway, "bob")
    made = await alice("make", "bob@example.com", {"audio": 600})
    taken = await bob("rings")
    await bob("answer", taken, {"audio": 800})
    await bob("hold", taken)
    assert await bob("settled", taken) == {"done": True}
    await alice("reaches", made, "Connected")
    assert await alice("heard") == ["ringing", "respondCallUpdate", "startCallUpdate"]


async def test_two_reoffers_at_once(gateway, page):
    """G4: one of them is done, and the other is refused with a time to wait; after that it is done too."""
    alice, made, bob, taken = await talking(gateway, page)
    await asyncio.gather(alice("hold", made), bob("hold", taken))
    outcomes = [await alice("settled", made), await bob("settled", taken)]
    refused = [outcome for outcome in outcomes if "refused" in outcome]
    assert [outcome for outcome in outcomes if "done" in outcome] == [{"done": True}]
    assert refused[0]["refused"] == 49
    assert 2100 <= refused[0]["retryAfter"] <= 4000
    late, sid = (alice, made) if "refused" in outcomes[0] else (bob, taken)
    await late("hold", sid)
    assert await late("settled", sid) == {"done": True}


async def test_a_refused_reoffer(gateway, page):
    """491 becomes code 49 at the offerer; the call goes on as it was, and the next offer is taken."""
    alice, made, bob, taken = await talking(gateway, page)
    await bob("refuseReoffers", True)
    await alice("addMedia", made, {"video": True})
    assert (await alice("settled", made))["refused"] == 49
    await alice("hears", made, 800)
    await bob("hears", taken, 600)
    await bob("refuseReoffers", False)
    await alice("reoffer", made)
    assert await alice("settled", made) == {"done": True}
    await bob("sees", taken)


async def test_two_devices_of_one_user(gateway, page):
    """Both ring; the quicker one has the call with media, the other is cancelled."""
    alice = await page(gateway, "alice")
    first, second = await page(gateway, "bob"), await page(gateway, "bob", correlator="second")
    made = await alice("make", "bob@example.com", {"audio": 600})
    at_first, at_second = await first("rings"), await second("rings")
    await second("answer", at_second, {"audio": 800})
    await first("reaches", at_first, "Cancelled")
    await alice("reaches", made, "Connected")
    await alice("hears", made, 800)
    await alice("end", made)
    await second("reaches", at_second, "Ended")
    assert await first("heard") == ["call", "callCancel"]

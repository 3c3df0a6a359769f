"""Calls between this SDK and a real browser, through the embedded gateway."""

import asyncio

import pytest

from rbbn_sdk.media import TestPattern, Tone, WavFile, WebmFile
from rbbn_sdk.testing.media import dominant_frequency, frames_move, pictures_of, sound_of

pytestmark = [pytest.mark.nightly, pytest.mark.media]

AUDIO = {"audio": Tone(440)}
BOTH = {"audio": Tone(440), "video": TestPattern(width=320, height=240)}
THEIRS = {"audio": 600, "video": True}


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
    assert inbound["audio"]["totalSamplesReceived"] > 2400
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


async def test_a_page_rejects_our_call(gateway, page, softphone):
    """The reason comes as a number."""
    alice, bob = await softphone(gateway, "alice"), await page(gateway, "bob")
    ended = alice.client.wait_for("call:stateChange", lambda event: "transition" in event, timeout=30)
    made = alice.client.call.make("bob@example.com", BOTH)
    assert await bob("reject", await bob("rings")) == 200
    assert (await ended).transition.status_code == 603
    await alice.reaches(made, "Ended")


async def test_we_reject_a_pages_call(gateway, page, softphone):
    """The page is told the end, and nothing else."""
    alice, bob = await page(gateway, "alice"), await softphone(gateway, "bob")
    sid = await alice("make", "bob@example.com", {"audio": True, "video": True})
    await bob.client.call.reject(await bob.rings())
    await alice("reaches", sid, "Ended")
    call = await alice("call", sid)
    assert (call["told"], call["reason"]) == (["ringing", "callEnd"], "603")


async def test_we_give_up_a_call_that_rings_at_a_page(gateway, page, softphone):
    """It is cancelled there, not ended."""
    alice, bob = await softphone(gateway, "alice"), await page(gateway, "bob")
    made = alice.client.call.make("bob@example.com", BOTH)
    sid = await bob("rings")
    await alice.client.call.end(made)
    await bob("reaches", sid, "Cancelled")


async def test_a_page_gives_up_a_call_that_rings_here(gateway, page, softphone):
    """The same the other way round."""
    alice, bob = await page(gateway, "alice"), await softphone(gateway, "bob")
    sid = await alice("make", "bob@example.com", {"audio": True, "video": True})
    incoming = await bob.rings()
    await alice("end", sid)
    await bob.reaches(incoming, "Cancelled")


@pytest.mark.parametrize("way", ["inactive", "stopped"])
async def test_a_page_turns_our_video_down(gateway, page, softphone, way):
    """Whether by direction or by port 0: the sound goes on, and no video is expected."""
    alice, bob = await softphone(gateway, "alice"), await page(gateway, "bob")
    made = alice.client.call.make("bob@example.com", BOTH)
    sid = await bob("rings")
    await bob("answer", sid, {"audio": 600}, {way: ["video"]})
    await alice.client.call.answered(made)
    await both_get(alice, made, bob, sid, video=False)
    assert len(alice.call(made).remote_tracks) == 1
    assert (await bob("inbound", sid)).get("video", {}).get("packetsReceived", 0) == 0
    await alice.client.call.end(made)
    await bob("reaches", sid, "Ended")


async def test_a_page_sees_us_without_a_camera(gateway, page, softphone):
    """Its answer takes video without sending any."""
    alice, bob = await softphone(gateway, "alice"), await page(gateway, "bob")
    made = alice.client.call.make("bob@example.com", BOTH)
    sid = await bob("rings")
    await bob("answer", sid, {"audio": 600})
    await alice.client.call.answered(made)
    await both_get(alice, made, bob, sid, video=False)
    await bob("sees", sid)
    assert len(alice.call(made).remote_tracks) == 1


async def test_we_take_a_pages_video_without_sending_any(gateway, page, softphone):
    """An audio answer to its offer of both: its pictures come in all the same."""
    alice, bob = await page(gateway, "alice"), await softphone(gateway, "bob")
    sid = await alice("make", "bob@example.com", {"audio": 600, "video": True})
    incoming = await bob.rings()
    await bob.client.call.answer(incoming, AUDIO)
    await alice("reaches", sid, "Connected")
    await bob.gets(incoming, tone=600, pictures=True)
    await alice("hears", sid, 440)
    assert (await alice("inbound", sid)).get("video", {}).get("packetsReceived", 0) == 0


async def test_the_browsers_own_microphone_and_camera(gateway, page, softphone):
    """What a page usually sends: device tracks of one stream, the sound with gaps."""
    alice, bob = await page(gateway, "alice"), await softphone(gateway, "bob")
    sid = await alice("make", "bob@example.com", {"audio": True, "video": True})
    incoming = await bob.rings()
    await bob.client.call.answer(incoming, BOTH)
    await bob.gets(incoming, pictures=True)
    await alice("hears", sid, 440)
    await alice("sees", sid)


async def test_several_calls_after_each_other_and_at_once(gateway, page, softphone):
    """Two pages and a client: each call has its own media, and an ended one disturbs no other."""
    alice = await softphone(gateway, "alice")
    bob, carol = await page(gateway, "bob"), await page(gateway, "carol")
    to_bob, to_carol = (alice.client.call.make(f"{name}@example.com", AUDIO) for name in ("bob", "carol"))
    at_bob, at_carol = await bob("rings"), await carol("rings")
    await bob("answer", at_bob, {"audio": 600})
    await carol("answer", at_carol, {"audio": 800})
    await asyncio.gather(alice.client.call.answered(to_bob), alice.client.call.answered(to_carol))
    await alice.gets(to_bob, tone=600)
    await alice.gets(to_carol, tone=800)
    await alice.client.call.end(to_bob)
    await bob("reaches", at_bob, "Ended")
    await alice.gets(to_carol, tone=800)
    again = alice.client.call.make("bob@example.com", AUDIO)
    at_bob = await bob("rings")
    await bob("answer", at_bob, {"audio": 1000})
    await alice.client.call.answered(again)
    await alice.gets(again, tone=1000)


async def test_two_pages_answer_at_once(gateway, page, softphone):
    """Both browsers have begun with ICE and DTLS; the winner has the call, with media."""
    alice = await softphone(gateway, "alice")
    first, second = await page(gateway, "bob"), await page(gateway, "bob", correlator="second")
    made = alice.client.call.make("bob@example.com", BOTH)
    sids = await first("rings"), await second("rings")
    await asyncio.gather(*(one("prepare", sid, THEIRS) for one, sid in zip((first, second), sids, strict=True)))
    await second("acceptPrepared", sids[1])
    await alice.client.call.answered(made)
    await first("reaches", sids[0], "Cancelled")
    await both_get(alice, made, second, sids[1], video=True)
    await alice.client.call.end(made)


async def test_a_page_and_a_client_of_one_user(gateway, page, softphone):
    """Bob's browser and Bob's program both ring; who answers has the call, the other is cancelled."""
    alice, browser = await page(gateway, "alice"), await page(gateway, "bob", correlator="browser")
    program = await softphone(gateway, "bob")
    sid = await alice("make", "bob@example.com", THEIRS)
    at_browser, at_program = await browser("rings"), await program.rings()
    await program.client.call.answer(at_program, BOTH)
    await browser("reaches", at_browser, "Cancelled")
    await both_get(program, at_program, alice, sid, video=True)
    await alice("end", sid)
    again = await alice("make", "bob@example.com", THEIRS)
    at_browser, at_program = await browser("rings"), await program.rings()
    await browser("answer", at_browser, THEIRS)
    await program.reaches(at_program, "Cancelled")
    await alice("hears", again, 600)


async def test_a_page_vanishes_in_mid_call(gateway, page, softphone):
    """Its transport closes; we are told at once, and can still end the call."""
    alice, bob = await page(gateway, "alice"), await softphone(gateway, "bob")
    sid = await alice("make", "bob@example.com", THEIRS)
    incoming = await bob.rings()
    await bob.client.call.answer(incoming, BOTH)
    await both_get(bob, incoming, alice, sid, video=True)
    await alice("vanish", sid)
    await bob.until(lambda: bob.call(incoming).get("mediaConnectionState") == "disconnected")
    assert bob.call(incoming).state == "Connected"
    await bob.client.call.end(incoming)
    await alice("reaches", sid, "Ended")


async def test_a_call_with_a_page_is_recorded(gateway, page, softphone, tmp_path):
    """What a browser sends changes its size as it likes; the file holds its tone and moving pictures."""
    alice, bob = await page(gateway, "alice"), await softphone(gateway, "bob")
    sid = await alice("make", "bob@example.com", {"audio": 600, "video": {"width": 640, "height": 480}})
    incoming = await bob.rings()
    sinks = [WavFile(tmp_path / "call.wav"), WebmFile(tmp_path / "call.webm")]
    await bob.client.call.answer(incoming, BOTH)
    tracks = list(bob.call(incoming).remote_tracks)
    for sink in sinks:
        await bob.client.media.render_tracks(tracks, sink)
    await bob.gets(incoming, tone=600, pictures=True)
    await alice("changeVideo", sid, {"scaleResolutionDownBy": 4})
    await alice("sends", sid, 1, 160)
    await bob.gets(incoming, tone=600, pictures=True)
    await alice("changeVideo", sid, {"scaleResolutionDownBy": 1})
    await alice("sends", sid, 161, 640)
    await bob.gets(incoming, tone=600, pictures=True)
    for sink in sinks:
        await bob.client.media.remove_tracks(tracks, sink)
    await bob.client.call.end(incoming)
    for sink in sinks:
        samples, rate = sound_of(sink.path)
        assert dominant_frequency(samples[-rate:], rate) == pytest.approx(600, abs=5)
    assert frames_move(pictures_of(tmp_path / "call.webm"))


async def test_a_page_wants_to_hold(gateway, page, softphone):
    """This SDK cannot re-negotiate yet: the page is refused, and both go on hearing each other."""
    alice, bob = await page(gateway, "alice"), await softphone(gateway, "bob")
    sid = await alice("make", "bob@example.com", {"audio": 600})
    incoming = await bob.rings()
    await bob.client.call.answer(incoming, AUDIO)
    await both_get(bob, incoming, alice, sid, video=False)
    await alice("addMedia", sid, {"video": True})
    assert (await alice("settled", sid))["refused"] == 49
    await both_get(bob, incoming, alice, sid, video=False)


async def test_a_page_forwards_our_call(gateway, page, softphone):
    """Another page answers it, with our first offer."""
    alice = await softphone(gateway, "alice")
    bob, carol = await page(gateway, "bob"), await page(gateway, "carol")
    made = alice.client.call.make("bob@example.com", BOTH)
    assert await bob("forward", await bob("rings"), "sip:carol@example.com") == 200
    sid = await carol("rings")
    await carol("answer", sid, THEIRS)
    await alice.client.call.answered(made)
    await both_get(alice, made, carol, sid, video=True)
    assert alice.call(made).remote_participant.display_number == "carol@example.com"
    await alice.client.call.end(made)
    await carol("reaches", sid, "Ended")


async def test_a_page_is_loaded_anew_while_our_call_rings(gateway, page, softphone):
    """The new one rings too, and answers."""
    alice, before = await softphone(gateway, "alice"), await page(gateway, "bob")
    made = alice.client.call.make("bob@example.com", BOTH)
    await before("rings")
    after = await page(gateway, "bob")
    sid = await after("rings")
    await after("answer", sid, THEIRS)
    await alice.client.call.answered(made)
    await both_get(alice, made, after, sid, video=True)
    await alice.client.call.end(made)


async def test_a_page_is_loaded_anew_in_mid_call(gateway, page, softphone):
    """It has lost that call, which can still be ended here; meanwhile the user can be called again."""
    alice, before = await softphone(gateway, "alice"), await page(gateway, "bob")
    lost = alice.client.call.make("bob@example.com", BOTH)
    await before("answer", await before("rings"), THEIRS)
    await alice.client.call.answered(lost)
    after = await page(gateway, "bob")
    made = alice.client.call.make("bob@example.com", BOTH)
    sid = await after("rings")
    await after("answer", sid, THEIRS)
    await alice.client.call.answered(made)
    await alice.client.call.end(lost)
    await both_get(alice, made, after, sid, video=True)
    await alice.client.call.end(made)
    await after("reaches", sid, "Ended")


async def test_calls_that_cross(gateway, page, softphone):
    """Each calls the other at the same time: there are two calls, and both can be taken."""
    alice, bob = await page(gateway, "alice"), await softphone(gateway, "bob")
    made = bob.client.call.make("alice@example.com", AUDIO)
    sid = await alice("make", "bob@example.com", {"audio": 600})
    incoming, at_alice = await bob.rings(), await alice("rings")
    await bob.client.call.answer(incoming, AUDIO)
    await alice("answer", at_alice, {"audio": 800})
    await bob.client.call.answered(made)
    await alice("reaches", sid, "Connected")
    await bob.gets(incoming, tone=600)
    await bob.gets(made, tone=800)
    await bob.client.call.end(incoming)
    await bob.client.call.end(made)
    await alice("reaches", sid, "Ended")
    await alice("reaches", at_alice, "Ended")

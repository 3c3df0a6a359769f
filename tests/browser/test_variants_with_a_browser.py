"""Descriptions in other shapes than a browser's usual one, in calls with a real browser."""

import pytest

from rbbn_sdk.media import TestPattern, Tone

pytestmark = [pytest.mark.nightly, pytest.mark.media]

BOTH = {"audio": Tone(440), "video": TestPattern(width=320, height=240)}
THEIRS = {"audio": 600, "video": True}

NO_BUNDLE = ["^a=group:BUNDLE.*\\r\\n", ""]
NO_MSID = ["^a=msid:.*\\r\\n", ""]
NO_SSRC = ["^a=ssrc(-group)?:.*\\r\\n", ""]
NO_EXTENSIONS = ["^a=extmap(-allow-mixed)?.*\\r\\n", ""]
NO_FEEDBACK = ["^a=rtcp-fb:.*\\r\\n", ""]
NO_TCP = ["^a=candidate:.* tcp .*\\r\\n", ""]
ACTIVE = ["^a=setup:actpass", "a=setup:active"]
PASSIVE = ["^a=setup:actpass", "a=setup:passive"]
ANSWER_PASSIVE = ["^a=setup:active", "a=setup:passive"]


async def both_get(phone, call_id, page, sid):
    await phone.connected(call_id)
    await page("connected", sid)
    await phone.gets(call_id, tone=600, pictures=True)
    await page("hears", sid, 440)
    await page("sees", sid)


@pytest.mark.parametrize("policy", ["balanced", "max-compat", "max-bundle"])
@pytest.mark.parametrize("removes", [False, True], ids=["bundled", "removeBundling"])
async def test_we_call_with_every_way_of_bundling(gateway, page, softphone, policy, removes):
    """One transport or two, as the offer says."""
    config = {"defaultPeerConfig": {"iceServers": [], "bundlePolicy": policy}, "removeBundling": removes}
    alice, bob = await softphone(gateway, "alice", **config), await page(gateway, "bob")
    made = alice.client.call.make("bob@example.com", BOTH)
    sid = await bob("rings")
    await bob("answer", sid, THEIRS)
    await alice.client.call.answered(made)
    await both_get(alice, made, bob, sid)
    assert ("a=group:BUNDLE" in await bob("remoteSdp", sid)) is not removes
    await alice.client.call.end(made)


@pytest.mark.parametrize(
    ("policy", "removes"),
    [("balanced", False), ("max-compat", False), ("max-bundle", False), ("balanced", True), ("max-compat", True)],
)
async def test_a_page_calls_with_every_way_of_bundling(gateway, page, softphone, policy, removes):
    """The same for answers of ours; who insists on bundling cannot be told that there is none."""
    bob = await softphone(gateway, "bob", removeBundling=removes)
    alice = await page(gateway, "alice")
    sid = await alice("make", "bob@example.com", THEIRS, {"peer": {"bundlePolicy": policy}})
    incoming = await bob.rings()
    await bob.client.call.answer(incoming, BOTH)
    await alice("reaches", sid, "Connected")
    await both_get(bob, incoming, alice, sid)
    await bob.client.call.end(incoming)


@pytest.mark.parametrize(
    "edits",
    [
        pytest.param([NO_BUNDLE], id="no BUNDLE"),
        pytest.param([NO_MSID, NO_SSRC], id="no msid, no ssrc"),
        pytest.param([NO_EXTENSIONS], id="no header extensions"),
        pytest.param([NO_FEEDBACK], id="no feedback"),
        pytest.param([NO_TCP], id="no TCP candidates"),
        pytest.param([ACTIVE], id="setup active"),
        pytest.param([PASSIVE], id="setup passive"),
        pytest.param([["^s=-", "s=-\r\na=ice-lite"]], id="ice-lite"),
        pytest.param([["127.0.0.1 (\\d+) typ", "5e0c9d2c-2b6b-4c27-9a3f-6f1d1e0b7a11.local $1 typ"]], id="mDNS names"),
        pytest.param([["^a=candidate:.*\\r\\n", ""]], id="no candidates"),
    ],
)
async def test_a_pages_offer_in_another_shape(gateway, page, softphone, edits):
    """What other gateways make of a browser's offer on its way to us."""
    alice, bob = await page(gateway, "alice"), await softphone(gateway, "bob")
    sid = await alice("make", "bob@example.com", THEIRS, {"edits": edits})
    incoming = await bob.rings()
    await bob.client.call.answer(incoming, BOTH)
    await alice("reaches", sid, "Connected")
    await both_get(bob, incoming, alice, sid)
    await bob.client.call.end(incoming)
    await alice("reaches", sid, "Ended")


@pytest.mark.parametrize(
    "edits",
    [
        pytest.param([NO_MSID, NO_SSRC], id="no msid, no ssrc"),
        pytest.param([NO_FEEDBACK], id="no feedback"),
        pytest.param([NO_EXTENSIONS], id="no header extensions"),
    ],
)
async def test_a_pages_answer_in_another_shape(gateway, page, softphone, edits):
    """The same for its answers."""
    alice, bob = await softphone(gateway, "alice"), await page(gateway, "bob")
    made = alice.client.call.make("bob@example.com", BOTH)
    sid = await bob("rings")
    await bob("answer", sid, THEIRS, {"edits": edits})
    await alice.client.call.answered(made)
    await both_get(alice, made, bob, sid)
    await alice.client.call.end(made)


@pytest.mark.parametrize("codec", ["opus", "PCMU", "PCMA", "G722"])
async def test_every_codec_for_sound(gateway, page, softphone, codec):
    """A page that prefers it, in an offer of its own."""
    alice, bob = await page(gateway, "alice"), await softphone(gateway, "bob")
    sid = await alice("make", "bob@example.com", {"audio": 600}, {"codecs": {"audio": codec}})
    incoming = await bob.rings()
    await bob.client.call.answer(incoming, {"audio": Tone(440)})
    await bob.gets(incoming, tone=600)
    await alice("hears", sid, 440)
    assert await alice("codec", sid, "audio") == f"audio/{codec}"
    await bob.client.call.end(incoming)


@pytest.mark.parametrize("codec", ["VP8", "H264"])
@pytest.mark.parametrize("caller", ["client", "page"])
async def test_every_codec_for_pictures(gateway, page, softphone, codec, caller):
    """A page that prefers it, in an answer to ours or in an offer of its own."""
    options = {"codecs": {"video": codec}}
    if caller == "client":
        phone, browser = await softphone(gateway, "alice"), await page(gateway, "bob")
        call_id = phone.client.call.make("bob@example.com", BOTH)
        sid = await browser("rings")
        await browser("answer", sid, THEIRS, options)
        await phone.client.call.answered(call_id)
    else:
        browser, phone = await page(gateway, "alice"), await softphone(gateway, "bob")
        sid = await browser("make", "bob@example.com", THEIRS, options)
        call_id = await phone.rings()
        await phone.client.call.answer(call_id, BOTH)
    await both_get(phone, call_id, browser, sid)
    assert await browser("codec", sid, "video") == f"video/{codec}"
    await phone.client.call.end(call_id)


async def test_a_page_with_no_video_codec_of_ours(gateway, page, softphone):
    """Its video is refused alone; the sound is as good as ever."""
    alice, bob = await page(gateway, "alice"), await softphone(gateway, "bob")
    sid = await alice("make", "bob@example.com", THEIRS, {"codecs": {"video": "VP9", "only": True}})
    incoming = await bob.rings()
    await bob.client.call.answer(incoming, BOTH)
    await alice("reaches", sid, "Connected")
    await bob.gets(incoming, tone=600)
    await alice("hears", sid, 440)
    assert "m=video 0 " in await alice("remoteSdp", sid)
    await bob.client.call.end(incoming)


async def test_a_page_that_offers_more_than_we_can_take(gateway, page, softphone):
    """A data channel, a second camera, and layers of one video: each is refused or taken for itself."""
    alice, bob = await page(gateway, "alice"), await softphone(gateway, "bob")
    config = {"data": True, "secondVideo": True, "simulcast": True}
    sid = await alice("make", "bob@example.com", THEIRS, config)
    incoming = await bob.rings()
    await bob.client.call.answer(incoming, BOTH)
    await alice("reaches", sid, "Connected")
    await both_get(bob, incoming, alice, sid)
    answer = await alice("remoteSdp", sid)
    assert "m=application 0 " in answer
    assert answer.count("m=video ") == 3
    assert "a=simulcast" not in answer
    assert len(bob.call(incoming).remote_tracks) == 4
    await bob.client.call.end(incoming)


async def test_we_send_a_camera_and_a_screen(gateway, page, softphone):
    """A page shows both."""
    alice, bob = await softphone(gateway, "alice"), await page(gateway, "bob")
    made = alice.client.call.make("bob@example.com", {**BOTH, "screen": TestPattern(width=160, height=120)})
    sid = await bob("rings")
    await bob("answer", sid, THEIRS)
    await alice.client.call.answered(made)
    await both_get(alice, made, bob, sid)
    assert await bob("widths", sid, [160, 320]) == [160, 320]
    await alice.client.call.end(made)


async def test_a_page_that_only_listens(gateway, page, softphone):
    """An offer that takes sound and sends none."""
    alice, bob = await page(gateway, "alice"), await softphone(gateway, "bob")
    sid = await alice("make", "bob@example.com", {}, {"listens": True})
    incoming = await bob.rings()
    await bob.client.call.answer(incoming, {"audio": Tone(440)})
    await alice("reaches", sid, "Connected")
    await alice("hears", sid, 440)
    assert bob.call(incoming).remote_tracks == ()
    await bob.client.call.end(incoming)


async def test_a_page_with_video_first(gateway, page, softphone):
    """Its sections have another order than ours."""
    alice, bob = await page(gateway, "alice"), await softphone(gateway, "bob")
    sid = await alice("make", "bob@example.com", THEIRS, {"order": ["video", "audio"]})
    incoming = await bob.rings()
    await bob.client.call.answer(incoming, BOTH)
    await alice("reaches", sid, "Connected")
    await both_get(bob, incoming, alice, sid)
    await bob.client.call.end(incoming)


async def test_the_section_that_others_bundle_with_is_refused(gateway, page, softphone):
    """Video comes first in the offer and cannot be used; the sound takes the transport over."""
    alice, bob = await page(gateway, "alice"), await softphone(gateway, "bob")
    config = {"order": ["video", "audio"], "codecs": {"video": "VP9", "only": True}}
    sid = await alice("make", "bob@example.com", THEIRS, config)
    incoming = await bob.rings()
    await bob.client.call.answer(incoming, {"audio": Tone(440)})
    await alice("reaches", sid, "Connected")
    await bob.gets(incoming, tone=600)
    await alice("hears", sid, 440)
    await bob.client.call.end(incoming)


@pytest.mark.parametrize("way", ["inactive", "stopped"])
@pytest.mark.parametrize("removes", [False, True], ids=["bundled", "removeBundling"])
async def test_a_page_turns_our_sound_down(gateway, page, softphone, way, removes):
    """The first section of our offer, which the others bundle with: the pictures go on."""
    alice, bob = await softphone(gateway, "alice", removeBundling=removes), await page(gateway, "bob")
    made = alice.client.call.make("bob@example.com", BOTH)
    sid = await bob("rings")
    await bob("answer", sid, {"video": True}, {way: ["audio"]})
    await alice.client.call.answered(made)
    await alice.connected(made)
    await alice.gets(made, pictures=True)
    await bob("sees", sid)
    assert len(alice.call(made).remote_tracks) == 1
    await alice.client.call.end(made)


async def test_pictures_without_sound(gateway, page, softphone):
    """Both ways, whoever calls."""
    video = {"video": BOTH["video"]}
    alice, bob = await page(gateway, "alice"), await softphone(gateway, "bob")
    sid = await alice("make", "bob@example.com", {"video": True})
    incoming = await bob.rings()
    await bob.client.call.answer(incoming, video)
    await bob.gets(incoming, pictures=True)
    await alice("sees", sid)
    await bob.client.call.end(incoming)
    made = bob.client.call.make("alice@example.com", video)
    sid = await alice("rings")
    await alice("answer", sid, {"video": True})
    await bob.client.call.answered(made)
    await bob.gets(made, pictures=True)
    await alice("sees", sid)
    await bob.client.call.end(made)


async def test_a_page_dials_tones(gateway, page, softphone):
    """Telephone events do no harm to the sound."""
    alice, bob = await page(gateway, "alice"), await softphone(gateway, "bob")
    sid = await alice("make", "bob@example.com", {"audio": 600})
    incoming = await bob.rings()
    await bob.client.call.answer(incoming, {"audio": Tone(440)})
    await bob.gets(incoming, tone=600)
    await alice("dial", sid, "159#")
    await bob.gets(incoming, tone=600)
    await bob.client.call.end(incoming)


async def test_a_page_that_stops_sending_for_a_while(gateway, page, softphone):
    """No packet comes, and then they come again; nothing is signalled."""
    alice, bob = await page(gateway, "alice"), await softphone(gateway, "bob")
    sid = await alice("make", "bob@example.com", THEIRS)
    incoming = await bob.rings()
    await bob.client.call.answer(incoming, BOTH)
    await both_get(bob, incoming, alice, sid)
    await alice("silence", sid)
    await alice("hears", sid, 440)
    await alice("resume", sid)
    await both_get(bob, incoming, alice, sid)
    await bob.client.call.end(incoming)


@pytest.mark.parametrize("media", ["audio", "audio and video"])
async def test_slow_start(gateway, page, softphone, media):
    """An offer-less call is answered with our offer; the page's answer to it connects both."""
    video = media != "audio"
    alice, bob = await page(gateway, "alice"), await softphone(gateway, "bob")
    await alice("startWithoutOffer", "slow@alice")
    params = {"callerDisplayNumber": "alice@example.com", "calleeDisplayNumber": "bob@example.com"}
    message = {"sessionParams": {"sessionData": "slow@bob"}, "callNotificationParams": params}
    await gateway.fail(user="bob@example.com", path="*slow@bob", status=200, body={"callControlResponse": {}})
    await gateway.notify(user="bob@example.com", message={"eventType": "call", **message})
    incoming = await bob.rings()
    answering = bob.client.call.answer(incoming, BOTH if video else {"audio": Tone(440)})
    offer = await offered(gateway)
    answer = await alice("answerTo", "slow@alice", offer, {"audio": 600, "video": video})
    message["sessionParams"] = {"sessionData": "slow@bob", "sdp": answer}
    await gateway.notify(user="bob@example.com", message={"eventType": "respondCallUpdate", **message})
    await answering
    await bob.reaches(incoming, "Connected")
    await bob.gets(incoming, tone=600, pictures=video)
    await alice("hears", "slow@alice", 440)
    if video:
        await alice("sees", "slow@alice")
    await bob.client.call.end(incoming)


async def offered(gateway):
    """The offer in our callAnswer."""
    count = 0
    while True:
        count += 1
        request = await gateway.wait_for_request("PUT", "*slow@bob", user="bob@example.com", count=count)
        control = request.json["callControlRequest"]
        if control["type"] == "callAnswer":
            return control["sdp"]


async def test_early_media(gateway, page, softphone):
    """A provisional answer lets the browser's sound in before anybody has answered; the final one changes nothing."""
    alice, bob = await softphone(gateway, "alice", earlyMedia=True), await page(gateway, "bob")
    made = alice.client.call.make("bob@example.com", BOTH)
    sid = await bob("rings")
    await alice.reaches(made, "Ringing")
    params = {"sessionData": alice.call(made).wrtcs_session_id, "sdp": await bob("prepare", sid, THEIRS)}
    await gateway.notify(user="alice@example.com", message={"eventType": "sessionProgress", "sessionParams": params})
    await alice.reaches(made, "Early Media")
    await alice.gets(made, tone=600, pictures=True)
    await bob("acceptPrepared", sid)
    await alice.client.call.answered(made)
    await both_get(alice, made, bob, sid)
    await alice.client.call.end(made)

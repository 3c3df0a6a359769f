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


@pytest.mark.parametrize("policy", ["balanced", "max-compat", "max-bundle"])
@pytest.mark.parametrize("removes", [False, True], ids=["bundled", "removeBundling"])
async def test_a_page_calls_with_every_way_of_bundling(gateway, page, softphone, policy, removes):
    """The same for answers of ours."""
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
async def test_every_codec_for_pictures(gateway, page, softphone, codec):
    """A page that prefers it, in an answer to ours."""
    alice, bob = await softphone(gateway, "alice"), await page(gateway, "bob")
    made = alice.client.call.make("bob@example.com", BOTH)
    sid = await bob("rings")
    await bob("answer", sid, THEIRS, {"codecs": {"video": codec}})
    await alice.client.call.answered(made)
    await both_get(alice, made, bob, sid)
    assert await bob("codec", sid, "video") == f"video/{codec}"
    await alice.client.call.end(made)


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

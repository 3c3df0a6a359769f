"""The real engine takes what we write for it. Nothing is sent: without a local description nothing is gathered."""

from collections.abc import AsyncIterator, Callable

import pytest
from aiortc import RTCBundlePolicy, RTCConfiguration, RTCPeerConnection, RTCSessionDescription

from rbbn_sdk import sdp

pytestmark = pytest.mark.media

QUIET = sdp.EngineAbilities(mdns=False)
OFFERS = [
    "h264-odd-level", "hold-connection-zero", "ipv6-only", "legacy-pbx-no-mid", "lf-no-final-newline", "many-b-lines",
    "non-ascii-session-name", "plan-b-two-audio", "port-count", "setup-holdconn", "static-pt-no-rtpmap",
    "unknown-candidate-kinds", "very-many-candidates", "vendors/asterisk-audio-video-no-bundle",
    "vendors/chrome-audio-video", "vendors/chrome-bundle-only", "vendors/chrome-data-channel",
    "vendors/desk-phone-video-refused", "vendors/firefox-audio-video", "vendors/freeswitch-audio",
    "vendors/kamailio-session-level", "vendors/rtpengine-audio", "vendors/safari-audio-video",
]  # fmt: skip


@pytest.fixture
async def peer() -> AsyncIterator[Callable[[], RTCPeerConnection]]:
    """Makes engines that are closed afterwards."""
    made: list[RTCPeerConnection] = []

    def make() -> RTCPeerConnection:
        configuration = RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)
        made.append(RTCPeerConnection(configuration))
        return made[-1]

    yield make
    for one in made:
        await one.close()


@pytest.mark.parametrize("name", OFFERS)
async def test_an_offer_can_be_set_and_answered(load, origin: sdp.Origin, peer, name: str) -> None:
    """One whole negotiation: no section may spoil the others."""
    engine, offer = peer(), load(name)
    view = sdp.view_offer(offer, abilities=QUIET)
    await engine.setRemoteDescription(RTCSessionDescription(view.text, "offer"))
    answer = await engine.createAnswer()
    wire = sdp.parse(sdp.wire_answer(answer.sdp, offer=offer, view=view, origin=origin))
    assert [bool(sdp.media_line(section).port) for section in wire.media] == [plan.usable for plan in view.sections]
    known = {codec.payload for plan in view.sections for codec in plan.codecs}
    assert {codec.payload for section in sdp.parse(answer.sdp).media for codec in sdp.codecs(section)} >= known


@pytest.mark.parametrize("name", ["answer-opus-te8000", "answer-rejected-video-bare"])
@pytest.mark.parametrize("kind", ["answer", "pranswer"])
async def test_an_answer_can_be_set(load, origin: sdp.Origin, peer, name: str, kind: str, monkeypatch) -> None:
    """F03, F22: the engine wants every section back, whole."""
    monkeypatch.setattr("aioice.ice.get_host_addresses", lambda use_ipv4, use_ipv6: ["127.0.0.1"])
    monkeypatch.setattr("aiortc.rtcicetransport.RTCIceTransport.start", _stay_here)
    engine = peer()
    engine.addTransceiver("audio")
    engine.addTransceiver("video")
    await engine.setLocalDescription(await engine.createOffer())
    own = engine.localDescription.sdp
    wire = sdp.wire_offer(own, origin=origin)
    view = sdp.view_answer(load(name), wire_offer=wire, engine_offer=own)
    await engine.setRemoteDescription(RTCSessionDescription(view.text, kind))
    assert [one.currentDirection for one in engine.getTransceivers()] == ["sendrecv", "inactive"]


async def _stay_here(_self: object, _parameters: object) -> None:
    """No connectivity checks: the addresses of these files are nobody's."""

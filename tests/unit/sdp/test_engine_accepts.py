"""The real engine takes what we write for it. Nothing is sent: without a local description nothing is gathered."""

import asyncio
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


@pytest.mark.parametrize("refused", [(), (0,), (1,)], ids=["nothing", "the first", "the second"])
@pytest.mark.parametrize("by_answer", [False, True], ids=["in the offer", "in the answer"])
async def test_two_engines_connect_whatever_section_is_refused(
    origin: sdp.Origin, peer, monkeypatch, refused: tuple[int, ...], by_answer: bool
) -> None:
    """The idle stand-ins must not take the transport from the sections that live."""
    monkeypatch.setattr("aioice.ice.get_host_addresses", lambda use_ipv4, use_ipv6: ["127.0.0.1"])
    caller, callee = peer(), peer()
    caller.addTransceiver("audio")
    caller.addTransceiver("video")
    await caller.setLocalDescription(await caller.createOffer())
    wire_offer = sdp.wire_offer(caller.localDescription.sdp, origin=origin)
    offer = wire_offer if by_answer else _turned_down(wire_offer, refused)
    view = sdp.view_offer(offer)
    await callee.setRemoteDescription(RTCSessionDescription(view.text, "offer"))
    await callee.setLocalDescription(await callee.createAnswer())
    wire = sdp.wire_answer(callee.localDescription.sdp, offer=offer, view=view, origin=origin)
    answer = _turned_down(wire, refused) if by_answer else wire
    back = sdp.view_answer(answer, wire_offer=wire_offer, engine_offer=caller.localDescription.sdp)
    await caller.setRemoteDescription(RTCSessionDescription(back.text, "answer"))
    await asyncio.wait_for(asyncio.gather(_connected(caller), _connected(callee)), 20)
    assert [plan.usable for plan in back.sections] == [at not in refused for at in range(2)]


async def _connected(engine: RTCPeerConnection) -> None:
    changed = asyncio.Event()
    engine.on("connectionstatechange", changed.set)
    while engine.connectionState != "connected":
        await changed.wait()
        changed.clear()


def _turned_down(text: str, refused: tuple[int, ...]) -> str:
    """With naked refusals in some places: port 0, one unknown format, no attributes."""
    description = sdp.parse(text)
    for at in refused:
        kind = sdp.media_line(description.media[at]).kind
        bare = (description.line(f"m={kind} 0 UDP/TLS/RTP/SAVPF 19"),)
        description = description.edit_media(at, lambda _lines, bare=bare: bare)
    return description.text


async def _stay_here(_self: object, _parameters: object) -> None:
    """No connectivity checks: the addresses of these files are nobody's."""

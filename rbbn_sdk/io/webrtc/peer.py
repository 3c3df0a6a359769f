"""One peer connection."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from aiortc import RTCSessionDescription
from attrs import evolve

from rbbn_sdk import sdp
from rbbn_sdk.errors import MediaError, SdpError
from rbbn_sdk.io.webrtc.dialog import Dialog, OwnDescription
from rbbn_sdk.io.webrtc.hub import Hub
from rbbn_sdk.io.webrtc.monitor import POLL, ConnectionMonitor
from rbbn_sdk.io.webrtc.private.ice import IcePlan
from rbbn_sdk.io.webrtc.private.peer import OwnPeerConnection
from rbbn_sdk.io.webrtc.remote import RemoteTracks
from rbbn_sdk.io.webrtc.senders import Senders
from rbbn_sdk.io.webrtc.steps import Gathering, Reports
from rbbn_sdk.io.webrtc.tracks import Tracks
from rbbn_sdk.io.webrtc.work import Work, cancel
from rbbn_sdk.ports.peers import PeerEvent, PeerEventKind, RemoteMedia, RemoteTrack
from rbbn_sdk.types import TrackId
from rbbn_sdk.types.call import IceGatheringState, MediaConnectionState, SdpType

CLOSE_LIMIT = 0.6
"""Seconds for a polite end; what is left then is dropped."""

_T = TypeVar("_T")

_LOOPBACK = ("127.", "::1")


class Peer:
    """aiortc's peer connection behind the words of the port `Peers`."""

    def __init__(self, plan: IcePlan, bundle_policy: str, tracks: Tracks, log: Callable[[str, str], None]) -> None:
        self.work = Work()
        self.gathering = Gathering()
        self.events: Reports[PeerEvent] = Reports()
        self._plan = plan
        self._bundle_policy = bundle_policy
        self._log = log
        self._remote = RemoteTracks(tracks, self._track_ended, log)
        self._dialog = Dialog(_abilities(plan))
        self._senders = Senders()
        self._monitor = ConnectionMonitor()
        self._reported: MediaConnectionState | None = MediaConnectionState.NEW
        self._changed = asyncio.Event()
        self._last_answer = RemoteMedia(tracks=())
        self._early_party: tuple[str, ...] = ()
        self._engine: OwnPeerConnection | None = None
        self._watch: asyncio.Task[None] | None = None
        plan.changed = self._gathered

    def _made(self, *, bundled: bool = True) -> OwnPeerConnection:
        """The engine's peer, made when first needed: only then is known whether the offer bundles its sections."""
        if self._engine is None:
            policy = self._bundle_policy if bundled else "max-compat"
            self._engine = OwnPeerConnection(self._plan, policy, on_remote_close=self._lost, on_lost=self._consent_gone)
            self._engine.on("connectionstatechange", self._changed.set)
            self._watch = asyncio.create_task(self._report_changes(), name="peer watch")
        return self._engine

    def add_track(self, hub: Hub) -> None:
        """Send a track."""
        self._senders.add(self._made(), hub)

    # descriptions

    async def create_offer(self) -> str:
        engine = self._made()
        if not engine.getTransceivers():
            raise MediaError("there is nothing to offer: no track was added")
        return self._dialog.make_offer((await _engine(engine.createOffer())).sdp)

    async def create_answer(self) -> str:
        engine = self._made()
        engine.mend_before_answer()
        return self._dialog.make_answer((await _engine(engine.createAnswer())).sdp)

    async def set_local(self, sdp_type: SdpType, wire: str) -> None:
        """Apply. The host candidates are there on return; asking the servers goes on."""
        engine = self._made()
        own = self._dialog.take_own(sdp_type, wire)
        if sdp_type is SdpType.ANSWER:
            self._keep_codecs(engine, own)
        await _engine(engine.setLocalDescription(RTCSessionDescription(own.engine, sdp_type)))
        self._dialog.confirm_own(sdp_type, own)
        self._gathered()

    def _keep_codecs(self, engine: OwnPeerConnection, own: OwnDescription) -> None:
        mids = _mids(own.engine)
        for change in sdp.codec_changes(own.made, own.wire):
            if change.removed and change.engine_index < len(mids):
                engine.keep_codecs(mids[change.engine_index], frozenset(codec.payload for codec in change.kept))

    async def set_remote(self, sdp_type: SdpType, text: str) -> RemoteMedia:
        """Apply, and say what it means."""
        if self._is_repeated(sdp_type, text):
            return self._last_answer
        is_offer = sdp_type is SdpType.OFFER
        view = self._view_offer(text) if is_offer else self._dialog.view_answer(text)
        engine = self._made(bundled=view.bundled)
        _require_state(engine, sdp_type)
        if not is_offer:
            await self._turn_to(engine, sdp_type, _party(view))
        if sdp_type is SdpType.PRANSWER:
            engine.settle_dtls_role(sdp.first_setup(view.text))
        await self._apply_remote(engine, sdp_type, view)
        self._dialog.confirm_remote(sdp_type, text, view)
        if not is_offer:
            self.start_transport()  # an offerer has nothing to wait for
        media = RemoteMedia(tracks=self._remote_tracks(engine, view), problems=view.problems)
        if sdp_type is SdpType.ANSWER:
            self._last_answer = media
        return media

    async def _turn_to(self, engine: OwnPeerConnection, sdp_type: SdpType, party: tuple[str, ...]) -> None:
        """An announcement's answer may be followed by that of the one who is called, with another transport."""
        if self._early_party not in ((), party):
            await engine.turn_away()
        self._early_party = party if sdp_type is SdpType.PRANSWER else ()

    def _is_repeated(self, sdp_type: SdpType, text: str) -> bool:
        """The same answer once more, as when 183 and 200 both carry it."""
        settled = self._engine is not None and self._engine.signalingState == "stable"
        return settled and sdp_type is SdpType.ANSWER and text == self._dialog.negotiated

    def _view_offer(self, text: str) -> sdp.EngineView:
        own = self._dialog.own
        mids = () if own is None else _mids(own.engine)
        return self._dialog.view_offer(text, known_mids=mids, reoffer=bool(self._dialog.negotiated))

    async def _apply_remote(self, engine: OwnPeerConnection, sdp_type: SdpType, view: sdp.EngineView) -> None:
        try:
            await engine.setRemoteDescription(RTCSessionDescription(view.text, sdp_type))
        except Exception as error:
            raise SdpError(f"the remote {sdp_type} cannot be used: {type(error).__name__}: {error}") from error
        engine.mend_receivers()

    def _remote_tracks(self, engine: OwnPeerConnection, view: sdp.EngineView) -> tuple[RemoteTrack, ...]:
        receivers = {t.mid: t.receiver for t in engine.getTransceivers()}
        sending = [(plan, receivers.get(plan.engine_mid)) for plan in view.sections if plan.usable and plan.sends]
        return tuple(self._remote.take(plan, receiver.track) for plan, receiver in sending if receiver is not None)

    # gathering

    def _gathered(self) -> None:
        engine = self._engine
        if engine is None:
            return
        states = {switch.next.gathering for switch in engine.switches()}
        found = [
            (f"candidate:{candidate.to_sdp()}", mid)
            for switch in engine.switches()
            for candidate in switch.local_candidates
            for mid in engine.mids(switch)
        ]
        self.gathering.update(_gathering_state(states), found)

    async def local_description(self) -> str:
        """Ours as it is now, gathering ended."""
        engine, own = self._made(), self._dialog.own
        if own is None:
            raise MediaError("there is no own description yet")
        for connection in engine.connections():
            await connection.stop_search()
        candidates = {
            mid: [candidate.to_sdp() for candidate in switch.local_candidates]
            for switch in engine.switches()
            for mid in engine.mids(switch)
        }
        gathered = [candidates.get(mid, []) for mid in _mids(own.engine)]
        return sdp.with_candidates(own.wire, gathered, complete=True)

    # connection

    def start_transport(self) -> None:
        """Let checks and DTLS begin."""
        if self._monitor.started is None:
            self._monitor.started = time.monotonic()
        self._made().start()
        self._changed.set()

    def _consent_gone(self) -> None:
        self._monitor.failed = True
        self._changed.set()

    def _lost(self) -> None:
        self._monitor.lost = True
        self._changed.set()

    def _track_ended(self, track_id: TrackId) -> None:
        self.events.put(PeerEvent(kind=PeerEventKind.TRACK_ENDED, track_id=track_id))

    async def _report_changes(self) -> None:
        while True:
            self._changed.clear()
            state = self._state()
            if state is not self._reported:
                self._reported = state
                self.events.put(PeerEvent(kind=PeerEventKind.CONNECTION, connection_state=state))
            await _wait(self._changed, None if self._monitor.started is None else POLL)

    def _state(self) -> MediaConnectionState:
        engine = self._made()
        if engine.failure is not None and not self._monitor.failed:
            self._monitor.failed = True
            self._log("warn", f"connecting failed: {type(engine.failure).__name__}: {engine.failure}")
        heard = [connection.last_heard for connection in engine.connections() if connection.last_heard is not None]
        return self._monitor.state(engine.connectionState, max(heard, default=None))

    async def close(self) -> None:
        """Close all. Takes a second at most."""
        await self.work.end()
        if self._watch is not None:
            await cancel(self._watch)
        await self._remote.close()
        self._senders.close()
        if self._engine is not None:
            await self._engine.close_own(CLOSE_LIMIT)
        self.gathering.steps.end()
        self.events.put(PeerEvent(kind=PeerEventKind.CLOSED))
        self.events.end()


async def _engine(work: Awaitable[_T]) -> _T:
    """What aiortc does, with our error for what it may raise."""
    try:
        return await work
    except Exception as error:
        raise MediaError(f"the media engine refused: {type(error).__name__}: {error}") from error


def _abilities(plan: IcePlan) -> sdp.EngineAbilities:
    """Names of the local link are not asked for on a peer that is kept to loopback."""
    only_loopback = plan.addresses is not None and all(address.startswith(_LOOPBACK) for address in plan.addresses)
    return evolve(sdp.AIORTC, mdns=not only_loopback)


def _mids(engine_text: str) -> tuple[str, ...]:
    return tuple(sdp.mid(section) or "" for section in sdp.parse(engine_text).media)


def _party(view: sdp.EngineView) -> tuple[str, ...]:
    """What tells one answering party from another: its certificate and its ICE session."""
    credentials = (sdp.parse(view.text).media[0].attribute(name) for name in ("ice-ufrag", "ice-pwd"))
    return (*view.fingerprints, *credentials)


_ALLOWED = {
    SdpType.OFFER: ("stable", "have-remote-offer"),
    SdpType.ANSWER: ("have-local-offer",),
    SdpType.PRANSWER: ("have-local-offer",),
}


def _require_state(engine: OwnPeerConnection, sdp_type: SdpType) -> None:
    state = engine.signalingState
    if state not in _ALLOWED[sdp_type]:
        raise MediaError(f"a remote {sdp_type} cannot be set in signaling state {state!r}", code="call:12")


def _gathering_state(states: set[str]) -> IceGatheringState:
    if "gathering" in states:
        return IceGatheringState.GATHERING
    return IceGatheringState.COMPLETE if states == {"complete"} else IceGatheringState.NEW


async def _wait(event: asyncio.Event, limit: float | None) -> None:
    """Not by `asyncio.wait_for`: that of Python 3.11 can swallow a cancellation that comes just as the event is set."""
    try:
        async with asyncio.timeout(limit):
            await event.wait()
    except TimeoutError:
        return

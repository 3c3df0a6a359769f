"""The port `Peers` over aiortc."""

import asyncio
from collections import deque
from collections.abc import Callable

from rbbn_sdk.errors import MediaError, RbbnError
from rbbn_sdk.io.webrtc.peer import Peer
from rbbn_sdk.io.webrtc.private import IcePlan, check_privates, speed_up_audio_level, take_low_payload_types
from rbbn_sdk.io.webrtc.servers import read_servers
from rbbn_sdk.io.webrtc.tracks import Tracks
from rbbn_sdk.ports.peers import IceProgress, PeerConfig, PeerEvent, PeerEventKind, RemoteMedia
from rbbn_sdk.ports.secrets import Secrets
from rbbn_sdk.types import PeerId, TrackId
from rbbn_sdk.types.call import SdpType

REMEMBERED = 256
"""Closed peers for which `next_event` still answers `CLOSED`."""

_POLICIES = {"all", "public", "relay"}
_BUNDLE_POLICIES = {"balanced", "max-compat", "max-bundle"}


def _silent(level: str, text: str) -> None:
    """Log nowhere."""


class AiortcPeers:
    """`Peers` over aiortc. `tracks` is shared with the client's `RtcDevices`; `log(level, text)` takes what is odd."""

    def __init__(self, secrets: Secrets, tracks: Tracks, *, log: Callable[[str, str], None] = _silent) -> None:
        self._secrets = secrets
        self._tracks = tracks
        self._log = log
        self._peers: dict[PeerId, Peer] = {}
        self._closing: dict[PeerId, asyncio.Task[None]] = {}
        self._closed: deque[PeerId] = deque(maxlen=REMEMBERED)

    def _peer(self, peer_id: PeerId) -> Peer:
        peer = self._peers.get(peer_id)
        if peer is None:
            raise MediaError(f"peer {peer_id!r} is not open")
        return peer

    async def open(self, peer_id: PeerId, config: PeerConfig) -> None:
        """Prepare a peer. TURN credentials are read now."""
        check_privates()
        speed_up_audio_level()
        take_low_payload_types()
        if peer_id in self._peers:
            raise MediaError(f"peer {peer_id!r} is open already")
        try:
            servers = read_servers(config.ice_servers, self._secrets.read)
        except RbbnError as error:
            raise MediaError(f"a credential of an ICE server is gone: {error.message}", code="call:2") from error
        for problem in servers.problems:
            self._log("warn", problem)
        plan = IcePlan(
            addresses=config.ice_addresses,
            stun=servers.stun,
            turn=servers.turn,
            policy=config.ice_transport_policy if config.ice_transport_policy in _POLICIES else "all",
        )
        bundle = config.bundle_policy if config.bundle_policy in _BUNDLE_POLICIES else "max-bundle"
        self._peers[peer_id] = Peer(plan, bundle, self._tracks, self._log)

    async def add_track(self, peer_id: PeerId, track_id: TrackId) -> None:
        """Send a local track."""
        self._peer(peer_id).add_track(self._tracks.require(track_id))

    async def create_offer(self, peer_id: PeerId) -> str:
        """Our offer, for the wire."""
        peer = self._peer(peer_id)
        return await peer.work.run(peer.create_offer)

    async def create_answer(self, peer_id: PeerId) -> str:
        """Our answer, for the wire."""
        peer = self._peer(peer_id)
        return await peer.work.run(peer.create_answer)

    async def set_local(self, peer_id: PeerId, sdp_type: SdpType, sdp: str) -> None:
        """Apply an own description; gathering goes on after the return."""
        peer = self._peer(peer_id)
        await peer.work.run(peer.set_local, sdp_type, sdp)

    async def set_remote(self, peer_id: PeerId, sdp_type: SdpType, sdp: str) -> RemoteMedia:
        """Apply a description of the other side."""
        peer = self._peer(peer_id)
        media = await peer.work.run(peer.set_remote, sdp_type, sdp)
        for problem in media.problems:
            self._log("info", problem)
        return media

    async def gathering(self, peer_id: PeerId) -> IceProgress:
        """Where gathering stands."""
        return self._peer(peer_id).gathering.now()

    async def next_gathering(self, peer_id: PeerId) -> IceProgress:
        """The next step of gathering."""
        step = await self._peer(peer_id).gathering.steps.next()
        if step is None:
            raise MediaError(f"peer {peer_id!r} was closed")
        return step

    async def local_description(self, peer_id: PeerId) -> str:
        """Our description with what was gathered; gathering ends."""
        peer = self._peer(peer_id)
        return await peer.work.run(peer.local_description)

    async def start_transport(self, peer_id: PeerId) -> None:
        """Let connectivity checks and DTLS begin."""
        self._peer(peer_id).start_transport()

    async def next_event(self, peer_id: PeerId) -> PeerEvent:
        """The next change of the connection."""
        if peer_id in self._closed and peer_id not in self._peers:
            return PeerEvent(kind=PeerEventKind.CLOSED)
        event = await self._peer(peer_id).events.next()
        return PeerEvent(kind=PeerEventKind.CLOSED) if event is None else event

    async def close(self, peer_id: PeerId | None = None) -> None:
        """Close a peer within a second; without an id, all peers of the client."""
        wanted = tuple(self._peers) if peer_id is None else (peer_id,)
        for one in wanted:
            peer = self._peers.pop(one, None)
            if peer is not None:
                self._closed.append(one)
                self._closing[one] = asyncio.create_task(self._close(one, peer), name=f"close peer {one}")
        under_way = [task for one, task in self._closing.items() if peer_id in (None, one)]
        if under_way:
            await asyncio.wait(under_way)

    async def _close(self, peer_id: PeerId, peer: Peer) -> None:
        try:
            await peer.close()
        except Exception as error:  # noqa: BLE001 - a close has nobody to tell but the log
            self._log("error", f"closing peer {peer_id!r} failed: {type(error).__name__}: {error}")
        finally:
            del self._closing[peer_id]

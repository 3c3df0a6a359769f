"""Parties of other makes that are really there: a file's description with the addresses and keys of a live peer."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from rbbn_sdk.errors import InvalidState
from rbbn_sdk.io.webrtc import AiortcPeers, RtcDevices, Tracks
from rbbn_sdk.ports.devices import TrackSource
from rbbn_sdk.ports.peers import PeerConfig
from rbbn_sdk.types import MediaId, ObjectRef, PeerId, SecretRef, TrackId
from rbbn_sdk.types.call import SdpType, TrackType

SDP = Path(__file__).parents[2] / "data" / "sdp"
LIMIT = 30.0
PEER = PeerId("live")

_HOST = re.compile(r"^(a=candidate:\S+\s+1\s+(?i:udp)\s+\d+)\s+(?:192\.0\.2\.10|::1)\s+\d+\s+typ\s+host", re.MULTILINE)


class Kept:
    """Secrets and objects in one."""

    def __init__(self) -> None:
        self._kept: dict[str, object] = {}

    def keep(self, value: object) -> ObjectRef:
        ref = ObjectRef(id=str(len(self._kept)), kind="any", label="")
        self._kept[ref.id] = value
        return ref

    def read(self, ref: ObjectRef | SecretRef) -> object:
        if ref.id not in self._kept:
            raise InvalidState(f"{ref.id} was freed")
        return self._kept[ref.id]


class LivePeer:
    """A peer connection on loopback that sends a tone, and stands behind a description of another make."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._kept, tracks = Kept(), Tracks()
        self._peers, self._devices = AiortcPeers(self._kept, tracks), RtcDevices(self._kept, tracks)
        self._tracks: tuple[TrackId, ...] = ()
        self._own = ""

    async def open(self, *kinds: str) -> "LivePeer":
        await self._peers.open(PEER, PeerConfig(ice_addresses=(self._address,)))
        for kind in kinds:
            source = TrackSource(
                type=TrackType(kind), device_id="testpattern" if kind == "video" else "tone:440", width=160, height=120
            )
            track = await self._devices.open(TrackId(f"live-{kind}"), MediaId("live"), source)
            await self._peers.add_track(PEER, track.track_id)
        return self

    async def offers(self) -> None:
        await self._peers.set_local(PEER, SdpType.OFFER, await self._peers.create_offer(PEER))
        self._own = await self._peers.local_description(PEER)

    async def answers_now(self) -> None:
        await self._peers.set_local(PEER, SdpType.ANSWER, await self._peers.create_answer(PEER))
        self._own = await self._peers.local_description(PEER)
        await self._peers.start_transport(PEER)

    async def takes(self, sdp_type: SdpType, sdp: str) -> None:
        media = await self._peers.set_remote(PEER, sdp_type, sdp)
        self._tracks = tuple(track.id for track in media.tracks)

    def behind(self, sdp: str) -> str:
        """The description of a file, with this peer's addresses and keys in it."""
        for name in ("ice-ufrag", "ice-pwd"):
            sdp = re.sub(rf"^a={name}:[^\r\n]*", f"a={name}:{self._own_value(name)}", sdp, flags=re.MULTILINE)
        ours = self._own_value("fingerprint:sha-256 ")
        sdp = re.sub(r"^(a=fingerprint:(?i:sha-256) )[^\r\n]*", rf"\g<1>{ours}", sdp, flags=re.MULTILINE)
        found = re.search(r"^a=candidate:\S+ 1 udp \d+ (\S+) (\d+) typ host", self._own, re.MULTILINE)
        assert found, self._own
        return _HOST.sub(rf"\g<1> {found[1]} {found[2]} typ host", sdp)

    def _own_value(self, name: str) -> str:
        found = re.search(rf"^a={name}:?([^\r\n]*)", self._own, re.MULTILINE)
        assert found, self._own
        return found[1]

    async def hears(self) -> None:
        """New sound arrives."""
        enough, frames = asyncio.Event(), []

        def take(frame: object) -> None:
            samples = getattr(frame, "samples", None)
            if samples is not None and abs(samples).max() > 500:
                frames.append(frame)
                if len(frames) >= 5:
                    enough.set()

        ref = self._kept.keep(take)
        await self._devices.render(self._tracks, ref)
        async with asyncio.timeout(LIMIT):
            await enough.wait()
        await self._devices.remove(self._tracks, ref)

    async def close(self) -> None:
        await self._peers.close()
        await self._devices.close()


@pytest_asyncio.fixture
async def live(nothing_is_left: None) -> AsyncIterator[Callable[..., Awaitable[LivePeer]]]:
    """Makes live peers: `peer = await live("audio")`, `await live("audio", address="::1")`."""
    made: list[LivePeer] = []

    async def make(*kinds: str, address: str = "127.0.0.1") -> LivePeer:
        made.append(LivePeer(address))
        return await made[-1].open(*(kinds or ("audio",)))

    yield make
    for peer in made:
        await peer.close()


@pytest.fixture
def description() -> Callable[[str], str]:
    """The text of a file of `tests/data/sdp`, byte by byte: `description("port-count")`."""
    return lambda name: (SDP / f"{name}.sdp").read_bytes().decode("utf-8")

"""Two clients' media, talking over 127.0.0.1."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from attrs import define, field

from rbbn_sdk.errors import InvalidState
from rbbn_sdk.io.webrtc import AiortcPeers, RtcDevices, Tracks
from rbbn_sdk.media import AudioFrame, VideoFrame
from rbbn_sdk.ports.devices import LocalTrack, TrackSource
from rbbn_sdk.ports.peers import IceServer, PeerConfig, PeerEventKind, RemoteMedia
from rbbn_sdk.types import MediaId, ObjectRef, PeerId, SecretRef, TrackId
from rbbn_sdk.types.call import MediaConnectionState, SdpType, TrackType

LOOPBACK = ("127.0.0.1",)
LIMIT = 30.0


class Kept:
    """Secrets and objects in one."""

    def __init__(self) -> None:
        self._kept: dict[str, object] = {}

    def keep(self, value: object, kind: str, label: str = "") -> ObjectRef:
        ref = ObjectRef(id=str(len(self._kept)), kind=kind, label=label)
        self._kept[ref.id] = value
        return ref

    def read(self, ref: ObjectRef | SecretRef) -> object:
        if ref.id not in self._kept:
            raise InvalidState(f"{ref.kind} {ref.id} was freed")
        return self._kept[ref.id]


@define
class Side:
    """One client: its peers, devices and tracks, with one peer opened on demand."""

    name: str
    log: list[tuple[str, str]] = field(factory=list)
    kept: Kept = field(factory=Kept)
    tracks: Tracks = field(factory=Tracks)
    peers: AiortcPeers = field(init=False)
    devices: RtcDevices = field(init=False)
    peer: PeerId = field(init=False)
    states: list[MediaConnectionState] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        def log(level: str, text: str) -> None:
            self.log.append((level, text))

        self.peers = AiortcPeers(self.kept, self.tracks, log=log)
        self.devices = RtcDevices(self.kept, self.tracks, log=log)
        self.peer = PeerId(f"peer-{self.name}")

    async def open(self, *servers: IceServer, **options: object) -> "Side":
        await self.peers.open(self.peer, PeerConfig(ice_servers=servers, ice_addresses=LOOPBACK, **options))
        return self

    async def track(
        self, type_: TrackType, device: str = "default", source: object = None, **wish: object
    ) -> LocalTrack:
        ref = None if source is None else self.kept.keep(source, "source")
        wanted = TrackSource(type=type_, device_id=device, source=ref, **wish)
        name = f"{self.name}-{type_}-{len(self.states)}-{device}"
        return await self.devices.open(TrackId(name), MediaId(f"media-{self.name}"), wanted)

    async def send(self, *devices: str) -> None:
        """Open tracks and add them: `tone:440`, `testpattern` ..."""
        for device in devices:
            type_ = TrackType.VIDEO if device == "testpattern" else TrackType.AUDIO
            wish = {"width": 160, "height": 120, "frame_rate": 15} if type_ is TrackType.VIDEO else {}
            track = await self.track(type_, device, **wish)
            await self.peers.add_track(self.peer, track.track_id)

    async def offer(self) -> str:
        made = await self.peers.create_offer(self.peer)
        await self.peers.set_local(self.peer, SdpType.OFFER, made)
        return await self.peers.local_description(self.peer)

    async def answer(self) -> str:
        made = await self.peers.create_answer(self.peer)
        await self.peers.set_local(self.peer, SdpType.ANSWER, made)
        return await self.peers.local_description(self.peer)

    async def take(self, type_: SdpType, sdp: str) -> RemoteMedia:
        return await self.peers.set_remote(self.peer, type_, sdp)

    async def reaches(self, state: MediaConnectionState) -> None:
        async with asyncio.timeout(LIMIT):
            while state not in self.states:
                event = await self.peers.next_event(self.peer)
                if event.kind is PeerEventKind.CLOSED:
                    raise AssertionError(f"closed before {state}; it was {self.states}")
                if event.connection_state is not None:
                    self.states.append(event.connection_state)

    async def hear(self, track_id: TrackId, seconds: float) -> list[AudioFrame]:
        """So much sound of a track."""
        frames: list[AudioFrame] = []
        await self._collect(track_id, frames, lambda: sum(len(f.samples) for f in frames) >= seconds * 48000)
        return frames

    async def see(self, track_id: TrackId, count: int) -> list[VideoFrame]:
        """So many pictures of a track."""
        frames: list[VideoFrame] = []
        await self._collect(track_id, frames, lambda: len(frames) >= count)
        return frames

    async def _collect(self, track_id: TrackId, frames: list, enough: Callable[[], bool]) -> None:
        done = asyncio.Event()

        def take(frame: object) -> None:
            frames.append(frame)
            if enough():
                done.set()

        ref = self.kept.keep(take, "sink")
        assert await self.devices.render((track_id,), ref) == (track_id,)
        async with asyncio.timeout(LIMIT):
            await done.wait()
        await self.devices.remove((track_id,), ref)

    async def close(self) -> None:
        await self.peers.close()
        await self.devices.close()


def _threads() -> set[threading.Thread]:
    """Those that matter: the loop's own executor stays for the loop's life."""
    return {t for t in threading.enumerate() if not t.name.startswith("asyncio_")}


def _sockets() -> int:
    links = (Path("/proc/self/fd") / name.name for name in Path("/proc/self/fd").iterdir())
    return sum(1 for link in links if link.is_symlink() and str(_target(link)).startswith("socket:"))


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:
        return ""


@pytest_asyncio.fixture
async def nothing_left() -> AsyncIterator[None]:
    """After the test no task, socket or thread is there that was not there before."""
    tasks, threads, sockets = asyncio.all_tasks(), _threads(), _sockets()
    yield

    def left() -> list[object]:
        more = max(0, _sockets() - sockets)
        running = asyncio.all_tasks() - tasks - {asyncio.current_task()}
        return [*running, *(_threads() - threads), *(["a socket"] * more)]

    for _ in range(200):
        if not left():
            return
        await asyncio.sleep(0.005)  # transports close in the loop's next turns
    pytest.fail(f"left over: {left()}")


@pytest_asyncio.fixture
async def sides(nothing_left: None) -> AsyncIterator[tuple[Side, Side]]:
    """Two clients, closed at the end."""
    both = Side("a"), Side("b")
    yield both
    for side in both:
        await side.close()


Connect = Callable[..., Awaitable[tuple[RemoteMedia, RemoteMedia]]]


@pytest.fixture
def connect(sides: tuple[Side, Side]) -> Connect:
    """Offer, answer and connect; returns what each side learnt of the other's tracks."""

    async def run(*devices: str) -> tuple[RemoteMedia, RemoteMedia]:
        a, b = sides
        await (await a.open()).send(*devices)
        await b.open()
        at_b = await b.take(SdpType.OFFER, await a.offer())
        await b.send(*devices)
        at_a = await a.take(SdpType.ANSWER, await b.answer())
        await b.peers.start_transport(b.peer)
        await asyncio.gather(a.reaches(MediaConnectionState.CONNECTED), b.reaches(MediaConnectionState.CONNECTED))
        return at_a, at_b

    return run

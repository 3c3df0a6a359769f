"""A clock that the test moves, and a client's devices."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from attrs import define, field

from rbbn_sdk.errors import InvalidState
from rbbn_sdk.io.webrtc import RtcDevices, Tracks
from rbbn_sdk.ports.devices import LocalTrack, TrackSource
from rbbn_sdk.types import MediaId, ObjectRef, TrackId
from rbbn_sdk.types.call import TrackType


@define
class FakeClock:
    """Time passes only when somebody sleeps."""

    time: float = 100.0
    slept: list[float] = field(factory=list)

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@define
class Desk:
    """`RtcDevices` with all around it."""

    tracks: Tracks = field(factory=Tracks)
    log: list[tuple[str, str]] = field(factory=list)
    kept: dict[str, object] = field(factory=dict)
    devices: RtcDevices = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.devices = RtcDevices(self, self.tracks, log=lambda level, text: self.log.append((level, text)))

    def keep(self, value: object, kind: str = "sink") -> ObjectRef:
        ref = ObjectRef(id=str(len(self.kept)), kind=kind)
        self.kept[ref.id] = value
        return ref

    def read(self, ref: ObjectRef) -> object:
        if ref.id not in self.kept:
            raise InvalidState(f"{ref.kind} {ref.id} was freed")
        return self.kept[ref.id]

    async def open(
        self, device: str = "default", type_: TrackType = TrackType.AUDIO, source: object = None, **wish: object
    ) -> LocalTrack:
        ref = None if source is None else self.keep(source, "source")
        number = len(self.kept) + len(self.tracks._hubs)
        wanted = TrackSource(type=type_, device_id=device, source=ref, **wish)
        return await self.devices.open(TrackId(f"track-{number}"), MediaId("media"), wanted)


@pytest_asyncio.fixture
async def desk() -> AsyncIterator[Desk]:
    made = Desk()
    yield made
    await made.devices.close()

"""A local track: a source, read at its rate for as long as the track lives."""

import asyncio

from rbbn_sdk.io.webrtc.hub import Hub
from rbbn_sdk.io.webrtc.pacing import Pacer
from rbbn_sdk.io.webrtc.sources import LiveSource


class LocalTrackPump:
    """Gives a source's frames to a hub. Made by `Devices.open`, ended by `close`."""

    def __init__(self, hub: Hub, source: LiveSource) -> None:
        self.hub = hub
        self._source = source
        self._task = asyncio.create_task(self._run(), name=f"local track {hub.track_id}")

    async def _run(self) -> None:
        pacer = Pacer(self._source.period)
        while True:
            self.hub.give(self._source.read(await pacer.tick()))

    async def close(self) -> None:
        """Stop reading and free the source."""
        self._task.cancel()
        await asyncio.wait([self._task])
        await self._source.close()

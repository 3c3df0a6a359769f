"""When the next frame is due."""

import asyncio
import time
from collections.abc import Awaitable, Callable

Now = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]

MAX_BEHIND = 1.0
"""Seconds that are caught up after a stall; what is older is skipped."""


class Pacer:
    """Ticks at a steady rate of a monotonic clock, whatever the time between its calls was used for."""

    def __init__(self, period: float, now: Now = time.monotonic, sleep: Sleep = asyncio.sleep) -> None:
        self._period = period
        self._now = now
        self._sleep = sleep
        self._start: float | None = None
        self._count = 0

    async def tick(self) -> int:
        """Wait until the next frame is due. Returns its number; a number is left out when it was skipped."""
        if self._start is None:
            self._start = self._now()
            return 0
        self._count += 1
        late = self._now() - (self._start + self._count * self._period)
        if late > MAX_BEHIND:
            self._count += int(late / self._period)
        await self._sleep(max(0.0, -late))
        return self._count

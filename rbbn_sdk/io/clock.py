"""`Clock` of this machine."""

import time

__all__ = ["SystemClock"]


class SystemClock:
    __slots__ = ()

    def now(self) -> int:
        """Milliseconds since the UNIX epoch."""
        return time.time_ns() // 1_000_000

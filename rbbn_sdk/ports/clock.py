from typing import Protocol

from rbbn_sdk.types import port


@port("clock")
class Clock(Protocol):
    def now(self) -> int:
        """Milliseconds since the UNIX epoch."""
        ...

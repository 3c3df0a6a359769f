from typing import Protocol

from rbbn_sdk.types import port


@port("ids")
class Ids(Protocol):
    """Everything random."""

    def uuid(self) -> str:
        """A new UUID v4."""
        ...

    def fraction(self) -> float:
        """A random number in [0, 1)."""
        ...

"""`Ids` of this machine: everything random."""

import random
import uuid

__all__ = ["SystemIds"]


class SystemIds:
    __slots__ = ("_random",)

    def __init__(self) -> None:
        self._random = random.SystemRandom()

    def uuid(self) -> str:
        """A new UUID v4."""
        return str(uuid.uuid4())

    def fraction(self) -> float:
        """A random number in [0, 1)."""
        return self._random.random()

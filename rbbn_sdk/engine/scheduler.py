"""What feeds a runner: it starts port calls and delays, and tells of their ends."""

from collections.abc import Callable
from typing import Any, Protocol

from attrs import frozen

Done = Callable[[Any, BaseException | None], None]
"""Told once: the result, or the error. A scheduler calls it in a turn of its own, never inside `start` or `delay`."""
Stop = Callable[[], None]
"""Wait no more; nothing is told after it. A second call, or one after the end, does nothing."""


@frozen(kw_only=True, weakref_slot=False)
class PortCall:
    """A method of a port that is to be run."""

    path: str
    name: str
    function: Callable[..., Any]
    """The adapter's bound method, synchronous or not."""
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


class Scheduler(Protocol):
    """Where time passes and ports run."""

    def start(self, call: PortCall, done: Done) -> Stop:
        """Run a port's method in the next turn, when no delivery is under way."""
        ...

    def delay(self, path: str, seconds: float, done: Done) -> Stop:
        """Tell after some time."""
        ...

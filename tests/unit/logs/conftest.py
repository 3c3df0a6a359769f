"""A registry on a clock that is set by hand, and the entries it makes."""

from collections.abc import Callable

import pytest

from rbbn_sdk.io.log import LogRegistry
from rbbn_sdk.types.log import LogEntry


class HandClock:
    """Time is what it is told to be."""

    def __init__(self) -> None:
        self.time = 1_700_000_000_123

    def now(self) -> int:
        return self.time


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def registry(clock: HandClock) -> LogRegistry:
    return LogRegistry(clock)


@pytest.fixture
def entries(registry: LogRegistry) -> list[LogEntry]:
    """What the registry's handler gets."""
    collected: list[LogEntry] = []
    registry.set_handler(collected.append)
    return collected


@pytest.fixture
def rows() -> Callable[[list[LogEntry]], list[tuple[str, tuple[object, ...]]]]:
    """Methods and messages of entries."""

    def read(found: list[LogEntry]) -> list[tuple[str, tuple[object, ...]]]:
        return [(entry.method, entry.messages) for entry in found]

    return read

"""Time and chance of this machine."""

import subprocess
import sys
import time
from uuid import UUID

from rbbn_sdk.io import SystemClock, SystemIds


def test_the_clock_counts_milliseconds_since_1970() -> None:
    """All times of the protocol are such numbers."""
    before = time.time() * 1000 - 1
    assert before <= SystemClock().now() <= time.time() * 1000 + 1


def test_ids_are_uuids_of_version_4_and_differ() -> None:
    """Two clients in one process may never share an id."""
    made = {SystemIds().uuid() for _ in range(100)}
    assert len(made) == 100
    assert {UUID(one).version for one in made} == {4}


def test_a_fraction_is_below_one() -> None:
    """It spreads the moment of an extension."""
    ids = SystemIds()
    assert all(0 <= ids.fraction() < 1 for _ in range(1000))


def test_the_network_libraries_are_loaded_when_they_are_needed() -> None:
    """`import rbbn_sdk` stays quick, and a process that only reads a log never loads them."""
    code = "import sys, rbbn_sdk.io; print(sorted({'httpx', 'httpcore', 'websockets'} & sys.modules.keys()))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"

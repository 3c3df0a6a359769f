"""Real descriptions, and their files, for the properties of the SDP room."""

from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "data" / "sdp"


@pytest.fixture(scope="session")
def descriptions() -> dict[str, str]:
    """Every description of tests/data/sdp by file name, line ends as they are in the file."""
    return {path.name: path.read_bytes().decode() for path in sorted(DATA.rglob("*.sdp"))}

"""The root of the checkout shows the architecture and breaks nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
DOORS = ("actions", "reducers", "effects", "selectors")


def test_the_standard_library_works_at_the_root() -> None:
    """A package called `selectors` at the root would replace the standard library's, and asyncio would not import."""
    done = subprocess.run(
        [sys.executable, "-c", "import asyncio, selectors; print(selectors.__file__)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(ROOT) not in done.stdout


@pytest.mark.parametrize("door", DOORS, ids=DOORS)
def test_each_door_leads_into_its_room(door: str) -> None:
    """A reader who opens the folder finds its rules, and its code behind the link."""
    assert (ROOT / door / "README.md").read_text(encoding="utf-8").startswith(f"# {door}:")
    assert (ROOT / door / "code").resolve() == ROOT / "rbbn_sdk" / door
    assert not (ROOT / door / "__init__.py").exists()

"""What `make` needs is there or is named, whatever else the machine has."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
OLD = '#!/bin/sh\ncase "$*" in *version_info*) echo "Python 3.11 or later is needed" >&2; exit 1;; esac\n'
NEW = "#!/bin/sh\nexit 0\n"
WITHOUT_PIP = '#!/bin/sh\n[ "$2" != venv ] || { mkdir -p "$3/bin"; touch "$3/bin/python"; exit 1; }\n'

Make = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Runs make in a copy of the checkout's root, on a machine that has these Pythons: `make("demo", python3=OLD)`."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in ("make", "sh", "mkdir", "touch", "rm"):
        found = shutil.which(tool)
        if found is None:
            pytest.skip(f"this machine has no {tool}")
        (tools / tool).symlink_to(found)
    checkout = tmp_path / "a check out"
    checkout.mkdir()
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, checkout)

    def run(*arguments: str, **pythons: str) -> subprocess.CompletedProcess[str]:
        for name, script in pythons.items():
            (tools / name.replace("_", ".")).write_text(script, encoding="utf-8")
            (tools / name.replace("_", ".")).chmod(0o755)
        command = [str(tools / "make"), *arguments]
        return subprocess.run(
            command, cwd=checkout, env={"PATH": str(tools)}, capture_output=True, text=True, check=False
        )

    return run


def test_python3_is_taken_when_it_is_recent(make: Make) -> None:
    """Whatever newer one stands beside it: it is the user's choice."""
    assert "python3 -m venv" in make("--dry-run", "demo", python3=NEW, python3_13=NEW).stdout


def test_a_newer_python_is_found_beside_an_old_python3(make: Make) -> None:
    """Distributions keep an old one under the plain name."""
    assert "python3.12 -m venv" in make("--dry-run", "demo", python3=OLD, python3_12=NEW).stdout


def test_without_a_recent_python_the_need_is_said(make: Make) -> None:
    """And nothing is made."""
    done = make("demo", python3=OLD)
    assert done.returncode != 0
    assert "Python 3.11 or later is needed" in done.stderr
    assert "venv" not in done.stdout


def test_an_environment_that_could_not_be_made_is_not_taken_for_one(make: Make) -> None:
    """Debian's python3 fails halfway when `python3-venv` is missing; once it is installed, make works."""
    assert make("demo", python3=WITHOUT_PIP).returncode != 0
    assert "python3 -m venv" in make("--dry-run", "demo", python3=NEW).stdout

"""A fresh environment with the lowest or the newest versions that the metadata allows connects and calls."""

import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOWEST = Path(__file__).with_name("lowest.txt")


def _run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def _call_in(folder: Path, *options: str | Path) -> None:
    """Install this package into a new environment, from outside the checkout, and make the demonstration's call."""
    venv.create(folder / "env", with_pip=True)
    python = folder / "env" / "bin" / "python"
    install = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    _run(*install, *options, f"{ROOT}[cli]", cwd=folder)
    _run(python, "-m", "pip", "check", cwd=folder)
    _run(folder / "env" / "bin" / "rbbn-sdk", "demo", "--seconds", "1", "--out", folder / "out", cwd=folder)


@pytest.mark.install
@pytest.mark.timeout(300)
def test_the_lowest_versions_connect_and_call(tmp_path: Path) -> None:
    """A parameter that a library got later, or had renamed, shows at the first connect."""
    _call_in(tmp_path, "--constraint", LOWEST)


@pytest.mark.nightly
@pytest.mark.install
@pytest.mark.timeout(300)
def test_the_newest_versions_connect_and_call(tmp_path: Path) -> None:
    """What is published tomorrow within our bounds has to work too."""
    _call_in(tmp_path, "--upgrade", "--upgrade-strategy", "eager")


def test_the_list_of_the_lowest_versions_is_that_of_the_metadata() -> None:
    """Otherwise something else than the lowest allowed would be tested."""
    metadata = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    pins = [line.split("==") for line in LOWEST.read_text(encoding="utf-8").splitlines() if "==" in line]
    for name, version in pins:
        bound = version.removesuffix(".0") if f'"{name}>={version.removesuffix(".0")}' in metadata else version
        assert f'"{name}>={bound}' in metadata or f'"{name}>={version.rsplit(".", 1)[0]}' in metadata, name
    assert sys.version_info >= (3, 11)

"""What is built and installed."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel and a source distribution, built from the checkout without the network."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return out


def test_a_wheel_installs_exactly_one_import_name(built: Path) -> None:
    """The doors `actions`, `selectors` and so on must not become top-level packages of an environment."""
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"rbbn_sdk"}


def test_a_wheel_and_a_source_distribution_hold_every_module(built: Path) -> None:
    """The wheel is built of the source distribution, from which the doors once led whole rooms away."""
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "rbbn_sdk").rglob("*.py")}
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        assert modules - set(wheel.namelist()) == set()
    with tarfile.open(next(built.glob("*.tar.gz"))) as source:
        assert modules - {name.partition("/")[2] for name in source.getnames()} == set()


def test_a_wheel_is_typed_and_licensed(built: Path) -> None:
    """Type checkers look for `py.typed`."""
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        names = wheel.namelist()
    assert "rbbn_sdk/py.typed" in names
    assert any(name.endswith("LICENSE") for name in names)


def test_a_source_distribution_holds_each_room_once(built: Path) -> None:
    """The links behind the doors would otherwise pack the rooms twice."""
    with tarfile.open(next(built.glob("*.tar.gz"))) as source:
        names = source.getnames()
    assert not [name for name in names if "code" in Path(name).parts]

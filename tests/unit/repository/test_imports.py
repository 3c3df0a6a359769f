"""What an import costs, and what is on offer."""

import subprocess
import sys
from importlib import import_module

import pytest

HEAVY = {
    "aiortc",
    "aioice",
    "av",
    "httpx",
    "websockets",
    "numpy",
    "starlette",
    "uvicorn",
    "typer",
    "rich",
    "hypothesis",
}


def _loaded_after(code: str) -> set[str]:
    script = f"{code}\nimport sys\nprint('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_the_package_loads_no_heavy_library() -> None:
    """A process that never makes a call does not pay for media, nor one that only builds a configuration for HTTP."""
    assert not HEAVY & _loaded_after("import rbbn_sdk")


def test_a_client_that_does_nothing_loads_no_heavy_library() -> None:
    """They load when they are first needed, not when a client is made."""
    config = (
        '{"authentication": {"server": {"base": "127.0.0.1"}}, "subscription": {"websocket": {"server": "127.0.0.1"}}}'
    )
    code = f"import rbbn_sdk\nclient = rbbn_sdk.create({config})"
    assert not HEAVY & _loaded_after(code)


WITHOUT = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name == {0!r}:
            raise ModuleNotFoundError("No module named {0}", name=name)

sys.meta_path.insert(0, Missing())
"""
"""Stands before a program that runs where a library is not installed."""


@pytest.mark.parametrize(
    ("program", "missing", "extra"),
    [
        ("from rbbn_sdk.gateway import Gateway", "starlette", "gateway"),
        ("from rbbn_sdk.gateway import Gateway", "uvicorn", "gateway"),
        ("import rbbn_sdk.testing.strategies", "hypothesis", "testing"),
        ("from rbbn_sdk.cli import main\nmain()", "typer", "cli"),
        ("from rbbn_sdk.cli import main\nmain()", "rich", "cli"),
    ],
)
def test_a_part_whose_extra_is_not_installed_names_it(program: str, missing: str, extra: str) -> None:
    """With the command that installs it: a bare name of a library helps nobody."""
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT.format(missing) + program], capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert f"{missing}, which is not installed: pip install 'rbbn-sdk[{extra}]'" in done.stderr.splitlines()[-1]


def test_the_engine_alone_needs_no_loop() -> None:
    """An application may use the engine for its own state, with any scheduler."""
    assert "asyncio" not in _loaded_after("import rbbn_sdk.engine")


@pytest.mark.parametrize(
    "name", ["rbbn_sdk", "rbbn_sdk.engine", "rbbn_sdk.events", "rbbn_sdk.errors", "rbbn_sdk.media"]
)
def test_what_a_package_lists_is_there_and_sorted(name: str) -> None:
    """`__all__` is what applications may use: every name can be imported, and nothing public is missing from it."""
    module = import_module(name)
    assert [one for one in module.__all__ if not hasattr(module, one)] == []
    assert sorted(set(module.__all__)) == sorted(module.__all__)

"""What a user mistypes is said before anything is asked, sent or recorded."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from rbbn_sdk.cli.app import app

CALL = ("call", "bob@example.com", "--user", "alice@example.com")
WRONG = {
    "a server without a protocol": (*CALL, "--server", "127.0.0.1"),
    "a websocket of another protocol": (*CALL, "--websocket", "http://127.0.0.1"),
    "a file to play that is not there": (*CALL, "--play", "nothing.wav"),
    "a tone that is no number": (*CALL, "--play", "tone:a4"),
    "a tone below zero": (*CALL, "--play", "tone:-5"),
    "a tone that is not a number": (*CALL, "--play", "tone:nan"),
    "a recording of an unknown kind": (*CALL, "--record", "call.xyz"),
    "a recording in no folder": (*CALL, "--record", "nowhere/call.wav"),
    "less than no seconds": (*CALL, "--seconds", "-1"),
    "no certificate to write": ("gateway", "--ca-out", "ca.pem"),
}


@pytest.mark.parametrize("arguments", WRONG.values(), ids=WRONG.keys())
def test_an_argument_that_cannot_be_used_is_refused_by_its_name(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No password is asked for, and nobody's phone rings."""
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 2
    assert arguments[-2].removeprefix("--") in done.output
    assert "Password" not in done.output

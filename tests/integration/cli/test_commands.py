"""The commands as processes, as a user starts them."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from rbbn_sdk.testing.media import dominant_frequency, sound_of

pytestmark = pytest.mark.media


async def start(*arguments: str | Path, password: str = "") -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from rbbn_sdk.cli import main; main()",
        *map(str, arguments),
        env={**os.environ, "RBBN_PASSWORD": password, "TERM": "dumb", "COLUMNS": "200"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def finished(process: asyncio.subprocess.Process) -> tuple[int, str, str]:
    async with asyncio.timeout(40):
        out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


async def until(process: asyncio.subprocess.Process, text: str) -> None:
    assert process.stdout is not None
    async with asyncio.timeout(20):
        while text not in (line := (await process.stdout.readline()).decode()):
            assert line, f"it ended before it printed {text!r}"


def options(gateway: Any, name: str) -> list[str]:
    return ["--user", f"{name}@example.com", "--server", gateway.base_url, "--ice-address", "127.0.0.1"]


async def test_a_call_that_fails_says_why(gateway: Any) -> None:
    """In the words of the gateway, which knows no such user."""
    (alice,) = (account for account in gateway.accounts if account.username == "alice@example.com")
    code, out, _ = await finished(
        await start("call", "nobody@example.com", *options(gateway, "alice"), password=alice.password)
    )
    assert code == 1
    assert "call:stateChange 404 Not Found" in out


async def test_one_waits_and_the_other_calls(gateway: Any, tmp_path: Path) -> None:
    """Both print what happens, record what arrives, and end well."""
    accounts = {account.username.split("@")[0]: account for account in gateway.accounts}
    waiting = await start(
        "call", *options(gateway, "bob"), "--record", tmp_path / "bob.wav", password=accounts["bob"].password
    )
    await until(waiting, "waiting for a call")
    calling = await start(
        *("call", "sip:bob@example.com", *options(gateway, "alice"), "--seconds", "1", "--play", "tone:523"),
        password=accounts["alice"].password,
    )
    code, out, err = await finished(calling)
    assert (code, err) == (0, "")
    assert "call:operation MAKE START" in out
    assert (await finished(waiting))[0] == 0
    frequency = dominant_frequency(*sound_of(tmp_path / "bob.wav"))
    assert frequency is not None
    assert abs(frequency - 523) < 5


async def test_a_refusal_is_one_line_and_exit_code_1(gateway: Any) -> None:
    """Not a traceback, and no password in it."""
    code, _, err = await finished(await start("call", "bob", *options(gateway, "alice"), password="not-the-password"))
    assert code == 1
    assert err.splitlines()[-1].startswith("rbbn-sdk: ")
    assert "authentication:4" in err
    assert "not-the-password" not in err


@pytest.mark.parametrize(
    ("option", "value"),
    [("--server", "nonsense"), ("--server", "ftp://host"), ("--websocket", "http://host"), ("--play", "tone:high")],
)
async def test_a_bad_value_is_refused_naming_the_option(gateway: Any, option: str, value: str) -> None:
    """Before anything is sent."""
    code, _, err = await finished(await start("call", "bob", *options(gateway, "alice"), option, value, password="x"))
    assert code == 2
    assert option in err
    assert gateway.requests == []


async def test_the_demonstration_ends_well(tmp_path: Path) -> None:
    """It checks the tones and the pictures itself; plain lines when its output is no terminal."""
    code, out, err = await finished(await start("demo", "--seconds", "1", "--out", tmp_path / "out"))
    assert (code, err) == (0, "")
    assert "call:stateChange" in out
    assert out.count("good") == 2
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "alice-hears-bob.webm",
        "bob-hears-alice.webm",
    ]

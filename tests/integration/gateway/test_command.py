"""`rbbn-sdk gateway` as a process of its own."""

import asyncio
import json
import os
import re
import signal
import ssl
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

COMMAND = (sys.executable, "-c", "from rbbn_sdk.cli import main; main()", "gateway", "--port", "0")
LIMIT = 30


@asynccontextmanager
async def running(*options: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """The process, and the base URL of its first line."""
    process = await asyncio.create_subprocess_exec(
        *COMMAND, *options, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(LIMIT):
            line = (await process.stdout.readline()).decode()
        found = re.search(r"https?://\S+", line)
        assert found, f"first line: {line!r}, {(await process.stderr.read()).decode()}"
        yield process, found[0]
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def ended(process, number):
    process.send_signal(number)
    async with asyncio.timeout(LIMIT):
        out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_says_where_it_is_and_ends_cleanly_when_asked(number):
    """Scripts wait for the line and look at the exit code; a keep-alive connection must not hold it up."""
    async with running() as (process, url), httpx.AsyncClient(base_url=url, verify=False) as http:
        body = {"subscribeRequest": {"service": ["call"]}}
        path = "/rest/version/1/user/alice@example.com/subscription"
        answer = await http.post(path, json=body, auth=("alice@example.com", "alice-pass-1"))
        assert answer.status_code == 201
        assert (await http.post("/__control__/notify", json={})).status_code == 404
        code, out, err = await ended(process, number)
    assert (code, err) == (0, "")
    assert len(out.splitlines()) == 3
    assert all(name in out for name in ("alice@example.com", "bob@example.com", "carol@example.com"))
    assert "password=alice-pass-1" in out


async def test_it_takes_accounts_from_a_file_and_shows_none_of_their_secrets(tmp_path):
    """They are somebody's own."""
    file = tmp_path / "accounts.json"
    file.write_text(json.dumps([{"username": "dan@example.org", "password": "swordfish"}]))
    async with running("--accounts", str(file), "--control") as (process, url):
        async with httpx.AsyncClient(base_url=url, verify=False) as http:
            order = {"user": "dan@example.org", "message": {}}
            assert (await http.post("/__control__/notify", json=order)).json() == {"pushed": 0}
        code, out, _ = await ended(process, signal.SIGTERM)
    assert (code, out) == (0, "")


async def test_with_tls_it_says_which_authority_to_trust(tmp_path):
    """And writes it where it is told to."""
    file = tmp_path / "ca.pem"
    async with running("--tls", "--ca-out", str(file)) as (process, url):
        assert url.startswith("https://127.0.0.1:")
        assert str(file) in (await process.stdout.readline()).decode()
        trust = ssl.create_default_context(cafile=file)
        async with httpx.AsyncClient(base_url=url, verify=trust) as http:
            assert (await http.get("/")).status_code == 404
        code, _, _ = await ended(process, signal.SIGTERM)
    assert code == 0


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ('[{"username": "dan"}]', "accounts[0].username"),
        ("nonsense", "not JSON"),
        (None, "cannot read"),
    ],
    ids=["bad field", "not JSON", "no file"],
)
async def test_bad_accounts_end_it_with_a_clear_line(tmp_path, content, error):
    """And no traceback."""
    file = tmp_path / "accounts.json"
    if content is not None:
        file.write_text(content)
    process = await asyncio.create_subprocess_exec(
        *COMMAND, "--accounts", str(file), stderr=asyncio.subprocess.PIPE, env={**os.environ, "NO_COLOR": "1"}
    )
    async with asyncio.timeout(LIMIT):
        _, err = await process.communicate()
    assert process.returncode == 1
    assert error in err.decode()
    assert len(err.decode().splitlines()) == 1

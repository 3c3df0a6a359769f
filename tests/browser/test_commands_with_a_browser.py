"""`rbbn-sdk call`, as a user starts it, with a browser at the other end."""

import asyncio
import os
import sys

import pytest

from rbbn_sdk.testing.media import dominant_frequency, frames_move, pictures_of, sound_of

pytestmark = [pytest.mark.nightly, pytest.mark.media]


async def start(gateway, name, *arguments):
    account = next(one for one in gateway.accounts if one.username == f"{name}@example.com")
    address = ("--user", account.username, "--server", gateway.base_url, "--ice-address", "127.0.0.1")
    trust = () if gateway.ca_file is None else ("--ca-file", gateway.ca_file)
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-uc", "from rbbn_sdk.cli import main; main()", "call"),
        *map(str, (*address, *trust, *arguments)),
        env={**os.environ, "RBBN_PASSWORD": account.password, "TERM": "dumb"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def printed(process, text):
    async with asyncio.timeout(20):
        while text not in (line := (await process.stdout.readline()).decode()):
            assert line, f"it ended before it printed {text!r}: {(await process.stderr.read()).decode()}"


async def written(file, least):
    """So many bytes of a recording are there."""
    async with asyncio.timeout(20):
        while file.stat().st_size < least:  # noqa: ASYNC110 -- another process writes it
            await asyncio.sleep(0.05)


async def ended(process):
    out, err = await asyncio.wait_for(process.communicate(), 30)
    assert (process.returncode, err.decode()) == (0, ""), out.decode()


async def test_the_command_waits_for_a_pages_call(gateway, page, tmp_path):
    """It records the page's tone and pictures, and ends when the page does."""
    alice, file = await page(gateway, "alice"), tmp_path / "page.webm"
    waiting = await start(gateway, "bob", "--video", "--record", file)
    await printed(waiting, "waiting for a call")
    sid = await alice("make", "bob@example.com", {"audio": 600, "video": True})
    await alice("reaches", sid, "Connected")
    await alice("hears", sid, 440)
    await alice("sees", sid)
    await written(file, 50_000)
    await alice("end", sid)
    await ended(waiting)
    samples, rate = sound_of(file)
    assert dominant_frequency(samples[-rate:], rate) == pytest.approx(600, abs=5)
    assert frames_move(pictures_of(file))


async def test_the_command_calls_a_page(tls_gateway, page, tmp_path):
    """Over TLS, with a tone of its own; it hangs up after the time given."""
    bob, file = await page(tls_gateway, "bob"), tmp_path / "page.wav"
    calling = await start(
        tls_gateway, "alice", "sip:bob@example.com", "--play", "tone:523", "--seconds", "3", "--record", file
    )
    sid = await bob("rings")
    await bob("answer", sid, {"audio": 700})
    await bob("hears", sid, 523)
    await ended(calling)
    await bob("reaches", sid, "Ended")
    samples, rate = sound_of(file)
    assert dominant_frequency(samples[-rate:], rate) == pytest.approx(700, abs=5)

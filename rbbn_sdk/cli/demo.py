"""`rbbn-sdk demo`: two clients call each other through the embedded gateway, and what arrives is measured."""

import asyncio
import time
from pathlib import Path
from typing import Annotated

import typer
from attrs import frozen
from rich.console import Console
from rich.table import Table

import rbbn_sdk
from rbbn_sdk.cli.measure import Heard, measure
from rbbn_sdk.cli.view import View
from rbbn_sdk.client import Client
from rbbn_sdk.events.call import CallReceive, CallStateChange
from rbbn_sdk.gateway import Gateway
from rbbn_sdk.media import TestPattern, Tone, WebmFile
from rbbn_sdk.types import CallId
from rbbn_sdk.types.call import CallState

_LIMIT = 20.0
"""Seconds that any one step may take."""


@frozen(kw_only=True)
class Side:
    """One of the two parties."""

    name: str
    user: str
    frequency: float
    """Hz of the tone that it sends."""


ALICE = Side(name="alice", user="alice@example.com", frequency=440.0)
BOB = Side(name="bob", user="bob@example.com", frequency=660.0)


@frozen(kw_only=True)
class Outcome:
    """What the demonstration measured."""

    set_up: float
    """Seconds from `make` until both sides were connected with media."""
    heard: dict[str, Heard]
    """By the name of the side that recorded it."""


def demo(
    seconds: Annotated[float, typer.Option(help="How long the parties talk.", min=1.0)] = 4.0,
    out: Annotated[Path, typer.Option(help="The folder that the recordings go to.")] = Path("demo-out"),
) -> None:
    """Start a gateway, call with audio and video, check what arrives, and hang up."""
    out.mkdir(parents=True, exist_ok=True)
    outcome = asyncio.run(_run(seconds, out))
    good = _report(outcome, out)
    raise typer.Exit(0 if good else 1)


async def _run(seconds: float, out: Path) -> Outcome:
    with View() as view:
        async with Gateway() as gateway:
            view.note(f"gateway at {gateway.base_url}")
            async with _client(gateway, ALICE, view) as alice, _client(gateway, BOB, view) as bob:
                set_up, files = await _talk(alice, bob, seconds, out, view)
    heard = {name: measure(path) for name, path in files.items()}  # the clients have closed them
    return Outcome(set_up=set_up, heard=heard)


def _client(gateway: Gateway, side: Side, view: View) -> Client:
    config = gateway.config_for(side.user)
    config["logs"] = {"logLevel": "error"}
    config.setdefault("call", {})["iceAddresses"] = ["127.0.0.1"]  # the demonstration stays on this machine
    client = rbbn_sdk.create(config)
    view.watch(side.name, client)
    account = next(account for account in gateway.accounts if account.username == side.user)
    client.set_credentials(username=account.username, password=account.password)
    return client


async def _talk(alice: Client, bob: Client, seconds: float, out: Path, view: View) -> tuple[float, dict[str, Path]]:
    """Call, answer, talk and hang up; seconds of set-up, and the recordings by who made them."""
    await asyncio.gather(alice.services.subscribe(["call"]), bob.services.subscribe(["call"]))
    ringing = bob.wait_for(CallReceive, timeout=_LIMIT)
    began = time.monotonic()
    outgoing = CallId(alice.call.make(BOB.user, _media(ALICE)))
    incoming = (await ringing).call_id
    await _rings(bob, incoming)
    await bob.call.answer(incoming, _media(BOB))
    await asyncio.gather(_has_media(alice, outgoing), _has_media(bob, incoming))
    set_up = time.monotonic() - began
    view.note(f"both sides have media after {set_up * 1000:.0f} ms; they talk for {seconds:.0f} s")
    files = {
        ALICE.name: await _record(alice, outgoing, out / "alice-hears-bob.webm"),
        BOB.name: await _record(bob, incoming, out / "bob-hears-alice.webm"),
    }
    await asyncio.sleep(seconds)
    ended = bob.wait_for(CallStateChange, lambda event: _state(bob, event.call_id) is CallState.ENDED, timeout=_LIMIT)
    await alice.call.end(outgoing)
    await ended
    await asyncio.gather(alice.services.unsubscribe(["call"]), bob.services.unsubscribe(["call"]))
    return set_up, files


def _media(side: Side) -> dict[str, object]:
    return {
        "audio": True,
        "video": True,
        "audioOptions": {"source": Tone(frequency=side.frequency)},
        "videoOptions": {"source": TestPattern(width=320, height=240)},
    }


def _state(client: Client, call_id: CallId) -> CallState | None:
    call = client.call.get_by_id(call_id)
    return None if call is None else call.state


async def _rings(client: Client, call_id: CallId) -> None:
    if _state(client, call_id) is CallState.INITIATING:
        await client.wait_for(CallStateChange, lambda event: event.call_id == call_id, timeout=_LIMIT)


async def _has_media(client: Client, call_id: CallId) -> None:
    """Wait until the call is connected and its media too."""
    async with asyncio.timeout(_LIMIT):
        with client.events("call:stateChange", "call:mediaConnectionChange") as events:
            while not _connected(client, call_id):
                await anext(events)


def _connected(client: Client, call_id: CallId) -> bool:
    call = client.call.get_by_id(call_id)
    return call is not None and call.state is CallState.CONNECTED and call.media_connection_state == "connected"


async def _record(client: Client, call_id: CallId, path: Path) -> Path:
    call = client.call.get_by_id(call_id)
    if call is not None:
        await client.media.render_tracks(list(call.remote_tracks), WebmFile(path))
    return path


def _report(outcome: Outcome, out: Path) -> bool:
    table = Table(title="What arrived", show_header=True)
    for column in ("recorded by", "tone sent", "tone heard", "sound", "pictures", "moving", "verdict"):
        table.add_column(column)
    verdicts = [_row(table, outcome.heard[me.name], me, far) for me, far in ((ALICE, BOB), (BOB, ALICE))]
    console = Console(highlight=False)
    console.print(table)
    console.print(f"set-up {outcome.set_up * 1000:.0f} ms; recordings in {out}")
    return all(verdicts)


def _row(table: Table, heard: Heard, me: Side, far: Side) -> bool:
    good = abs(heard.frequency - far.frequency) < 5.0 and heard.moving and heard.sound > 0.5
    table.add_row(
        me.name,
        f"{far.frequency:.0f} Hz",
        f"{heard.frequency:.1f} Hz",
        f"{heard.sound:.1f} s",
        str(heard.pictures),
        "yes" if heard.moving else "no",
        "good" if good else "BAD",
    )
    return good

"""`rbbn-sdk call`: make or wait for one call against any gateway."""

import asyncio
import signal
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import SplitResult, urlsplit

import typer
from attrs import frozen

import rbbn_sdk
from rbbn_sdk.api.emitter import EventStream
from rbbn_sdk.cli.view import View
from rbbn_sdk.client import Client
from rbbn_sdk.errors import RbbnError
from rbbn_sdk.events.call import CallReceive
from rbbn_sdk.media import FileSource, Sink, TestPattern, Tone, WavFile, WebmFile
from rbbn_sdk.reducers.call.records import CallObject
from rbbn_sdk.types import CallId
from rbbn_sdk.types.call import CallState

_FINAL = (CallState.ENDED, CallState.CANCELLED)
_ANSWERABLE = (CallState.RINGING, CallState.INITIATED)
_RECORDINGS = (".wav", ".webm", ".mkv", ".mp4", ".ogg")
_HIGHEST = 24000
"""Hz of a tone: half the rate at which sound is sampled."""


@frozen(kw_only=True)
class Plan:
    """What the command was asked to do."""

    destination: str | None
    config: dict[str, Any]
    credentials: dict[str, str]
    media: dict[str, Any]
    record: Path | None
    seconds: float | None


def call(
    user: Annotated[str, typer.Option(help="The own user, name@domain.")],
    destination: Annotated[str | None, typer.Argument(help="Whom to call; without it, wait for a call.")] = None,
    server: Annotated[str, typer.Option(help="The gateway's REST address.")] = "http://127.0.0.1:8580",
    websocket: Annotated[str | None, typer.Option(help="The websocket's address, if it is another.")] = None,
    password: Annotated[str | None, typer.Option(envvar="RBBN_PASSWORD", help="Better given as RBBN_PASSWORD.")] = None,
    authname: Annotated[str | None, typer.Option(help="The name that goes with the password, if not the user.")] = None,
    bearer: Annotated[str | None, typer.Option(envvar="RBBN_BEARER", help="An access token.")] = None,
    hmac: Annotated[str | None, typer.Option(envvar="RBBN_HMAC", help="An HMAC token.")] = None,
    video: Annotated[bool, typer.Option(help="Send and take video too.")] = False,
    play: Annotated[str, typer.Option(help="What to send: a file, or tone:<Hz>.")] = "tone:440",
    record: Annotated[Path | None, typer.Option(help="Record what arrives: .wav, .webm, .mkv, .mp4 or .ogg.")] = None,
    seconds: Annotated[
        float | None, typer.Option(help="Hang up after so long; without it, when the other does.", min=0.0)
    ] = None,
    ice_server: Annotated[list[str] | None, typer.Option(help="stun: or turn: URL; may be repeated.")] = None,
    ice_address: Annotated[list[str] | None, typer.Option(help="Only this local address; may be repeated.")] = None,
    ca_file: Annotated[Path | None, typer.Option(help="Certificates to trust, for a gateway of your own.")] = None,
) -> None:
    """Make a call, or wait for one, and print its events. Ctrl-C hangs up."""
    plan = Plan(
        destination=destination,
        config=_config(server, websocket, ice_server or [], ice_address, ca_file),
        media=_media(play, video),
        record=_recording(record),
        credentials=_credentials(user, password, authname, bearer, hmac),
        seconds=seconds,
    )
    try:
        raise typer.Exit(asyncio.run(_run(plan)))
    except RbbnError as error:
        typer.echo(f"rbbn-sdk: {error.message} ({error.code})", err=True)
        raise typer.Exit(1) from None


def _config(
    server: str, websocket: str | None, ice_servers: list[str], ice_addresses: list[str] | None, ca_file: Path | None
) -> dict[str, Any]:
    rest = _address(server, ("http", "https"), "--server")
    secure = rest.scheme == "https"
    channel = _address(websocket or f"{'wss' if secure else 'ws'}://{rest.netloc}", ("ws", "wss"), "--websocket")
    config: dict[str, Any] = {
        "authentication": {
            "server": {"protocol": rest.scheme, "base": rest.hostname, "port": rest.port or (443 if secure else 80)}
        },
        "subscription": {
            "websocket": {
                "protocol": channel.scheme,
                "server": channel.hostname,
                "port": channel.port or (443 if channel.scheme == "wss" else 80),
            }
        },
        "call": {"defaultPeerConfig": {"iceServers": [{"urls": url} for url in ice_servers]}},
        "logs": {"logLevel": "warn"},
    }
    if ice_addresses:
        config["call"]["iceAddresses"] = ice_addresses
    if ca_file is not None:
        config["network"] = {"tls": str(ca_file)}
    return config


def _address(text: str, schemes: tuple[str, str], option: str) -> SplitResult:
    try:
        address = urlsplit(text)
        if address.scheme in schemes and address.hostname and address.port != 0:
            return address
    except ValueError as error:
        raise typer.BadParameter(f"{text!r}: {error}", param_hint=option) from None
    expected = f"expected {schemes[0]}://host:port or {schemes[1]}://host:port"
    raise typer.BadParameter(f"{text!r}: {expected}", param_hint=option)


def _credentials(
    user: str, password: str | None, authname: str | None, bearer: str | None, hmac: str | None
) -> dict[str, str]:
    if password is None and bearer is None and hmac is None:
        password = typer.prompt(f"Password of {user}", hide_input=True)
    given = {"password": password, "authname": authname, "bearer_access_token": bearer, "hmac_token": hmac}
    return {"username": user, **{key: value for key, value in given.items() if value is not None}}


def _media(play: str, video: bool) -> dict[str, Any]:
    if play.startswith("tone:"):
        source: Tone | FileSource = Tone(frequency=_frequency(play))
    elif Path(play).exists():
        source = FileSource(play)
    else:
        raise typer.BadParameter(f"{play!r}: no such file; expected a file, or tone:<Hz>", param_hint="--play")
    media: dict[str, Any] = {"audio": True, "audioOptions": {"source": source}}
    if video:
        pictures = source if isinstance(source, FileSource) and Path(play).suffix.lower() != ".wav" else TestPattern()
        media |= {"video": True, "videoOptions": {"source": pictures}}
    return media


def _frequency(tone: str) -> float:
    with suppress(ValueError):
        frequency = float(tone.removeprefix("tone:"))
        if 0 < frequency < _HIGHEST:
            return frequency
    text = f"{tone!r}: expected tone:<Hz>, such as tone:440, below {_HIGHEST} Hz"
    raise typer.BadParameter(text, param_hint="--play")


def _recording(path: Path | None) -> Path | None:
    """Said before the call, not when it is answered."""
    if path is None:
        return None
    if path.suffix.lower() not in _RECORDINGS:
        text = f"{str(path)!r}: expected a name that ends in one of {', '.join(_RECORDINGS)}"
        raise typer.BadParameter(text, param_hint="--record")
    if not path.parent.is_dir():
        raise typer.BadParameter(f"{str(path)!r}: there is no folder {str(path.parent)!r}", param_hint="--record")
    return path


async def _run(plan: Plan) -> int:
    """0 when a call took place."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with View() as view:
        async with rbbn_sdk.create(plan.config) as client:
            view.watch(plan.credentials["username"].split("@")[0], client)
            client.set_credentials(**plan.credentials)
            await client.services.subscribe(["call"])
            try:
                return await _one_call(client, plan, stop, view)
            finally:
                await client.services.unsubscribe(["call"])


async def _one_call(client: Client, plan: Plan, stop: asyncio.Event, view: View) -> int:
    with client.events("call:stateChange", "call:tracksAdded") as events:
        call_id = await _begin(client, plan, stop, view)
        if call_id is None:
            return 1
        follow = asyncio.create_task(_follow(client, call_id, events, plan, stop))
        halt = asyncio.create_task(stop.wait())
        await asyncio.wait((follow, halt), return_when=asyncio.FIRST_COMPLETED)
        if not follow.done():
            await client.call.end(call_id)
        halt.cancel()
        return 0 if await follow else 1


async def _begin(client: Client, plan: Plan, stop: asyncio.Event, view: View) -> CallId | None:
    if plan.destination is not None:
        return CallId(client.call.make(plan.destination, plan.media))
    ringing = asyncio.ensure_future(client.wait_for(CallReceive))
    halt = asyncio.create_task(stop.wait())
    view.note("waiting for a call; Ctrl-C ends")
    await asyncio.wait((ringing, halt), return_when=asyncio.FIRST_COMPLETED)
    halt.cancel()
    if not ringing.done():
        ringing.cancel()
        return None
    return ringing.result().call_id


async def _follow(client: Client, call_id: CallId, events: EventStream, plan: Plan, stop: asyncio.Event) -> bool:
    """See the call to its end; whether it was ever connected."""
    connected = False
    async for _ in events:
        now = client.call.get_by_id(call_id)
        if now is None or now.state in _FINAL:
            break
        if now.state is CallState.CONNECTED and not connected:
            connected = True
            await _connected(client, now, plan, stop)
        elif now.direction == "incoming" and now.state in _ANSWERABLE:
            await client.call.answer(call_id, _offered(plan.media, now.media_offered))
    return connected


async def _connected(client: Client, call: CallObject, plan: Plan, stop: asyncio.Event) -> None:
    """Begin to record what is to be recorded, and to count the seconds."""
    if plan.seconds is not None:
        asyncio.get_running_loop().call_later(plan.seconds, stop.set)
    if plan.record is not None:
        sink: Sink = WavFile(plan.record) if plan.record.suffix.lower() == ".wav" else WebmFile(plan.record)
        await client.media.render_tracks(list(call.remote_tracks), sink)


def _offered(media: dict[str, Any], offered: Any) -> dict[str, Any]:
    if offered is None or offered.video:
        return media
    return {key: value for key, value in media.items() if not key.startswith("video")}

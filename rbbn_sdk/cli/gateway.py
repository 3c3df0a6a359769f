"""`rbbn-sdk gateway`: the development gateway in a process of its own."""

import asyncio
import logging
import signal
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from rbbn_sdk.errors import ConfigurationError, RbbnError
from rbbn_sdk.gateway import Account, Gateway, read_accounts

_LEVELS = ("debug", "info", "warning", "error", "critical")


def gateway(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)] = 8580,
    tls: Annotated[bool, typer.Option("--tls", help="Speak https and wss too, with a certificate made now.")] = False,
    ca_out: Annotated[
        Path | None, typer.Option(help="Write the certificate authority that clients have to trust to this file.")
    ] = None,
    accounts: Annotated[
        Path | None, typer.Option(help="JSON list of accounts; without it there are three demo accounts.")
    ] = None,
    control: Annotated[
        bool, typer.Option("--control", help="Let programs on this machine order faults and notifications.")
    ] = False,
    log_level: Annotated[str, typer.Option(help=f"One of {', '.join(_LEVELS)}.")] = "warning",
) -> None:
    """Run the development gateway until it is interrupted."""
    _set_up_logs(log_level)
    if ca_out is not None and not tls:
        raise typer.BadParameter("without --tls there is no certificate authority", param_hint="--ca-out")
    try:
        known = None if accounts is None else read_accounts(_read(accounts))
        runs = Gateway(known, host=host, port=port, tls=tls, control=control)
        asyncio.run(_run(runs, ca_out, shows_accounts=known is None))
    except RbbnError as error:
        typer.echo(f"rbbn-sdk gateway: {error}", err=True)
        raise typer.Exit(1) from None


def _set_up_logs(level: str) -> None:
    if level.lower() not in _LEVELS:
        raise typer.BadParameter(f"{level!r} is none of {', '.join(_LEVELS)}", param_hint="--log-level")
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("rbbn_sdk.gateway").setLevel(level.upper())


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"--accounts: cannot read {path}: {error.strerror}") from None


async def _run(gateway: Gateway, ca_out: Path | None, *, shows_accounts: bool) -> None:
    stop = asyncio.Event()
    with _stopped_by_signals(stop):
        async with gateway:
            for line in _greeting(gateway, ca_out, shows_accounts=shows_accounts):
                typer.echo(line)
            await stop.wait()


@contextmanager
def _stopped_by_signals(stop: asyncio.Event) -> Generator[None]:
    """SIGINT and SIGTERM end the gateway as it should end."""
    loop = asyncio.get_running_loop()

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stop.set)

    earlier = {number: signal.signal(number, ask_to_stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)


def _greeting(gateway: Gateway, ca_out: Path | None, *, shows_accounts: bool) -> Iterator[str]:
    yield f"gateway ready at {gateway.base_url}"
    if gateway.ca_file is not None:
        yield f"certificate authority: {_authority(gateway.ca_file, ca_out)}"
    if shows_accounts:
        yield from _account_lines(gateway.accounts)


def _authority(made: Path, wanted: Path | None) -> Path:
    if wanted is None:
        return made
    try:
        wanted.write_bytes(made.read_bytes())
    except OSError as error:
        raise ConfigurationError(f"--ca-out: cannot write {wanted}: {error.strerror}") from None
    return wanted


def _account_lines(accounts: Iterable[Account]) -> Iterator[str]:
    for account in accounts:
        yield (
            f"  {account.username}  password={account.password}  authname={account.authname}"
            f"  bearer={account.bearer}  hmac={account.hmac}"
        )

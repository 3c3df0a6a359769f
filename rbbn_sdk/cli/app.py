"""The commands, each in a module of its own."""

import typer

from rbbn_sdk.cli.call import call
from rbbn_sdk.cli.demo import demo
from rbbn_sdk.cli.gateway import gateway

app = typer.Typer(
    name="rbbn-sdk",
    help="A softphone, a gateway and a demonstration for Ribbon WebRTC Gateway.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # locals may hold a password
)
app.command()(gateway)
app.command()(demo)
app.command()(call)

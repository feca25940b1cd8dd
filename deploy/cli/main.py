"""`civic`, the operator's command line."""

import typer

from deploy.cli import (
    deadletters,
    exporting,
    importing,
    lifecycle,
    provisioning,
    scoring,
    seed,
    status,
    tenants,
    tokens,
)
from deploy.cli.context import Commands

app = typer.Typer(
    name="civic",
    cls=Commands,
    help="Civic Health on this machine: start, stop, look, and look after councils.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (lifecycle.up, lifecycle.down, status.status, lifecycle.logs, lifecycle.restart, tokens.token):
    app.command()(command)
app.command()(seed.seed)
app.command()(lifecycle.clean)
app.command(hidden=True)(provisioning.definitions)
app.command(hidden=True)(provisioning.provision)
app.add_typer(tenants.app, name="tenant")
app.add_typer(deadletters.app, name="deadletters")
app.add_typer(importing.app, name="import")
app.add_typer(scoring.app, name="score")
app.add_typer(exporting.app, name="export")

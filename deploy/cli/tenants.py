"""`civic tenant`: the councils of this deployment."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from deploy.cli.context import console, system
from deploy.errors import DeployError
from deploy.operate.tenants import Tenants, read_areas

app = typer.Typer(help="Councils and their areas.", no_args_is_help=True)
areas_app = typer.Typer(help="A council's areas.", no_args_is_help=True)
app.add_typer(areas_app, name="areas")
Slug = Annotated[str, typer.Argument(help="The council's short name, as in its host name.")]


def tenants() -> Tenants:
    """The operator's view of the running system's councils."""
    return Tenants(system().provisioned.owner_url("platform"))


@app.command()
def create(
    slug: Slug,
    name: Annotated[str, typer.Option(help="As people read it.")],
    area: Annotated[str, typer.Option(help="GSS code of the whole place, such as E06000031.")],
    host: Annotated[
        list[str] | None, typer.Option(help="A host name that leads to this council; repeat for more.")
    ] = None,
    settings: Annotated[str, typer.Option(help="A JSON object.")] = "{}",
) -> None:
    """Add a council."""
    try:
        parsed = json.loads(settings)
    except ValueError as error:
        raise DeployError(f"--settings is not JSON: {error}.", """Write it as in '{"minimum_count": 12}'.""") from error
    if not isinstance(parsed, dict):
        raise DeployError("--settings is not a JSON object.", """Write it as in '{"minimum_count": 12}'.""")
    tenant = tenants().create(slug, name, area, hosts=host or (), settings=parsed)
    console.print(f"Added {name} ({slug}) with id {tenant}.", highlight=False)


@app.command(name="list")
def list_() -> None:
    """All councils."""
    table = Table("short name", "name", "area", "areas", "status", "hosts", box=None, header_style="bold")
    for row in tenants().all():
        cells = (row["slug"], row["name"], row["area_code"], str(row["areas"]), row["status"], " ".join(row["hosts"]))
        table.add_row(*cells)
    console.print(table)


@app.command()
def show(slug: Slug) -> None:
    """All that is kept about a council, as JSON."""
    typer.echo(json.dumps(tenants().get(slug), indent=1, default=str))


@app.command()
def suspend(
    slug: Slug, undo: Annotated[bool, typer.Option("--undo", help="Let a suspended council in again.")] = False
) -> None:
    """Let nobody in to a council; its data stay."""
    tenants().set_status(slug, "active" if undo else "suspended")
    console.print(f"{slug} is {'active again' if undo else 'suspended'}; within half a minute everywhere.")


@areas_app.command(name="import")
def import_(
    slug: Slug,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV: code, name, level, parent.")],
) -> None:
    """Add a council's areas from a CSV file, or change those of the same code."""
    done = tenants().import_areas(slug, read_areas(file))
    console.print(f"{slug}: {done} areas added or brought up to date.", highlight=False)

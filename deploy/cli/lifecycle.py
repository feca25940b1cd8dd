"""Starting, stopping, removing, and reading logs."""

import contextlib
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.context import console, layout
from deploy.errors import DeployError
from deploy.local import system as local
from deploy.local.plan import State, read_plan
from deploy.local.process import stop
from deploy.operate.tenants import Tenants


def up() -> None:
    """Start everything that does not run, and say where it is. Data stay from one time to the next."""
    with console.status("Starting") as status:

        def echo(text: str) -> None:
            status.update(text)
            console.print(f"[dim]· {text}[/dim]", highlight=False)

        system = local.up(layout(), echo=echo)
        from deploy.demo import ensure  # noqa: PLC0415 -- the other commands need not wait for what it loads

        echo("Looking after the two demo councils")
        ensure(system, echo)
    _welcome(system)


def _welcome(system: local.System) -> None:
    url = system.gateway_url
    given = [name for name, kind in system.kinds.items() if kind == "given"]
    if "rabbitmq" in given:
        console.print("All processes sign in to the broker as the user of AMQP_URL: it is not theirs alone.")
    console.print(
        f"\n[bold green]Civic Health is up.[/bold green] GraphQL: [bold]{url}/graphql[/bold]", highlight=False
    )
    for tenant in Tenants(system.provisioned.owner_url("platform")).all():
        slug = tenant["slug"]
        host = f"http://{slug}.localhost:{system.ports['gateway']}/graphql"
        console.print(
            f"  {tenant['name']}: {host}  or the header  X-Civic-Tenant: {slug}", highlight=False, soft_wrap=True
        )
        console.print(f"    sign in with the token of  .venv/bin/civic token {slug} --role officer", highlight=False)
    console.print("  .venv/bin/civic status tells how everything is; make down stops it.\n", highlight=False)


def down() -> None:
    """Stop exactly what `up` started. Data stay."""
    with console.status("Stopping") as status:
        ran = local.down(layout(), echo=status.update)
    console.print("Stopped." if ran else "Nothing was running.")


def clean(yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Stop everything and remove all data of this installation."""
    if not yes:
        typer.confirm(f"Remove all data in {layout().folder}?", abort=True)
    with console.status("Removing") as status:
        local.clean(layout(), echo=status.update)
    console.print("Removed.")


def restart(name: Annotated[str, typer.Argument(help="A process, as `civic status` names it.")]) -> None:
    """Stop one process in its own way; the supervisor starts it again."""
    state = State.read(layout())
    process = state.processes.get(name)
    if process is None or not state.is_supervised:
        raise DeployError(f"No process '{name}' is running.", f"Running: {', '.join(state.processes) or 'none'}.")
    planned = {program.name: program for program in read_plan(layout())}
    stop(process.identity, planned[name].stop_signal if name in planned else signal.SIGTERM)
    console.print(f"{name} stopped; the supervisor starts it again.")


def logs(
    name: Annotated[str, typer.Argument(help="A process; all when left out.")] = "",
    follow: Annotated[bool, typer.Option("-f", "--follow", help="Go on as more is written.")] = False,
    lines: Annotated[int, typer.Option("-n", "--lines", min=0, help="How many lines to begin with.")] = 50,
) -> None:
    """Show what the processes have written."""
    names = sorted(path.stem for path in layout().logs.glob("*.log"))
    if name and name not in names:
        raise DeployError(f"There is no log of '{name}'.", f"There are: {', '.join(names) or 'none yet'}.")
    chosen = [layout().log(one) for one in ([name] if name else names)]
    prefix = not name
    for path in chosen:
        for line in path.read_text(errors="replace").splitlines()[-lines:] if lines else ():
            _show(path, line, prefix)
    if follow:
        with contextlib.suppress(KeyboardInterrupt):
            for path, line in _follow(chosen):
                _show(path, line, prefix)


def _show(path: Path, line: str, prefix: bool) -> None:
    typer.echo(f"{path.stem:>14} | {line}" if prefix else line)


def _follow(paths: list[Path]) -> Iterator[tuple[Path, str]]:
    """Lines as they are added; a log that is emptied by rotation is read from its start again."""
    positions = {path: path.stat().st_size for path in paths}
    while True:
        for path in paths:
            size = path.stat().st_size
            positions[path] = positions[path] if size >= positions[path] else 0
            if size > positions[path]:
                with path.open("rb") as file:
                    file.seek(positions[path])
                    new = file.read()
                whole = new[: new.rfind(b"\n") + 1]
                positions[path] += len(whole)
                for line in whole.decode(errors="replace").splitlines():
                    yield path, line
        time.sleep(0.2)

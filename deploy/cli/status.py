"""`civic status`: how everything is."""

import http.client
import json
import time
from contextlib import closing
from typing import Annotated, Any
from urllib.parse import urlsplit

import kombu.exceptions
import psycopg
import typer
from rich.table import Table

from deploy.cli.context import console, layout
from deploy.errors import DeployError
from deploy.local.plan import State, read_plan
from deploy.local.ports import answers, answers_amqp
from deploy.local.process import Program
from deploy.local.system import System
from deploy.operate import deadletters, lag
from schemas.topology import SERVICES


def status(as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False) -> None:
    """Health, versions, queues and lag. Exit code 1 when something is not healthy."""
    found = collect()
    if as_json:
        typer.echo(json.dumps(found, indent=1))
    else:
        _print(found)
    if not found["healthy"]:
        raise typer.Exit(1)


def collect() -> dict[str, Any]:
    """All that `civic status` tells, as plain data. Raises DeployError when nothing was ever set up."""
    system, state = System.read(layout()), State.read(layout())
    processes = [_process(program, state) for program in read_plan(layout())]
    try:
        depths = deadletters.depths(system.provisioned.amqp_url("operator"))
    except (DeployError, OSError, kombu.exceptions.OperationalError):
        depths = {}
    lags: dict[str, dict[str, float] | None] = {}
    for service in SERVICES:
        try:
            behind = lag.outbox(system.provisioned.database_url(service), service)
            lags[service] = {"waiting": behind.waiting, "oldest_seconds": round(behind.oldest, 1)}
        except psycopg.Error:
            lags[service] = None
    return {
        "healthy": bool(processes)
        and bool(depths)
        and all(p["healthy"] for p in processes)
        and None not in lags.values(),
        "gateway": system.gateway_url,
        "supervised": state.is_supervised,
        "servers": dict(system.kinds),
        "processes": processes,
        "queues": depths,
        "outbox": lags,
    }


def _process(program: Program, state: State) -> dict[str, Any]:
    process = state.processes.get(program.name)
    running = process is not None and process.is_alive
    about: dict[str, Any] = {}
    if program.ready.startswith("http:"):
        healthy, about = _health(program.ready)
    elif program.name == "rabbitmq":
        healthy = answers_amqp(int(program.ready.rpartition(":")[2]))
    else:
        healthy = answers(program.ready)
    return {
        "name": program.name,
        "healthy": healthy and running,
        "pid": process.identity.pid if process is not None and running else None,
        "restarts": process.restarts if process is not None else 0,
        "up_seconds": round(time.time() - process.since) if process is not None and running else 0,
        "version": about.get("version", ""),
        "details": about,
    }


def _health(url: str) -> tuple[bool, dict[str, Any]]:
    parts = urlsplit(url)
    try:
        with closing(http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=3)) as connection:
            connection.request("GET", parts.path)
            answer = connection.getresponse()
            body = json.loads(answer.read() or b"{}")
            return answer.status == http.client.OK, body if isinstance(body, dict) else {}
    except (OSError, http.client.HTTPException, ValueError):
        return False, {}


def _print(found: dict[str, Any]) -> None:
    table = Table("process", "health", "version", "pid", "up", "restarts", box=None, header_style="bold")
    for process in found["processes"]:
        health = "[green]healthy[/green]" if process["healthy"] else "[red]not healthy[/red]"
        up = f"{process['up_seconds']} s"
        table.add_row(
            process["name"], health, process["version"], str(process["pid"] or "-"), up, str(process["restarts"])
        )
    console.print(table)
    if not found["supervised"]:
        console.print("[red]Nothing is supervised.[/red] `make up` starts what is missing.")
    table = Table("service", "facts waiting", "oldest", box=None, header_style="bold")
    for service, behind in found["outbox"].items():
        table.add_row(service, *((str(behind["waiting"]), f"{behind['oldest_seconds']} s") if behind else ("?", "?")))
    console.print(table)
    busy = {name: depth for name, depth in found["queues"].items() if depth}
    if not found["queues"]:
        console.print("[red]The broker does not answer.[/red]")
    elif not busy:
        console.print(f"All {len(found['queues'])} queues are empty.")
    for name, depth in busy.items():
        console.print(f"  {name}: {depth if depth >= 0 else 'is missing'}", highlight=False)
    console.print(f"Gateway: {found['gateway']}/graphql", highlight=False)

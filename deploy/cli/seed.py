"""`civic seed`: data to try things out with."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from deploy.cli.context import console, system
from deploy.demo import ensure, ess
from deploy.errors import DeployError
from deploy.operate.calls import InternalError, explained
from schemas.errors import CivicError

if TYPE_CHECKING:
    from deploy.demo.graphql import Figure
    from deploy.demo.real import Seeded

REAL_HELP = "1,905 real respondents of the European Social Survey, through the gateway."


def seed(
    real: Annotated[bool, typer.Option("--real", help=REAL_HELP)] = False,
    tenant: Annotated[str, typer.Option(help="The short name of the council to make for --real.")] = ess.TENANT,
) -> None:
    """Make the demonstration councils; or, with --real, one with real respondents, and print its figures."""
    if not real:
        if tenant != ess.TENANT:
            raise DeployError("--tenant goes with --real.", "The demonstration councils have names of their own.")
        ensure(system(), _say)
        console.print("The demonstration councils are there.", highlight=False)
        return
    done = _seed_real(tenant)
    if done.sent or done.repeated:
        _say(f"{done.sent:,} responses were accepted just now, {done.repeated:,} had been before.")
    else:
        _say("All responses were sent before, and the questionnaire is closed. Nothing was added.")
    everybody = {f.measure: f for f in done.by_area if f.area is None}
    regions = {code: {f.measure: f for f in done.by_area if f.area == code} for code in ess.REGIONS.values()}
    bands = {b: {f.measure: f for f in done.by_age_band if f.area is None and f.category == b} for b in ess.AGE_BANDS}
    names = {code: name for name, code in ess.REGIONS.items()}
    _print("by region", {names[code]: found for code, found in regions.items()} | {"Everybody": everybody})
    _print("by age band", bands | {"Everybody": everybody})


def _seed_real(tenant: str) -> "Seeded":
    try:
        from deploy.demo.real import seed as seed_real  # noqa: PLC0415 -- httpx, of demonstrations and tests only
    except ImportError:
        raise DeployError("The package httpx is not installed.", "`make setup` installs it.") from None
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("Submitting responses", total=None, visible=False)

        def advance(sent: int, total: int) -> None:
            progress.update(task, completed=sent, total=total, visible=True)

        try:
            return seed_real(system(), tenant, _say, advance)
        except (CivicError, InternalError) as error:
            raise explained(error, "The same command goes on from there.") from None


def _print(what: str, rows: "Mapping[str, Mapping[str, Figure]]") -> None:
    console.print(f"\nDomain scores (0 to 100) {what}, with n, the number of people", highlight=False)
    table = Table(box=None, header_style="bold")
    table.add_column("", no_wrap=True)
    for code in ess.DOMAINS:
        table.add_column(ess.TITLES[code], justify="right")
        table.add_column("n", justify="right")
    for name, figures in rows.items():
        table.add_row(name, *(cell for code in ess.DOMAINS for cell in _cells(figures.get(code))))
    console.print(table)


def _cells(figure: "Figure | None") -> tuple[str, str]:
    if figure is None or figure.score is None:
        return "held back", ""
    return f"{figure.score:.2f}", f"{figure.n:,}"


def _say(text: str) -> None:
    console.print(text, highlight=False, markup=False, soft_wrap=True)

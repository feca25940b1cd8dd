"""`civic score`: what the scores say."""

from collections.abc import Iterator
from typing import Annotated

import msgspec
import typer
from rich.table import Table

from deploy.cli.context import console, system
from deploy.cli.tenants import tenants
from deploy.errors import DeployError
from deploy.operate.calls import Calls, InternalError, explained
from deploy.operate.forms import Desk
from schemas.errors import CivicError
from schemas.rpc import scoring as rpc

app = typer.Typer(help="What the scores say.", no_args_is_help=True)
WARNINGS = {
    "low_reliability": "The questions do not go together well.",
    "few_people": "Fewer than 30 people answered all the questions, so nobody can say how well they go together.",
    "one_item": "It is a single question.",
    "item_against": "A question runs against the others.",
    "no_proper_omega": "One thing behind all the questions could not be found.",
    "not_checked": "Nobody has worked out yet how well the questions go together.",
}


@app.callback()
def _group() -> None:
    """What the scores say."""


@app.command()
def needs(
    tenant: Annotated[str, typer.Option(help="The council's short name.")],
    level: Annotated[str | None, typer.Option(help="Areas of this level, such as ward.")] = None,
    attribute: Annotated[str | None, typer.Option(help="Groups of people by this attribute, such as age_band.")] = None,
    framework: Annotated[str | None, typer.Option(help="The framework's short name, where there are several.")] = None,
    measure: Annotated[str, typer.Option(help="A domain's or scale's code, or index.")] = "index",
    wave: Annotated[str | None, typer.Option(help="The round of asking; the newest that has figures.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, with everything there is.")] = False,
) -> None:
    """Where help may be needed most, the greatest need first, and how sure that is."""
    council = tenants().get(tenant)["id"]
    with Calls(system().provisioned.amqp_url("operator")) as calls:
        try:
            desk = Desk(calls, council)
            live = _live(desk, framework)
            found = desk.ask(rpc.needs, rpc.NeedsRequest(live.id, measure, level, attribute, wave))
        except (CivicError, InternalError) as error:
            raise explained(error) from None
    if as_json:
        typer.echo(msgspec.json.format(msgspec.json.encode(found), indent=1).decode())
    else:
        _show(found)


def _live(desk: Desk, slug: str | None) -> rpc.Framework:
    known = (f for f in desk.frameworks() if slug in (None, f.slug))
    # a draft of a later version stands before the one that counts
    live = [f for f in known if f.status != "draft" or f.version > 1]
    if len(live) == 1:
        return live[0]
    if not live:
        raise DeployError(
            f"There is no framework '{slug}' that counts." if slug else "No framework counts here yet.",
            "Make one live with activateFramework.",
        )
    raise DeployError("Several frameworks count here.", f"Choose with --framework: {', '.join(f.slug for f in live)}.")


def _show(found: rpc.NeedList) -> None:
    table = Table(box=None, header_style="bold")
    for heading in ("place", "group") if found.attribute else ("place",):
        table.add_column(heading)
    for heading in ("people", "score", "likely", "rank", "lowest fifth"):
        table.add_column(heading, justify="right")
    table.add_column("what makes the difference")
    for need in found.items:
        table.add_row(*_cells(found, need))
    console.print(f"{found.title}, from {found.minimum:g} to {found.maximum:g}", highlight=False, markup=False)
    console.print(table)
    for sentence in _explained(found):
        console.print(sentence, highlight=False, markup=False)


def _explained(found: rpc.NeedList) -> Iterator[str]:
    if found.items:
        yield f"A score is likely between the two numbers: {found.items[0].level:.0%} of such intervals are right."
        yield f"A rank is from the first to the last that it had in {found.rank_level:.0%} of {found.runs:,} runs."
        yield f"* in the lowest fifth in at least {found.robust_from:.0%} of them."
    if found.suppressed:
        yield f"{found.suppressed} more are held back, to protect people."
    for warning in found.warnings:
        yield f"Read with care: {WARNINGS.get(warning, warning)}"


def _cells(found: rpc.NeedList, need: rpc.Need) -> list[str]:
    place = need.name or need.area or "everywhere"
    fifth = "–" if need.lowest_fifth is None else f"{need.lowest_fifth:.0%}{'*' if need.robust else ' '}"
    driver = f"{need.driver_title} ({need.driver_points:+g})" if need.driver else ""
    return [
        *((place, need.category or "") if found.attribute else (place,)),
        f"{need.n:,}",
        f"{need.score:.1f}",
        f"{need.low:.1f} to {need.high:.1f}",
        f"{need.rank_first} to {need.rank_last} of {found.total}",
        fifth,
        driver,
    ]

"""A result, the table of all results, and the file that keeps them."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "results" / "latest.json"


@dataclass(frozen=True)
class Row:
    """One figure; where there is something to compare it with, that figure (in the same unit) and their ratio.

    `goal` None: nothing is promised, the figure stands for itself; then `holds` is None too.
    """

    area: str
    what: str
    figure: float
    unit: str
    reference: float | None = None
    ratio: float | None = None
    goal: str | None = None
    holds: bool | None = None


def alone(area: str, what: str, figure: float, unit: str) -> Row:
    """A figure with nothing beside it: a reference itself, or one that only informs."""
    return Row(area, what, _rounded(figure), unit)


def against(
    area: str,
    what: str,
    figure: float,
    unit: str,
    reference: float,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Row:
    """A figure against a reference; the goal, if any, is about their ratio."""
    ratio = figure / reference
    goal = f"≥ {at_least:g} ×" if at_least is not None else f"≤ {at_most:g} ×" if at_most is not None else None
    holds = ratio >= at_least if at_least is not None else ratio <= at_most if at_most is not None else None
    return Row(area, what, _rounded(figure), unit, _rounded(reference), _rounded(ratio), goal, holds)


def within(area: str, what: str, figure: float, unit: str, limit: float, reference: float | None = None) -> Row:
    """A figure that must not pass `limit`, whatever the reference is."""
    goal, holds = f"≤ {limit:g} {unit}", figure <= limit
    if reference is None:
        return Row(area, what, _rounded(figure), unit, goal=goal, holds=holds)
    return Row(area, what, _rounded(figure), unit, _rounded(reference), _rounded(figure / reference), goal, holds)


def _rounded(figure: float) -> float:
    # four digits: more would pretend that a second run gives the same
    return float(f"{figure:.4g}")


def _said(figure: float) -> str:
    return f"{figure:.4g}" if figure < 1_000 else f"{figure:,.0f}"


def write(rows: Sequence[Row], path: Path) -> None:
    """Keep the results as JSON; whole, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".part")
    beside.write_text(json.dumps([asdict(row) for row in rows], indent=1, ensure_ascii=False) + "\n")
    beside.replace(path)


def show(rows: Sequence[Row], console: Console) -> None:
    """Print the table; units a second are shortened, so that it fits a narrow screen."""
    table = Table(title="Civic Health, measured", title_justify="left", box=box.SIMPLE, padding=(0, 1, 0, 0))
    table.add_column("area", no_wrap=True)
    table.add_column("what")
    for name in ("figure", "reference", "ratio", "goal"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("holds", no_wrap=True)
    before = ""
    for row in rows:
        if before and row.area != before:
            table.add_section()
        table.add_row(
            "" if row.area == before else row.area,
            row.what,
            _said(row.figure) + ("/s" if row.unit.endswith("/s") else f" {row.unit}"),
            "" if row.reference is None else _said(row.reference),
            "" if row.ratio is None else f"{row.ratio:.2f}",
            row.goal or "",
            {True: "[green]yes[/green]", False: "[red]no[/red]", None: ""}[row.holds],
        )
        before = row.area
    console.print(table)

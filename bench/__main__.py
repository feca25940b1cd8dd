"""Measures everything, prints the table and keeps the figures: `python -m bench [--quick] [AREA …]`."""

import argparse
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from rich.console import Console

from bench import framework, freshness, growth, ingest, query
from bench.house import House, started
from bench.results import RESULTS, Row, show, write
from bench.sizes import FULL, QUICK, Sizes

AREAS: Mapping[str, Callable[[House, Sizes, Callable[[str], None]], Iterator[Row]]] = {
    "ingest": ingest.measure,
    "freshness": freshness.measure,
    "query": query.measure,
    "growth": growth.measure,
    "framework": framework.measure,
}


def main() -> None:
    """Run the areas asked for; all of them unless some are named."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("areas", nargs="*", choices=[[], *AREAS], metavar="AREA", help=f"one of {', '.join(AREAS)}")
    parser.add_argument("--quick", action="store_true", help="small counts: shows that it works, not how fast it is")
    parser.add_argument("--results", type=Path, default=RESULTS, metavar="FILE", help="where to keep the figures")
    options = parser.parse_args()
    console = Console()
    rows: list[Row] = []
    with console.status("starting servers and services") as status, started() as house:
        for name in options.areas or AREAS:
            rows += AREAS[name](house, QUICK if options.quick else FULL, status.update)
    write(rows, options.results)
    show(rows, console)
    console.print(f"Kept in {options.results}")


if __name__ == "__main__":
    main()

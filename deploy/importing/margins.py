"""Census margins from a CSV file: all of it, or nothing and what is wrong with which line."""

import csv
import math
from collections.abc import Container, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from deploy.errors import DeployError
from services.chassis.margins import AREA

PEOPLE = "people"
SHOWN = 20
REMEDY = "\nMend the file and import it again."


class Count(NamedTuple):
    """People of an area ("": all) and of groups."""

    area: str
    groups: dict[str, str]
    people: float


def read_margins(path: Path, areas: Container[str]) -> list[Count]:
    """The lines of a CSV file: a column `people`, and one for each attribute; `area` holds codes out of `areas`.

    An empty field means everybody, whatever they are there. Raises DeployError with every line that does not fit.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, strict=True)
            attributes = _attributes(path, reader.fieldnames or ())
            lines = [(reader.line_num, row) for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise DeployError(f"{path} is no CSV file in UTF-8.", "Save it as CSV UTF-8 and try again.") from error
    found: list[Count] = []
    wrong: list[str] = []
    first: dict[tuple[str, frozenset[tuple[str, str]]], int] = {}
    for number, row in lines:
        faults = list(_faults(row, attributes, areas))
        if not faults:
            groups = {a: row[a].strip() for a in attributes if a != AREA and row[a].strip()}
            count = Count((row.get(AREA) or "").strip(), groups, float(row[PEOPLE]))
            before = first.setdefault((count.area, frozenset(groups.items())), number)
            if before == number:
                found.append(count)
            else:
                faults = [f"it is about the same people as line {before}; keep one of them"]
        wrong.extend(f"line {number}: {fault}" for fault in faults)
    if wrong or not found:
        more = [f"and {len(wrong) - SHOWN} more"] if len(wrong) > SHOWN else []
        listed = "".join(f"\n- {line}" for line in (*(wrong[:SHOWN] or ["there is no line in it"]), *more))
        raise DeployError(f"{path}: nothing was imported, because of{listed}", REMEDY)
    return found


def _attributes(path: Path, columns: Sequence[str]) -> list[str]:
    if PEOPLE not in columns:
        raise DeployError(f"{path} lacks the column {PEOPLE}.", "It says how many people a line is about.")
    attributes = [column for column in columns if column != PEOPLE]
    if not attributes or not all(attributes) or len(set(columns)) < len(columns):
        raise DeployError(
            f"{path} needs a name for each column, each once: {PEOPLE}, and {AREA} or attributes such as age_band."
        )
    return attributes


def _faults(row: Mapping[str | None, object], attributes: Sequence[str], areas: Container[str]) -> Iterator[str]:
    if None in row or any(row[a] is None for a in (*attributes, PEOPLE)):
        yield "it has more or fewer fields than there are columns"
        return
    if not any(str(row[a]).strip() for a in attributes):
        yield "it names no area and no group; fill in one at least"
    area = str(row.get(AREA, "")).strip()
    if area and area not in areas:
        yield f"column {AREA}: {area} is none of the council's areas; import those first"
    try:
        people = float(str(row[PEOPLE]))
    except ValueError:
        people = math.nan
    if not (math.isfinite(people) and people >= 0):
        yield f"column {PEOPLE}: give a number of 0 or more, without separators, and not '{row[PEOPLE]}'"

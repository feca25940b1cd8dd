"""Reading an indicator of areas from a CSV file: a row for each area and year."""

import csv
from collections.abc import Iterator
from pathlib import Path

from deploy.errors import DeployError
from schemas.rpc.scoring import AreaValue

COLUMNS = ("area", "value", "year")
SAID = 20
"""So many faults of a file are told at once."""


def read_indicator(path: Path) -> list[AreaValue]:
    """The file's rows. Raises DeployError that names the row and column of what is wrong: then nothing is taken."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(_rows(path, file))
    except OSError as error:
        raise DeployError(f"{path} cannot be read: {error.strerror}.", "Check its name and place.") from None
    except (UnicodeDecodeError, csv.Error):
        raise DeployError(f"{path} is no CSV file in UTF-8.", "Save it as CSV (UTF-8).") from None
    wrong = [fault for number, cells in rows for fault in _faults(number, cells)]
    if wrong:
        more = f"\n  … and {len(wrong) - SAID} more" if len(wrong) > SAID else ""
        said = "\n".join(wrong[:SAID])
        raise DeployError(f"{path} needs another look; nothing of it was taken.\n{said}{more}\n", "Mend these rows.")
    if not rows:
        raise DeployError(f"{path} has no values.", "Put a row for each area below the first one.")
    return [AreaValue(number, c["area"], _number(c["value"]) or 0.0, int(c["year"])) for number, c in rows]


def _rows(path: Path, file: Iterator[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The number of each row that is not empty, and its three cells."""
    rows = csv.reader(file)
    names = [name.strip().lower() for name in next(rows, [])]
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise DeployError(
            f"{path}, row 1: there is no column {' and no column '.join(missing)}.",
            f"Name the columns {', '.join(COLUMNS)} in the first row.",
        )
    places = {name: names.index(name) for name in COLUMNS}
    for row in rows:
        if any(cell.strip() for cell in row):
            cells = {name: row[place].strip() if place < len(row) else "" for name, place in places.items()}
            yield rows.line_num, cells


def _faults(number: int, cells: dict[str, str]) -> Iterator[str]:
    if not cells["area"]:
        yield f"  row {number}, area: there is none; put the area's code there."
    if _number(cells["value"]) is None:
        yield f"  row {number}, value: this is no number; leave the row out if there is no value."
    if not (cells["year"].isdecimal() and 1900 <= int(cells["year"]) <= 2200):
        yield f"  row {number}, year: this is no year; write it like 2024."


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return None

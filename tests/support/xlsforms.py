"""XLSForms for tests, written as rows."""

import csv
from collections.abc import Mapping, Sequence
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook

from services.surveys.model.forms import Draft, Wishes, read_xlsform

Rows = Sequence[Any]
"""The first row has the headings."""
Sheets = Mapping[str, Rows]


def xlsx(sheets: Sheets) -> bytes:
    """A workbook: the first row of each sheet has the headings."""
    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(list(row))
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def as_csv(sheets: Sheets) -> bytes:
    """The same in one CSV file."""
    file = StringIO()
    writer = csv.writer(file)
    for name, rows in sheets.items():
        writer.writerow([name])
        writer.writerows([None, *row] for row in rows)
    return file.getvalue().encode()


def draft(survey: Rows, choices: Rows = (), **more: Rows) -> Draft:
    """What a form becomes, every expression taken as it is."""
    sheets = {"survey": survey, **({"choices": choices} if choices else {}), **more}
    return read_xlsform(xlsx(sheets), "xlsx", Wishes(), lambda _: None)


def items(found: Draft) -> dict[str, dict[str, Any]]:
    """Its items by code."""
    return {item["code"]: item for section in found.definition["sections"] for item in section["items"]}


def notes(found: Draft, outcome: str | None = None) -> list[tuple[str, int | None, str, str]]:
    """Where its notes stand and why, but for the one on consent that every form without such a sheet has."""
    return [
        (n.sheet, n.row, n.column, n.why)
        for n in found.notes
        if n.sheet != "consent" and (outcome is None or n.outcome == outcome)
    ]

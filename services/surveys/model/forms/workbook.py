"""An XLSForm file as sheets of rows, each row with its number in the file. What is too large is refused, not tried."""

import csv
import datetime as dt
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from itertools import chain
from typing import Any, Literal

from openpyxl import load_workbook
from pyxform.xls2json_backends import xlsx_value_to_str

from services.surveys.model.forms.result import Refused, Wrong

MOST_BYTES = 8 * 1024 * 1024
MOST_UNPACKED = 64 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 500
LONGEST_CELL = 20_000
EMPTY_ROWS_TO_END = 60
EMPTY_COLUMNS_TO_END = 20
FORM_SHEETS = ("survey", "choices", "settings", "external_choices", "osm", "entities")
OWN_SHEETS = ("consent", "groups")
"""Sheets that XLSForm does not have and tools for it pass over: what people agree to, and who they are."""
SPACES = re.compile(r"( )+")
Format = Literal["xlsx", "csv"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its columns' headings, and its rows by number, each a mapping from heading to text."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]


def refuse(message: str, sheet: str = "", row: int | None = None, column: str = "") -> Refused:
    """One thing that is wrong."""
    return Refused([Wrong(sheet, row, column, message)])


def read(data: bytes, kind: Format) -> dict[str, Sheet]:
    """The sheets by name, in small letters.

    Raises Refused for what is too large, or is no workbook or CSV text.
    """
    if len(data) > MOST_BYTES:
        raise refuse(f"The file is larger than {MOST_BYTES // 1024 // 1024} MiB. Take out what the form does not need.")
    with warnings.catch_warnings():
        # colours, validations and the like that openpyxl does not know have nothing to say here
        warnings.simplefilter("ignore")
        named = list(_xlsx(data) if kind == "xlsx" else _csv(data))
    if len(named) == 1 and named[0].name not in FORM_SHEETS:
        # pyxform takes a lone sheet for the survey, whatever its name
        only = named[0]
        named = [Sheet("survey", only.headings, only.rows)]
    return {sheet.name: sheet for sheet in named}


def _xlsx(data: bytes) -> Iterator[Sheet]:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise refuse("This is no .xlsx file. Save it again from your spreadsheet program as .xlsx.") from None
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise refuse(
            f"Unpacked, the file is larger than {MOST_UNPACKED // 1024 // 1024} MiB. "
            "Copy the form's sheets into a new, empty workbook and save that."
        )
    try:
        book = load_workbook(BytesIO(data), read_only=True, data_only=True)
    except Exception:  # noqa: BLE001  # openpyxl fails on a broken file in a dozen ways; the sender needs one sentence
        raise refuse("This .xlsx file is broken. Open it in your spreadsheet program and save it again.") from None
    try:
        lone = len(book.sheetnames) == 1
        for name in book.sheetnames:
            # a chart on a page of its own has no cells
            page = book[name] if hasattr(book[name], "iter_rows") else None
            if page is not None and (lone or name.lower() in FORM_SHEETS + OWN_SHEETS):
                page.reset_dimensions()
                yield _sheet(name.lower(), enumerate(page.iter_rows(values_only=True), 1))
    except Refused:
        raise
    except Exception:  # noqa: BLE001  # as above: rows are parsed as they are read
        raise refuse("This .xlsx file is broken. Open it in your spreadsheet program and save it again.") from None
    finally:
        book.close()


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        # a day that the spreadsheet program took for a point in time
        return value.date().isoformat()
    return str(xlsx_value_to_str(value.strip() if isinstance(value, str) else value)).strip()


def _sheet(name: str, lines: Iterable[tuple[int, Sequence[Any]]]) -> Sheet:
    lines = iter(lines)
    first = next(lines, (1, ()))[1]
    headings = _headings(name, first)
    return Sheet(name, tuple(h for h in headings if h), tuple(_rows(name, headings, lines)))


def _headings(name: str, first: Sequence[Any]) -> list[str]:
    headings: list[str] = []
    empty = 0
    for value in first:
        heading = SPACES.sub(" ", _text(value))
        empty = 0 if heading else empty + 1
        if empty > EMPTY_COLUMNS_TO_END:
            break
        if heading and heading in headings:
            raise refuse("Two columns have this heading. Rename one of them, or take it out.", name, 1, heading)
        headings.append(heading)
    if sum(1 for h in headings if h) > MOST_COLUMNS:
        raise refuse(f"The sheet has more than {MOST_COLUMNS} columns. Take out what the form does not need.", name, 1)
    return headings


def _rows(
    name: str, headings: Sequence[str], lines: Iterable[tuple[int, Sequence[Any]]]
) -> Iterator[tuple[int, dict[str, str]]]:
    empty = filled = 0
    for number, values in lines:
        cells = {}
        for heading, value in zip(headings, values, strict=False):
            text = _text(value) if heading else ""
            if len(text) > LONGEST_CELL:
                raise refuse(f"This cell has more than {LONGEST_CELL:,} letters. Shorten it.", name, number, heading)
            if text:
                cells[heading] = text
        if not cells:
            empty += 1
            if empty > EMPTY_ROWS_TO_END:
                return
            continue
        empty = 0
        filled += 1
        if filled > MOST_ROWS:
            raise refuse(
                f"The sheet has more than {MOST_ROWS:,} rows. Split the form, or take out what it does not need.",
                name,
                number,
            )
        yield number, cells


def _csv(data: bytes) -> Iterator[Sheet]:
    """The one-file form: a sheet's name in the first column, then its rows with an empty first column."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise refuse("Here is something that is not UTF-8. Save the file as CSV UTF-8.", "", line) from None
    csv.field_size_limit(MOST_BYTES)
    reader = csv.reader(StringIO(text, newline=""))
    name, lines = "", []
    sheets: dict[str, list[tuple[int, Sequence[Any]]]] = {}
    try:
        begins = 1
        for values in reader:
            number, begins = begins, reader.line_num + 1
            if values and (values[0].strip() or len(values) == 1):
                name = values[0].strip().lower() or name
                lines = sheets.setdefault(name, [])
            if any(v.strip() for v in values[1:]):
                if not name:
                    raise refuse(
                        'The first column must name the sheet: "survey" in a line of its own, then its rows with the '
                        "first column left empty.",
                        "",
                        number,
                    )
                lines.append((number, values[1:]))
    except csv.Error:
        raise refuse("This line is no CSV. Look for a quotation mark too many.", "", reader.line_num) from None
    if not sheets:
        raise refuse("The file is empty. Send a form with a sheet named survey.")
    for title, content in sheets.items():
        if title in FORM_SHEETS + OWN_SHEETS or len(sheets) == 1:
            yield _sheet(title, chain(content))

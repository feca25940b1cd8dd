"""Rows of an XLSForm sheet by what their columns mean, whatever the columns are called in the file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pyxform import aliases
from pyxform.parsing.sheet_headers import clean_text_values, process_header
from pyxform.question import MultipleChoiceQuestion, Option

from services.surveys.model.forms.workbook import Sheet

Meaning = tuple[str, ...]
"""What a column means: ("label",), ("label", "Welsh (cy)"), ("bind", "relevant"), …"""
CHOICE_COLUMNS = ("list name", "name", "label", "media")


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its number in the file, its texts by meaning, and the heading of each."""

    sheet: str
    row: int
    cells: Mapping[Meaning, str]
    headings: Mapping[Meaning, str] = field(default_factory=dict)

    def get(self, *meaning: str) -> str:
        """The text as it stands, or nothing."""
        return self.cells.get(meaning, "")

    def code(self, *meaning: str) -> str:
        """The text as a machine reads it: straight quotes, single spaces."""
        return str(clean_text_values(self.cells.get(meaning, ""), strip_whitespace=True))

    def heading(self, *meaning: str) -> str:
        """The column's heading in the file."""
        return self.headings.get(meaning, meaning[-1])

    def words(self, *meaning: str) -> dict[str, str]:
        """Language → words, for a column that may be translated; "" is the column that names no language."""
        found = {m[len(meaning)]: t for m, t in self.cells.items() if m[:-1] == meaning}
        if meaning in self.cells:
            found[""] = self.cells[meaning]
        return found


def survey_lines(sheet: Sheet) -> list[Line]:
    """The rows of the survey sheet."""
    return _lines(sheet, aliases.survey_header, set(MultipleChoiceQuestion.get_slot_names()))


def choice_lines(sheet: Sheet) -> list[Line]:
    """The rows of the choices sheet, and of external choices."""
    return _lines(sheet, aliases.list_header, set(Option.get_slot_names()))


def plain_lines(sheet: Sheet) -> list[Line]:
    """The rows of a sheet whose columns have no other names than their own."""
    return _lines(sheet, {}, set())


def _lines(sheet: Sheet, known_as: Mapping[str, Any], columns: set[str]) -> list[Line]:
    doubled = any("::" in heading for heading in sheet.headings)
    meanings: dict[str, Meaning] = {
        heading: tuple(process_header(heading, doubled, dict(known_as), columns)[1]) for heading in sheet.headings
    }
    headings = {meaning: heading for heading, meaning in meanings.items()}
    return [
        Line(sheet.name, number, {meanings[h]: text for h, text in cells.items()}, headings)
        for number, cells in sheet.rows
    ]


def languages(lines: list[Line], *meaning: str) -> list[str]:
    """The languages that this column is written in, in the order of the file; "" for the one without a name."""
    if not lines:
        return []
    found = [
        m[len(meaning) :] for m in lines[0].headings if m[: len(meaning)] == meaning and len(m) <= len(meaning) + 1
    ]
    return [m[0] if m else "" for m in found]


TRUE = re.compile(r"^\s*(yes|true|true\(\)|1)\s*$", re.IGNORECASE)
FALSE = re.compile(r"^\s*(no|false|false\(\)|0|)\s*$", re.IGNORECASE)

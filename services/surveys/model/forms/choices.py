"""Lists of choices, as the questions that use them need them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from services.surveys.model.forms.codes import Codes
from services.surveys.model.forms.lines import TRUE, Line
from services.surveys.model.forms.result import Notebook, Refused, Wrong
from services.surveys.model.forms.words import Words

LONGEST_LABEL = 300
MOST_CHOICES = 50_000
OWN_COLUMNS = ("score", "exclusive")
_USED = {"list name", "name", "label", "media", "image", "audio", "video", "big-image", *OWN_COLUMNS}
_WORD = re.compile(r"[A-Za-z_][\w.\-]*")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


class Lists:
    """The lists of a form by name."""

    def __init__(self, lines: Iterable[Line], words: Words, notes: Notebook) -> None:
        self._words, self._notes = words, notes
        self.by_name: dict[str, list[Line]] = defaultdict(list)
        self._given = 0
        self._columns: dict[str, Line] = {}
        for line in lines:
            if line.get("list name"):
                self.by_name[line.code("list name")].append(line)
            for meaning in line.headings:
                self._columns.setdefault(meaning[0], line)

    def columns_of(self, expression: str) -> list[str]:
        """The columns of the choices that a choice filter reads."""
        words = set(_WORD.findall(re.sub(r"\$\{[^}]*\}|\"[^\"]*\"|'[^']*'", " ", expression)))
        return [column for column in self._columns if column in words]

    def scale(self, name: str, item: str) -> dict[str, Any] | None:
        """The list as a scale: its names are whole numbers in a row, its labels are the words for some of them."""
        lines = self.by_name.get(name, [])
        numbers = [
            int(n) if re.fullmatch(r"-?(0|[1-9][0-9]{0,5})", n) else None for n in (line.code("name") for line in lines)
        ]
        whole = sorted(n for n in numbers if n is not None)
        if len(whole) < 2 or len(whole) < len(lines) or whole != list(range(whole[0], whole[0] + len(whole))):
            return None
        labels = {}
        for line in lines:
            number = line.code("name")
            label = self._words.put(line, ("label",), f"items.{item}.labels.{number}", LONGEST_LABEL)
            if label and label != number:
                labels[number] = label
        return {"minimum": float(whole[0]), "maximum": float(whole[-1]), **({"labels": labels} if labels else {})}

    def choices(
        self, name: str, item: str, columns: Iterable[str], filters: Mapping[str, Mapping[str, str]]
    ) -> tuple[list[dict[str, Any]], dict[str, str]]:
        """The choices of a list for one question, and the codes of those whose names could not stay.

        `columns` are kept for the question's choice filter; `filters` says how their values were renamed, by column.
        """
        codes = Codes(line.code("name") for line in self.by_name.get(name, []))
        renamed: dict[str, str] = {}
        choices: list[dict[str, Any]] = []
        for line in self.by_name.get(name, []):
            self._given += 1
            if self._given > MOST_CHOICES:
                message = f"The questions have more than {MOST_CHOICES:,} choices between them. Use shorter lists."
                raise Refused([Wrong(line.sheet, line.row, "", message)])
            said = line.code("name")
            code = codes.take(said)
            if code != said:
                renamed.setdefault(said, code)
                why = f'"{said[:60]}" does not do as a code; it is "{code}" here.'
                self._notes.changed(line.sheet, line.row, line.heading("name"), why, "Nothing, or rename it.")
            choice: dict[str, Any] = {"code": code}
            label = self._words.put(line, ("label",), f"items.{item}.choices.{code}", LONGEST_LABEL)
            choice["label"] = label or said[:LONGEST_LABEL]
            choice.update(self._extras(line))
            kept = {c: self._filter(line.code(c), filters.get(c, {})) for c in columns if line.get(c)}
            if kept:
                choice["filters"] = kept
            self._media(line)
            choices.append(choice)
        return choices, renamed

    @staticmethod
    def _filter(value: str, renamed: Mapping[str, str]) -> str:
        return renamed.get(value, value)

    def _extras(self, line: Line) -> dict[str, Any]:
        extras: dict[str, Any] = {}
        score = line.code("score")
        if _NUMBER.fullmatch(score):
            extras["score"] = float(score)
        elif score:
            why = f'A score is a number; "{score[:30]}" is none.'
            self._notes.left_out(line.sheet, line.row, line.heading("score"), why, "Write a number.")
        if TRUE.match(line.get("exclusive")):
            extras["exclusive"] = True
        return extras

    def _media(self, line: Line) -> None:
        for meaning in line.cells:
            if meaning[0] in ("media", "image", "audio", "video", "big-image"):
                why = "Choices have words only, no pictures, sound or films."
                self._notes.left_out(line.sheet, line.row, line.heading(*meaning), why, "Say it in the label.")

    def unused_columns(self, used: set[str]) -> None:
        """Name the columns that no question makes use of."""
        for column, line in self._columns.items():
            if column and column not in _USED | used:
                why = "No choice filter reads this column."
                self._notes.left_out(line.sheet, 1, column, why, "Nothing, unless a filter should use it.")

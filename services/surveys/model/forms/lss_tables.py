"""A LimeSurvey structure file as tables of rows, each with the line of the file that it begins on."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn
from xml.parsers import expat  # a document with a DTD is refused before anything in it is expanded

from services.surveys.model.forms.result import Refused, Wrong
from services.surveys.model.forms.workbook import MOST_BYTES, refuse

MOST_ROWS = 100_000
_NO_SURVEY = "This is no LimeSurvey structure. Export the survey as “Survey structure (.lss)”."


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a table."""

    line: int
    cells: Mapping[str, str]

    def get(self, name: str) -> str:
        """The text of a cell, or nothing."""
        return self.cells.get(name, "").strip()


Tables = Mapping[str, list[Record]]


class _Reading:
    """What expat tells of: document > table > rows > row > cell, and document > languages > language."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.buffer_text = True
        self.tables: dict[str, list[Record]] = defaultdict(list)
        self.kind = ""
        self._path: list[str] = []
        self._row: dict[str, str] = {}
        self._line = self._rows = 0
        self._said: list[str] = []

    def _doctype(self, *_: object) -> NoReturn:
        raise refuse("The file has a document type of its own, which is not read. Export the survey again.")

    def _start(self, name: str, _attributes: object) -> None:
        self._path.append(name)
        self._said = []
        if len(self._path) == 4 and name == "row":
            self._row, self._line = {}, self.parser.CurrentLineNumber
            self._rows += 1
            if self._rows > MOST_ROWS:
                raise refuse(f"The survey has more than {MOST_ROWS:,} rows. Split it.", self._path[1], self._line)

    def _text(self, text: str) -> None:
        self._said.append(text)

    def _end(self, name: str) -> None:
        depth = len(self._path)
        if depth == 5 and self._path[3] == "row":
            self._row[name] = "".join(self._said)
        elif depth == 4 and name == "row":
            self.tables[self._path[1]].append(Record(self._line, self._row))
        elif depth == 2 and name == "LimeSurveyDocType":
            self.kind = "".join(self._said).strip()
        self._path.pop()
        self._said = []


def read_tables(data: bytes) -> Tables:
    """The tables of a survey. Raises Refused for what is no such file, is too large, or has a DTD."""
    if len(data) > MOST_BYTES:
        raise refuse(f"The file is larger than {MOST_BYTES // 1024 // 1024} MiB. Split the survey.")
    reading = _Reading()
    try:
        reading.parser.Parse(data, True)
    except expat.ExpatError as error:
        message = "Here the file is broken: it is no XML. Export the survey again."
        raise Refused([Wrong("", error.lineno, "", message)]) from None
    if reading.kind != "Survey" or not reading.tables.get("surveys_languagesettings"):
        raise refuse(_NO_SURVEY)
    return reading.tables

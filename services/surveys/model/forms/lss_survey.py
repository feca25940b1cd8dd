"""The rows of a LimeSurvey structure, put together: what belongs to a question, and its words in every language."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from services.surveys.model.forms.lines import Line
from services.surveys.model.forms.lss_tables import Record, Tables

_TAILORED = re.compile(r"\{[^{}\s][^{}]*\}")
_SCRIPTS = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)


@dataclass(slots=True)
class Answer:
    """A choice, or a sub-question: its code, where it stands, its words, what it counts for, and its scale."""

    code: str
    record: Record
    line: Line
    scale: str = "0"
    value: str = ""


@dataclass(slots=True)
class Question:
    """A question with all that belongs to it."""

    record: Record
    line: Line
    subquestions: list[Answer] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The code that rules call it by."""
        return self.record.get("title")

    @property
    def kind(self) -> str:
        """LimeSurvey's letter for its type."""
        return self.record.get("type")


@dataclass(slots=True)
class Group:
    """A group of questions."""

    record: Record
    line: Line
    questions: list[Question] = field(default_factory=list)


class Survey:
    """A survey: its groups in order, its base language and the others."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        head = tables.get("surveys", [Record(1, {})])[0]
        settings = tables["surveys_languagesettings"]
        self.base = head.get("language") or settings[0].get("surveyls_language") or "en"
        others = head.get("additional_languages").split()
        self.languages = list(dict.fromkeys([self.base, *others, *(r.get("surveyls_language") for r in settings)]))
        self.languages = [language for language in self.languages if language]
        self.settings = self._line("surveys", settings, "surveyls_language")
        self.groups = self._groups()

    def _line(self, sheet: str, records: Iterable[Record], language: str) -> Line:
        """Rows that are the same thing in different languages, as one line with words by language."""
        rows = list(records)
        cells: dict[tuple[str, ...], str] = {}
        for record in rows:
            for name, text in record.cells.items():
                if text.strip():
                    said = _TAILORED.sub("${answer}", _SCRIPTS.sub(" ", text))
                    cells.setdefault((name, record.get(language) or self.base), said)
        return Line(sheet, rows[0].line if rows else 1, cells)

    def _by(self, table: str, *names: str) -> dict[tuple[str, ...], list[Record]]:
        found: dict[tuple[str, ...], list[Record]] = defaultdict(list)
        for record in self.tables.get(table, ()):
            found[tuple(record.get(name) for name in names)].append(record)
        return found

    def _worded(
        self, table: str, names: tuple[str, ...], sheet: str, words: str, key: str
    ) -> list[tuple[Record, Line]]:
        """The things of a table in order, each once, with its words: beside it, or in a table of words of their own."""
        apart = self._by(words, key)
        found = []
        for rows in self._by(table, *names).values():
            base = next((r for r in rows if r.get("language") in ("", self.base)), rows[0])
            line = self._line(sheet, [base, *rows, *apart.get((base.get(key),), [])], "language")
            found.append((base, Line(sheet, base.line, line.cells)))
        return found

    def _groups(self) -> list[Group]:
        groups = [Group(r, w) for r, w in self._worded("groups", ("gid",), "groups", "group_l10ns", "gid")]
        groups.sort(key=lambda g: _number(g.record.get("group_order")))
        questions = self._questions()
        by_gid = {group.record.get("gid"): group for group in groups}
        for question in sorted(questions, key=lambda q: _number(q.record.get("question_order"))):
            group = by_gid.get(question.record.get("gid"))
            if group is not None:
                group.questions.append(question)
        return groups

    def _questions(self) -> list[Question]:
        found = [Question(r, w) for r, w in self._worded("questions", ("qid",), "questions", "question_l10ns", "qid")]
        by_qid = {question.record.get("qid"): question for question in found}
        for record, line in self._worded("subquestions", ("qid",), "subquestions", "question_l10ns", "qid"):
            parent = by_qid.get(record.get("parent_qid"))
            if parent is not None:
                scale = record.get("scale_id") or "0"
                parent.subquestions.append(Answer(record.get("title"), record, line, scale))
        names = ("qid", "code", "scale_id")
        for record, line in self._worded("answers", names, "answers", "answer_l10ns", "aid"):
            parent = by_qid.get(record.get("qid"))
            if parent is not None:
                value = record.get("assessment_value")
                parent.answers.append(Answer(record.get("code"), record, line, record.get("scale_id") or "0", value))
        for question in found:
            question.subquestions.sort(key=lambda a: _number(a.record.get("question_order")))
            question.answers.sort(key=lambda a: _number(a.record.get("sortorder")))
        for record in self.tables.get("question_attributes", ()):
            parent = by_qid.get(record.get("qid"))
            if parent is not None and record.get("value") and record.get("language") in ("", self.base):
                parent.attributes.setdefault(record.get("attribute"), record.get("value"))
        return found


def _number(text: str) -> float:
    return float(text) if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) else 0.0

"""What the items of LimeSurvey's questions are made of: words, choices, rows, and the names that rules call them by."""

import re
from collections.abc import Mapping
from typing import Any

from services.surveys.model.forms.choices import LONGEST_LABEL
from services.surveys.model.forms.codes import Codes, coded
from services.surveys.model.forms.expression_script import Variable
from services.surveys.model.forms.lss_survey import Answer, Question
from services.surveys.model.forms.questions import LONGEST_HINT, LONGEST_TEXT
from services.surveys.model.forms.result import Notebook, Place
from services.surveys.model.forms.words import Words

FIXED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "C": (("Y", "Yes"), ("U", "Uncertain"), ("N", "No")),
    "E": (("I", "Increase"), ("S", "Same"), ("D", "Decrease")),
    "G": (("F", "Female"), ("M", "Male")),
    "Y": (("Y", "Yes"), ("N", "No")),
}
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
NO = ("", "0", "N")
Item = dict[str, Any]


class LssParts:
    """Makes parts of items, and remembers what names of the survey stand for."""

    def __init__(self, words: Words, notes: Notebook, codes: Codes) -> None:
        self._words, self._notes, self._codes = words, notes, codes
        self.places: dict[str, Place] = {}
        self.variables: dict[str, Variable] = {}
        self.answers: dict[tuple[str, str], tuple[str, str]] = {}
        """(qid, code of an answer or sub-question) → (item, choice), as quotas ask for them."""

    def _said(self, question: Question, outcome: str, column: str, why: str) -> None:
        note = self._notes.changed if outcome == "changed" else self._notes.left_out
        note("questions", question.record.line, f"{question.code} {column}", why, "Nothing, or mend it in the draft.")

    def _item(self, question: Question, kind: str, code: str = "", more: str = "") -> Item:
        """An item with the question's words; `more` goes behind them."""
        name = code or question.code
        taken = self._codes.take(name)
        if taken != name and not code:
            self._said(question, "changed", "title", f'"{name[:60]}" does not do as a code; it is "{taken}" here.')
        line, path = question.line, f"items.{taken}"
        text = self._words.put(line, ("question",), f"{path}.text", LONGEST_HINT)
        hint = self._words.put(line, ("help",), f"{path}.hint", LONGEST_HINT)
        text, hint = self._words.fitted(line, path, text, hint, LONGEST_TEXT, LONGEST_HINT)
        item: Item = {"code": taken, "kind": kind, "text": text or question.code or taken}
        if more:
            item["text"] = f"{item['text'][: LONGEST_TEXT - len(more[:140]) - 3]} – {more[:140]}"
            for said in self._words.translations.values():
                said.pop(f"{path}.text", None)
        if hint:
            item["hint"] = hint
        if not code:
            self.variables[question.code] = Variable(f"${{{taken}}}")
            self.variables[
                f"{question.record.get('sid')}X{question.record.get('gid')}X{question.record.get('qid')}"
            ] = self.variables[question.code]
        return item

    def _sgqa(self, question: Question, part: str) -> str:
        return f"{question.record.get('sid')}X{question.record.get('gid')}X{question.record.get('qid')}{part}"

    def _know(self, question: Question, part: str, variable: Variable) -> None:
        self.variables[f"{question.code}_{part}"] = variable
        self.variables[self._sgqa(question, part)] = variable

    def _choices(
        self, question: Question, item: Item, answers: list[Answer], column: str
    ) -> tuple[tuple[str, str], ...]:
        codes = Codes(answer.code for answer in answers)
        choices, renamed = [], []
        values = {a.value for a in answers if NUMBER.fullmatch(a.value)}
        for answer in answers:
            code = codes.take(answer.code or "n")
            if code != answer.code:
                renamed.append((answer.code, code))
            path = f"items.{item['code']}.choices.{code}"
            label = self._words.put(answer.line, (column,), path, LONGEST_LABEL)
            choice: Item = {"code": code, "label": label or answer.code or code}
            if len(values) > 1 and NUMBER.fullmatch(answer.value):
                choice["score"] = float(answer.value)
            choices.append(choice)
            self.answers[question.record.get("qid"), answer.code] = (item["code"], code)
        item["choices"] = choices
        return tuple(renamed)

    def _offered(
        self, question: Question, item: Item, pairs: tuple[tuple[str, str], ...]
    ) -> tuple[tuple[str, str], ...]:
        item["choices"] = [{"code": coded(code), "label": label} for code, label in pairs]
        for code, _ in pairs:
            self.answers[question.record.get("qid"), code] = (item["code"], coded(code))
        return tuple((code, coded(code)) for code, _ in pairs)

    def _rows(
        self, question: Question, item: Item, parts: list[Answer], codes: tuple[tuple[str, str], ...] = ()
    ) -> None:
        taken = Codes(part.code for part in parts)
        item["rows"] = []
        for part in parts:
            row = taken.take(part.code or "r")
            label = self._words.put(part.line, ("question",), f"items.{item['code']}.rows.{row}", LONGEST_LABEL)
            item["rows"].append({"code": row, "label": label or part.code or row})
            self._know(question, part.code, Variable(f"${{{item['code']}.{row}}}", codes=codes))

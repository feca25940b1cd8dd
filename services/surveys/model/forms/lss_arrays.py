"""LimeSurvey's arrays: one matrix, several, or a question a cell."""

import re

from services.surveys.model.forms.choices import LONGEST_LABEL
from services.surveys.model.forms.expression_script import Variable
from services.surveys.model.forms.lss_parts import FIXED, Item, LssParts
from services.surveys.model.forms.lss_survey import Answer, Question

_WIDEST = 100


class LssArrays(LssParts):
    """Makes items of arrays."""

    def _array(self, question: Question) -> list[Item]:
        item = self._item(question, "matrix")
        codes: tuple[tuple[str, str], ...] = ()
        if question.kind in "AB":
            item |= {"minimum": 1.0, "maximum": 5.0 if question.kind == "A" else 10.0}
        elif question.kind in FIXED:
            codes = self._offered(question, item, FIXED[question.kind])
        else:
            codes = self._choices(question, item, [a for a in question.answers if a.scale == "0"], "answer")
        self._rows(question, item, [p for p in question.subquestions if p.scale == "0"], codes)
        return [item]

    def _dual(self, question: Question) -> list[Item]:
        items = []
        for scale in ("0", "1"):
            header = question.attributes.get("dualscale_headerA" if scale == "0" else "dualscale_headerB", "")
            item = self._item(question, "matrix", "" if scale == "0" else f"{question.code}_2", header)
            codes = self._choices(question, item, [a for a in question.answers if a.scale == scale], "answer")
            self._rows(question, item, question.subquestions, codes)
            for part, row in zip(question.subquestions, item["rows"], strict=True):
                self._know(
                    question, f"{part.code}_{scale}", Variable(f"${{{item['code']}.{row['code']}}}", codes=codes)
                )
            items.append(item)
        return items

    def _cells(self, question: Question) -> list[Item]:
        rows = [p for p in question.subquestions if p.scale == "0"]
        columns = [p for p in question.subquestions if p.scale == "1"]
        if question.attributes.get("multiflexible_checkbox") == "1" and question.kind == ":":
            return self._ticks(question, rows, columns)
        low, high, step = (
            question.attributes.get(f"multiflexible_{n}", d) for n, d in (("min", "1"), ("max", "10"), ("step", "1"))
        )
        whole = all(re.fullmatch(r"-?[0-9]{1,6}", n) for n in (low, high, step)) and step == "1"
        scale = question.kind == ":" and whole and 0 < int(high) - int(low) <= _WIDEST
        items = []
        for column in columns:
            label = self._words.put(column.line, ("question",), "", LONGEST_LABEL) or column.code
            if scale and question.attributes.get("input_boxes") != "1":
                item = self._item(question, "matrix", f"{question.code}_{column.code}", label)
                item |= {"minimum": float(low), "maximum": float(high)}
                self._rows(question, item, rows)
                for part, row in zip(rows, item["rows"], strict=True):
                    self._know(question, f"{part.code}_{column.code}", Variable(f"${{{item['code']}.{row['code']}}}"))
                items.append(item)
                continue
            for part in rows:
                said = self._words.put(part.line, ("question",), "", LONGEST_LABEL) or part.code
                kind = "number" if question.kind == ":" else "text"
                name = f"{question.code}_{part.code}_{column.code}"
                item = self._item(question, kind, name, f"{said[:70]}, {label[:60]}")
                self._know(question, f"{part.code}_{column.code}", Variable(f"${{{item['code']}}}"))
                items.append(item)
        return items

    def _ticks(self, question: Question, rows: list[Answer], columns: list[Answer]) -> list[Item]:
        items = []
        for part in rows:
            said = self._words.put(part.line, ("question",), "", LONGEST_LABEL) or part.code
            item = self._item(question, "multiple_choice", f"{question.code}_{part.code}", said)
            self._choices(question, item, columns, "question")
            for column, choice in zip(columns, item["choices"], strict=True):
                chosen = f"selected(${{{item['code']}}}, '{choice['code']}')"
                self._know(question, f"{part.code}_{column.code}", Variable(chosen, chosen=True))
            items.append(item)
        return items

"""One LimeSurvey question becomes one item, or several where it asks for several things at once."""

import re
from collections.abc import Callable, Mapping

from services.surveys.model.forms.bounds import split
from services.surveys.model.forms.choices import LONGEST_LABEL
from services.surveys.model.forms.codes import Codes
from services.surveys.model.forms.expression_script import Variable
from services.surveys.model.forms.lss_arrays import LssArrays
from services.surveys.model.forms.lss_parts import FIXED, NO, NUMBER, Item
from services.surveys.model.forms.lss_survey import Question
from services.surveys.model.forms.result import Notebook, Place
from services.surveys.model.forms.words import Words

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LEFT: Mapping[str, str] = {
    "array_filter": "Rows are not shown by what was chosen before.",
    "array_filter_exclude": "Rows are not hidden by what was chosen before.",
    "random_order": "Answers always stand in the same order.",
    "answer_order": "Answers always stand in the same order.",
    "random_group": "Questions always stand in the same order.",
    "em_validation_sq": "Rows have no checks of their own.",
    "equals_num_value": "What numbers come to together is not checked.",
    "min_num_value": "What numbers come to together is not checked.",
    "max_num_value": "What numbers come to together is not checked.",
    "time_limit": "Nobody is hurried.",
    "prefix": "Nothing stands before an answer; say it in the question.",
    "suffix": "Nothing stands behind an answer; say it in the question.",
}


class LssQuestions(LssArrays):
    """Makes items of questions."""

    def __init__(self, words: Words, notes: Notebook, codes: Codes) -> None:
        super().__init__(words, notes, codes)
        self._kinds: Mapping[str, Callable[[Question], list[Item]]] = {
            **dict.fromkeys("L!O", self._single),
            **dict.fromkeys("GY", self._fixed_single),
            **dict.fromkeys("MP", self._multiple),
            **dict.fromkeys("ABCEFH", self._array),
            **dict.fromkeys("STU", self._text),
            **dict.fromkeys("KQ", self._several),
            "1": self._dual,
            "5": self._five,
            "D": self._date,
            "N": self._number,
            "R": self._ranking,
            "X": self._note,
            "*": self._equation,
            ":": self._cells,
            ";": self._cells,
        }

    def items(self, question: Question) -> list[Item]:
        """The items; none for what cannot be asked here, which is named."""
        make = self._kinds.get(question.kind)
        if make is None:
            why = {
                "|": "People cannot send files.",
                "I": "The language is chosen outside the questions.",
            }.get(question.kind, f'There is nothing like the type "{question.kind[:10]}" here.')
            self._notes.left_out("questions", question.record.line, question.code, why, "Ask it in another way.")
            return []
        made = make(question)
        mandatory = question.record.get("mandatory")
        for item in made:
            self.places[item["code"]] = Place("questions", question.record.line)
            if mandatory in ("Y", "S") and item["kind"] not in ("note", "calculation"):
                if mandatory == "Y" and not item["code"].endswith("_comment"):
                    item["required"] = True
                elif mandatory == "S":
                    self._said(question, "changed", "mandatory", "An answer is asked for once; here it is left free.")
        self._leave_out(question)
        return made

    def _leave_out(self, question: Question) -> None:
        for name, why in _LEFT.items():
            if question.attributes.get(name, "") not in (*NO, "normal"):
                self._said(question, "left_out", name, why)
        for part in question.subquestions:
            if part.record.get("relevance") not in ("", "1"):
                self._said(question, "left_out", f"{part.code} relevance", "A row is always shown.")
        if question.attributes.get("hidden") == "1" and question.kind != "*":
            self._said(question, "changed", "hidden", "The question is shown: answers are not filled in beforehand.")

    # the kinds

    def _single(self, question: Question) -> list[Item]:
        item = self._item(question, "single_choice")
        renamed = self._choices(question, item, [a for a in question.answers if a.scale == "0"], "answer")
        known = Variable(f"${{{item['code']}}}", codes=(*renamed, ("-oth-", "other")))
        self.variables[question.code] = self.variables[self._sgqa(question, "")] = known
        self._other(question, item)
        if question.kind != "O":
            return [item]
        comment = {
            "code": self._codes.take(f"{item['code']}_comment"),
            "kind": "long_text",
            "text": "Would you like to say more?",
        }
        self._know(question, "comment", Variable(f"${{{comment['code']}}}"))
        return [item, comment]

    def _fixed_single(self, question: Question) -> list[Item]:
        item = self._item(question, "single_choice")
        renamed = self._offered(question, item, FIXED[question.kind])
        known = Variable(f"${{{item['code']}}}", codes=renamed)
        self.variables[question.code] = self.variables[self._sgqa(question, "")] = known
        return [item]

    def _other(self, question: Question, item: Item) -> None:
        if question.record.get("other") == "Y":
            item["other"] = True
            self._know(question, "other", Variable(f"${{{item['code']}_other}}"))

    def _multiple(self, question: Question) -> list[Item]:
        item = self._item(question, "multiple_choice")
        self._choices(question, item, question.subquestions, "question")
        self._other(question, item)
        exclusive = set(re.split(r"[;,\s]+", question.attributes.get("exclude_all_others", "")))
        items = [item]
        for part, choice in zip(question.subquestions, item["choices"], strict=True):
            if part.code in exclusive:
                choice["exclusive"] = True
            chosen = f"selected(${{{item['code']}}}, '{choice['code']}')"
            self._know(question, part.code, Variable(chosen, chosen=True))
            if question.kind == "P":
                code = self._codes.take(f"{item['code']}_{choice['code']}_comment")
                text = f"{choice['label'][:200]}: would you like to say more?"
                items.append({"code": code, "kind": "text", "text": text, "relevance": chosen})
                self._know(question, f"{part.code}comment", Variable(f"${{{code}}}"))
        self._counts(question, item)
        return items

    def _counts(self, question: Question, item: Item) -> None:
        for field, name in (("minimum", "min_answers"), ("maximum", "max_answers")):
            given = question.attributes.get(name, "")
            if given.isdigit() and 0 < int(given) <= len(item["choices"]):
                item[field] = float(given)
            elif given not in NO:
                self._said(question, "left_out", name, "The number of answers is a whole number here.")

    def _five(self, question: Question) -> list[Item]:
        return [self._item(question, "scale") | {"minimum": 1.0, "maximum": 5.0}]

    def _date(self, question: Question) -> list[Item]:
        item = self._item(question, "date")
        for field, name in (("earliest", "date_min"), ("latest", "date_max")):
            given = question.attributes.get(name, "")
            if _DAY.match(given):
                item[field] = given[:10]
            elif given:
                self._said(question, "left_out", name, "The first and last day are written as year-month-day here.")
        return [item]

    def _bounded(self, question: Question, item: Item, low: str, high: str) -> Item:
        for field, name in (("minimum", low), ("maximum", high)):
            given = question.attributes.get(name, "")
            if NUMBER.fullmatch(given):
                item[field] = float(given)
            elif given:
                self._said(question, "left_out", name, "A bound is a number here.")
        if question.attributes.get("num_value_int_only") == "1":
            item["step"] = 1.0
        return item

    def _number(self, question: Question) -> list[Item]:
        item = self._bounded(question, self._item(question, "number"), "min_num_value_n", "max_num_value_n")
        return [self._checked(question, item)]

    def _text(self, question: Question) -> list[Item]:
        item = self._item(question, "text" if question.kind == "S" else "long_text")
        most = question.attributes.get("maximum_chars", "")
        if most.isdigit() and int(most) > 0:
            item["maximum"] = float(min(int(most), 20_000))
        if question.attributes.get("numbers_only") == "1":
            item = {k: v for k, v in item.items() if k != "maximum"} | {"kind": "number"}
        return [self._checked(question, item)]

    def _checked(self, question: Question, item: Item) -> Item:
        """A pattern that the answer must fit."""
        pattern = question.record.get("preg").strip("/ ")
        if pattern and "'" not in pattern:
            _, item["constraint"] = split(item["kind"], f"regex(., '{pattern}')")
        elif pattern:
            self._said(question, "left_out", "preg", "The pattern has a quotation mark in it.")
        return item

    def _several(self, question: Question) -> list[Item]:
        slider = question.kind == "K" and question.attributes.get("slider_layout") == "1"
        items = []
        for part in question.subquestions:
            name = f"{question.code}_{part.code}"
            label = self._words.put(part.line, ("question",), "", LONGEST_LABEL) or part.code
            item = self._item(question, "number" if question.kind == "K" else "text", name, label)
            if slider:
                low, high = (question.attributes.get(n, d) for n, d in (("slider_min", "0"), ("slider_max", "100")))
                if NUMBER.fullmatch(low) and NUMBER.fullmatch(high) and float(low) < float(high):
                    step = question.attributes.get("slider_accuracy", "1")
                    item |= {"kind": "slider", "minimum": float(low), "maximum": float(high)}
                    item["step"] = float(step) if NUMBER.fullmatch(step) and float(step) > 0 else 1.0
            elif question.kind == "K":
                self._bounded(question, item, "min_num_value_n", "max_num_value_n")
            self._know(question, part.code, Variable(f"${{{item['code']}}}"))
            items.append(item)
        return items

    def _ranking(self, question: Question) -> list[Item]:
        item = self._item(question, "ranking")
        parts, column = (question.answers, "answer") if question.answers else (question.subquestions, "question")
        self._choices(question, item, parts, column)
        for choice in item["choices"]:
            choice.pop("score", None)
        self._counts(question, item)
        return [item]

    def _note(self, question: Question) -> list[Item]:
        return [self._item(question, "note")]

    def _equation(self, question: Question) -> list[Item]:
        said = question.attributes.get("equation") or question.record.get("question")
        if not said:
            said = next((text for meaning, text in question.line.cells.items() if meaning[0] == "question"), "")
        item = self._item(question, "calculation")
        item["text"] = question.code
        for words in self._words.translations.values():
            words.pop(f"items.{item['code']}.text", None)
        item["calculation"] = re.sub(r"<[^<>]*>", "", said).strip()
        return [item]

"""One row of the survey sheet becomes one item, or a note on why it does not."""

import re
from typing import Any

from pyxform.parsing.parameters import parse as parse_parameters
from pyxform.xls2json import RE_SELECT

from services.surveys.model.forms import kinds
from services.surveys.model.forms.bounds import split
from services.surveys.model.forms.choices import LONGEST_LABEL, Lists
from services.surveys.model.forms.codes import Codes
from services.surveys.model.forms.expressions import references
from services.surveys.model.forms.lines import FALSE, TRUE, Line
from services.surveys.model.forms.outline import Node
from services.surveys.model.forms.result import Notebook, Place
from services.surveys.model.forms.rules import Part, Rule, Rules
from services.surveys.model.forms.words import Words

LONGEST_TEXT = 300
LONGEST_HINT = 5_000
DECLINED, OTHER = "prefer_not_to_say", "other"
_SELECTS = {"select_multiple": "multiple_choice", "select multiple": "multiple_choice", "rank": "ranking"}
_LOOKS_SAID = {"likert", "multiline", "table-list", "label", "list-nolabel"}
_DYNAMIC = re.compile(r"\$\{|\w\(|[<>=]")
_CANNOT: dict[str, tuple[str, str]] = {
    "default": ("Nobody's answer is filled in beforehand.", "Say in the hint what most people need."),
    "trigger": ("A value is worked out anew whenever an answer changes.", "Nothing."),
    "choice_filter": ("Only choices are filtered.", "Take it out."),
    "guidance_hint": ("There is one hint to a question.", "Put it into the hint."),
    "media": ("Questions have words only, no pictures, sound or films.", "Say it in words."),
    "image": ("Questions have words only, no pictures, sound or films.", "Say it in words."),
    "instance": ("This is for other programs.", "Nothing."),
    "autoplay": ("There is no sound and no film.", "Nothing."),
    "intent": ("No other program is started.", "Nothing."),
}
_CANNOT_BIND: dict[str, tuple[str, str]] = {
    "readonly": ("An answer can always be given.", "Make it a note or a calculation."),
    "jr:requiredMsg": ("Every question that needs an answer asks for it in the same words.", "Put it into the hint."),
    "entities:saveto": ("Answers are not kept as things of their own.", "Nothing."),
}


class Questions:
    """Makes items of nodes."""

    def __init__(
        self, lists: Lists, external: Lists, words: Words, rules: Rules, codes: Codes, notes: Notebook
    ) -> None:
        self._lists, self._external, self._words, self._rules = lists, external, words, rules
        self.codes, self._notes = codes, notes
        self.columns_used: set[str] = set()
        self.places: dict[str, Place] = {}

    def item(self, node: Node, place: str, relevance: list[Part]) -> dict[str, Any] | None:
        """The item of a question in the section `place`, shown where `relevance` and its own rule hold."""
        kind = self._kind(node)
        if kind is None:
            return None
        line = node.line
        code = self.take(node, place)
        item: dict[str, Any] = {"code": code, "kind": kind}
        text, hint = self._words.question(line, f"items.{code}", LONGEST_TEXT, LONGEST_HINT)
        item["text"] = text or node.name.replace("_", " ").strip()[:LONGEST_TEXT] or code
        if hint:
            item["hint"] = hint
        renamed = self._fill(item, node, place)
        self._rules.know(node.name, place, f"${{{code}}}", renamed)
        self._required(item, line, place)
        self._constraint(item, line, place, renamed)
        self._calculation(item, node, place)
        own = [Part.of(line, "bind", "relevant")] if line.get("bind", "relevant") else []
        self._rules.add(Rule(item, "relevance", [*relevance, *own], place))
        self._leave_out(item, line)
        return item

    def take(self, node: Node, place: str) -> str:
        """A code for the node; one that had to change is named."""
        code = self.codes.take(node.name, place)
        self.places[code] = Place("survey", node.line.row)
        if code != node.name and node.line.get("name"):
            why = f'"{node.name[:60]}" does not do as a code, or is taken; it is "{code}" here.'
            self._notes.changed("survey", node.line.row, node.line.heading("name"), why, "Nothing, or rename it.")
        return code

    def _kind(self, node: Node) -> str | None:
        place = ("survey", node.line.row, node.line.heading("type"))
        if node.line.get("kind") == "place":
            return "place"
        gone = kinds.lost(node.kind)
        if gone is not None:
            self._notes.left_out(*place, *gone)
            return None
        select = RE_SELECT.search(node.kind)
        return self._select_kind(select, place) if select else self._other_kind(node, place)

    def _other_kind(self, node: Node, place: tuple[str, int, str]) -> str | None:
        line, short = node.line, kinds.known_as(node.kind)
        kind = "number" if short.startswith("number of days in last") else kinds.KINDS.get(short)
        calculated = bool(line.get("bind", "calculate") or _DYNAMIC.search(line.code("default")))
        if short == kinds.TODAY:
            self._rules.know(node.name, "", "today()")
            self._notes.changed(*place, "The day is known; rules that ask for it are told.", "Nothing.")
        elif kind is None:
            why = f'There is nothing like "{node.kind[:60]}" here.'
            self._notes.left_out(*place, why, "Ask it as another kind of question.")
        elif kind == "calculation" and not calculated and not line.get("default"):
            self._notes.left_out(*place, "Nothing is ever put into it here.", "Leave it out.")
            return None
        elif short in ("time", "dateTime", "datetime"):
            why = "Times of the day are asked as words." if short == "time" else "The day is asked, and not the time."
            self._notes.changed(*place, why, "Nothing, or ask for the time in a question of its own.")
        if calculated and kind is not None and TRUE.match(line.get("bind", "readonly")):
            return "calculation"
        return "long_text" if kind == "text" and "multiline" in line.get("control", "appearance").split() else kind

    def _select_kind(self, select: re.Match[str], place: tuple[str, int, str]) -> str | None:
        command, name = select["select_command"], select["list_name"]
        if "file" in command or name.endswith((".csv", ".xml", ".geojson")):
            why = f'The file "{name[:60]}" lies beside the form and is not brought in.'
            self._notes.left_out(*place, why, "Put its choices into the choices sheet.")
            return None
        if "${" in name:
            why = "Choices cannot be made of what was answered before."
            self._notes.left_out(*place, why, "Ask for it as a text.")
            return None
        return next((k for begin, k in _SELECTS.items() if command.startswith(begin)), None) or (
            "multiple_choice" if "all that apply" in command or "multiple" in command else "single_choice"
        )

    # what each kind has beside its words

    def _fill(self, item: dict[str, Any], node: Node, place: str) -> dict[str, str]:
        line = node.line
        select = RE_SELECT.search(node.kind)
        if select:
            return self._choose(item, select, line, place)
        short = kinds.known_as(node.kind)
        if short == "range":
            self._slide(item, line)
        elif short in ("integer", "int", "percentage") or short.startswith("number of days"):
            item["step"] = 1.0
        if short == "percentage":
            item |= {"minimum": 0.0, "maximum": 100.0}
        for span, days in kinds.DAYS.items():
            if short == f"number of days in last {span}":
                item |= {"minimum": 0.0, "maximum": float(days)}
        if TRUE.match(line.get(DECLINED)):
            item[DECLINED] = True
        return {}

    def _choose(self, item: dict[str, Any], select: re.Match[str], line: Line, place: str) -> dict[str, str]:
        name, external = select["list_name"], select["select_command"] == "select_one_external"
        lists = self._external if external else self._lists
        looks = line.get("control", "appearance").split()
        if "likert" in looks and item["kind"] == "single_choice" and not select["specify_other"]:
            scale = lists.scale(name, item["code"])
            if scale is not None:
                item |= {"kind": "scale", **scale}
                if TRUE.match(line.get(DECLINED)):
                    item[DECLINED] = True
                return {}
        expression = line.code("choice_filter")
        columns = lists.columns_of(expression) if expression else []
        self.columns_used.update(columns)
        renames = {k: v for ref in references(expression) for k, v in self._rules.renamed(ref).items()}
        choices, renamed = lists.choices(name, item["code"], columns, dict.fromkeys(columns, renames))
        item["choices"] = choices
        self._reserved(item, bool(select["specify_other"]), line)
        if expression:
            self._rules.add(Rule(item, "choice_filter", [Part.of(line, "choice_filter")], place))
        if "randomize" in line.get("parameters"):
            why = "Choices always stand in the same order."
            self._notes.left_out("survey", line.row, line.heading("parameters"), why, "Nothing.")
        return renamed

    def _reserved(self, item: dict[str, Any], other: bool, line: Line) -> None:
        """`other` with words of one's own and `prefer_not_to_say` are no choices of the list, but the question's."""
        taken = [c for c in item["choices"] if c["code"] == DECLINED or (c["code"] == OTHER and other)]
        item["choices"] = [c for c in item["choices"] if c not in taken]
        if other:
            item["other"] = True
            self._rules.know(f"{line.code('name')}_{OTHER}", "", f"${{{item['code']}_{OTHER}}}")
        if TRUE.match(line.get(DECLINED)) or any(c["code"] == DECLINED for c in taken):
            item[DECLINED] = True
        for choice in taken:
            for found in self._words.translations.values():
                found.pop(f"items.{item['code']}.choices.{choice['code']}", None)
            why = f'"{choice["label"][:60]}" is offered with the question itself, in the same words everywhere.'
            self._notes.changed("survey", line.row, line.heading("type"), why, "Nothing.")

    def _slide(self, item: dict[str, Any], line: Line) -> None:
        given = parse_parameters(line.get("parameters"), line.row)
        start, end, step = (float(given.get(k, d)) for k, d in (("start", 1), ("end", 10), ("step", 1)))
        item |= {"minimum": min(start, end), "maximum": max(start, end), "step": abs(step)}
        if start > end:
            why = "A slider runs from the lowest number to the highest."
            self._notes.changed("survey", line.row, line.heading("parameters"), why, "Nothing.")
        labels = {}
        for choice in self._lists.by_name.get(given.get("tick_labelset", ""), []):
            number = choice.code("name")
            label = self._words.put(choice, ("label",), f"items.{item['code']}.labels.{number}", LONGEST_LABEL)
            if label:
                labels[number] = label
        if labels:
            item["labels"] = labels

    # rules

    def _required(self, item: dict[str, Any], line: Line, place: str) -> None:
        text = line.code("bind", "required")
        if item["kind"] in ("note", "calculation") or FALSE.match(text):
            return
        if TRUE.match(text):
            item["required"] = True
        else:
            self._rules.add(Rule(item, "required_if", [Part.of(line, "bind", "required")], place))

    def _constraint(self, item: dict[str, Any], line: Line, place: str, own: dict[str, str]) -> None:
        text = line.code("bind", "constraint")
        if text:
            bounds, rest = split(item["kind"], text)
            item |= bounds
            if rest:
                part = Part.of(line, "bind", "constraint")._replace(text=rest)
                self._rules.add(Rule(item, "constraint", [part], place, own))
        message = self._words.put(
            line, ("bind", "jr:constraintMsg"), f"items.{item['code']}.constraint_message", LONGEST_HINT
        )
        if message:
            item["constraint_message"] = message

    def _calculation(self, item: dict[str, Any], node: Node, place: str) -> None:
        line = node.line
        if item["kind"] != "calculation":
            return
        if line.get("bind", "calculate"):
            part = Part.of(line, "bind", "calculate")
        else:
            part = Part.of(line, "default")
            if not _DYNAMIC.search(part.text):
                quote = "'" if '"' in part.text else '"'
                part = part._replace(text=f"{quote}{part.text}{quote}")
        self._rules.add(Rule(item, "calculation", [part], place))

    def _leave_out(self, item: dict[str, Any], line: Line) -> None:
        for meaning in line.cells:
            place = ("survey", line.row, line.heading(*meaning))
            if meaning[0] in _CANNOT and not self._said(item, meaning[0]):
                self._notes.left_out(*place, *_CANNOT[meaning[0]])
            elif meaning[0] == "bind" and len(meaning) > 1 and not self._said_in_bind(item, meaning[1]):
                said = _CANNOT_BIND.get(meaning[1], ("This is for other programs.", "Nothing."))
                if not (meaning[1] == "readonly" and (FALSE.match(line.get(*meaning)) or item["kind"] == "note")):
                    self._notes.left_out(*place, *said)
        self.looks(line)

    @staticmethod
    def _said(item: dict[str, Any], column: str) -> bool:
        if column == "choice_filter":
            return "choices" in item
        return bool(column == "default" and item["kind"] == "calculation")

    @staticmethod
    def _said_in_bind(item: dict[str, Any], column: str) -> bool:
        if column in ("calculate", "readonly"):
            return bool(item["kind"] == "calculation")
        return column in ("relevant", "required", "constraint", "jr:constraintMsg", "type")

    def looks(self, line: Line) -> None:
        """Name what a row says about how it should look."""
        left = [w for w in line.get("control", "appearance").split() if w not in _LOOKS_SAID]
        if left:
            why = "Questions look alike on every device; this is not taken over."
            self._notes.left_out("survey", line.row, line.heading("control", "appearance"), why, "Nothing.")

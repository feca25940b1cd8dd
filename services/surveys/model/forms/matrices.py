"""Groups that are tables: the same choices for each of their rows."""

from typing import Any

from pyxform.xls2json import RE_SELECT

from services.surveys.model.forms.choices import LONGEST_LABEL, Lists
from services.surveys.model.forms.codes import Codes
from services.surveys.model.forms.lines import TRUE
from services.surveys.model.forms.outline import Node
from services.surveys.model.forms.questions import DECLINED, LONGEST_HINT, LONGEST_TEXT, Questions
from services.surveys.model.forms.result import Notebook
from services.surveys.model.forms.rules import Part, Rule, Rules
from services.surveys.model.forms.words import Words

_OF_ITS_OWN = (
    ("bind", "relevant"),
    ("bind", "constraint"),
    ("bind", "calculate"),
    ("choice_filter",),
)


def is_table(node: Node) -> bool:
    """Whether the group can be one question with rows: single choices from one list, without rules of their own."""
    looks = node.line.get("control", "appearance").split()
    return "table-list" in looks or any("list-nolabel" in _looks(child) for child in node.children)


def list_of(node: Node) -> str | None:
    """The list that all rows of the table use, or None where it is no table after all."""
    rows = rows_of(node)
    found = [RE_SELECT.search(child.kind) for child in rows]
    names = {select["list_name"] for select in found if select}
    plain = all(s and s["select_command"].replace(" ", "_") == "select_one" and not s["specify_other"] for s in found)
    rules = any(child.line.get(*meaning) for child in rows for meaning in _OF_ITS_OWN)
    hints = any(child.line.words("hint") for child in rows)
    required = {child.line.code("bind", "required") for child in rows}
    if len(names) != 1 or not plain or rules or hints or len(required) != 1:
        return None
    name = names.pop()
    return None if "${" in name or "." in name else name


def rows_of(node: Node) -> list[Node]:
    """The questions that are its rows; one that only shows the choices' words above them is none."""
    return [child for child in node.children if "label" not in _looks(child)]


def _looks(node: Node) -> list[str]:
    return node.line.get("control", "appearance").split()


class Matrices:
    """Makes one item of a table."""

    def __init__(self, questions: Questions, lists: Lists, words: Words, rules: Rules, notes: Notebook) -> None:
        self._questions, self._lists, self._words = questions, lists, words
        self._rules, self._notes = rules, notes

    def item(self, node: Node, name: str, place: str, relevance: list[Part]) -> dict[str, Any]:
        """The item; `name` is the list of its choices."""
        line, rows = node.line, rows_of(node)
        code = self._questions.take(node, place)
        text, hint = self._words.question(line, f"items.{code}", LONGEST_TEXT, LONGEST_HINT)
        item: dict[str, Any] = {"code": code, "kind": "matrix", "text": text or node.name.replace("_", " ")}
        if hint:
            item["hint"] = hint
        scale = self._lists.scale(name, code) if "likert" in _looks(node) else None
        renamed: dict[str, str] = {}
        if scale is not None:
            item |= scale
        else:
            item["choices"], renamed = self._lists.choices(name, code, (), {})
            if any(c["code"] == DECLINED for c in item["choices"]):
                item["choices"] = [c for c in item["choices"] if c["code"] != DECLINED]
                item[DECLINED] = True
        if TRUE.match(line.get(DECLINED)):
            item[DECLINED] = True
        item["rows"] = self._rows(rows, code, place, renamed)
        self._required(item, rows, place)
        own = [Part.of(line, "bind", "relevant")] if line.get("bind", "relevant") else []
        self._rules.add(Rule(item, "relevance", [*relevance, *own], place))
        self._questions.looks(line)
        return item

    def _rows(self, nodes: list[Node], code: str, place: str, renamed: dict[str, str]) -> list[dict[str, Any]]:
        # a row that we wrote ourselves is called by both codes, as rules call it
        names = {id(node): node.name.removeprefix(f"{code}.") for node in nodes}
        codes = Codes(names.values())
        rows = []
        for node in nodes:
            row = codes.take(names[id(node)])
            if row != names[id(node)]:
                why = f'"{node.name[:60]}" does not do as a code; it is "{row}" here.'
                self._notes.changed("survey", node.line.row, node.line.heading("name"), why, "Nothing, or rename it.")
            label = self._words.put(node.line, ("label",), f"items.{code}.rows.{row}", LONGEST_LABEL)
            rows.append({"code": row, "label": label or node.name.replace("_", " ")})
            self._rules.know(node.name, place, f"${{{code}.{row}}}", renamed)
        return rows

    def _required(self, item: dict[str, Any], rows: list[Node], place: str) -> None:
        text = rows[0].line.code("bind", "required")
        if TRUE.match(text):
            item["required"] = True
        elif text and text.lower() not in ("no", "false", "false()"):
            part = Part.of(rows[0].line, "bind", "required")
            self._rules.add(Rule(item, "required_if", [part], place))

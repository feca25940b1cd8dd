"""The tree of a form as sections one after the other: a definition has no groups in groups."""

from dataclasses import dataclass, field
from typing import Any

from services.surveys.model.forms import matrices
from services.surveys.model.forms.codes import coded
from services.surveys.model.forms.lines import Line
from services.surveys.model.forms.matrices import Matrices
from services.surveys.model.forms.outline import Node
from services.surveys.model.forms.questions import LONGEST_HINT, LONGEST_TEXT, Questions
from services.surveys.model.forms.result import Notebook
from services.surveys.model.forms.result import Place as Position
from services.surveys.model.forms.rules import Part, Rule, Rules
from services.surveys.model.forms.words import Words

FIRST = "questions"
INTRO = "questionnaire_intro"
MOST_TIMES = 100
_NO_LINE = Line("survey", 1, {})


@dataclass(slots=True)
class Place:
    """Where in the tree we are: the group, the rules that hold in it, and its section once it has one."""

    code: str
    line: Line
    name: str
    shown: list[Part] = field(default_factory=list)
    """The rules of its section."""
    relevance: list[Part] = field(default_factory=list)
    """The rules of each of its items: inside a repeat, those of the groups that are not sections there."""
    repeat: dict[str, Any] | None = None
    count: Part | None = None
    above: str = ""
    section: dict[str, Any] | None = None
    parts: int = 0


class Sections:
    """Lays a tree out as sections."""

    def __init__(
        self, title: str, questions: Questions, tables: Matrices, words: Words, rules: Rules, notes: Notebook
    ) -> None:
        self._title, self._questions, self._tables = title, questions, tables
        self._words, self._rules, self._notes = words, rules, notes
        self._taken: set[str] = set()
        self.sections: list[dict[str, Any]] = []
        self.intro: str | None = None

    def lay_out(self, nodes: list[Node]) -> list[dict[str, Any]]:
        """The sections that have something in them."""
        if nodes and nodes[0].kind == "note" and nodes[0].name == INTRO:
            self.intro = self._words.put(nodes[0].line, ("label",), "intro", LONGEST_HINT)
            nodes = nodes[1:]
        self._walk(nodes, Place(FIRST, _NO_LINE, ""))
        return [section for section in self.sections if section["items"]]

    def _walk(self, nodes: list[Node], place: Place) -> None:
        for node in nodes:
            if node.holds and not self._table(node, place):
                self._enter(node, place)
            elif not node.holds and not self._is_intro(node, place):
                item = self._questions.item(node, place.code, place.relevance)
                if item is not None:
                    self._section(place)["items"].append(item)

    def _table(self, node: Node, place: Place) -> bool:
        if node.kind != "group" or not matrices.is_table(node):
            return False
        name = matrices.list_of(node)
        if name is None:
            why = "Its rows do not all have the same choices, or have rules of their own: they are asked one by one."
            self._notes.changed("survey", node.line.row, node.line.heading("control", "appearance"), why, "Nothing.")
            return False
        item = self._tables.item(node, name, place.code, place.relevance)
        self._section(place)["items"].append(item)
        return True

    def _enter(self, node: Node, place: Place) -> None:
        line = node.line
        own = [Part.of(line, "bind", "relevant")] if line.get("bind", "relevant") else []
        self._questions.looks(line)
        if place.repeat is not None:
            self._inside(node, place, own)
            return
        inner = Place(self._take(node), line, node.name, [*place.shown, *own], above=self._name(place))
        if node.kind == "repeat":
            inner.repeat = self._repeat(line)
            inner.count = Part.of(line, "control", "jr:count") if line.get("control", "jr:count") else None
        self._walk(node.children, inner)
        place.section = None

    def _inside(self, node: Node, place: Place, own: list[Part]) -> None:
        """A group in a repeat: its label stands as a note, and its rule goes to each of its items."""
        line = node.line
        if node.kind == "repeat":
            why = "Questions that repeat inside others that repeat are asked once for each of those."
            self._notes.changed("survey", line.row, line.heading("type"), why, "Ask for each in a question of its own.")
        outer, place.relevance = place.relevance, [*place.relevance, *own]
        if line.words("label"):
            code = self._questions.take(node, place.code)
            text = self._words.put(line, ("label",), f"items.{code}.text", LONGEST_TEXT)
            note = {"code": code, "kind": "note", "text": text or code}
            self._rules.add(Rule(note, "relevance", list(place.relevance), place.code))
            self._section(place)["items"].append(note)
        self._walk(node.children, place)
        place.relevance = outer

    def _take(self, node: Node) -> str:
        """A code for the section. Answers to a repeat stand beside those to items, so that it is one of theirs too."""
        code = self._free(self._questions.take(node, "") if node.kind == "repeat" else coded(node.name))
        self._taken.add(code)
        self._questions.places.setdefault(code, Position("survey", node.line.row))
        return code

    def _free(self, code: str) -> str:
        number, free = 2, code
        while free in self._taken:
            free, number = f"{code[:60]}_{number}", number + 1
        return free

    def _repeat(self, line: Line) -> dict[str, Any]:
        repeat: dict[str, Any] = {}
        for field_, column in (("minimum", "repeat_minimum"), ("maximum", "repeat_maximum")):
            if line.get(column).isdigit():
                repeat[field_] = min(int(line.get(column)), MOST_TIMES)
        return repeat

    def _is_intro(self, node: Node, place: Place) -> bool:
        if node.kind != "note" or node.name != f"{place.code}_intro" or place.section or not place.name:
            return False
        section = self._section(place)
        intro = self._words.put(node.line, ("label",), f"sections.{section['code']}.intro", LONGEST_HINT)
        if intro:
            section["intro"] = intro
        return True

    def _name(self, place: Place) -> str:
        """The heading of a group, said before those of the groups in it."""
        given = place.line.words("label") if place.name else {}
        own = self._words.put(place.line, ("label",), f"sections.{place.code}.title", 140) if given else ""
        return " – ".join(part for part in (place.above, own) if part)

    def _section(self, place: Place) -> dict[str, Any]:
        if place.section is not None:
            return place.section
        place.parts += 1
        code = place.code if place.parts == 1 else self._free(f"{place.code[:60]}_{place.parts}")
        self._taken.add(code)
        path = f"sections.{code}"
        title = self._words.put(place.line, ("label",), f"{path}.title", LONGEST_TEXT) if place.name else self._title
        title = title or place.name.replace("_", " ") or code
        section: dict[str, Any] = {
            "code": code,
            "title": " – ".join(p for p in (place.above, title) if p)[:LONGEST_TEXT],
        }
        hint = self._words.put(place.line, ("hint",), f"{path}.intro", LONGEST_HINT) if place.parts == 1 else None
        if hint:
            section["intro"] = hint
        if place.repeat is not None:
            section["repeat"] = place.repeat
            if place.count is not None:
                self._rules.add(Rule(place.repeat, "count", [place.count], place.code))
        self._rules.add(Rule(section, "relevance", place.shown, place.code))
        section["items"] = []
        self.sections.append(section)
        place.section = section
        return section

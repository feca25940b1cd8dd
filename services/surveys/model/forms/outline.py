"""The survey sheet as a tree: groups and repeats, with the questions in them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from pyxform import aliases
from pyxform.xls2json import RE_BEGIN_CONTROL, RE_END_CONTROL

from services.surveys.model.forms.lines import TRUE, Line
from services.surveys.model.forms.result import Notebook


@dataclass(slots=True)
class Node:
    """A question, or a group or repeat with what it holds."""

    kind: str
    """group, repeat, or the question's type as it stands in the file."""
    name: str
    line: Line
    children: list["Node"] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether it is a group or a repeat."""
        return self.kind in ("group", "repeat")

    def questions(self) -> list["Node"]:
        """Every question in it, however deep."""
        return [q for c in self.children for q in (c.questions() if c.holds else [c])]


def outline(lines: Sequence[Line], lists: Mapping[str, Sequence[Line]], notes: Notebook) -> list[Node]:
    """The tree of a survey sheet that pyxform has accepted."""
    root = Node("group", "", Line("survey", 1, {}))
    open_: list[Node] = [root]
    loops: list[tuple[Node, str]] = []
    for line in lines:
        kind = line.code("type")
        if not kind:
            continue
        if TRUE.match(line.get("disabled")):
            notes.left_out("survey", line.row, line.heading("disabled"), "The row is switched off.", "Nothing.")
            continue
        if begin := RE_BEGIN_CONTROL.search(kind):
            control = str(aliases.control[begin["type"]])
            node = Node("repeat" if control == "repeat" else "group", line.code("name"), line)
            open_[-1].children.append(node)
            open_.append(node)
            if control == "loop":
                loops.append((node, begin["list_name"]))
        elif RE_END_CONTROL.search(kind):
            open_.pop()
        else:
            name = line.code("name") or f"note_{line.row}"
            open_[-1].children.append(Node(kind, name, line))
    for node, list_name in loops:
        node.children = _looped(node, lists.get(list_name, ()))
    return root.children


def _looped(loop: Node, choices: Sequence[Line]) -> list[Node]:
    """A loop over a list says its questions once for each choice of the list."""
    return [_told_of(child, choice) for choice in choices for child in loop.children]


def _told_of(node: Node, choice: Line) -> Node:
    words = choice.words("label")

    def told(meaning: tuple[str, ...], text: str) -> str:
        label = words.get(meaning[-1]) or words.get("") or next(iter(words.values()), choice.get("name"))
        return re.sub(r"%\(label\)s", lambda _: label, text.replace("%(name)s", choice.get("name")))

    line = replace(node.line, cells={m: told(m, t) for m, t in node.line.cells.items()})
    children = [_told_of(child, choice) for child in node.children]
    return Node(node.kind, f"{choice.get('name')}_{node.name}", line, children)

"""An expression as a tree of plain lists, which JSON carries to the browser, and the way back to text.

| node | is |
|---|---|
| `["number", 18]`, `["text", "yes"]` | a literal |
| `["answer", "age"]` | `${age}` |
| `["self"]`, `["parent"]` | `.` and `..` |
| `["column", "country"]` | a bare name: a column of the choice that a choice filter looks at |
| `["negative", a]` | `-a` |
| `["+", a, b, …]` | an operator between two; a chain of one operator, from left to right, is one node |
| `["call", "if", a, b, c]` | a function |
"""

from typing import Any

from services.surveys.model.logic.values import plain

Tree = tuple[Any, ...]

LEVELS = {
    "or": 1, "and": 2, "=": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4, "+": 5, "-": 5, "*": 6, "div": 6, "mod": 6,
}  # fmt: skip
"""How tightly operators bind, loosest first."""

CHAINED = frozenset(LEVELS) - {"=", "!=", "<", "<=", ">", ">="}
_UNARY, _HIGHEST = 7, 8


def joined(operator: str, left: Tree, right: Tree) -> Tree:
    """Two sides with an operator between them."""
    if operator in CHAINED and left[0] == operator:
        return (*left, right)
    return (operator, left, right)


def printed(tree: Tree) -> str:
    """The text that this tree is read from, with as few brackets as can be."""
    return _print(tree, 0)


def _print(tree: Tree, level: int) -> str:
    kind, *parts = tree
    if kind in LEVELS:
        own = LEVELS[kind]
        sides = [_print(part, own + (place > 0)) for place, part in enumerate(parts)]
        written = f" {kind} ".join(sides)
        return f"({written})" if own < level else written
    if kind == "negative":
        written = f"-{_print(parts[0], _UNARY)}"
        return f"({written})" if level == _HIGHEST else written
    if kind == "call":
        return f"{parts[0]}({', '.join(_print(part, 0) for part in parts[1:])})"
    return _atom(kind, parts)


def _atom(kind: str, parts: list[Any]) -> str:
    if kind == "text":
        quote = '"' if "'" in parts[0] else "'"
        return f"{quote}{parts[0]}{quote}"
    fixed = {"self": ".", "parent": ".."}
    if kind in fixed:
        return fixed[kind]
    name = plain(parts[0]) if kind == "number" else parts[0]
    return f"${{{name}}}" if kind == "answer" else name

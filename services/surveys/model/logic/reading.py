"""From the text of an expression to its tree, and what is said where the text is none."""

import difflib
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from lark import Token, Transformer, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from services.surveys.model.logic import patterns
from services.surveys.model.logic.functions import FUNCTIONS, REFUSED
from services.surveys.model.logic.grammar import parser
from services.surveys.model.logic.tree import Tree, joined

LONGEST = 5_000
"""Characters of one expression."""

DEEPEST = 100
"""How many parts may stand in one another."""

KNOWN = frozenset(FUNCTIONS) | {"if", "indexed-repeat"}
_NAME = re.compile(r"[^\W\d][\w.-]*")
_HINTS = {
    "==": "write one =",
    "&&": "write and",
    "||": "write or",
    "<>": "write !=",
    "${": "a name must follow, and then }",
    "/": "paths are not used here: write ${name}",
    "[": "paths are not used here: write ${name}",
    "|": "write or",
    "'": "the closing ' is missing",
    '"': 'the closing " is missing',
    "‘": "use the straight quote '",
    "’": "use the straight quote '",
    "“": 'use the straight quote "',
    "”": 'use the straight quote "',
}


class LogicError(ValueError):
    """Why a text is no expression, and at which of its characters (from 1)."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.message = message
        self.column = column


class _Node(NamedTuple):
    tree: Tree
    depth: int
    column: int


class _Trees(Transformer[Token, _Node]):
    """Builds the tree while the text is read, from the inside out."""

    @v_args(inline=True)
    def between(self, left: _Node, operator: Token, right: _Node) -> _Node:
        tree = joined(str(operator), left.tree, right.tree)
        grown = left.depth if len(tree) > 3 else left.depth + 1
        return _checked(_Node(tree, max(grown, right.depth + 1), left.column))

    @v_args(inline=True)
    def negative(self, minus: Token, of: _Node) -> _Node:
        return _checked(_Node(("negative", of.tree), of.depth + 1, _column(minus)))

    @v_args(inline=True)
    def number(self, token: Token) -> _Node:
        if (value := float(token)) == float("inf"):
            raise LogicError("this number is too large", _column(token))
        return _Node(("number", value), 1, _column(token))

    @v_args(inline=True)
    def text(self, token: Token) -> _Node:
        return _Node(("text", str(token)[1:-1]), 1, _column(token))

    @v_args(inline=True)
    def answer(self, token: Token) -> _Node:
        name = str(token)[2:-1].strip()
        if name.startswith("last-saved#"):
            raise LogicError("answers of an earlier time are not looked at: leave out last-saved#", _column(token))
        if not _NAME.fullmatch(name):
            raise LogicError(
                "a question's name is letters, digits, _ - and ., and begins with a letter", _column(token)
            )
        return _Node(("answer", name), 1, _column(token))

    def self(self, _children: object) -> _Node:
        return _Node(("self",), 1, 1)

    def parent(self, _children: object) -> _Node:
        return _Node(("parent",), 1, 1)

    @v_args(inline=True)
    def column(self, token: Token) -> _Node:
        return _Node(("column", str(token)), 1, _column(token))

    def call(self, children: Sequence[Token | _Node | None]) -> _Node:
        name, *given = children
        arguments = [node for node in given if isinstance(node, _Node)]
        assert isinstance(name, Token)  # noqa: S101 the grammar says so
        _check_call(str(name), arguments, _column(name))
        depth = 1 + max((node.depth for node in arguments), default=0)
        return _checked(_Node(("call", str(name), *(node.tree for node in arguments)), depth, _column(name)))


def _column(token: Token) -> int:
    return (token.start_pos or 0) + 1


def _checked(node: _Node) -> _Node:
    if node.depth > DEEPEST:
        raise LogicError(f"more than {DEEPEST} parts stand in one another here; use a calculation", node.column)
    return node


def _check_call(name: str, arguments: list[_Node], column: int) -> None:
    if name in REFUSED:
        raise LogicError(f"{name}() cannot be used here: {REFUSED[name]}", column)
    if name not in KNOWN:
        near = difflib.get_close_matches(name.lower(), sorted(KNOWN), n=1, cutoff=0)
        raise LogicError(f"there is no function {name}(); the nearest is {near[0]}()", column)
    least, most = (3, 3) if name in ("if", "indexed-repeat") else FUNCTIONS[name][:2]
    if not least <= len(arguments) <= most:
        raise LogicError(f"{name}() takes {_amount(least, most)}, and here are {len(arguments)}", column)
    if name == "indexed-repeat" and {arguments[0].tree[0], arguments[1].tree[0]} != {"answer"}:
        raise LogicError("indexed-repeat() takes ${question}, ${repeat} and a number", column)
    if name == "jr:choice-name" and arguments[1].tree[0] != "text":
        raise LogicError("jr:choice-name() takes a choice and, in quotes, '${question}'", column)
    if name == "weighted-checklist" and len(arguments) % 2:
        raise LogicError("weighted-checklist() takes two limits, then answers and weights in pairs", column)
    if name == "regex" and arguments[1].tree[0] == "text":
        _check_pattern(arguments[1])


def _amount(least: int, most: int) -> str:
    if least == most:
        return f"{least} values" if least != 1 else "1 value"
    return f"{least} or {most} values" if most == least + 1 else f"at least {least} values"


def _check_pattern(node: _Node) -> None:
    try:
        patterns.compiled(node.tree[1])
    except patterns.PatternError as error:
        raise LogicError(f"regex(): {error}", node.column + 1 + error.at) from None


_PARSER = parser(_Trees())


def read(text: str) -> Tree:
    """The tree of an expression. Raises LogicError."""
    if len(text) > LONGEST:
        raise LogicError(f"an expression has at most {LONGEST:,} characters; use a calculation", LONGEST + 1)
    try:
        node: Any = _PARSER.parse(text)
    except UnexpectedInput as error:
        raise _explained(error, text) from None
    tree: Tree = node.tree
    return tree


def _explained(error: UnexpectedInput, text: str) -> LogicError:
    at = _place(error, text)
    if not text.strip():
        return LogicError("there is nothing here", 1)
    for begins in (at, at - 1):
        for sign, hint in _HINTS.items():
            if begins >= 0 and text.startswith(sign, begins) and (begins == at or len(sign) == 2):
                return LogicError(f"{sign} is not understood here: {hint}", begins + 1)
    if at >= len(text):
        return LogicError("the expression ends too early: something is missing at its end", len(text) + 1)
    word = re.match(r"\w+|.", text[at:], re.DOTALL)
    return LogicError(f"{word[0] if word else ''} is not understood here", at + 1)


def _place(error: UnexpectedInput, text: str) -> int:
    """Where the text went wrong, from 0."""
    if isinstance(error, UnexpectedCharacters):
        at: Any = error.pos_in_stream  # lark does not say that this class always has one
        return int(at)
    if isinstance(error, UnexpectedToken) and error.token.type != "$END":
        return error.token.start_pos or 0
    return len(text)

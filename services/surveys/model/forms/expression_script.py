"""ExpressionScript, LimeSurvey's language of rules, said in XLSForm's. What has no like there is named."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from services.surveys.model.forms.expressions import unwrapped

_PARTS = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<name>\d+X\d+X\d+\w*(?:\.[A-Za-z]+)?"""
    r"""|[A-Za-z_][\w:]*(?:\.[A-Za-z]+)?)|(?P<number>\d+(?:\.\d+)?)"""
    r"""|(?P<sign>==|!=|<=|>=|&&|\|\||[<>!+\-*/(),%=]))"""
)
_SIGNS = {"==": "=", "=": "=", "eq": "=", "!=": "!=", "ne": "!=", "<": "<", "lt": "<", "<=": "<=", "le": "<=",
          ">": ">", "gt": ">", ">=": ">=", "ge": ">="}  # fmt: skip
_FUNCTIONS = {
    "strlen": "string-length",
    "abs": "abs",
    "min": "min",
    "max": "max",
    "round": "round",
    "pow": "pow",
    "sqrt": "sqrt",
    "if": "if",
    "floatval": "number",
    "intval": "int",
    "trim": "normalize-space",
    "join": "concat",
    **{name: name for name in ("pi", "sin", "cos", "tan", "asin", "acos", "atan", "exp", "log", "log10", "floor")},
    "ceil": "ceiling",
}
_SUFFIXES = ("", "NAOK", "code", "value", "valueNAOK")
DEEPEST = 100


class Untold(Exception):
    """XLSForm has nothing like it; the message says what."""


class Variable(NamedTuple):
    """What a name of the survey stands for: text in XLSForm, or one choice of several (`chosen`)."""

    text: str
    chosen: bool = False
    codes: tuple[tuple[str, str], ...] = ()
    """Names of choices that have other codes now."""


@dataclass(frozen=True, slots=True)
class _Said:
    """A part in XLSForm's language; `variable` where it is nothing else, `literal` where it is a text or a number."""

    text: str
    variable: Variable | None = None
    literal: str | None = None
    simple: bool = False


def told(expression: str, variable: Callable[[str], Variable | None]) -> str:
    """The expression in XLSForm's language. Raises Untold."""
    reader = _Reader(expression, variable)
    said = reader.either(0)
    if reader.left:
        raise Untold(f'"{reader.left[0][1][:40]}" stands where nothing was expected.')
    return unwrapped(said.text)


class _Reader:
    def __init__(self, expression: str, variable: Callable[[str], Variable | None]) -> None:
        self._variable = variable
        self.left: list[tuple[str, str]] = []
        at = 0
        while expression[at:].strip():
            found = _PARTS.match(expression, at)
            if found is None:
                raise Untold(f'"{expression[at : at + 20].strip()}" cannot be read.')
            kind = found.lastgroup or ""
            word = found[kind]
            self.left.append(("sign" if word.lower() in ("and", "or", "not", *_SIGNS) else kind, word))
            at = found.end()

    def _is(self, *signs: str) -> bool:
        return bool(self.left) and self.left[0][0] == "sign" and self.left[0][1].lower() in signs

    def _take(self) -> str:
        if not self.left:
            raise Untold("It breaks off.")
        return self.left.pop(0)[1]

    def either(self, depth: int) -> _Said:
        """Parts with `or` between them."""
        if depth > DEEPEST:
            raise Untold("It has too many brackets in brackets.")
        parts = [self._all(depth)]
        while self._is("or", "||"):
            self._take()
            parts.append(self._all(depth))
        return parts[0] if len(parts) == 1 else _Said(" or ".join(p.text for p in parts))

    def _all(self, depth: int) -> _Said:
        parts = [self._compared(depth)]
        while self._is("and", "&&"):
            self._take()
            parts.append(self._compared(depth))
        if len(parts) == 1:
            return parts[0]
        return _Said(" and ".join(f"({p.text})" if " or " in p.text and not p.simple else p.text for p in parts))

    def _compared(self, depth: int) -> _Said:
        left = self._added(depth)
        while self._is(*_SIGNS):
            sign = _SIGNS[self._take().lower()]
            right = self._added(depth)
            left = self._comparison(left, sign, right)
        return left

    def _comparison(self, left: _Said, sign: str, right: _Said) -> _Said:
        for one, other in ((left, right), (right, left)):
            if one.variable is not None and one.variable.chosen and other.literal is not None and sign in ("=", "!="):
                yes = (other.literal in ("Y", "1")) == (sign == "=")
                return _Said(one.text if yes else f"not({one.text})")
            if one.variable is not None and other.literal is not None:
                code = dict(one.variable.codes).get(other.literal)
                if code is not None:
                    here, there = _Said(one.variable.text), _Said(f"'{code}'")
                    return _Said(
                        f"{here.text} {sign} {there.text}" if one is left else f"{there.text} {sign} {here.text}"
                    )
        return _Said(f"{_bracketed(left)} {sign} {_bracketed(right)}")

    def _added(self, depth: int) -> _Said:
        said = self._multiplied(depth)
        while self._is("+", "-"):
            sign = self._take()
            said = _Said(f"{_bracketed(said)} {sign} {_bracketed(self._multiplied(depth))}")
        return said

    def _multiplied(self, depth: int) -> _Said:
        said = self._single(depth)
        while self._is("*", "/", "%"):
            sign = {"*": "*", "/": "div", "%": "mod"}[self._take()]
            said = _Said(f"{_bracketed(said)} {sign} {_bracketed(self._single(depth))}")
        return said

    def _single(self, depth: int) -> _Said:
        if self._is("!", "not"):
            self._take()
            return _Said(f"not({self._single(depth + 1).text})", simple=True)
        if self._is("-"):
            self._take()
            return _Said(f"-{_bracketed(self._single(depth + 1))}")
        if self._is("("):
            self._take()
            said = self.either(depth + 1)
            self._close()
            return (
                said
                if said.variable or said.literal is not None or said.simple
                else _Said(f"({said.text})", simple=True)
            )
        return self._word(depth)

    def _close(self) -> None:
        if not self._is(")"):
            raise Untold("A bracket is not closed.")
        self._take()

    def _word(self, depth: int) -> _Said:
        kind = self.left[0][0] if self.left else ""
        word = self._take()
        if kind == "number":
            return _Said(word, literal=word, simple=True)
        if kind == "text":
            inner = re.sub(r"\\(.)", r"\1", word[1:-1])
            if '"' in inner and "'" in inner:
                raise Untold("A text has both kinds of quotation marks.")
            return _Said(f'"{inner}"' if "'" in inner else f"'{inner}'", literal=inner, simple=True)
        if kind != "name":
            raise Untold(f'"{word[:40]}" stands where a question was expected.')
        return self._function(word, depth) if self._is("(") else self._named(word)

    def _named(self, word: str) -> _Said:
        name, _, suffix = word.partition(".")
        variable = self._variable(name)
        if variable is None:
            raise Untold(f'It speaks of "{name[:60]}", which is not in the draft.')
        if suffix not in _SUFFIXES:
            raise Untold(f'"{word[:60]}" asks for something other than an answer.')
        return _Said(variable.text, variable=variable, simple=True)

    def _function(self, name: str, depth: int) -> _Said:
        self._take()
        given: list[_Said] = []
        while not self._is(")"):
            given.append(self.either(depth + 1))
            if not self._is(","):
                break
            self._take()
        self._close()
        if name in ("is_empty", "empty") and len(given) == 1:
            of = given[0]
            text = f"not({of.text})" if of.variable is not None and of.variable.chosen else f"{of.text} = ''"
            return _Said(text)
        if name in ("count", "sum") and given:
            parts = [_counted(of) if name == "count" else f"coalesce({of.text}, 0)" for of in given]
            return _Said(f"({' + '.join(parts)})", simple=True)
        if name == "regexMatch" and len(given) == 2 and given[0].literal is not None:
            pattern = re.sub(r"^/|/[a-z]*$", "", given[0].literal)
            return _Said(f"regex({given[1].text}, '{pattern}')", simple=True)
        if name not in _FUNCTIONS:
            raise Untold(f'There is no "{name[:40]}" here.')
        return _Said(f"{_FUNCTIONS[name]}({', '.join(g.text for g in given)})", simple=True)


def _counted(said: _Said) -> str:
    """1 for an answer that is given, else 0."""
    chosen = said.variable is not None and said.variable.chosen
    return f"number({said.text})" if chosen else f"number({said.text} != '')"


def _bracketed(said: _Said) -> str:
    return said.text if said.simple or said.variable or said.literal is not None else f"({said.text})"

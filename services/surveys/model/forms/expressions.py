"""Expressions in XLSForm's language, as far as reading a form needs: what they refer to, and putting our codes in."""

import re
from collections.abc import Callable, Iterator, Mapping

_PARTS = re.compile(r"""(?P<text>"[^"]*"|'[^']*')|\$\{\s*(?P<name>[^}\s]+)\s*\}|(?P<other>[^"'$]+|.)""", re.DOTALL)
_CURRENT = re.compile(r"(?<![\w.)\]])\.(?![\w.])")


def references(expression: str) -> list[str]:
    """The names in `${…}`, each once."""
    return list(dict.fromkeys(m["name"] for m in _PARTS.finditer(expression) if m["name"]))


def speaks_of_itself(expression: str) -> bool:
    """Whether `.`, the answer to the question itself, is in it."""
    return any(_CURRENT.search(m["other"]) for m in _PARTS.finditer(expression) if m["other"])


def rewritten(expression: str, name: Callable[[str], str], literals: Mapping[str, str]) -> str:
    """With each reference put as `name` says (the text in its place), and texts that are choices' names as codes."""

    def part(match: re.Match[str]) -> str:
        if match["name"]:
            return name(match["name"])
        text = match["text"]
        if text and text[1:-1] in literals:
            return f"{text[0]}{literals[text[1:-1]]}{text[0]}"
        return match[0]

    return _PARTS.sub(part, expression).strip()


def both(first: str | None, second: str | None) -> str | None:
    """What holds when both hold."""
    if first and second:
        return f"({first}) and ({second})"
    return first or second


def conjuncts(expression: str) -> Iterator[str]:
    """The parts that stand between `and`s of the outermost level."""
    depth, begin = 0, 0
    for match in re.finditer(r""""[^"]*"|'[^']*'|[()\[\]]|\band\b""", expression):
        sign = match[0]
        if sign in "([":
            depth += 1
        elif sign in ")]":
            depth -= 1
        elif sign == "and" and depth == 0:
            yield expression[begin : match.start()].strip()
            begin = match.end()
    yield expression[begin:].strip()


def unwrapped(expression: str) -> str:
    """Without the brackets around the whole, if there are any."""
    text = expression.strip()
    if not (text.startswith("(") and text.endswith(")")):
        return text
    depth = 0
    for match in re.finditer(r""""[^"]*"|'[^']*'|[()]""", text):
        depth += {"(": 1, ")": -1}.get(match[0], 0)
        if depth == 0 and match.end() < len(text):
            return text
    return text[1:-1].strip() if depth == 0 else text

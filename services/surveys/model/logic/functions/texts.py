"""Texts. Characters are Unicode's code points, counted the same on the server and in the browser."""

import math

from services.surveys.model.logic import patterns
from services.surveys.model.logic.functions.table import MANY, Function, quiet
from services.surveys.model.logic.scope import Run
from services.surveys.model.logic.values import LONGEST_TEXT, Value, number, several, text, words


def _string(run: Run, *value: Value) -> Value:
    return text(value[0] if value else run.own)


def _concat(*values: Value) -> Value:
    return "".join(text(one) for value in values for one in several(value))[:LONGEST_TEXT]


def _join(between: Value, *values: Value) -> Value:
    return text(between).join(text(one) for value in values for one in several(value))[:LONGEST_TEXT]


def _contains(value: Value, part: Value) -> Value:
    return text(part) in text(value)


def _starts_with(value: Value, part: Value) -> Value:
    return text(value).startswith(text(part))


def _ends_with(value: Value, part: Value) -> Value:
    return text(value).endswith(text(part))


def _substring(value: Value, start: Value, length: Value = math.inf) -> Value:
    """XPath's: counted from 1, and the places rounded."""
    begin = _rounded(number(start))
    end = begin + _rounded(number(length))
    return "".join(c for place, c in enumerate(text(value), 1) if begin <= place < end)


def _rounded(value: float) -> float:
    return math.floor(value + 0.5) if math.isfinite(value) else value


def _substr(value: Value, start: Value, end: Value = math.inf) -> Value:
    """OpenRosa's: counted from 0, up to but without `end`; below zero counts from the end."""
    whole = text(value)
    return whole[_place(number(start), len(whole)) : _place(number(end), len(whole))]


def _place(at: float, length: int) -> int:
    if math.isnan(at):
        return 0
    at = min(max(at, -length), length)
    return int(at) if at >= 0 else length + int(at)


def _substring_before(value: Value, part: Value) -> Value:
    before, found, _ = text(value).partition(text(part)) if text(part) else ("", "", "")
    return before if found else ""


def _substring_after(value: Value, part: Value) -> Value:
    return text(value).partition(text(part))[2] if text(part) else text(value)


def _string_length(run: Run, *value: Value) -> Value:
    return float(len(text(value[0] if value else run.own)))


def _normalize_space(run: Run, *value: Value) -> Value:
    return " ".join(words(value[0] if value else run.own))


def _translate(value: Value, old: Value, new: Value) -> Value:
    """Each character of `old` becomes the one at its place in `new`, or goes where there is none."""
    becomes = text(new)
    table: dict[int, str] = {}
    for place, character in enumerate(text(old)):
        table.setdefault(ord(character), becomes[place : place + 1])
    return text(value).translate(table)


def _regex(run: Run, value: Value, pattern: Value) -> Value:
    return patterns.matches(text(pattern), text(value), run.fuel)


FUNCTIONS = {
    "string": Function(0, 1, _string),
    "concat": Function(1, MANY, quiet(_concat)),
    "join": Function(2, MANY, quiet(_join)),
    "contains": Function(2, 2, quiet(_contains)),
    "starts-with": Function(2, 2, quiet(_starts_with)),
    "ends-with": Function(2, 2, quiet(_ends_with)),
    "substring": Function(2, 3, quiet(_substring)),
    "substr": Function(2, 3, quiet(_substr)),
    "substring-before": Function(2, 2, quiet(_substring_before)),
    "substring-after": Function(2, 2, quiet(_substring_after)),
    "string-length": Function(0, 1, _string_length),
    "normalize-space": Function(0, 1, _normalize_space),
    "translate": Function(3, 3, quiet(_translate)),
    "regex": Function(2, 2, _regex),
}

"""The kinds of value that an expression knows, and how one becomes another, as in XPath 1.0.

`gateway/page/logic/values.js` does the same in the browser.
"""

import math
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from services.surveys.model.logic import moments

Scalar = float | str | bool
Value = Scalar | tuple[Scalar, ...]
"""A number, a text, true or false; several where a question is asked again and again (XPath's node-set)."""

NAN = math.nan
LONGEST_TEXT = 10_000
"""Texts that an expression puts together are cut here, so that texts made of texts cannot grow without end."""

_NUMBER = re.compile(r"-?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
BLANKS = " \t\r\n"
_WORD = re.compile(f"[^{BLANKS}]+")


def taken(answer: object) -> Value:
    """An answer as an expression sees it: what was not answered, or is no value at all, is the empty text."""
    if isinstance(answer, list | tuple):
        return tuple(_scalar(one) for one in answer)
    return _scalar(answer)


def _scalar(answer: object) -> Scalar:
    if isinstance(answer, bool | str | float):
        return answer
    if isinstance(answer, int):
        try:
            return float(answer)
        except OverflowError:
            return math.copysign(math.inf, answer)
    return ""


def answer_text(answer: object) -> object:
    """A question's stored answer in the form that `taken` expects: chosen codes are one text with blanks between."""
    if isinstance(answer, Sequence) and not isinstance(answer, str):
        return " ".join(str(code) for code in answer)
    return "" if isinstance(answer, Mapping) else answer


def first(value: Value) -> Scalar:
    """The first of several; of none, the empty text."""
    if isinstance(value, tuple):
        return value[0] if value else ""
    return value


def several(value: Value) -> tuple[Scalar, ...]:
    """A value as several."""
    return value if isinstance(value, tuple) else (value,)


def truth(value: Value) -> bool:
    """XPath's boolean(): a number that is neither zero nor NaN, a text that is not empty, several that are not none."""
    if isinstance(value, float):
        return not math.isnan(value) and value != 0
    return bool(value)


def number(value: Value) -> float:
    """XPath's number(); a text that is a date, or a date with a time, is its days since 1970, as OpenRosa has it."""
    value = first(value)
    if isinstance(value, float):
        return value
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    written = value.strip(BLANKS)
    if _NUMBER.fullmatch(written):
        return float(written)
    moment = moments.read(written)
    return moment.days if moment else NAN


def text(value: Value) -> str:
    """XPath's string(): numbers without an exponent, and whole ones without a point."""
    value = first(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return plain(value) if isinstance(value, float) else value


def words(value: Value) -> list[str]:
    """The parts of a text between blanks, of which XML knows four kinds."""
    return _WORD.findall(text(value))


def plain(value: float) -> str:
    """A number in the fewest digits that tell it from every other, and never with an exponent."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "0"
    return format(Decimal(repr(value)), "f").removesuffix(".0")


def equal(left: Value, right: Value) -> bool:
    """XPath's `=`: some pair of theirs is equal, as truths where one is a truth, else as numbers, else as texts."""
    if isinstance(left, bool) or isinstance(right, bool):
        return truth(left) == truth(right)
    return any(_same(a, b) for a in several(left) for b in several(right))


def unequal(left: Value, right: Value) -> bool:
    """XPath's `!=`: some pair of theirs differs, which of several can be so while `=` holds too."""
    if isinstance(left, bool) or isinstance(right, bool):
        return truth(left) != truth(right)
    return any(not _same(a, b) for a in several(left) for b in several(right))


def _same(left: Scalar, right: Scalar) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return truth(left) == truth(right)
    if isinstance(left, float) or isinstance(right, float):
        return number(left) == number(right)
    return left == right

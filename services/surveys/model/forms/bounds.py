"""Bounds of an answer, which XLSForm says in the constraint and a definition says in fields of their own."""

import re
from collections.abc import Mapping
from typing import Any

from services.surveys.model.forms.expressions import conjuncts, unwrapped

_NUMBER = r"(-?[0-9]+(?:\.[0-9]+)?)"
_DAY = r"(?:date\('(\d{4}-\d{2}-\d{2})'\)|'(\d{4}-\d{2}-\d{2})'|(today)\(\))"
_TELLS: Mapping[str, str] = {
    "number": r"\.",
    "calculation": r"\.",
    "text": r"string-length\(\s*\.\s*\)",
    "long_text": r"string-length\(\s*\.\s*\)",
    "multiple_choice": r"count-selected\(\s*\.\s*\)",
    "ranking": r"count-selected\(\s*\.\s*\)",
}
_ONLY_UPPER = ("text", "long_text")


def number_text(value: float) -> str:
    """A number without needless decimals, and without an exponent."""
    return str(int(value)) if value == int(value) else f"{value:.12f}".rstrip("0")


def _clause(kind: str, part: str) -> tuple[str, Any] | None:
    if kind == "date":
        found = re.fullmatch(rf"\.\s*(<=|>=)\s*{_DAY}", part)
        return (("latest" if found[1] == "<=" else "earliest"), found[2] or found[3] or found[4]) if found else None
    if kind not in _TELLS:
        return None
    found = re.fullmatch(rf"{_TELLS[kind]}\s*(<=|>=)\s*{_NUMBER}", part)
    if not found or (kind in _ONLY_UPPER and found[1] == ">="):
        return None
    number = float(found[2])
    if kind not in ("number", "calculation") and (number != int(number) or number < 1):
        return None
    return ("maximum" if found[1] == "<=" else "minimum"), number


def split(kind: str, constraint: str) -> tuple[dict[str, Any], str | None]:
    """The bounds that the constraint begins with, and the rest of it."""
    bounds: dict[str, Any] = {}
    parts = list(conjuncts(constraint))
    while parts:
        clause = _clause(kind, parts[0])
        if clause is None or clause[0] in bounds:
            break
        bounds[clause[0]] = clause[1]
        parts.pop(0)
    low, high = bounds.get("minimum"), bounds.get("maximum")
    if low is not None and high is not None and low >= high:
        return {}, constraint
    rest = " and ".join(parts)
    return bounds, (unwrapped(rest) or None)


def joined(item: Mapping[str, Any]) -> str:
    """The constraint of an item with its bounds before it, such that `split` takes the same ones off again."""
    kind, own = item["kind"], item.get("constraint") or ""
    parts = []
    if kind == "date":
        for field, sign in (("earliest", ">="), ("latest", "<=")):
            if item.get(field):
                parts.append(f". {sign} today()" if item[field] == "today" else f". {sign} date('{item[field]}')")
    elif kind in _TELLS:
        told = _TELLS[kind].replace(r"\(\s*\.\s*\)", "(.)").replace("\\", "")
        for field, sign in (("minimum", ">="), ("maximum", "<=")):
            if item.get(field) is not None:
                parts.append(f"{told} {sign} {number_text(item[field])}")
    if own and (parts or split(kind, own) != ({}, own)):
        own = f"({own})"
    return " and ".join([*parts, own] if own else parts)

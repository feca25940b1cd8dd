"""Differences between definitions in plain words, for officers and the people that they answer to."""

from collections.abc import Mapping
from typing import Any

THINGS = {
    "domains": "domain",
    "indicators": "indicator",
    "items": "question",
    "scales": "scale",
    "bands": "band",
    "area_indicators": "area indicator",
}
FIELDS = {
    "title": "title",
    "label": "name",
    "words": "words",
    "weight": "weight",
    "direction": "direction",
    "minimum_items": "number of answers needed",
    "minimum": "lowest score",
    "maximum": "highest score",
    "lowest": "start",
    "method": "method",
    "table": "table of scores",
    "scale": "scale",
    "normalisation": "way of comparing",
    "aggregation": "kind of mean",
    "survey_weight": "weight of the survey's figure",
    "version": "version",
    "year": "year",
    "tags": "list of tags",
    "questionnaire_id": "questionnaire",
    "instrument": "instrument",
    "instrument_version": "version of the instrument",
}
VALUES = {
    ("direction", 1): "a high answer means more",
    ("direction", -1): "a high answer means less",
    ("normalisation", "min_max"): "none (by the ends of the range)",
    ("normalisation", "z"): "by distance from the mean",
    ("normalisation", "rank"): "by place among all",
    ("normalisation", "imd_exponential"): "by place among all, the upper end drawn out",
    ("aggregation", "arithmetic"): "arithmetic",
    ("aggregation", "geometric"): "geometric",
}


def sentence(kind: str, path: tuple[str, ...], before: Any, after: Any, titles: tuple[str, ...]) -> str:
    """One difference as a sentence. `titles` are those of the things that the path leads through."""
    last = path[-1]
    if kind in ("added", "removed"):
        thing = f"{THINGS.get(path[-2], path[-2])} {_quoted(after if kind == 'added' else before)}"
        return f"{thing[0].upper()}{thing[1:]}{_where(path[:-2], titles)} was {kind}."
    where = _where(path[:-1], titles) or " of the whole"
    if last == "order":
        codes = ", ".join(after)
        return f"The {THINGS.get(path[-2], path[-2])}s{_where(path[:-2], titles)} stand in another order: {codes}."
    return f"The {FIELDS.get(last, last)}{where} was {_said(last, before)} and is {_said(last, after)}."


def _where(path: tuple[str, ...], titles: tuple[str, ...]) -> str:
    """of domain "Skills" , or  of indicator "Voice" in domain "Skills" """
    kinds = [THINGS.get(name, name) for name in path[0 : 2 * len(titles) : 2]]
    named = [f'{kind} "{title}"' for kind, title in zip(kinds, titles, strict=False)]
    return f" of {' in '.join(reversed(named))}" if named else ""


def _quoted(value: Mapping[str, Any]) -> str:
    return f'"{value.get("title") or value.get("label") or value.get("code")}"'


def _said(field: str, value: Any) -> str:
    if isinstance(value, int | str) and (field, value) in VALUES:
        return VALUES[field, value]
    if value is None or value in ([], ()):
        return "not given"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return f'"{value}"' if isinstance(value, str) else f"{value:g}" if isinstance(value, int | float) else "another one"

"""The columns of a file of responses: what a questionnaire asks, flat, with the words for each."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from schemas.rpc import surveys

LEFT_OUT = ("text", "long_text", "place", "note")
MADE = ((0, "No"), (1, "Yes"))
_NUMBERS = ("scale", "slider", "number", "calculation")
FIXED = ("row", "version", "mode", "wave", "submitted_on", "area")


class Column(NamedTuple):
    """A column: its name, whether it holds numbers, its words, and where its value stands in the answers."""

    name: str
    number: bool
    label: str
    item: str = ""
    part: str = ""
    """A choice, or a row of a matrix."""
    how: str = "plain"
    labels: tuple[tuple[Any, str], ...] = ()
    """A value, a number or a code, and the words for it."""


def columns(definition: surveys.Definition) -> list[Column]:
    """All columns of a file for this questionnaire, in its order."""
    found = [Column(name, name == "version", name) for name in FIXED]
    found += [
        Column(f"group.{a.code}", False, a.label, a.code, "", "group", tuple(a.categories.items()))
        for a in definition.attributes
    ]
    for section in definition.sections:
        if section.repeat is not None:
            found.append(Column(section.code, False, section.title, section.code, "", "json"))
            continue
        for item in section.items:
            found += _of(item)
    return found


def _of(item: surveys.Item) -> Iterator[Column]:
    code, text = item.code, item.text
    choices = [(c.code, c.label) for c in item.choices]
    if item.other and all(c != "other" for c, _ in choices):
        choices.append(("other", "Other"))
    points = tuple((float(number), words) for number, words in item.labels.items())
    labels: tuple[tuple[Any, str], ...] = tuple(choices) or points
    if item.kind in ("multiple_choice", "ranking"):
        made = MADE if item.kind == "multiple_choice" else ()
        for choice, label in choices:
            yield Column(f"{code}.{choice}", True, f"{text}: {label}", code, choice, item.kind, made)
    elif item.kind == "matrix":
        for row in item.rows:
            yield Column(
                f"{code}.{row.code}", not item.choices, f"{text}: {row.label}", code, row.code, "matrix", labels
            )
    elif item.kind not in LEFT_OUT:
        yield Column(code, item.kind in _NUMBERS, text, code, labels=labels)


def values(of: list[Column], response: surveys.ExportedResponse) -> list[Any]:
    """A response's values, column by column; None for no answer, and for a number that somebody declined to give."""
    return [_value(column, response) for column in of]


def _value(column: Column, response: surveys.ExportedResponse) -> Any:
    if not column.item:
        return getattr(response, column.name)
    if column.how == "group":
        return response.groups.get(column.item)
    answer: Any = response.answers.get(column.item)
    if column.how == "json":
        return None if answer is None else json.dumps(answer, ensure_ascii=False)
    if column.part:
        answer = _of_part(column, answer)
    if answer is None or (isinstance(answer, int | float) and not isinstance(answer, bool)):
        return answer
    return None if column.number else str(answer).lower() if isinstance(answer, bool) else str(answer)


def _of_part(column: Column, answer: Any) -> Any:
    """Of several choices whether this was made, of a ranking the place of this, of a matrix the answer to this row."""
    if column.how == "matrix":
        return answer.get(column.part) if isinstance(answer, dict) else None
    if not isinstance(answer, list):
        return None
    if column.how == "multiple_choice":
        return int(column.part in answer)
    return answer.index(column.part) + 1 if column.part in answer else None

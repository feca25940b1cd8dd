"""The rules that expressions must keep: they can be read, what they look at is there, and none waits for itself."""

import difflib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from services.surveys.model.compiling import EXPRESSIONS, Circle, compiled
from services.surveys.model.form import COMMUNITY_GROUP, Fault
from services.surveys.model.logic import LogicError, parse


class _Place(NamedTuple):
    path: tuple[str, ...]
    text: str
    columns: frozenset[str]


def rule_faults(definition: Mapping[str, Any]) -> Iterator[Fault]:
    """Everything wrong with the expressions of a definition that has no other fault."""
    readable = True
    for place in _places(definition):
        try:
            parse(place.text)
        except LogicError as error:
            readable = False
            yield Fault(place.path, f"{error.message[:1].upper()}{error.message[1:]} (at character {error.column}).")
    if not readable:
        return
    try:
        form = compiled(definition)
    except Circle as circle:
        yield Fault(
            ("items", circle.codes[0]), f"These wait for each other's answers: {circle}. Let one of them stand alone."
        )
        return
    known = {name for item in form.items.values() for name in item.names}
    known |= form.attributes.keys() - {COMMUNITY_GROUP}  # the link says it, after all is answered
    known |= {section.code for section in form.sections if section.repeat is not None}
    for place in _places(definition):
        yield from _name_faults(place, known)


def _places(definition: Mapping[str, Any]) -> Iterator[_Place]:
    for section in definition["sections"]:
        path = ("sections", section["code"])
        yield from _place((*path, "relevance"), section.get("relevance"))
        yield from _place((*path, "repeat", "count"), (section.get("repeat") or {}).get("count"))
        for item in section["items"]:
            for field in EXPRESSIONS:
                columns: set[str] = set()
                if field == "choice_filter":
                    columns = {"name", "label"}.union(*(c.get("filters", {}) for c in item.get("choices", ())))
                yield from _place((*path, "items", item["code"], field), item.get(field), columns)


def _place(path: tuple[str, ...], text: str | None, columns: set[str] | None = None) -> Iterator[_Place]:
    if text is not None:
        yield _Place(path, text, frozenset(columns or ()))


def _name_faults(place: _Place, known: set[str]) -> Iterator[Fault]:
    expression = parse(place.text)
    for name in sorted(expression.names - known):
        yield Fault(place.path, f"There is no question “{name}”{_nearest(name, known)}.")
    for name in sorted(expression.columns - place.columns):
        if place.path[-1] == "choice_filter":
            yield Fault(place.path, f"No choice has a column “{name}”{_nearest(name, place.columns)}.")
        else:
            yield Fault(place.path, f"For the answer to a question, write ${{{name}}}.")


def _nearest(name: str, known: set[str] | frozenset[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), n=1)
    return f"; perhaps “{near[0]}” is meant" if near else "; add it, or take it out"

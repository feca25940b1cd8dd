"""From a definition to the form that answers are checked against. Done once for each version."""

from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any, NamedTuple

from services.surveys.model.checking.kinds import reader
from services.surveys.model.form import (
    NO_RULES,
    OTHER,
    Attribute,
    Consent,
    Form,
    Item,
    Repeat,
    Rules,
    Section,
    Step,
)
from services.surveys.model.logic import Expression, Tree, parse

EXPRESSIONS = ("relevance", "required_if", "constraint", "calculation", "choice_filter")
"""The fields of an item that are expressions."""


class Circle(ValueError):
    """Questions that wait for each other: `codes`, each looking at the next, the first again at the end."""

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__(" → ".join(codes))
        self.codes = tuple(codes)


def compiled(definition: Mapping[str, Any]) -> Form:
    """From the JSON of `schemas.rpc.surveys.Definition`, which must be free of faults (`faults_of`).

    Raises LogicError for an expression that is none, and Circle.
    """
    sections = tuple(_section(raw, definition) for raw in definition["sections"])
    attributes = [Attribute(a["code"], tuple(a["categories"])) for a in definition.get("attributes", ())]
    consent = definition["consent"]
    items = [item for section in sections for item in section.items]
    logical = any(True for section in sections for _ in _expressions(section))
    measured = [item for section in sections if section.repeat is None for item in section.items]
    return Form(
        language=definition.get("language", "en"),
        sections=sections,
        items={i.code: i for i in items},
        steps=tuple(_ordered(sections)) if logical else (),
        places={code: place for place, code in enumerate(_codes(sections))},
        measures={code: bounds for item in measured for code, bounds in item.measures.items()},
        scored=frozenset(item.code for item in measured if item.measures),
        readers={item.code: reader(item) for item in items},
        logical=logical,
        labels=_labels(definition["sections"]) if logical else {},
        attributes={a.code: a for a in attributes},
        consent=Consent(consent["version"], frozenset(consent["purposes"])),
        required_purposes=frozenset(consent["required"]),
        scored_for=consent.get("scored_for"),
        area_level=definition.get("area_level"),
    )


class Program(NamedTuple):
    """What a browser needs to do as the server does: the order to go in, and the tree of each expression by place."""

    order: tuple[str, ...]
    trees: Mapping[str, Tree]


def program(definition: Mapping[str, Any]) -> Program | None:
    """From a definition that is free of faults; None where there is no expression in it."""
    trees = {path: parse(text).tree for path, text in _written(definition["sections"])}
    if not trees:
        return None
    order = (f"items.{s.item.code}" if s.item else f"sections.{s.section.code}" for s in compiled(definition).steps)
    return Program(tuple(order), trees)


def _written(sections: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """All expressions as they were written, by place."""
    for section in sections:
        path = f"sections.{section['code']}"
        found = [(f"{path}.relevance", section.get("relevance"))]
        found.append((f"{path}.repeat.count", (section.get("repeat") or {}).get("count")))
        found += [
            (f"items.{item['code']}.{field}", item.get(field)) for item in section["items"] for field in EXPRESSIONS
        ]
        yield from ((place, text) for place, text in found if text is not None)


def _section(raw: Mapping[str, Any], definition: Mapping[str, Any]) -> Section:
    repeat = raw.get("repeat")
    items = tuple(_item(item, definition) for item in raw["items"])
    return Section(
        code=raw["code"],
        items=items,
        ruled=tuple(item for item in items if item.required or item.rules is not NO_RULES),
        relevance=_expression(raw, "relevance"),
        repeat=Repeat(repeat.get("minimum", 0), repeat.get("maximum", 20), _expression(repeat, "count"))
        if repeat
        else None,
    )


def _item(raw: Mapping[str, Any], definition: Mapping[str, Any]) -> Item:
    choices = raw.get("choices", ())
    scores = {c["code"]: float(c["score"]) for c in choices if c.get("score") is not None}
    codes = {c["code"] for c in choices} | ({OTHER} if raw.get("other") else set())
    return Item(
        code=raw["code"],
        kind=raw["kind"],
        required=raw.get("required", False),
        minimum=raw.get("minimum"),
        maximum=raw.get("maximum"),
        choices=frozenset(codes),
        scores=scores if raw["kind"] in ("single_choice", "matrix") else {},
        step=raw.get("step"),
        rows=tuple(row["code"] for row in raw.get("rows", ())),
        exclusive=frozenset(c["code"] for c in choices if c.get("exclusive")),
        columns={c["code"]: {"name": c["code"], "label": c["label"], **c.get("filters", {})} for c in choices}
        if raw.get("choice_filter")
        else {},
        other=raw.get("other", False),
        declinable=raw.get("prefer_not_to_say", False),
        earliest=raw.get("earliest"),
        latest=raw.get("latest"),
        rules=_rules(raw, definition),
    )


def _rules(raw: Mapping[str, Any], definition: Mapping[str, Any]) -> Rules:
    rules = Rules(
        relevance=_expression(raw, "relevance"),
        required=_expression(raw, "required_if"),
        constraint=_expression(raw, "constraint"),
        calculation=_expression(raw, "calculation"),
        choice_filter=_expression(raw, "choice_filter"),
        messages=_messages(raw, definition),
    )
    return NO_RULES if rules == NO_RULES else rules


def _messages(raw: Mapping[str, Any], definition: Mapping[str, Any]) -> dict[str, str]:
    own = raw.get("constraint_message")
    if not own:
        return {}
    path = f"items.{raw['code']}.constraint_message"
    translated = {lang: texts[path] for lang, texts in definition.get("translations", {}).items() if path in texts}
    return {definition.get("language", "en"): own} | translated


def _expression(raw: Mapping[str, Any], field: str) -> Expression | None:
    text = raw.get(field)
    return None if text is None else parse(text)


def _expressions(section: Section) -> Iterator[Expression]:
    """All expressions in a section."""
    found = [section.relevance, section.repeat.count if section.repeat else None]
    for item in section.items:
        rules = item.rules
        found += [rules.relevance, rules.required, rules.constraint, rules.calculation, rules.choice_filter]
    yield from (one for one in found if one is not None)


def _labels(sections: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    return {
        item["code"]: {choice["code"]: choice["label"] for choice in item.get("choices", ())}
        for section in sections
        for item in section["items"]
        if item.get("choices")
    }


def _codes(sections: Sequence[Section]) -> Iterator[str]:
    for section in sections:
        if section.repeat is not None:
            yield section.code
            continue
        for item in section.items:
            yield from item.keys


def _steps(sections: Sequence[Section]) -> Iterator[Step]:
    for section in sections:
        yield Step(section)
        for item in section.items:
            yield Step(section, item)


def _ordered(sections: Sequence[Section]) -> list[Step]:
    """The steps so that each comes after those that its expressions look at, else as they stand. Raises Circle."""
    steps = {_name(step): step for step in _steps(sections)}
    given_by = {name: step.item.code for step in steps.values() if step.item for name in step.item.names}
    given_by |= {section.code: f"{section.code}:" for section in sections if section.code not in given_by}
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for name, step in steps.items():
        looked_at = [given_by[n] for n in sorted(_looked_at(step)) if n in given_by]
        sorter.add(name, *looked_at, *([f"{step.section.code}:"] if step.item else []))
    try:
        return [steps[name] for name in sorter.static_order()]
    except CycleError as error:
        raise Circle([name.removesuffix(":") for name in reversed(error.args[1])]) from None


def _name(step: Step) -> str:
    return step.item.code if step.item else f"{step.section.code}:"


def _looked_at(step: Step) -> frozenset[str]:
    """The names on which it hangs whether there is an answer, and which one it is."""
    if step.item is None:
        repeat = step.section.repeat
        deciding = [step.section.relevance, repeat.count if repeat else None]
    else:
        deciding = [step.item.rules.relevance, step.item.rules.calculation]
    return frozenset().union(*(one.names for one in deciding if one is not None))

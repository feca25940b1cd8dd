"""The rules that a questionnaire must keep before it can be stored."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from services.surveys.model.form import Fault

WIDEST_SCALE = 100
ANSWERED = ("scale", "single_choice", "multiple_choice", "number", "text")
UNUSED = (
    "step",
    "rows",
    "other",
    "prefer_not_to_say",
    "earliest",
    "latest",
    "relevance",
    "required_if",
    "constraint",
    "constraint_message",
    "calculation",
    "choice_filter",
)


def faults_of(definition: Mapping[str, Any]) -> list[Fault]:
    """Everything wrong with a definition (JSON of `schemas.rpc.surveys.Definition`), in its own order."""
    return list(_faults(definition))


def _faults(definition: Mapping[str, Any]) -> Iterator[Fault]:
    sections = definition["sections"]
    yield from _unknown(definition)
    if not any(section["items"] for section in sections):
        yield Fault(("sections",), "Add at least one question.")
    yield from _repeats([s["code"] for s in sections], "sections", "section")
    yield from _repeats([i["code"] for s in sections for i in s["items"]], "items", "question")
    for section in sections:
        for item in section["items"]:
            for fault in _item_faults(item):
                yield Fault(("sections", section["code"], "items", item["code"], *fault.path), fault.message)
    attributes = definition.get("attributes", ())
    yield from _repeats([a["code"] for a in attributes], "attributes", "attribute")
    for attribute in attributes:
        if len(attribute["categories"]) < 2:
            yield Fault(("attributes", attribute["code"], "categories"), "Give at least two categories.")
    consent = definition["consent"]
    for purpose in consent["required"]:
        if purpose not in consent["purposes"]:
            yield Fault(("consent", "required"), f'"{purpose}" is not one of the purposes; add it or take it out.')
    if not consent["purposes"]:
        yield Fault(("consent", "purposes"), "Say at least one purpose that people can agree to.")


def _unknown(definition: Mapping[str, Any]) -> Iterator[Fault]:
    no_answer = "This cannot be answered yet; leave it out."
    if definition.get("translations"):
        yield Fault(("translations",), no_answer)
    for section in definition["sections"]:
        yield from (
            Fault(("sections", section["code"], f), no_answer) for f in ("relevance", "repeat") if section.get(f)
        )
        for item in section["items"]:
            path = ("sections", section["code"], "items", item["code"])
            if item["kind"] not in ANSWERED:
                yield Fault((*path, "kind"), no_answer)
            yield from (Fault((*path, field), no_answer) for field in UNUSED if item.get(field))
            if any(c.get("exclusive") or c.get("filters") for c in item.get("choices", ())):
                yield Fault((*path, "choices"), no_answer)


def _repeats(codes: list[str], field: str, thing: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            yield Fault((field, code), f"Two {thing}s have this code; give one of them another.")
        seen.add(code)


def _item_faults(item: Mapping[str, Any]) -> Iterator[Fault]:
    kind, low, high = item["kind"], item.get("minimum"), item.get("maximum")
    if kind == "scale":
        yield from _scale_faults(low, high, item.get("labels", {}))
    elif kind == "number" and low is not None and high is not None and low >= high:
        yield Fault(("maximum",), "The highest number must be above the lowest.")
    choices = item.get("choices", ())
    if kind in ("single_choice", "multiple_choice"):
        yield from _choices_faults(kind, choices)
    elif choices:
        yield Fault(("choices",), "Only choice questions have choices.")


def _scale_faults(low: float | None, high: float | None, labels: Iterable[str]) -> Iterator[Fault]:
    if low is None or high is None:
        yield Fault(("minimum" if low is None else "maximum",), "A scale needs a lowest and a highest number.")
    elif low != int(low) or high != int(high) or not 0 < high - low <= WIDEST_SCALE:
        yield Fault(
            ("maximum",), f"A scale runs over whole numbers, from low to high, {WIDEST_SCALE} steps at the most."
        )
    else:
        numbers = {str(number) for number in range(int(low), int(high) + 1)}
        for label in labels:
            if label not in numbers:
                yield Fault(("labels", label), f"A label belongs to a whole number from {low:g} to {high:g}.")


def _choices_faults(kind: str, choices: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    if len(choices) < 2:
        yield Fault(("choices",), "Give at least two choices.")
    yield from _repeats([c["code"] for c in choices], "choices", "choice")
    scores = [c["score"] for c in choices if c.get("score") is not None]
    if kind == "single_choice" and scores and len(set(scores)) < 2:
        yield Fault(("choices",), "Scores of the choices must differ, or be left out.")

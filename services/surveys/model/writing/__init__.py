"""The rules that a questionnaire must keep before it can be stored."""

from collections.abc import Iterator, Mapping
from typing import Any

from services.surveys.model.form import Fault
from services.surveys.model.writing.doubles import doubles
from services.surveys.model.writing.items import item_faults
from services.surveys.model.writing.rules import rule_faults

__all__ = ["faults_of"]


def faults_of(definition: Mapping[str, Any]) -> list[Fault]:
    """Everything wrong with a definition (JSON of `schemas.rpc.surveys.Definition`), in its own order."""
    found = list(_faults(definition))
    # expressions lead from one question to another, which cannot be followed where codes are not one of a kind
    return found or list(rule_faults(definition))


def _faults(definition: Mapping[str, Any]) -> Iterator[Fault]:
    sections = definition["sections"]
    if not any(section["items"] for section in sections):
        yield Fault(("sections",), "Add at least one question.")
    yield from doubles([s["code"] for s in sections], "sections", "section")
    items = [i for s in sections for i in s["items"]]
    yield from doubles([i["code"] for i in items], "items", "question")
    codes = {i["code"] for i in items}
    for item in items:
        if item.get("other") and f"{item['code']}_other" in codes:
            message = f"The words to the choice “other” of {item['code']} have this code; give the question another."
            yield Fault(("items", f"{item['code']}_other"), message)
    for section in sections:
        for fault in _section_faults(section, codes):
            yield Fault(("sections", section["code"], *fault.path), fault.message)
    attributes = definition.get("attributes", ())
    yield from doubles([a["code"] for a in attributes], "attributes", "attribute")
    for attribute in attributes:
        if len(attribute["categories"]) < 2:
            yield Fault(("attributes", attribute["code"], "categories"), "Give at least two categories.")
    if definition.get("open_counts") and definition.get("release", "live") != "on_close":
        yield Fault(
            ("open_counts",),
            "Answers from an open link can count as people only where figures come out once, on closing. "
            "Choose that, or let people sign in or answer by invitation.",
        )
    yield from _consent_faults(definition["consent"])


def _section_faults(section: Mapping[str, Any], codes: set[str]) -> Iterator[Fault]:
    repeat = section.get("repeat")
    if repeat is not None:
        if section["code"] in codes:
            yield Fault(("repeat",), "A question has this section's code; give one of them another.")
        if repeat.get("minimum", 0) > repeat.get("maximum", 20):
            yield Fault(("repeat", "maximum"), "The most times must not be fewer than the least.")
    for item in section["items"]:
        for fault in item_faults(item):
            yield Fault(("items", item["code"], *fault.path), fault.message)


def _consent_faults(consent: Mapping[str, Any]) -> Iterator[Fault]:
    for purpose in consent["required"]:
        if purpose not in consent["purposes"]:
            yield Fault(("consent", "required"), f'"{purpose}" is not one of the purposes; add it or take it out.')
    scored_for = consent.get("scored_for")
    if scored_for is not None and scored_for not in consent["purposes"]:
        yield Fault(("consent", "scored_for"), f'"{scored_for}" is not one of the purposes; add it or take it out.')
    if not consent["purposes"]:
        yield Fault(("consent", "purposes"), "Say at least one purpose that people can agree to.")

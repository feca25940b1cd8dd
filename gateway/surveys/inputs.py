"""What clients send to the surveys service."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any, TypeVar

import strawberry
from strawberry.types.base import StrawberryObjectDefinition

from gateway.surveys.types import ItemKind, Release
from schemas.errors import Invalid, Problem
from schemas.rpc import surveys as rpc

T = TypeVar("T")


def plain(input_type: type[T]) -> type[T]:
    """For an input of one-word leaf fields: build it at once.

    Strawberry would look up the type of each field of each answer again for every request, a quarter of the time that
    a submission takes here.
    """

    def build(kind: type[T], value: Mapping[str, Any], _context: object) -> T:
        return kind(**value)

    definition: StrawberryObjectDefinition = input_type.__strawberry_definition__  # type: ignore[attr-defined]
    definition.from_input = build
    return input_type


@plain
@strawberry.input(description="An answer to one question: fill the one field that fits its kind, none for no answer.")
class AnswerInput:
    item: str = strawberry.field(description="The question's code.")
    number: float | None = strawberry.field(default=None, description="For a scale or a number.")
    choice: str | None = strawberry.field(default=None, description="For a single choice: its code.")
    choices: list[str] | None = strawberry.field(default=None, description="For several choices: their codes.")
    text: str | None = strawberry.field(default=None, description="For a text.")

    def value(self) -> rpc.Answer:
        """The one answer that is given. Raises Invalid for several."""
        number = self.number
        if number is not None and not isfinite(number):
            raise Invalid("a number is too large", [Problem(("answers", self.item), "give a number of usual size")])
        given: list[int | float | str | list[str]] = [
            v
            for v in (
                int(number) if number is not None and number.is_integer() else number,
                self.choice,
                self.choices,
                self.text,
            )
            if v is not None
        ]
        if len(given) > 1:
            problem = Problem(("answers", self.item), "fill one of number, choice, choices and text")
            raise Invalid("an answer is given in more than one way", [problem])
        return given[0] if given else None


def answers(given: list[AnswerInput]) -> dict[str, rpc.Answer]:
    """Answers by question. Raises Invalid for a question that is answered twice."""
    found: dict[str, rpc.Answer] = {}
    for answer in given:
        if answer.item in found:
            raise Invalid("a question is answered twice", [Problem(("answers", answer.item), "answer it once")])
        found[answer.item] = answer.value()
    return found


@plain
@strawberry.input(description="The group that a person says they belong to.")
class GroupInput:
    attribute: str = strawberry.field(description="The attribute's code, such as age_band.")
    category: str = strawberry.field(description="The category's code.")


@plain
@strawberry.input(description="What the person agreed to.")
class ConsentInput:
    version: str = strawberry.field(description="The wording they saw.")
    purposes: list[str] = strawberry.field(description="The purposes they said yes to.")


@strawberry.input(description="A code and the words for it.")
class LabelledInput:
    code: str = strawberry.field(description="The code that is stored.")
    label: str = strawberry.field(description="The words that people see.")


def _words(given: list[LabelledInput]) -> dict[str, str]:
    return {g.code: g.label for g in given}


@strawberry.input(description="One of the answers to choose from.")
class ChoiceInput:
    code: str = strawberry.field(description="The code that is stored.")
    label: str = strawberry.field(description="The words that people see.")
    score: float | None = strawberry.field(default=None, description="What it counts for, if it counts.")


@strawberry.input(description="One question.")
class ItemInput:
    code: str = strawberry.field(description="Its code, one of a kind in the questionnaire.")
    kind: ItemKind = strawberry.field(description="How it is answered.")
    text: str = strawberry.field(description="The question as people read it.")
    required: bool = strawberry.field(default=False, description="Whether it must be answered.")
    hint: str | None = strawberry.field(default=None, description="A word of help.")
    minimum: float | None = strawberry.field(default=None, description="The least number.")
    maximum: float | None = strawberry.field(default=None, description="The greatest number, or the longest text.")
    labels: list[LabelledInput] = strawberry.field(default_factory=list, description="Words for points of a scale.")
    choices: list[ChoiceInput] = strawberry.field(default_factory=list, description="The answers to choose from.")

    def struct(self) -> rpc.Item:
        return rpc.Item(
            code=self.code,
            kind=self.kind.value,
            text=self.text,
            required=self.required,
            hint=self.hint,
            minimum=self.minimum,
            maximum=self.maximum,
            labels=_words(self.labels),
            choices=tuple(rpc.Choice(c.code, c.label, c.score) for c in self.choices),
        )


@strawberry.input(description="Questions that belong together.")
class SectionInput:
    code: str = strawberry.field(description="The section's code.")
    title: str = strawberry.field(description="Its heading.")
    items: list[ItemInput] = strawberry.field(description="The questions.")
    intro: str | None = strawberry.field(default=None, description="A few words before the questions.")


@strawberry.input(description="Something asked about the person, to compare groups of people.")
class AttributeInput:
    code: str = strawberry.field(description="The attribute's code, such as age_band.")
    label: str = strawberry.field(description="The words that people see.")
    categories: list[LabelledInput] = strawberry.field(description="The groups to choose from.")


@strawberry.input(description="What people agree to before they answer.")
class ConsentTextInput:
    version: str = strawberry.field(description="Which wording this is.")
    text: str = strawberry.field(description="The words.")
    purposes: list[LabelledInput] = strawberry.field(description="What the answers may be used for.")
    required: list[str] = strawberry.field(description="Purposes without which no answer is taken.")


@strawberry.input(description="Everything that a version of a questionnaire holds.")
class QuestionnaireDefinitionInput:
    title: str = strawberry.field(description="Its title.")
    sections: list[SectionInput] = strawberry.field(description="The questions, in sections.")
    consent: ConsentTextInput = strawberry.field(description="What people agree to.")
    intro: str | None = strawberry.field(default=None, description="A few words before it begins.")
    attributes: list[AttributeInput] = strawberry.field(
        default_factory=list, description="What is asked of the person."
    )
    area_level: str | None = strawberry.field(
        default=None, description="The kind of area to choose from, such as ward."
    )
    release: Release = strawberry.field(default=Release.LIVE, description="When figures come out.")

    def struct(self) -> rpc.Definition:
        return rpc.Definition(
            title=self.title,
            sections=tuple(
                rpc.Section(s.code, s.title, tuple(i.struct() for i in s.items), s.intro) for s in self.sections
            ),
            consent=rpc.ConsentText(
                self.consent.version, self.consent.text, _words(self.consent.purposes), tuple(self.consent.required)
            ),
            intro=self.intro,
            attributes=tuple(rpc.Attribute(a.code, a.label, _words(a.categories)) for a in self.attributes),
            area_level=self.area_level,
            release=self.release.value,
        )

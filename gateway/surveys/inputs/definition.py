"""What a questionnaire shall ask, as officers send it."""

from __future__ import annotations

import strawberry

from gateway.surveys.types import ItemKind, Release
from schemas.rpc import surveys as rpc


@strawberry.input(description="A code and the words for it.")
class LabelledInput:
    code: str = strawberry.field(description="The code that is stored.")
    label: str = strawberry.field(description="The words that people see.")


def _words(given: list[LabelledInput]) -> dict[str, str]:
    return {g.code: g.label for g in given}


@strawberry.input(description="A value that a choice filter reads.")
class ChoiceColumnInput:
    column: str = strawberry.field(description="Its name in the filter.")
    value: str = strawberry.field(description="The value of this choice.")


@strawberry.input(description="One of the answers to choose from.")
class ChoiceInput:
    code: str = strawberry.field(description="The code that is stored.")
    label: str = strawberry.field(description="The words that people see.")
    score: float | None = strawberry.field(default=None, description="What it counts for, if it counts.")
    exclusive: bool = strawberry.field(
        default=False, description="Whether it goes with no other choice, such as none of these."
    )
    filters: list[ChoiceColumnInput] = strawberry.field(
        default_factory=list, description="Values that the question's choice filter reads."
    )

    def struct(self) -> rpc.Choice:
        return rpc.Choice(
            self.code, self.label, self.score, self.exclusive, {one.column: one.value for one in self.filters}
        )


@strawberry.input(description="One question, or something that stands between questions.")
class ItemInput:
    code: str = strawberry.field(description="Its code, one of a kind in the questionnaire.")
    kind: ItemKind = strawberry.field(description="How it is answered.")
    text: str = strawberry.field(description="The question as people read it.")
    required: bool = strawberry.field(default=False, description="Whether it must be answered.")
    hint: str | None = strawberry.field(default=None, description="A word of help.")
    minimum: float | None = strawberry.field(default=None, description="The least number, or the fewest choices.")
    maximum: float | None = strawberry.field(
        default=None, description="The greatest number, the most choices, or the longest text."
    )
    labels: list[LabelledInput] = strawberry.field(default_factory=list, description="Words for points of a scale.")
    choices: list[ChoiceInput] = strawberry.field(default_factory=list, description="The answers to choose from.")
    step: float | None = strawberry.field(default=None, description="The distance between two numbers to choose from.")
    rows: list[LabelledInput] = strawberry.field(default_factory=list, description="The rows of a matrix.")
    other: bool = strawberry.field(
        default=False, description="Whether people may choose other, and say it in their own words (<code>_other)."
    )
    prefer_not_to_say: bool = strawberry.field(default=False, description="Whether people may decline to answer.")
    earliest: str | None = strawberry.field(
        default=None, description="The first day that a date may be: YYYY-MM-DD, or today."
    )
    latest: str | None = strawberry.field(
        default=None, description="The last day that a date may be: YYYY-MM-DD, or today."
    )
    relevance: str | None = strawberry.field(default=None, description="Ask it only where this holds.")
    required_if: str | None = strawberry.field(default=None, description="It must be answered where this holds.")
    constraint: str | None = strawberry.field(default=None, description="What must hold of the answer.")
    constraint_message: str | None = strawberry.field(
        default=None, description="What to say where the constraint does not hold."
    )
    calculation: str | None = strawberry.field(default=None, description="How a calculated answer is found.")
    choice_filter: str | None = strawberry.field(default=None, description="Which of the choices are offered.")

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
            choices=tuple(c.struct() for c in self.choices),
            step=self.step,
            rows=tuple(rpc.Row(r.code, r.label) for r in self.rows),
            other=self.other,
            prefer_not_to_say=self.prefer_not_to_say,
            earliest=self.earliest,
            latest=self.latest,
            relevance=self.relevance,
            required_if=self.required_if,
            constraint=self.constraint,
            constraint_message=self.constraint_message,
            calculation=self.calculation,
            choice_filter=self.choice_filter,
        )


@strawberry.input(description="How often a section may be answered.")
class RepeatInput:
    minimum: int = strawberry.field(default=0, description="At least this often.")
    maximum: int = strawberry.field(default=20, description="At most this often.")
    count: str | None = strawberry.field(default=None, description="How often, where another answer says so.")

    def struct(self) -> rpc.Repeat:
        return rpc.Repeat(self.minimum, self.maximum, self.count)


@strawberry.input(description="Questions that belong together.")
class SectionInput:
    code: str = strawberry.field(description="The section's code.")
    title: str = strawberry.field(description="Its heading.")
    items: list[ItemInput] = strawberry.field(description="The questions.")
    intro: str | None = strawberry.field(default=None, description="A few words before the questions.")
    relevance: str | None = strawberry.field(default=None, description="Ask it only where this holds.")
    repeat: RepeatInput | None = strawberry.field(
        default=None, description="Where it is answered once for each of several things."
    )

    def struct(self) -> rpc.Section:
        return rpc.Section(
            self.code,
            self.title,
            tuple(i.struct() for i in self.items),
            self.intro,
            self.relevance,
            self.repeat.struct() if self.repeat else None,
        )


@strawberry.input(description="Something asked about the person, to compare groups of people.")
class AttributeInput:
    code: str = strawberry.field(description="The attribute's code, such as age_band.")
    label: str = strawberry.field(description="The words that people see.")
    categories: list[LabelledInput] = strawberry.field(description="The groups to choose from.")

    def struct(self) -> rpc.Attribute:
        return rpc.Attribute(self.code, self.label, _words(self.categories))


@strawberry.input(description="What people agree to before they answer.")
class ConsentTextInput:
    version: str = strawberry.field(description="Which wording this is.")
    text: str = strawberry.field(description="The words.")
    purposes: list[LabelledInput] = strawberry.field(description="What the answers may be used for.")
    required: list[str] = strawberry.field(description="Purposes without which no answer is taken.")
    scored_for: str | None = strawberry.field(
        default=None, description="The purpose that answers are scored for: who refuses it counts in no score."
    )

    def struct(self) -> rpc.ConsentText:
        return rpc.ConsentText(self.version, self.text, _words(self.purposes), tuple(self.required), self.scored_for)


@strawberry.input(description="Words in another language.")
class TranslatedTextInput:
    path: str = strawberry.field(description="Which words: title, items.<code>.text, items.<code>.choices.<code> …")
    text: str = strawberry.field(description="The words in the language.")


@strawberry.input(description="The words of a questionnaire in another language.")
class TranslationInput:
    language: str = strawberry.field(description="The language's tag, such as cy.")
    texts: list[TranslatedTextInput] = strawberry.field(description="The words by their place.")


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
    open_counts: bool = strawberry.field(
        default=False,
        description="Let answers from an open link count as people in figures. Only where figures come out on closing. "
        "Careful: whoever sends many made-up answers can then work out what the others said.",
    )
    language: str = strawberry.field(default="en", description="The language of these words.")
    translations: list[TranslationInput] = strawberry.field(
        default_factory=list, description="The same words in other languages."
    )
    instruments: list[str] = strawberry.field(
        default_factory=list, description="Instruments of the library whose questions it asks."
    )

    def struct(self) -> rpc.Definition:
        return rpc.Definition(
            title=self.title,
            sections=tuple(s.struct() for s in self.sections),
            consent=self.consent.struct(),
            intro=self.intro,
            attributes=tuple(a.struct() for a in self.attributes),
            area_level=self.area_level,
            release=self.release.value,
            open_counts=self.open_counts,
            language=self.language,
            translations={t.language: {one.path: one.text for one in t.texts} for t in self.translations},
            instruments=tuple(self.instruments),
        )

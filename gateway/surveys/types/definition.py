"""What a questionnaire asks, as GraphQL shows it."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from __future__ import annotations

from enum import Enum
from typing import Self

import strawberry

from schemas.groups import COMMUNITY_GROUP
from schemas.rpc import surveys as rpc


@strawberry.enum(description="How a question is answered.")
class ItemKind(Enum):
    SCALE = "scale"
    SLIDER = "slider"
    NUMBER = "number"
    SINGLE_CHOICE = "single_choice"
    MULTIPLE_CHOICE = "multiple_choice"
    MATRIX = "matrix"
    RANKING = "ranking"
    DATE = "date"
    TEXT = "text"
    LONG_TEXT = "long_text"
    PLACE = "place"
    CONSENT = "consent"
    NOTE = "note"
    CALCULATION = "calculation"


@strawberry.enum(description="When figures come out: in steps while people answer, or once, at the end.")
class Release(Enum):
    LIVE = "live"
    ON_CLOSE = "on_close"


@strawberry.enum(description="Which way words run.")
class TextDirection(Enum):
    LTR = "ltr"
    RTL = "rtl"


@strawberry.type(description="A code and the words for it.")
class Labelled:
    code: str = strawberry.field(description="The code that is stored.")
    label: str = strawberry.field(description="The words that people see.")


def labelled(words: dict[str, str]) -> list[Labelled]:
    """Codes and words in their order."""
    return [Labelled(code=code, label=label) for code, label in words.items()]


@strawberry.type(description="A value that a choice filter reads.")
class ChoiceColumn:
    column: str = strawberry.field(description="Its name in the filter.")
    value: str = strawberry.field(description="The value of this choice.")


@strawberry.type(description="One of the answers to choose from.")
class Choice:
    code: str = strawberry.field(description="The code that is stored.")
    label: str = strawberry.field(description="The words that people see.")
    score: float | None = strawberry.field(description="What the choice counts for, if it counts.")
    exclusive: bool = strawberry.field(description="Whether it goes with no other choice, such as none of these.")
    filters: list[ChoiceColumn] = strawberry.field(description="Values that the question's choice filter reads.")

    @classmethod
    def of(cls, choice: rpc.Choice) -> Self:
        return cls(
            code=choice.code,
            label=choice.label,
            score=choice.score,
            exclusive=choice.exclusive,
            filters=[ChoiceColumn(column=column, value=value) for column, value in choice.filters.items()],
        )


@strawberry.type(description="One question, or something that stands between questions.")
class Item:
    code: str = strawberry.field(description="The question's code, one of a kind in the questionnaire.")
    kind: ItemKind = strawberry.field(description="How it is answered.")
    text: str = strawberry.field(description="The question as people read it.")
    required: bool = strawberry.field(description="Whether it must be answered.")
    hint: str | None = strawberry.field(description="A word of help.")
    minimum: float | None = strawberry.field(description="The least number that may be given, or the fewest choices.")
    maximum: float | None = strawberry.field(description="The greatest number, the most choices, or the longest text.")
    labels: list[Labelled] = strawberry.field(description="Words for some points of a scale.")
    choices: list[Choice] = strawberry.field(description="The answers to choose from.")
    step: float | None = strawberry.field(description="The distance between two numbers that may be given.")
    rows: list[Labelled] = strawberry.field(description="The rows of a matrix.")
    other: bool = strawberry.field(description="Whether people may choose other and say it in their own words.")
    prefer_not_to_say: bool = strawberry.field(description="Whether people may decline to answer.")
    earliest: str | None = strawberry.field(description="The first day a date may be: YYYY-MM-DD, or today.")
    latest: str | None = strawberry.field(description="The last day a date may be: YYYY-MM-DD, or today.")
    relevance: str | None = strawberry.field(description="Asked only where this holds.")
    required_if: str | None = strawberry.field(description="Must be answered where this holds.")
    constraint: str | None = strawberry.field(description="What must hold of the answer.")
    constraint_message: str | None = strawberry.field(description="What is said where the constraint does not hold.")
    calculation: str | None = strawberry.field(description="How a calculated answer is found.")
    choice_filter: str | None = strawberry.field(description="Which of the choices are offered.")

    @classmethod
    def of(cls, item: rpc.Item) -> Self:
        return cls(
            code=item.code,
            kind=ItemKind(item.kind),
            text=item.text,
            required=item.required,
            hint=item.hint,
            minimum=item.minimum,
            maximum=item.maximum,
            labels=labelled(item.labels),
            choices=[Choice.of(c) for c in item.choices],
            step=item.step,
            rows=[Labelled(code=r.code, label=r.label) for r in item.rows],
            other=item.other,
            prefer_not_to_say=item.prefer_not_to_say,
            earliest=item.earliest,
            latest=item.latest,
            relevance=item.relevance,
            required_if=item.required_if,
            constraint=item.constraint,
            constraint_message=item.constraint_message,
            calculation=item.calculation,
            choice_filter=item.choice_filter,
        )


@strawberry.type(description="How often a section may be answered.")
class Repeat:
    minimum: int = strawberry.field(description="At least this often.")
    maximum: int = strawberry.field(description="At most this often.")
    count: str | None = strawberry.field(description="How often, where another answer says so.")

    @classmethod
    def of(cls, r: rpc.Repeat) -> Self:
        return cls(minimum=r.minimum, maximum=r.maximum, count=r.count)


@strawberry.type(description="Questions that belong together.")
class Section:
    code: str = strawberry.field(description="The section's code.")
    title: str = strawberry.field(description="Its heading.")
    intro: str | None = strawberry.field(description="A few words before the questions.")
    items: list[Item] = strawberry.field(description="The questions.")
    relevance: str | None = strawberry.field(description="Asked only where this holds.")
    repeat: Repeat | None = strawberry.field(description="Set where it is answered once for each of several things.")

    @classmethod
    def of(cls, s: rpc.Section) -> Self:
        return cls(
            code=s.code,
            title=s.title,
            intro=s.intro,
            items=[Item.of(i) for i in s.items],
            relevance=s.relevance,
            repeat=Repeat.of(s.repeat) if s.repeat else None,
        )


@strawberry.type(description="Something asked about the person, such as their age band, to compare groups of people.")
class Attribute:
    code: str = strawberry.field(description="The attribute's code.")
    label: str = strawberry.field(description="The words that people see.")
    categories: list[Labelled] = strawberry.field(description="The groups to choose from.")
    asked: bool = strawberry.field(
        description="False where people are not asked for it, and cannot say it: group links give the community group."
    )


@strawberry.type(description="What people agree to before they answer.")
class ConsentText:
    version: str = strawberry.field(description="Which wording this is.")
    text: str = strawberry.field(description="The words.")
    purposes: list[Labelled] = strawberry.field(description="What the answers may be used for.")
    required: list[str] = strawberry.field(description="Purposes without which no answer is taken.")
    scored_for: str | None = strawberry.field(description="The purpose that answers are scored for; null: all are.")


@strawberry.type(description="Words in another language.")
class TranslatedText:
    path: str = strawberry.field(description="Which words: title, items.<code>.text, items.<code>.choices.<code> …")
    text: str = strawberry.field(description="The words in the language.")


@strawberry.type(description="The words of a questionnaire in another language.")
class Translation:
    language: str = strawberry.field(description="The language's tag, such as cy.")
    texts: list[TranslatedText] = strawberry.field(description="The words by their place.")


@strawberry.type(description="Everything that a version of a questionnaire holds.")
class QuestionnaireDefinition:
    title: str = strawberry.field(description="Its title.")
    intro: str | None = strawberry.field(description="A few words before it begins.")
    sections: list[Section] = strawberry.field(description="The questions, in sections.")
    consent: ConsentText = strawberry.field(description="What people agree to.")
    attributes: list[Attribute] = strawberry.field(description="What is asked about the person.")
    area_level: str | None = strawberry.field(description="The kind of area people choose from, such as ward.")
    release: Release = strawberry.field(description="When figures come out.")
    open_counts: bool = strawberry.field(description="Whether answers from an open link count as people in figures.")
    language: str = strawberry.field(description="The language of these words, such as en.")
    direction: TextDirection = strawberry.field(description="Which way these words run.")
    languages: list[str] = strawberry.field(description="All the languages it can be read in, its own first.")
    translations: list[Translation] = strawberry.field(description="The same words in other languages.")
    instruments: list[str] = strawberry.field(description="Instruments of the library whose questions it asks.")

    @classmethod
    def of(cls, original: rpc.Definition, language: str | None = None) -> Self:
        d = original if language is None else rpc.wording.in_language(original, language)
        return cls(
            title=d.title,
            intro=d.intro,
            sections=[Section.of(s) for s in d.sections],
            consent=ConsentText(
                version=d.consent.version,
                text=d.consent.text,
                purposes=labelled(d.consent.purposes),
                required=list(d.consent.required),
                scored_for=d.consent.scored_for,
            ),
            attributes=[
                Attribute(
                    code=a.code,
                    label=a.label,
                    categories=labelled(a.categories),
                    asked=a.code != COMMUNITY_GROUP,
                )
                for a in d.attributes
            ],
            area_level=d.area_level,
            release=Release(d.release),
            open_counts=d.open_counts,
            language=d.language,
            direction=TextDirection(rpc.wording.direction(d.language)),
            languages=[original.language, *original.translations],
            translations=[
                Translation(language=language, texts=[TranslatedText(path=p, text=t) for p, t in texts.items()])
                for language, texts in d.translations.items()
            ],
            instruments=list(d.instruments),
        )

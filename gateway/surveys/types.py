"""Questionnaires and responses as GraphQL shows them."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import Enum
from typing import Self
from uuid import UUID

import strawberry
from strawberry.relay import GlobalID, Node, NodeID

from gateway.context import Info
from gateway.pages import global_id
from gateway.surveys.loaders import questionnaires
from schemas.rpc import surveys as rpc


@strawberry.enum(description="How a question is answered.")
class ItemKind(Enum):
    SCALE = "scale"
    SINGLE_CHOICE = "single_choice"
    MULTIPLE_CHOICE = "multiple_choice"
    NUMBER = "number"
    TEXT = "text"


@strawberry.enum(description="What state a questionnaire is in.")
class QuestionnaireStatus(Enum):
    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"


@strawberry.enum(description="When figures come out: in steps while people answer, or once, at the end.")
class Release(Enum):
    LIVE = "live"
    ON_CLOSE = "on_close"


@strawberry.enum(description="Whether a response counts.")
class ResponseStatus(Enum):
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


@strawberry.type(description="A code and the words for it.")
class Labelled:
    code: str = strawberry.field(description="The code that is stored.")
    label: str = strawberry.field(description="The words that people see.")


def labelled(words: dict[str, str]) -> list[Labelled]:
    """Codes and words in their order."""
    return [Labelled(code=code, label=label) for code, label in words.items()]


@strawberry.type(description="One of the answers to choose from.")
class Choice:
    code: str = strawberry.field(description="The code that is stored.")
    label: str = strawberry.field(description="The words that people see.")
    score: float | None = strawberry.field(description="What the choice counts for, if it counts.")


@strawberry.type(description="One question.")
class Item:
    code: str = strawberry.field(description="The question's code, one of a kind in the questionnaire.")
    kind: ItemKind = strawberry.field(description="How it is answered.")
    text: str = strawberry.field(description="The question as people read it.")
    required: bool = strawberry.field(description="Whether it must be answered.")
    hint: str | None = strawberry.field(description="A word of help.")
    minimum: float | None = strawberry.field(description="The least number that may be given.")
    maximum: float | None = strawberry.field(description="The greatest number, or the longest text.")
    labels: list[Labelled] = strawberry.field(description="Words for some points of a scale.")
    choices: list[Choice] = strawberry.field(description="The answers to choose from.")

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
            choices=[Choice(code=c.code, label=c.label, score=c.score) for c in item.choices],
        )


@strawberry.type(description="Questions that belong together.")
class Section:
    code: str = strawberry.field(description="The section's code.")
    title: str = strawberry.field(description="Its heading.")
    intro: str | None = strawberry.field(description="A few words before the questions.")
    items: list[Item] = strawberry.field(description="The questions.")


@strawberry.type(description="Something asked about the person, such as their age band, to compare groups of people.")
class Attribute:
    code: str = strawberry.field(description="The attribute's code.")
    label: str = strawberry.field(description="The words that people see.")
    categories: list[Labelled] = strawberry.field(description="The groups to choose from.")


@strawberry.type(description="What people agree to before they answer.")
class ConsentText:
    version: str = strawberry.field(description="Which wording this is.")
    text: str = strawberry.field(description="The words.")
    purposes: list[Labelled] = strawberry.field(description="What the answers may be used for.")
    required: list[str] = strawberry.field(description="Purposes without which no answer is taken.")


@strawberry.type(description="Everything that a version of a questionnaire holds.")
class QuestionnaireDefinition:
    title: str = strawberry.field(description="Its title.")
    intro: str | None = strawberry.field(description="A few words before it begins.")
    sections: list[Section] = strawberry.field(description="The questions, in sections.")
    consent: ConsentText = strawberry.field(description="What people agree to.")
    attributes: list[Attribute] = strawberry.field(description="What is asked about the person.")
    area_level: str | None = strawberry.field(description="The kind of area people choose from, such as ward.")
    release: Release = strawberry.field(description="When figures come out.")

    @classmethod
    def of(cls, d: rpc.Definition) -> Self:
        return cls(
            title=d.title,
            intro=d.intro,
            sections=[
                Section(code=s.code, title=s.title, intro=s.intro, items=[Item.of(i) for i in s.items])
                for s in d.sections
            ],
            consent=ConsentText(
                version=d.consent.version,
                text=d.consent.text,
                purposes=labelled(d.consent.purposes),
                required=list(d.consent.required),
            ),
            attributes=[Attribute(code=a.code, label=a.label, categories=labelled(a.categories)) for a in d.attributes],
            area_level=d.area_level,
            release=Release(d.release),
        )


@strawberry.type(description="A questionnaire with its latest version, or, for residents, its latest published one.")
class Questionnaire(Node):
    id: NodeID[UUID]
    source: strawberry.Private[rpc.Questionnaire]
    slug: str = strawberry.field(description="Its short name in web addresses.")
    version: int = strawberry.field(description="Which version this is.")
    status: QuestionnaireStatus = strawberry.field(description="What state it is in.")
    created_at: datetime = strawberry.field(description="When it was first made.")
    published_at: datetime | None = strawberry.field(description="When it opened for answers.")
    closed_at: datetime | None = strawberry.field(description="When it stopped taking answers.")
    response_count: int | None = strawberry.field(
        description="How many responses were taken; for officers, and only when there are enough to hide each one."
    )

    @strawberry.field(description="Its questions and everything around them.")
    def definition(self) -> QuestionnaireDefinition:
        return QuestionnaireDefinition.of(self.source.definition)

    @classmethod
    def of(cls, q: rpc.Questionnaire) -> Self:
        return cls(
            id=q.id,
            source=q,
            slug=q.slug,
            version=q.version,
            status=QuestionnaireStatus(q.status),
            created_at=q.created_at,
            published_at=q.published_at,
            closed_at=q.closed_at,
            response_count=q.response_count,
        )

    @classmethod
    async def resolve_nodes(  # type: ignore[override]  # strawberry's signature is a union of sync and async forms
        cls,
        *,
        info: Info,
        node_ids: Iterable[str],
        required: bool = False,  # noqa: ARG003
    ) -> list[Self | None]:
        found = await questionnaires(info.context).load_many([UUID(i) for i in node_ids])
        return [cls.of(q) if q else None for q in found]


@strawberry.type(description="Proof that a response was taken and is safely stored.")
class Receipt:
    source: strawberry.Private[rpc.Receipt]
    response_version: int = strawberry.field(description="1, and one more for each correction.")
    questionnaire_version: int = strawberry.field(description="The version that was answered.")
    accepted_at: datetime = strawberry.field(description="When it was taken.")
    repeated: bool = strawberry.field(description="True when this had been sent before and nothing was stored twice.")

    @strawberry.field(description="The response's id, for correcting or withdrawing it.")
    def response_id(self) -> GlobalID:
        return global_id("Response", self.source.response_id)

    @strawberry.field(description="The questionnaire's id.")
    def questionnaire_id(self) -> GlobalID:
        return global_id("Questionnaire", self.source.questionnaire_id)

    @classmethod
    def of(cls, r: rpc.Receipt) -> Self:
        return cls(
            source=r,
            response_version=r.response_version,
            questionnaire_version=r.questionnaire_version,
            accepted_at=r.accepted_at,
            repeated=r.repeated,
        )


@strawberry.type(description="An answer to one question; the field for its kind is filled.")
class Answer:
    item: str = strawberry.field(description="The question's code.")
    number: float | None = strawberry.field(default=None, description="The number, for a scale or a number.")
    choice: str | None = strawberry.field(default=None, description="The choice's code.")
    choices: list[str] | None = strawberry.field(default=None, description="The codes of several choices.")
    text: str | None = strawberry.field(default=None, description="The words, or a single choice's code.")

    @classmethod
    def of(cls, item: str, value: rpc.Answer) -> Self:
        match value:
            case int() | float():
                return cls(item=item, number=float(value))
            case list():
                return cls(item=item, choices=value)
            case str():
                # the stored value does not say whether its words are a choice's code; both readings are given
                return cls(item=item, choice=value, text=value)
        return cls(item=item)


@strawberry.type(description="The group that a person said they belong to.")
class GroupValue:
    attribute: str = strawberry.field(description="The attribute's code, such as age_band.")
    category: str = strawberry.field(description="The category's code.")


@strawberry.type(description="What the person agreed to.")
class GivenConsent:
    version: str = strawberry.field(description="The wording they saw.")
    purposes: list[str] = strawberry.field(description="The purposes they said yes to.")


@strawberry.type(description="A person's own response, as it stands.")
class Response:
    source: strawberry.Private[rpc.Response]
    response_version: int = strawberry.field(description="1, and one more for each correction.")
    questionnaire_version: int = strawberry.field(description="The version that was answered.")
    status: ResponseStatus = strawberry.field(description="Whether it counts.")
    answers: list[Answer] = strawberry.field(description="The answers.")
    area: str | None = strawberry.field(description="The area's GSS code.")
    groups: list[GroupValue] = strawberry.field(description="The groups that were named.")
    consent: GivenConsent = strawberry.field(description="What was agreed to.")
    submitted_at: datetime = strawberry.field(description="When it was taken.")

    @strawberry.field(description="Its id, for correcting or withdrawing it.")
    def id(self) -> GlobalID:
        return global_id("Response", self.source.id)

    @strawberry.field(description="The questionnaire it answers.")
    async def questionnaire(self, info: Info) -> Questionnaire | None:
        found = await questionnaires(info.context).load(self.source.questionnaire_id)
        return Questionnaire.of(found) if found else None

    @classmethod
    def of(cls, r: rpc.Response) -> Self:
        return cls(
            source=r,
            response_version=r.response_version,
            questionnaire_version=r.questionnaire_version,
            status=ResponseStatus(r.status),
            answers=[Answer.of(item, value) for item, value in r.answers.items()],
            area=r.area,
            groups=[GroupValue(attribute=a, category=c) for a, c in r.groups.items()],
            consent=GivenConsent(version=r.consent.version, purposes=list(r.consent.purposes)),
            submitted_at=r.submitted_at,
        )

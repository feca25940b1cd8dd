"""Responses as GraphQL shows them."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Self

import strawberry
from strawberry.relay import GlobalID

from gateway.context import Info
from gateway.pages import global_id
from gateway.surveys.loaders import questionnaires
from gateway.surveys.types.questionnaires import Questionnaire
from schemas.rpc import surveys as rpc


@strawberry.enum(description="Whether a response counts.")
class ResponseStatus(Enum):
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


@strawberry.type(description="Proof that a response was taken and is safely stored.")
class Receipt:
    source: strawberry.Private[rpc.Receipt]
    response_version: int = strawberry.field(description="1, and one more for each correction.")
    questionnaire_version: int = strawberry.field(description="The version that was answered.")
    accepted_at: datetime = strawberry.field(description="When it was taken.")
    repeated: bool = strawberry.field(description="True when this had been sent before and nothing was stored twice.")
    replaced: bool = strawberry.field(
        description="True when these answers took the place of the person's earlier ones in this wave: one counts."
    )
    withdrawal_code: str | None = strawberry.field(
        description="For somebody without an account: by it the answers are taken back, or consent is changed. "
        "It is shown this once; please let them write it down."
    )

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
            replaced=r.replaced,
            withdrawal_code=r.withdrawal_code,
        )


@strawberry.type(description="The answer to one row of a matrix.")
class RowAnswer:
    row: str = strawberry.field(description="The row's code.")
    number: float | None = strawberry.field(default=None, description="The number, where rows are scales.")
    choice: str | None = strawberry.field(default=None, description="The choice's code, where rows are choices.")
    declined: bool = strawberry.field(default=False, description="Whether the person preferred not to say.")

    @classmethod
    def of(cls, row: str, value: rpc.Point) -> Self:
        if value == rpc.PREFER_NOT_TO_SAY:
            return cls(row=row, declined=True)
        return cls(row=row, choice=value) if isinstance(value, str) else cls(row=row, number=value)


@strawberry.type(description="The answers of one time that a section was answered.")
class Entry:
    answers: list[Answer] = strawberry.field(description="The answers.")


@strawberry.type(description="An answer to one question; the field for its kind is filled.")
class Answer:
    item: str = strawberry.field(
        description="The question's code, or that of a section that is answered several times."
    )
    number: float | None = strawberry.field(default=None, description="The number, for a scale, slider or number.")
    choice: str | None = strawberry.field(default=None, description="The choice's code.")
    choices: list[str] | None = strawberry.field(default=None, description="The codes of several choices, in order.")
    text: str | None = strawberry.field(default=None, description="The words, or a single choice's code.")
    rows: list[RowAnswer] | None = strawberry.field(default=None, description="The answers to a matrix.")
    entries: list[Entry] | None = strawberry.field(
        default=None, description="The answers to a section that is answered several times, time by time."
    )
    declined: bool = strawberry.field(default=False, description="Whether the person preferred not to say.")

    @classmethod
    def of(cls, item: str, value: rpc.Answer) -> Self:
        match value:
            case int() | float():
                return cls(item=item, number=float(value))
            case [dict(), *_]:
                return cls(
                    item=item,
                    entries=[
                        Entry(answers=[Answer.of(code, one) for code, one in entry.items()])  # type: ignore[arg-type]
                        for entry in value
                        if isinstance(entry, dict)
                    ],
                )
            case list():
                return cls(item=item, choices=[code for code in value if isinstance(code, str)])
            case dict():
                return cls(item=item, rows=[RowAnswer.of(row, point) for row, point in value.items()])
            case str() if value != rpc.PREFER_NOT_TO_SAY:
                # the stored value does not say whether its words are a choice's code; both readings are given
                return cls(item=item, choice=value, text=value)
        return cls(item=item, declined=value is not None)


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

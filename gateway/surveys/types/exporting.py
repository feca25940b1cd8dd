"""Responses given out row by row, as GraphQL shows them."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from __future__ import annotations

from datetime import date
from typing import Self

import strawberry
from strawberry.relay import GlobalID

from gateway.pages import cursor_of
from gateway.surveys.types.responses import Answer, GroupValue
from schemas.rpc import surveys as rpc


@strawberry.type(description="One person's answers, without words and places.")
class ResponseRow:
    row: str = strawberry.field(description="A number drawn for this page; it leads back to nobody.")
    version: int = strawberry.field(description="The questionnaire's version that was answered.")
    mode: str = strawberry.field(description="How it came.")
    wave: str = strawberry.field(description="Which round of asking it is of; empty where there are none.")
    submitted_on: date = strawberry.field(description="The day it was given.")
    area: str | None = strawberry.field(description="The area's code.")
    groups: list[GroupValue] = strawberry.field(description="The groups that the person said they belong to.")
    answers: list[Answer] = strawberry.field(description="The answers.")

    @classmethod
    def of(cls, r: rpc.ExportedResponse) -> Self:
        return cls(
            row=r.row,
            version=r.version,
            mode=r.mode,
            wave=r.wave,
            submitted_on=date.fromisoformat(r.submitted_on),
            area=r.area,
            groups=[GroupValue(attribute=attribute, category=category) for attribute, category in r.groups.items()],
            answers=[Answer.of(item, answer) for item, answer in r.answers.items()],
        )


@strawberry.type(description="A page of responses, in no order.")
class ResponseRows:
    questionnaire_id: GlobalID = strawberry.field(description="The questionnaire that was answered.")
    rows: list[ResponseRow] = strawberry.field(description="The responses.")
    left_out: list[str] = strawberry.field(description="Questions whose answers are words or places: not given out.")
    after: str | None = strawberry.field(description="Where the next page begins; null at the end.")

    @classmethod
    def of(cls, page: rpc.ExportedResponses, questionnaire_id: GlobalID) -> Self:
        return cls(
            questionnaire_id=questionnaire_id,
            rows=[ResponseRow.of(row) for row in page.rows],
            left_out=list(page.left_out),
            after=cursor_of(page.after) if page.after is not None else None,
        )

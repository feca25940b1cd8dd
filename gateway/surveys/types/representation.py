"""Quotas and who has answered beside who lives there, as GraphQL shows them."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from __future__ import annotations

from typing import Self

import strawberry
from strawberry.relay import GlobalID

from gateway.pages import global_id
from gateway.surveys.types.responses import GroupValue
from schemas.rpc import surveys as rpc

FIVES = "rounded down to fives, and null where there are too few to be shown"


@strawberry.type(description="How many responses of a group are wanted, and how many there are.")
class Quota:
    code: str = strawberry.field(description="Its code.")
    label: str = strawberry.field(description="Its name.")
    target: int = strawberry.field(description="How many are wanted.")
    area: str | None = strawberry.field(description="The area's code; null: anywhere.")
    groups: list[GroupValue] = strawberry.field(description="The categories of people it is about.")
    closes: bool = strawberry.field(description="Whether no more are taken from this group once it is full.")
    responses: int | None = strawberry.field(description=f"Responses of the open wave, {FIVES}.")
    share: float | None = strawberry.field(description="Which part of the target that is; 1 is all of it.")

    @classmethod
    def of(cls, q: rpc.QuotaState) -> Self:
        return cls(
            code=q.code,
            label=q.label,
            target=q.target,
            area=q.area,
            groups=[GroupValue(attribute=a, category=c) for a, c in q.groups.items()],
            closes=q.closes,
            responses=q.responses,
            share=q.share,
        )


@strawberry.type(description="A group's responses, beside how many people it has.")
class RepresentationLine:
    area: str | None = strawberry.field(description="The area's code; null where areas are not told apart.")
    category: str | None = strawberry.field(description="The category, or one of each attribute with * between.")
    responses: int | None = strawberry.field(description=f"Responses of this group, {FIVES}.")
    share: float | None = strawberry.field(description="Its share of the responses, from 0 to 1.")
    population: float | None = strawberry.field(description="Its people; null where no margin is known.")
    population_share: float | None = strawberry.field(description="Its share of the people, from 0 to 1.")
    difference: float | None = strawberry.field(
        description="Its share of responses less its share of people: below zero, it is heard too little."
    )

    @classmethod
    def of(cls, x: rpc.RepresentationLine) -> Self:
        return cls(
            area=x.area,
            category=x.category,
            responses=x.responses,
            share=x.share,
            population=x.population,
            population_share=x.population_share,
            difference=x.difference,
        )


@strawberry.type(description="Who has answered, beside who lives there.")
class Representation:
    questionnaire_id: GlobalID = strawberry.field(description="The questionnaire.")
    responses: int | None = strawberry.field(description=f"All who said what is asked for here, {FIVES}.")
    lines: list[RepresentationLine] = strawberry.field(description="Each group, by area and category.")
    dissimilarity: float | None = strawberry.field(
        description="Duncan's index of dissimilarity: the share of responses that would have to come from other groups "
        "for all to be as in the population. 0 is just so, 1 is not at all."
    )
    margins_version: int | None = strawberry.field(
        description="The census margins that it was compared with; null where they do not say."
    )

    @classmethod
    def of(cls, r: rpc.Representation) -> Self:
        return cls(
            questionnaire_id=global_id("Questionnaire", r.questionnaire_id),
            responses=r.responses,
            lines=[RepresentationLine.of(line) for line in r.lines],
            dissimilarity=r.dissimilarity,
            margins_version=r.margins_version,
        )

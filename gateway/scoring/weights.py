"""Weights: those who answered, made to look like those who live there."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated, Self

import strawberry
from strawberry.relay import GlobalID

from gateway.context import Info
from gateway.pages import First, global_id, size, uuid_of
from schemas.rpc import scoring as rpc


@strawberry.type(description="A figure as it would be if those who answered were like those who live there.")
class WeightedScore:
    weighting: int = strawberry.field(description="The weighting's number.")
    score: float = strawberry.field(description="The weighted mean score.")
    low: float = strawberry.field(description="Where its interval begins.")
    high: float = strawberry.field(description="Where it ends.")
    level: float = strawberry.field(description="How many of such intervals are right: 0.95.")
    method: str = strawberry.field(description="How the interval is worked out.")
    effective_n: float = strawberry.field(description="As many people would tell as much without weights.")

    @classmethod
    def of(cls, w: rpc.WeightedScore) -> Self:
        return cls(
            weighting=w.weighting,
            score=w.score,
            low=w.low,
            high=w.high,
            level=w.level,
            method=w.method,
            effective_n=w.effective_n,
        )


@strawberry.enum(description="What there is to know about a category.")
class WeightingNoteKind(Enum):
    FEW_ANSWERED = strawberry.enum_value("few_answered", description="Few of these people answered, or nobody.")
    NOT_IN_MARGIN = strawberry.enum_value("not_in_margin", description="The census does not have it.")
    NOT_SAID = strawberry.enum_value("not_said", description="Some did not say; they keep the share that they have.")


@strawberry.type(description="Something to know about a category.")
class WeightingNote:
    kind: WeightingNoteKind = strawberry.field(description="What it is.")
    attribute: str = strawberry.field(description='The attribute, or "area".')
    category: str = strawberry.field(description="The category or the area's code; empty where it was not said.")


@strawberry.type(description="What one run found for a round of asking.")
class Weighting:
    framework_id: GlobalID = strawberry.field(description="The framework's id.")
    framework_version: int = strawberry.field(description="The version that it is about.")
    wave: str = strawberry.field(description="The round of asking; empty where people are asked once.")
    weighting: int = strawberry.field(description="Its number.")
    margins_version: int = strawberry.field(description="The version of the census margins.")
    attributes: list[str] = strawberry.field(description="The attributes that were fitted to the census.")
    n: int = strawberry.field(description="How many people, rounded down.")
    effective_n: float = strawberry.field(description="As many people would tell as much without weights.")
    design_effect: float = strawberry.field(description="What the weights cost: n divided by effectiveN.")
    smallest: float = strawberry.field(description="The smallest weight; the mean is 1.")
    largest: float = strawberry.field(description="The largest weight.")
    trimmed: float = strawberry.field(description="The share of people whose weight was cut.")
    converged: bool = strawberry.field(description="Whether all margins fit.")
    gap: float = strawberry.field(description="The largest share by which one does not.")
    notes: list[WeightingNote] = strawberry.field(description="What there is to know about categories.")
    computed_at: datetime = strawberry.field(description="When it was worked out.")

    @classmethod
    def of(cls, w: rpc.Weighting) -> Self:
        return cls(
            framework_id=global_id("Framework", w.framework_id),
            framework_version=w.framework_version,
            wave=w.wave,
            weighting=w.weighting,
            margins_version=w.margins_version,
            attributes=list(w.attributes),
            n=w.n,
            effective_n=w.effective_n,
            design_effect=w.design_effect,
            smallest=w.smallest,
            largest=w.largest,
            trimmed=w.trimmed,
            converged=w.converged,
            gap=w.gap,
            notes=[
                WeightingNote(kind=WeightingNoteKind(n.kind), attribute=n.attribute, category=n.category)
                for n in w.notes
            ],
            computed_at=w.computed_at,
        )


@strawberry.type
class WeightsQuery:
    @strawberry.field(
        description='The weightings of a framework, newest first. A run of the kind "weights" makes one, by the census '
        "margins that `civic import margins` brought in. For officers and analysts."
    )
    async def weightings(
        self,
        info: Info,
        framework_id: Annotated[GlobalID, strawberry.argument(description="The framework.")],
        wave: Annotated[
            str | None, strawberry.argument(description="The round of asking. Left out: the newest that has figures.")
        ] = None,
        first: First = 20,
    ) -> list[Weighting] | None:
        request = rpc.ListWeightings(uuid_of(framework_id, "Framework", "frameworkId"), wave, size(first))
        return [Weighting.of(w) for w in (await info.context.call(rpc.weightings, request)).items]

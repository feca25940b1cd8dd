"""How far the items of a scale agree, and the warnings that go with every score."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import Enum
from typing import Annotated, Self

import strawberry
from strawberry.relay import GlobalID

from gateway.context import Info
from gateway.pages import global_id, uuid_of
from schemas.rpc import scoring as rpc


@strawberry.enum(description="Why a score should be read with care.")
class ScoreWarning(Enum):
    LOW_RELIABILITY = strawberry.enum_value(
        "low_reliability", description="The questions do not go together well: alpha or omega is below 0.7."
    )
    FEW_PEOPLE = strawberry.enum_value(
        "few_people",
        description="Fewer than 30 people answered all the questions, so nobody can say how well they fit.",
    )
    ONE_ITEM = strawberry.enum_value("one_item", description="It is a single question.")
    ITEM_AGAINST = strawberry.enum_value("item_against", description="A question runs against the others.")
    NO_PROPER_OMEGA = strawberry.enum_value(
        "no_proper_omega", description="One thing behind all the questions could not be found, so omega is in doubt."
    )
    NOT_CHECKED = strawberry.enum_value(
        "not_checked", description="Nobody has worked out yet how well the questions go together."
    )


def warnings_of(codes: Iterable[str]) -> list[ScoreWarning]:
    """The warnings with these codes."""
    return [ScoreWarning(code) for code in codes]


@strawberry.type(description="How one question fits its scale.")
class ItemReliability:
    code: str = strawberry.field(description="The question's code.")
    missing: float | None = strawberry.field(description="The share of people who did not answer it, from 0 to 1.")
    rest_correlation: float | None = strawberry.field(description="Its correlation with the sum of the others.")
    alpha_without: float | None = strawberry.field(description="Cronbach's alpha of the others alone.")


@strawberry.type(description="How well the questions of a scale go together.")
class ScaleReliability:
    framework_id: GlobalID = strawberry.field(description="The framework's id.")
    framework_version: int = strawberry.field(description="The version that it is about.")
    wave: str = strawberry.field(description="The round of asking; empty where people are asked once.")
    scale: str = strawberry.field(description='A measure\'s code, or "domain.indicator".')
    suppressed: bool = strawberry.field(description="True where too few people answered to show anything.")
    asked: int | None = strawberry.field(description="How many people answered the survey.")
    n: int | None = strawberry.field(description="How many answered all the questions of the scale.")
    alpha: float | None = strawberry.field(description="Cronbach's alpha, of those n people.")
    low: float | None = strawberry.field(description="Where alpha's 95% interval begins.")
    high: float | None = strawberry.field(description="Where it ends.")
    alpha_pairwise: float | None = strawberry.field(
        description="Cronbach's alpha, each pair of questions from all who answered both."
    )
    omega: float | None = strawberry.field(description="McDonald's omega (total, one factor), of those n people.")
    items: list[ItemReliability] = strawberry.field(description="The questions.")
    warnings: list[ScoreWarning] = strawberry.field(description="Why its scores should be read with care.")
    computed_at: datetime = strawberry.field(description="When it was worked out.")

    @classmethod
    def of(cls, r: rpc.ScaleReliability) -> Self:
        return cls(
            framework_id=global_id("Framework", r.framework_id),
            framework_version=r.framework_version,
            wave=r.wave,
            scale=r.scale,
            suppressed=r.suppressed,
            asked=r.asked,
            n=r.n,
            alpha=r.alpha,
            low=r.low,
            high=r.high,
            alpha_pairwise=r.alpha_pairwise,
            omega=r.omega,
            items=[
                ItemReliability(
                    code=i.code,
                    missing=i.missing,
                    rest_correlation=i.rest_correlation,
                    alpha_without=i.alpha_without,
                )
                for i in r.items
            ],
            warnings=warnings_of(r.warnings),
            computed_at=r.computed_at,
        )


@strawberry.type
class ReliabilityQuery:
    @strawberry.field(
        description="How well the questions of each scale go together, as the newest run found. A run of the kind "
        '"reliability" works it out, and one starts by itself when a questionnaire closes. For officers and analysts.'
    )
    async def reliability(
        self,
        info: Info,
        framework_id: Annotated[GlobalID, strawberry.argument(description="The framework.")],
        wave: Annotated[
            str | None, strawberry.argument(description="The round of asking. Left out: the newest that has figures.")
        ] = None,
    ) -> list[ScaleReliability] | None:
        request = rpc.ReliabilityRequest(uuid_of(framework_id, "Framework", "frameworkId"), wave)
        reply = await info.context.call(rpc.reliability, request)
        return [ScaleReliability.of(s) for s in reply.items]

"""Where help may be needed most, and how sure that is."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

import strawberry
from strawberry.relay import GlobalID

from gateway.context import Info
from gateway.pages import global_id, size, uuid_of
from gateway.scoring.reliability import ScoreWarning, warnings_of
from schemas.rpc import scoring as rpc

LARGEST = 1_000


@strawberry.type(description="The estimate of a small area, drawn toward the council the more, the fewer answered.")
class ShrunkScore:
    score: float = strawberry.field(description="The estimate.")
    low: float = strawberry.field(description="Where its interval begins.")
    high: float = strawberry.field(description="Where it ends.")
    own: float = strawberry.field(description="How much of it is the area's own figure: 1 all, 0 nothing.")


@strawberry.type(description="Where an area or group may stand. There is no single rank: figures are not that sure.")
class Standing:
    first: int = strawberry.field(description="The least rank it may well have; 1 is the greatest need.")
    middle: int = strawberry.field(description="The rank in the middle.")
    last: int = strawberry.field(description="The last rank it may well have.")
    of: int = strawberry.field(description="How many are ranked.")
    lowest_fifth: float | None = strawberry.field(
        description="How likely it is among the fifth of greatest need, from 0 to 1; null for fewer than five."
    )
    robust: bool = strawberry.field(description="True where that is nearly sure.")


@strawberry.type(description="The domain that makes most of the difference to all together.")
class NeedDriver:
    domain: str = strawberry.field(description="Its code.")
    title: str = strawberry.field(description="Its name.")
    points: float = strawberry.field(description="How many points of the index it makes: below 0.")


@strawberry.type(description="The need of an area or a group of people.")
class Need:
    source: strawberry.Private[rpc.Need]
    ranked: strawberry.Private[int]
    area: str | None = strawberry.field(description="The area's GSS code; null for the whole council.")
    name: str | None = strawberry.field(description="The area's name.")
    category: str | None = strawberry.field(description="The group of people, if any.")
    n: int = strawberry.field(description="How many people answered.")
    score: float = strawberry.field(description="Their mean score.")
    low: float = strawberry.field(description="Where the score's interval begins.")
    high: float = strawberry.field(description="Where it ends.")
    level: float = strawberry.field(description="How many of such intervals are right: 0.95.")
    method: str = strawberry.field(description="How the interval is worked out.")

    @strawberry.field(description="Where it may stand among all.")
    def standing(self) -> Standing:
        s = self.source
        return Standing(
            first=s.rank_first,
            middle=s.rank_middle,
            last=s.rank_last,
            of=self.ranked,
            lowest_fifth=s.lowest_fifth,
            robust=s.robust,
        )

    @strawberry.field(description="What makes most of the difference; null where no domain is below all together.")
    def driver(self) -> NeedDriver | None:
        s = self.source
        if s.driver is None or s.driver_points is None:
            return None
        return NeedDriver(domain=s.driver, title=s.driver_title or s.driver, points=s.driver_points)

    @strawberry.field(description="A steadier estimate for a small area; null for fewer than four.")
    def shrunk(self) -> ShrunkScore | None:
        s = self.source.shrunk
        return ShrunkScore(score=s.score, low=s.low, high=s.high, own=s.own) if s else None

    @classmethod
    def of(cls, need: rpc.Need, ranked: int) -> Self:
        return cls(
            source=need,
            ranked=ranked,
            area=need.area,
            name=need.name,
            category=need.category,
            n=need.n,
            score=need.score,
            low=need.low,
            high=need.high,
            level=need.level,
            method=need.method,
        )


@strawberry.type(description="Areas or groups of people by need, the greatest first.")
class Needs:
    source: strawberry.Private[rpc.NeedList]
    framework_version: int = strawberry.field(description="The version that it was counted by.")
    wave: str = strawberry.field(description="The round of asking; empty where people are asked once.")
    measure: str = strawberry.field(description="What is measured.")
    title: str = strawberry.field(description="Its name.")
    attribute: str | None = strawberry.field(description="The attribute that people are grouped by, if any.")
    minimum: float = strawberry.field(description="The lowest possible score.")
    maximum: float = strawberry.field(description="The highest possible score.")
    runs: int = strawberry.field(description="In how many runs they were ranked, figures moved by chance each time.")
    rank_level: float = strawberry.field(description="The share of runs in which a rank is from first to last.")
    weights_move_by: float = strawberry.field(description="By what share the domains' weights were moved.")
    robust_from: float = strawberry.field(description="The share of runs from which robust is true.")
    total: int = strawberry.field(description="How many have a figure.")
    suppressed: int = strawberry.field(description="How many more are held back, to protect people.")
    released_at: datetime | None = strawberry.field(description="When the newest of their figures came out.")

    @strawberry.field(description="The framework's id.")
    def framework_id(self) -> GlobalID:
        return global_id("Framework", self.source.framework_id)

    @strawberry.field(description="Why the scores should be read with care.")
    def warnings(self) -> list[ScoreWarning]:
        return warnings_of(self.source.warnings)

    @strawberry.field(description="As many as were asked for.")
    def items(self) -> list[Need]:
        return [Need.of(need, self.source.total) for need in self.source.items]

    @classmethod
    def of(cls, found: rpc.NeedList) -> Self:
        return cls(
            source=found,
            framework_version=found.framework_version,
            wave=found.wave,
            measure=found.measure,
            title=found.title,
            attribute=found.attribute,
            minimum=found.minimum,
            maximum=found.maximum,
            runs=found.runs,
            rank_level=found.rank_level,
            weights_move_by=found.weights_move_by,
            robust_from=found.robust_from,
            total=found.total,
            suppressed=found.suppressed,
            released_at=found.released_at,
        )


@strawberry.type
class NeedsQuery:
    @strawberry.field(
        description="Areas of a level, groups of people by an attribute, or groups in areas where both are given: by "
        "need, the greatest first, each with how sure that is. From published figures only. For officers and analysts."
    )
    async def needs(
        self,
        info: Info,
        framework_id: Annotated[GlobalID, strawberry.argument(description="The framework.")],
        measure: Annotated[str, strawberry.argument(description="What is measured.")] = "index",
        level: Annotated[str | None, strawberry.argument(description="The areas' level, such as ward.")] = None,
        attribute: Annotated[
            str | None, strawberry.argument(description="Group people by this attribute, such as age_band.")
        ] = None,
        wave: Annotated[
            str | None, strawberry.argument(description="The round of asking. Left out: the newest that has figures.")
        ] = None,
        first: Annotated[int, strawberry.argument(description="How many, from 1 to 1,000.")] = 500,
        skip: Annotated[int, strawberry.argument(description="How many of the greatest need to leave out.")] = 0,
    ) -> Needs | None:
        request = rpc.NeedsRequest(
            framework_id=uuid_of(framework_id, "Framework", "frameworkId"),
            measure=measure,
            level=level,
            attribute=attribute,
            wave=wave,
            first=size(first, LARGEST),
            skip=skip,
        )
        return Needs.of(await info.context.call(rpc.needs, request))

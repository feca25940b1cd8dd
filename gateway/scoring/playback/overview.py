"""What officers and analysts look at first: where need may be greatest, how sure that is, and how it went on."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from __future__ import annotations

import asyncio
from typing import Annotated, Self
from uuid import UUID

import strawberry
from strawberry.relay import GlobalID

from gateway.context import Context, Info
from gateway.pages import global_id, size, uuid_of
from gateway.scoring.needs import LARGEST, Needs
from gateway.scoring.playback.gathering import Away, PictureSource
from gateway.scoring.queries import FrameworkId, Measures
from gateway.scoring.reliability import ScaleReliability
from gateway.scoring.types import Figure
from schemas.rpc import scoring as rpc

AreaCode = Annotated[str | None, strawberry.argument(description="An area's GSS code. Left out: the whole council.")]


@strawberry.type(description="The published figures of a measure, round by round, the earliest first.")
class TrendLine:
    measure: str = strawberry.field(description="What is measured.")
    title: str = strawberry.field(description="Its name.")
    figures: list[Figure] = strawberry.field(description="One for each round that has one, some of them held back.")

    @classmethod
    def all_of(cls, figures: rpc.FigureList) -> list[Self]:
        """The measures in the order in which they come first."""
        lines: dict[str, list[rpc.Figure]] = {}
        for figure in figures.items:
            lines.setdefault(figure.measure, []).append(figure)
        return [cls(measure=m, title=f[0].title, figures=[Figure.of(x) for x in f]) for m, f in lines.items()]


@strawberry.type(description="Where need may be greatest, how sure that is, and how it went on, by published figures.")
class Overview:
    framework_id: GlobalID = strawberry.field(description="The framework's id.")
    areas: Needs | None = strawberry.field(description="The areas of greatest need, with what drives it.")
    groups: Needs | None = strawberry.field(
        description="The groups of people of greatest need; null where no attribute was given."
    )
    reliability: list[ScaleReliability] | None = strawberry.field(
        description="How well the questions go together, as the newest run found; null where that is away."
    )
    trend: list[TrendLine] | None = strawberry.field(description="The whole council's figures, round by round.")
    away: list[PictureSource] = strawberry.field(description="What is missing now; ask again later.")

    @classmethod
    async def of(
        cls, context: Context, framework_id: UUID, level: str | None, attribute: str | None, first: int
    ) -> Self:
        """Put together from four calls at most, all at once."""
        call, away = context.call, Away()
        ranked = rpc.NeedsRequest(framework_id, level=level, first=first)
        grouped = rpc.NeedsRequest(framework_id, attribute=attribute, first=first)
        areas, reliability, trend, groups = await asyncio.gather(
            away.unless(PictureSource.NEEDS, call(rpc.needs, ranked)),
            away.unless(PictureSource.RELIABILITY, call(rpc.reliability, rpc.ReliabilityRequest(framework_id))),
            away.unless(PictureSource.TREND, call(rpc.trend, rpc.TrendRequest(framework_id))),
            away.unless(PictureSource.NEEDS, call(rpc.needs, grouped)) if attribute is not None else _nothing(),
        )
        return cls(
            framework_id=global_id("Framework", framework_id),
            areas=Needs.of(areas) if areas else None,
            groups=Needs.of(groups) if groups else None,
            reliability=[ScaleReliability.of(s) for s in reliability.items] if reliability else None,
            trend=TrendLine.all_of(trend) if trend else None,
            away=sorted(set(away.sources), key=lambda source: source.name),
        )


async def _nothing() -> None:
    return None


@strawberry.type
class OverviewQuery:
    @strawberry.field(
        description="Where need may be greatest, by area and by group of people, with rank intervals; how well the "
        "questions go together; and the whole council's figures round by round. For officers and analysts."
    )
    async def overview(
        self,
        info: Info,
        framework_id: FrameworkId,
        level: Annotated[str | None, strawberry.argument(description="The areas' level, such as ward.")] = None,
        attribute: Annotated[
            str | None, strawberry.argument(description="Group people by this attribute, such as age_band.")
        ] = None,
        first: Annotated[int, strawberry.argument(description="How many areas and groups, from 1 to 1,000.")] = 5,
    ) -> Overview | None:
        framework = uuid_of(framework_id, "Framework", "frameworkId")
        return await Overview.of(info.context, framework, level, attribute, size(first, LARGEST))

    @strawberry.field(description="Published figures of the whole council, or of an area, round by round.")
    async def trend(
        self, info: Info, framework_id: FrameworkId, area: AreaCode = None, measures: Measures = None
    ) -> list[TrendLine] | None:
        request = rpc.TrendRequest(uuid_of(framework_id, "Framework", "frameworkId"), tuple(measures or ()), area)
        return TrendLine.all_of(await info.context.call(rpc.trend, request))

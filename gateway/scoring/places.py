"""Areas: indicators from elsewhere, and scores that combine them with the survey's figures."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

import strawberry
from strawberry.relay import GlobalID

from gateway.context import Info
from gateway.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, UnavailableError
from gateway.pages import After, Connection, First, continued, global_id, page, place_of, size, uuid_of
from gateway.scoring.queries import LARGEST_FIGURES, FrameworkId, Wave
from schemas.rpc import scoring as rpc


@strawberry.type(description="An indicator of areas that comes from elsewhere, in its newest version.")
class AreaIndicatorVersion:
    code: str = strawberry.field(description="Its code.")
    version: int = strawberry.field(description="Its version: each import is one.")
    title: str = strawberry.field(description="Its name.")
    source: str = strawberry.field(description="Who publishes it.")
    years: list[int] = strawberry.field(description="The years that there are values of.")
    areas: int = strawberry.field(description="How many areas have values.")
    created_at: datetime = strawberry.field(description="When it was brought in.")

    @classmethod
    def of(cls, i: rpc.AreaIndicatorVersion) -> Self:
        return cls(
            code=i.code,
            version=i.version,
            title=i.title,
            source=i.source,
            years=list(i.years),
            areas=i.areas,
            created_at=i.created_at,
        )


@strawberry.type(description="What an area scores, from published figures of the survey and from elsewhere.")
class AreaScore:
    framework_id: GlobalID = strawberry.field(description="The framework's id.")
    framework_version: int = strawberry.field(description="The version that it was counted by.")
    area: str = strawberry.field(description="The area's code.")
    measure: str = strawberry.field(description='A domain\'s code, or "index" for the whole.')
    title: str = strawberry.field(description="Its name.")
    score: float | None = strawberry.field(description="From 0 to 100; null where a part is missing.")
    missing: list[str] = strawberry.field(
        description='What is missing: "survey" where its figure is held back or not there, an indicator, or a domain.'
    )

    @classmethod
    def of(cls, s: rpc.AreaScore) -> Self:
        return cls(
            framework_id=global_id("Framework", s.framework_id),
            framework_version=s.framework_version,
            area=s.area,
            measure=s.measure,
            title=s.title,
            score=s.score,
            missing=list(s.missing),
        )


@strawberry.input(description="An area's value in a year.")
class AreaValueInput:
    area: str = strawberry.field(description="The area's code.")
    value: float = strawberry.field(description="The value.")
    year: int = strawberry.field(description="The year.")
    row: int | None = strawberry.field(default=None, description="Its row in the file; its place here unless given.")


@strawberry.input(description="An indicator of areas, all of its values.")
class ImportAreaIndicatorInput:
    code: str = strawberry.field(description="Its code: small letters, digits, - and _.")
    title: str = strawberry.field(description="Its name.")
    source: str = strawberry.field(description="Who publishes it.")
    values: list[AreaValueInput] = strawberry.field(description="The values.")

    def struct(self) -> rpc.ImportAreaIndicator:
        return rpc.ImportAreaIndicator(
            self.code,
            self.title,
            self.source,
            tuple(
                rpc.AreaValue(v.row if v.row is not None else place, v.area, v.value, v.year)
                for place, v in enumerate(self.values, 1)
            ),
        )


@strawberry.type(description="It is done.")
class AreaIndicatorPayload:
    indicator: AreaIndicatorVersion = strawberry.field(description="The version that was made.")


ImportAreaIndicatorResult = Annotated[
    AreaIndicatorPayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("ImportAreaIndicatorResult", description="The indicator, or why not."),
]


@strawberry.type
class PlacesQuery:
    @strawberry.field(description="Indicators of areas that come from elsewhere, by their codes.")
    async def area_indicators(
        self, info: Info, first: First = 20, after: After = None
    ) -> Connection[AreaIndicatorVersion] | None:
        request = rpc.ListAreaIndicators(size(first), place_of(after))
        reply = await info.context.call(rpc.list_area_indicators, request)
        return page(reply.items, AreaIndicatorVersion.of, lambda i: i.code, more=reply.has_next)

    @strawberry.field(
        description="What areas score: the survey's published figures and indicators from elsewhere, in one domain and "
        "one index."
    )
    async def area_scores(
        self,
        info: Info,
        framework_id: FrameworkId,
        level: Annotated[str | None, strawberry.argument(description="Only areas of this level, such as ward.")] = None,
        wave: Wave = None,
        first: Annotated[int, strawberry.argument(description="How many, from 1 to 1,000.")] = 500,
        after: After = None,
    ) -> Connection[AreaScore] | None:
        framework = uuid_of(framework_id, "Framework", "frameworkId")
        request = rpc.AreaScoresRequest(framework, level, wave, size(first, LARGEST_FIGURES), place_of(after))
        reply = await info.context.call(rpc.area_scores, request)
        return continued(reply.items, AreaScore.of, reply.next)


@strawberry.type
class PlacesMutation:
    @strawberry.mutation(
        description="Bring in an indicator of areas as its next version: all of its values, or none. For officers."
    )
    async def import_area_indicator(self, info: Info, input: ImportAreaIndicatorInput) -> ImportAreaIndicatorResult:  # noqa: A002
        made = await info.context.call(rpc.import_area_indicator, input.struct())
        return AreaIndicatorPayload(indicator=AreaIndicatorVersion.of(made))

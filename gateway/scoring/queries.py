"""Questions to the scoring service."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from typing import Annotated

import strawberry
from strawberry.relay import GlobalID

from gateway.context import Info
from gateway.pages import After, Connection, First, continued, id_place, page, place_of, size, uuid_of
from gateway.scoring.types import Figure, Framework, PersonScores
from schemas.rpc import scoring as rpc
from schemas.rpc.base import PageRequest

LARGEST_FIGURES = 1_000
FrameworkId = Annotated[GlobalID, strawberry.argument(description="The framework.")]
Areas = Annotated[
    list[str] | None,
    strawberry.argument(description="GSS codes. Left out: every area. The whole council comes along with them."),
]
AttributeCode = Annotated[
    str | None,
    strawberry.argument(description="Group people by this attribute, such as age_band. Left out: all people together."),
]
Version = Annotated[
    int | None,
    strawberry.argument(description="By this version of the framework, which may have been replaced since."),
]
SecondAttribute = Annotated[
    str | None,
    strawberry.argument(
        description="With attribute: group people by both, for the whole council. One of the framework's pairs."
    ),
]
Measures = Annotated[
    list[str] | None, strawberry.argument(description='Domains\' codes, or "index". Left out: all of them.')
]
Wave = Annotated[
    str | None, strawberry.argument(description="The round of asking. Left out: the newest that has figures.")
]


@strawberry.type
class ScoringQuery:
    @strawberry.field(description="The council's frameworks, newest first.")
    async def frameworks(self, info: Info, first: First = 20, after: After = None) -> Connection[Framework] | None:
        reply = await info.context.call(rpc.list_frameworks, PageRequest(first=size(first), after=id_place(after)))
        return page(reply.items, Framework.of, lambda f: f.id, more=reply.has_next)

    @strawberry.field(description="The caller's own scores, newest first; of one framework where it is given.")
    async def my_scores(
        self, info: Info, framework_id: GlobalID | None = None, first: First = 20, version: Version = None
    ) -> list[PersonScores] | None:
        framework = uuid_of(framework_id, "Framework", "frameworkId") if framework_id else None
        reply = await info.context.call(rpc.my_scores, rpc.MyScores(framework, size(first), version))
        return [PersonScores.of(s) for s in reply.items]

    @strawberry.field(description="Published figures of a framework, by area and by group of people.")
    async def figures(
        self,
        info: Info,
        framework_id: FrameworkId,
        attribute: AttributeCode = None,
        areas: Areas = None,
        measures: Measures = None,
        council: Annotated[bool, strawberry.argument(description="Whether the whole council comes along.")] = True,
        first: Annotated[int, strawberry.argument(description="How many, from 1 to 1,000.")] = 500,
        after: After = None,
        wave: Wave = None,
        version: Version = None,
        weighting: Annotated[
            int | None, strawberry.argument(description="By which weighting. Left out: the newest of the round.")
        ] = None,
        second_attribute: SecondAttribute = None,
    ) -> Connection[Figure] | None:
        request = rpc.FiguresRequest(
            framework_id=uuid_of(framework_id, "Framework", "frameworkId"),
            measures=tuple(measures or ()),
            areas=tuple(areas or ()),
            council=council,
            attribute=attribute,
            first=size(first, LARGEST_FIGURES),
            after=place_of(after),
            wave=wave,
            framework_version=version,
            weighting=weighting,
            second_attribute=second_attribute,
        )
        reply = await info.context.call(rpc.figures, request)
        return continued(reply.items, Figure.of, reply.next)

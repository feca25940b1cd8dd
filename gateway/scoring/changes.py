"""Change between two waves, of oneself and of published figures."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated, Self

import strawberry
from strawberry.relay import GlobalID

from gateway.context import Info
from gateway.pages import After, Connection, continued, global_id, place_of, size, uuid_of
from gateway.scoring.queries import LARGEST_FIGURES, Areas, AttributeCode, FrameworkId, Measures
from schemas.errors import NotFound
from schemas.rpc import scoring as rpc


@strawberry.enum(description="What to make of a change.")
class Verdict(Enum):
    MORE = "more"
    LESS = "less"
    NO_CLEAR_CHANGE = "no_clear_change"
    UNKNOWN = "unknown"


WORDS = {
    Verdict.MORE: "This has gone up.",
    Verdict.LESS: "This has gone down.",
    Verdict.NO_CLEAR_CHANGE: "This has stayed about the same.",
    Verdict.UNKNOWN: "We cannot say yet whether this has changed.",
}


@strawberry.type(description="The change of a person's own score.")
class MeasureChange:
    measure: str = strawberry.field(description='What is measured: a domain\'s code, or "index" for all together.')
    title: str = strawberry.field(description="Its name.")
    before: float = strawberry.field(description="The score before.")
    after: float = strawberry.field(description="The score after.")
    verdict: Verdict = strawberry.field(description="What to make of it, given how far answers waver by themselves.")
    words: str = strawberry.field(description="The same in plain words.")
    index: float | None = strawberry.field(
        description="The reliable-change index of Jacobson and Truax; clear beyond 1.96. Null where it is unknown."
    )
    clear_from: float | None = strawberry.field(description="The least change, in points, that would be clear.")

    @classmethod
    def of(cls, m: rpc.MeasureChange) -> Self:
        verdict = Verdict(m.verdict)
        return cls(
            measure=m.measure,
            title=m.title,
            before=m.before,
            after=m.after,
            verdict=verdict,
            words=WORDS[verdict],
            index=m.index,
            clear_from=m.clear_from,
        )


@strawberry.type(description="A person's own change between two waves.")
class PersonChange:
    source: strawberry.Private[rpc.PersonChange]
    framework_version: int = strawberry.field(description="The version that both are counted by.")
    before: str = strawberry.field(description="The earlier wave's code.")
    after: str = strawberry.field(description="The later wave's code.")
    before_at: datetime = strawberry.field(description="When the earlier response was sent.")
    after_at: datetime = strawberry.field(description="When the later response was sent.")

    @strawberry.field(description="The framework's id.")
    def framework_id(self) -> GlobalID:
        return global_id("Framework", self.source.framework_id)

    @strawberry.field(description="Measure by measure.")
    def measures(self) -> list[MeasureChange]:
        return [MeasureChange.of(m) for m in self.source.measures]


@strawberry.type(description="The change of a published figure, or the word that there are too few people to tell.")
class CellChange:
    measure: str = strawberry.field(description='What is measured: a domain\'s code, or "index" for all together.')
    title: str = strawberry.field(description="Its name.")
    area: str | None = strawberry.field(description="The area's GSS code; null for the whole council.")
    attribute: str | None = strawberry.field(description="The attribute that people are grouped by, if any.")
    category: str | None = strawberry.field(description="The group of people, if any.")
    suppressed: bool = strawberry.field(description="True where a figure of either wave is held back.")
    difference: float | None = strawberry.field(description="After less before, in points.")
    low: float | None = strawberry.field(description="The change is hardly less than this.")
    high: float | None = strawberry.field(description="The change is hardly more than this.")
    method: str | None = strawberry.field(description='How it was tested: "welch", as two groups of people.')
    verdict: Verdict | None = strawberry.field(description="What to make of it.")

    @classmethod
    def of(cls, c: rpc.CellChange) -> Self:
        return cls(
            measure=c.measure,
            title=c.title,
            area=c.area,
            attribute=c.attribute,
            category=c.category,
            suppressed=c.suppressed,
            difference=c.difference,
            low=c.low,
            high=c.high,
            method=c.method,
            verdict=Verdict(c.verdict) if c.verdict is not None else None,
        )


Before = Annotated[str, strawberry.argument(description="The earlier wave's code.")]
Later = Annotated[str, strawberry.argument(description="The later wave's code.")]
MyWave = Annotated[str | None, strawberry.argument(description="A wave's code. Left out: the two newest.")]


@strawberry.type
class ChangesQuery:
    @strawberry.field(description="The caller's own change between two waves; null where there are no two.")
    async def my_change(
        self, info: Info, framework_id: FrameworkId, before: MyWave = None, after: MyWave = None
    ) -> PersonChange | None:
        request = rpc.MyChange(uuid_of(framework_id, "Framework", "frameworkId"), before, after)
        try:
            found = await info.context.call(rpc.my_change, request)
        except NotFound:
            return None
        return PersonChange(
            source=found,
            framework_version=found.framework_version,
            before=found.before,
            after=found.after,
            before_at=found.before_at,
            after_at=found.after_at,
        )

    @strawberry.field(description="How published figures changed between two waves, each with its interval.")
    async def cell_change(
        self,
        info: Info,
        framework_id: FrameworkId,
        before: Before,
        wave: Later,
        attribute: AttributeCode = None,
        areas: Areas = None,
        measures: Measures = None,
        council: Annotated[bool, strawberry.argument(description="Whether the whole council comes along.")] = True,
        first: Annotated[int, strawberry.argument(description="How many, from 1 to 1,000.")] = 500,
        after: After = None,
    ) -> Connection[CellChange] | None:
        request = rpc.CellChangeRequest(
            framework_id=uuid_of(framework_id, "Framework", "frameworkId"),
            before=before,
            wave=wave,
            measures=tuple(measures or ()),
            areas=tuple(areas or ()),
            council=council,
            attribute=attribute,
            first=size(first, LARGEST_FIGURES),
            after=place_of(after),
        )
        reply = await info.context.call(rpc.cell_change, request)
        return continued(reply.items, CellChange.of, reply.next)

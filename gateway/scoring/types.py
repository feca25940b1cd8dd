"""Frameworks, scores and published figures as GraphQL shows them."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import Enum
from typing import Self
from uuid import UUID

import strawberry
from strawberry.relay import GlobalID, Node, NodeID

from gateway.context import Info
from gateway.pages import global_id
from gateway.scoring.loaders import frameworks
from gateway.scoring.reliability import ScoreWarning, warnings_of
from gateway.scoring.scales import Band, Scale
from gateway.scoring.weights import WeightedScore
from gateway.surveys.loaders import questionnaires
from gateway.surveys.types import Questionnaire
from schemas.rpc import scoring as rpc

MEASURE = "What is measured: a domain's or a scale's code, or \"index\" for the domains together."


@strawberry.enum(description="What state a framework is in.")
class FrameworkStatus(Enum):
    DRAFT = "draft"
    COUNTING = "counting"
    LIVE = "live"
    REPLACED = "replaced"


@strawberry.enum(
    description="How an indicator is put on 0 to 100. MIN_MAX: by the ends of its range; nobody else matters. The "
    "others compare with everybody whose answers were there when the version was made live. Z: 50 + 10 × the distance "
    "from the mean in standard deviations. RANK: the place among all, 100 the highest. IMD_EXPONENTIAL: the place with "
    "the upper end drawn out, as in the Indices of Deprivation."
)
class Normalisation(Enum):
    MIN_MAX = "min_max"
    Z = "z"
    RANK = "rank"
    IMD_EXPONENTIAL = "imd_exponential"


@strawberry.enum(
    description="How parts make a whole. ARITHMETIC: a high part makes up for a low one. GEOMETRIC: the lower a part "
    "is, the less it can be made up for; parts below 1 count as 1."
)
class Aggregation(Enum):
    ARITHMETIC = "arithmetic"
    GEOMETRIC = "geometric"


@strawberry.type(description="A question that counts towards an indicator.")
class FrameworkItem:
    code: str = strawberry.field(description="The question's code.")
    direction: int = strawberry.field(description="1, or -1 where a high answer means less of what is measured.")


@strawberry.type(description="The mean of some questions, each put on a range of 0 to 100, or a scale put on it.")
class Indicator:
    code: str = strawberry.field(description="Its code.")
    title: str = strawberry.field(description="Its name.")
    weight: float = strawberry.field(description="How much it counts in its domain.")
    minimum_items: int = strawberry.field(description="How many questions must have been answered.")
    items: list[FrameworkItem] = strawberry.field(description="The questions.")
    scale: str | None = strawberry.field(description="The scale that it is, if it is one.")
    normalisation: Normalisation = strawberry.field(description="How it is put on 0 to 100.")


@strawberry.type(description="An indicator of areas from elsewhere, put on 0 to 100 by comparing the areas.")
class AreaIndicator:
    code: str = strawberry.field(description="Its code.")
    direction: int = strawberry.field(description="1, or -1 where a high value is bad.")
    weight: float = strawberry.field(description="How much it counts in the domain.")
    normalisation: Normalisation = strawberry.field(description="How it is put on 0 to 100.")
    version: int | None = strawberry.field(description="Which version of it.")
    year: int | None = strawberry.field(description="Which year of it.")


@strawberry.type(description="The weighted mean of some indicators.")
class Domain:
    code: str = strawberry.field(description="Its code, as figures and scores name it.")
    title: str = strawberry.field(description="Its name.")
    weight: float = strawberry.field(description="How much it counts in the index.")
    indicators: list[Indicator] = strawberry.field(description="The indicators.")
    aggregation: Aggregation = strawberry.field(description="How the indicators make the domain.")
    area_indicators: list[AreaIndicator] = strawberry.field(description="What counts as well where areas are scored.")
    survey_weight: float = strawberry.field(description="How much the survey's figure counts beside those.")
    tags: list[str] = strawberry.field(description="The directory's tags that have to do with it.")

    @classmethod
    def of(cls, d: rpc.Domain) -> Self:
        return cls(
            code=d.code,
            title=d.title,
            weight=d.weight,
            indicators=[
                Indicator(
                    code=i.code,
                    title=i.title,
                    weight=i.weight,
                    minimum_items=i.minimum_items,
                    items=[FrameworkItem(code=x.code, direction=x.direction) for x in i.items],
                    scale=i.scale,
                    normalisation=Normalisation(i.normalisation),
                )
                for i in d.indicators
            ],
            aggregation=Aggregation(d.aggregation),
            area_indicators=[
                AreaIndicator(
                    code=i.code,
                    direction=i.direction,
                    weight=i.weight,
                    normalisation=Normalisation(i.normalisation),
                    version=i.version,
                    year=i.year,
                )
                for i in d.area_indicators
            ],
            survey_weight=d.survey_weight,
            tags=list(d.tags),
        )


@strawberry.type(description="What a framework is derived from: another framework, or an instrument of the library.")
class FrameworkBase:
    framework_id: GlobalID | None = strawberry.field(description="The framework's id; null for an instrument.")
    instrument: str | None = strawberry.field(description="The instrument's code; null for a framework.")
    version: int = strawberry.field(description="Its version.")

    @classmethod
    def of(cls, b: rpc.Base) -> Self:
        base = global_id("Framework", b.framework_id) if b.framework_id else None
        return cls(framework_id=base, instrument=b.instrument, version=b.version)


@strawberry.type(description="Two attributes that people are grouped by together.")
class AttributePair:
    first: str = strawberry.field(description="An attribute, such as age_band.")
    second: str = strawberry.field(description="Another, such as gender.")


@strawberry.type(description="What is measured, and how it is counted. A live version never changes.")
class Framework(Node):
    id: NodeID[UUID]
    source: strawberry.Private[rpc.Framework]
    slug: str = strawberry.field(description="Its short name.")
    version: int = strawberry.field(description="Which version this is.")
    status: FrameworkStatus = strawberry.field(description="What state it is in.")
    title: str = strawberry.field(description="Its name.")
    created_at: datetime = strawberry.field(description="When it was first made.")
    live_since: datetime | None = strawberry.field(description="When it began to count.")

    @strawberry.field(description="The domains that make up the index.")
    def domains(self) -> list[Domain]:
        return [Domain.of(d) for d in self.source.definition.domains]

    @strawberry.field(description="How the domains make the index.")
    def aggregation(self) -> Aggregation:
        return Aggregation(self.source.definition.aggregation)

    @strawberry.field(description="What it is derived from; null where it stands for itself.")
    def base(self) -> FrameworkBase | None:
        return FrameworkBase.of(self.source.base) if self.source.base else None

    @strawberry.field(description="Pairs of attributes that groups are compared by.")
    def pairs(self) -> list[AttributePair]:
        return [AttributePair(first=one, second=other) for one, other in self.source.definition.pairs]

    @strawberry.field(description="Measures with a range of their own.")
    def scales(self) -> list[Scale]:
        return [Scale.of(s) for s in self.source.definition.scales]

    @strawberry.field(description="The questionnaire that it counts.")
    async def questionnaire(self, info: Info) -> Questionnaire | None:
        found = await questionnaires(info.context).load(self.source.definition.questionnaire_id)
        return Questionnaire.of(found) if found else None

    @classmethod
    def of(cls, f: rpc.Framework) -> Self:
        return cls(
            id=f.id,
            source=f,
            slug=f.slug,
            version=f.version,
            status=FrameworkStatus(f.status),
            title=f.definition.title,
            created_at=f.created_at,
            live_since=f.live_since,
        )

    @classmethod
    async def resolve_nodes(  # type: ignore[override]  # strawberry's signature is a union of sync and async forms
        cls,
        *,
        info: Info,
        node_ids: Iterable[str],
        required: bool = False,  # noqa: ARG003
    ) -> list[Self | None]:
        found = await frameworks(info.context).load_many([UUID(i) for i in node_ids])
        return [cls.of(f) if f else None for f in found]


@strawberry.type(description="A person's score.")
class MeasureScore:
    measure: str = strawberry.field(description=MEASURE)
    title: str = strawberry.field(description="Its name.")
    score: float = strawberry.field(description="From minimum to maximum.")
    minimum: float = strawberry.field(description="The lowest possible score.")
    maximum: float = strawberry.field(description="The highest possible score.")
    band: Band | None = strawberry.field(description="The part of the range that it is in, if there are parts.")
    warnings: list[ScoreWarning] = strawberry.field(description="Why it should be read with care.")

    @classmethod
    def of(cls, s: rpc.MeasureScore) -> Self:
        return cls(
            measure=s.measure,
            title=s.title,
            score=s.score,
            minimum=s.minimum,
            maximum=s.maximum,
            band=Band.of(s.band) if s.band else None,
            warnings=warnings_of(s.warnings),
        )


@strawberry.type(description="A person's own scores from one response.")
class PersonScores:
    source: strawberry.Private[rpc.PersonScores]
    framework_version: int = strawberry.field(description="The version that it was counted by.")
    submitted_at: datetime = strawberry.field(description="When the response was sent.")
    area: str | None = strawberry.field(description="The response's area, by its GSS code.")
    wave: str = strawberry.field(description="The response's round of asking; empty where people are asked once.")

    @strawberry.field(description="The scores.")
    def scores(self) -> list[MeasureScore]:
        return [MeasureScore.of(s) for s in self.source.scores]

    @strawberry.field(description="The response that they come from.")
    def response_id(self) -> GlobalID:
        return global_id("Response", self.source.response_id)

    @strawberry.field(description="The framework's id.")
    def framework_id(self) -> GlobalID:
        return global_id("Framework", self.source.framework_id)

    @strawberry.field(description="The framework that it was counted by.")
    async def framework(self, info: Info) -> Framework | None:
        found = await frameworks(info.context).load(self.source.framework_id)
        return Framework.of(found) if found else None

    @classmethod
    def of(cls, s: rpc.PersonScores) -> Self:
        return cls(
            source=s,
            framework_version=s.framework_version,
            submitted_at=s.submitted_at,
            area=s.area,
            wave=s.wave,
        )


@strawberry.type(description="A published figure, or the word that there are too few people to show one.")
class Figure:
    framework_id: GlobalID = strawberry.field(description="The framework's id.")
    framework_version: int = strawberry.field(description="The version that it was counted by.")
    measure: str = strawberry.field(description=MEASURE)
    title: str = strawberry.field(description="Its name.")
    area: str | None = strawberry.field(description="The area's GSS code; null for the whole council.")
    attribute: str | None = strawberry.field(description="The attribute that people are grouped by, if any.")
    category: str | None = strawberry.field(description="The group of people, if any.")
    second_attribute: str | None = strawberry.field(description="The other attribute of a pair, if any.")
    second_category: str | None = strawberry.field(description="The group by the other attribute, if any.")
    suppressed: bool = strawberry.field(description="True where the figure is held back, to protect people.")
    n: int | None = strawberry.field(description="How many people; null where held back.")
    score: float | None = strawberry.field(description="Their mean score; null where held back.")
    minimum: float = strawberry.field(description="The lowest possible score.")
    maximum: float = strawberry.field(description="The highest possible score.")
    released_at: datetime = strawberry.field(description="When it came out.")
    wave: str = strawberry.field(description="The round of asking; empty where people are asked once.")
    low: float | None = strawberry.field(
        description="Where the score's interval begins: the score of everybody could well lie from here to high."
    )
    high: float | None = strawberry.field(description="Where it ends.")
    level: float | None = strawberry.field(description="How many of such intervals are right: 0.95.")
    method: str | None = strawberry.field(description="How the interval is worked out.")
    warnings: list[ScoreWarning] = strawberry.field(description="Why the score should be read with care.")
    weighted: WeightedScore | None = strawberry.field(
        description="The figure with weights, where there is one that may be seen; score is the one without."
    )

    @classmethod
    def of(cls, f: rpc.Figure) -> Self:
        return cls(
            framework_id=global_id("Framework", f.framework_id),
            framework_version=f.framework_version,
            measure=f.measure,
            title=f.title,
            area=f.area,
            attribute=f.attribute,
            category=f.category,
            second_attribute=f.second_attribute,
            second_category=f.second_category,
            suppressed=f.suppressed,
            n=f.n,
            score=f.score,
            minimum=f.minimum,
            maximum=f.maximum,
            released_at=f.released_at,
            wave=f.wave,
            low=f.low,
            high=f.high,
            level=f.level,
            method=f.method,
            warnings=warnings_of(f.warnings),
            weighted=WeightedScore.of(f.weighted) if f.weighted else None,
        )

"""Frameworks: making, changing and activating them."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from __future__ import annotations

from typing import Annotated, Literal, cast

import strawberry
from strawberry.relay import GlobalID

from gateway.context import Info
from gateway.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, UnavailableError
from gateway.pages import uuid_of
from gateway.scoring.scales import ScaleInput
from gateway.scoring.types import Aggregation, Framework, Normalisation
from schemas.rpc import scoring as rpc
from schemas.rpc.base import ById


@strawberry.input(description="A question that counts towards an indicator.")
class FrameworkItemInput:
    code: str = strawberry.field(description="The question's code.")
    direction: int = strawberry.field(default=1, description="1, or -1 where a high answer means less.")


@strawberry.input(description="The mean of some questions.")
class IndicatorInput:
    code: str = strawberry.field(description="Its code.")
    title: str = strawberry.field(description="Its name.")
    items: list[FrameworkItemInput] = strawberry.field(default_factory=list, description="The questions.")
    weight: float = strawberry.field(default=1.0, description="How much it counts in its domain.")
    minimum_items: int = strawberry.field(default=1, description="How many questions must have been answered.")
    scale: str | None = strawberry.field(default=None, description="In the place of questions: a scale's code.")
    normalisation: Normalisation = strawberry.field(
        default=Normalisation.MIN_MAX, description="How it is put on 0 to 100."
    )


@strawberry.input(description="An indicator of areas from elsewhere, put on 0 to 100 by comparing the areas.")
class AreaIndicatorInput:
    code: str = strawberry.field(description="Its code.")
    direction: int = strawberry.field(default=1, description="1, or -1 where a high value is bad.")
    weight: float = strawberry.field(default=1.0, description="How much it counts in the domain.")
    normalisation: Normalisation = strawberry.field(
        default=Normalisation.MIN_MAX, description="How it is put on 0 to 100."
    )
    version: int | None = strawberry.field(default=None, description="Which version of it; the newest unless given.")
    year: int | None = strawberry.field(default=None, description="Which year of it; the newest unless given.")

    def struct(self) -> rpc.AreaIndicator:
        direction = cast("Literal[1, -1]", self.direction)
        return rpc.AreaIndicator(self.code, direction, self.weight, self.normalisation.value, self.version, self.year)


@strawberry.input(description="The weighted mean of some indicators.")
class DomainInput:
    code: str = strawberry.field(description="Its code.")
    title: str = strawberry.field(description="Its name.")
    indicators: list[IndicatorInput] = strawberry.field(description="The indicators.")
    weight: float = strawberry.field(default=1.0, description="How much it counts in the index.")
    aggregation: Aggregation = strawberry.field(
        default=Aggregation.ARITHMETIC, description="How the indicators make the domain."
    )
    area_indicators: list[AreaIndicatorInput] = strawberry.field(
        default_factory=list, description="What counts as well where areas are scored."
    )
    survey_weight: float = strawberry.field(
        default=1.0, description="How much the survey's figure counts beside those."
    )
    tags: list[str] = strawberry.field(
        default_factory=list, description="The directory's tags that have to do with it, at most 20."
    )


@strawberry.input(description="Two attributes that people are grouped by together.")
class AttributePairInput:
    first: str = strawberry.field(description="An attribute, such as age_band.")
    second: str = strawberry.field(description="Another, such as gender.")


@strawberry.input(description="What is measured, and how it is counted.")
class FrameworkDefinitionInput:
    title: str = strawberry.field(description="Its name.")
    questionnaire_id: GlobalID = strawberry.field(description="The questionnaire that it counts.")
    domains: list[DomainInput] = strawberry.field(
        default_factory=list, description="The domains that make up the index."
    )
    scales: list[ScaleInput] = strawberry.field(default_factory=list, description="Measures with a range of their own.")
    aggregation: Aggregation = strawberry.field(
        default=Aggregation.ARITHMETIC, description="How the domains make the index."
    )
    pairs: list[AttributePairInput] = strawberry.field(
        default_factory=list,
        description="Pairs of attributes to compare groups by, at most 10. Each leaves fewer people to hide behind.",
    )

    def struct(self) -> rpc.FrameworkDefinition:
        return rpc.FrameworkDefinition(
            self.title,
            uuid_of(self.questionnaire_id, "Questionnaire", "definition", "questionnaireId"),
            tuple(
                rpc.Domain(
                    d.code,
                    d.title,
                    tuple(
                        rpc.Indicator(
                            i.code,
                            i.title,
                            tuple(rpc.FrameworkItem(x.code, cast("Literal[1, -1]", x.direction)) for x in i.items),
                            i.weight,
                            i.minimum_items,
                            i.scale,
                            i.normalisation.value,
                        )
                        for i in d.indicators
                    ),
                    d.weight,
                    d.aggregation.value,
                    tuple(i.struct() for i in d.area_indicators),
                    d.survey_weight,
                    tuple(d.tags),
                )
                for d in self.domains
            ),
            tuple(s.struct() for s in self.scales),
            self.aggregation.value,
            tuple((p.first, p.second) for p in self.pairs),
        )


@strawberry.input(description="Which question of a questionnaire asks an instrument's item.")
class ItemMappingInput:
    item: str = strawberry.field(description="The item's code in the library.")
    question: str = strawberry.field(description="The question's code.")


@strawberry.input(description="An instrument of the library, and the questionnaire that it scores.")
class UseInstrumentInput:
    code: str = strawberry.field(description="The instrument's code.")
    questionnaire_id: GlobalID = strawberry.field(description="The questionnaire.")
    version: int | None = strawberry.field(default=None, description="Its version; the newest where left out.")
    mapping: list[ItemMappingInput] = strawberry.field(
        default_factory=list, description="Items whose questions have another code than they have."
    )

    def struct(self) -> rpc.UseInstrument:
        return rpc.UseInstrument(
            self.code,
            uuid_of(self.questionnaire_id, "Questionnaire", "instrument", "questionnaireId"),
            self.version,
            {m.item: m.question for m in self.mapping},
        )


@strawberry.input(description="A new framework: with a definition, or from an instrument of the library.")
class CreateFrameworkInput:
    slug: str = strawberry.field(description="Its short name: small letters, digits, - and _.")
    definition: FrameworkDefinitionInput | None = strawberry.field(default=None, description="Everything it holds.")
    instrument: UseInstrumentInput | None = strawberry.field(
        default=None, description="In the place of a definition: the instrument that scores."
    )


@strawberry.input(description="A new way of counting.")
class ReviseFrameworkInput:
    id: GlobalID = strawberry.field(description="The framework.")
    definition: FrameworkDefinitionInput = strawberry.field(description="Everything it shall hold.")


@strawberry.input(description="The framework that shall count.")
class ActivateFrameworkInput:
    id: GlobalID = strawberry.field(description="The framework.")


@strawberry.type(description="It is done.")
class FrameworkPayload:
    framework: Framework = strawberry.field(description="The framework as it is now.")


CreateFrameworkResult = Annotated[
    FrameworkPayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("CreateFrameworkResult", description="The framework, or why not."),
]
ReviseFrameworkResult = Annotated[
    FrameworkPayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("ReviseFrameworkResult", description="The framework, or why not."),
]
ActivateFrameworkResult = Annotated[
    FrameworkPayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("ActivateFrameworkResult", description="The framework, or why not."),
]


def _payload(framework: rpc.Framework) -> FrameworkPayload:
    return FrameworkPayload(framework=Framework.of(framework))


@strawberry.type
class FrameworksMutation:
    @strawberry.mutation(description="Start a framework as a draft. For officers.")
    async def create_framework(self, info: Info, input: CreateFrameworkInput) -> CreateFrameworkResult:  # noqa: A002
        request = rpc.CreateFramework(
            input.slug,
            input.definition.struct() if input.definition else None,
            input.instrument.struct() if input.instrument else None,
        )
        return _payload(await info.context.call(rpc.create_framework, request))

    @strawberry.mutation(description="Replace the draft, or start the draft of the next version. For officers.")
    async def revise_framework(self, info: Info, input: ReviseFrameworkInput) -> ReviseFrameworkResult:  # noqa: A002
        request = rpc.ReviseFramework(uuid_of(input.id, "Framework"), input.definition.struct())
        return _payload(await info.context.call(rpc.revise_framework, request))

    @strawberry.mutation(
        description="Count the stored responses by the draft, and let it count from then on. Where there are many, "
        "that goes on in the background: `runs` tells how far it is, and the version before counts until then. For "
        "officers."
    )
    async def activate_framework(self, info: Info, input: ActivateFrameworkInput) -> ActivateFrameworkResult:  # noqa: A002
        return _payload(await info.context.call(rpc.activate_framework, ById(uuid_of(input.id, "Framework"))))

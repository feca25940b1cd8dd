"""Figures with noise (differential privacy), in the place of ordinary ones."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated, Self

import strawberry
from strawberry.relay import GlobalID

from gateway.context import Info
from gateway.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, UnavailableError
from gateway.pages import global_id, uuid_of
from schemas.rpc import scoring as rpc

FrameworkArgument = Annotated[GlobalID, strawberry.argument(description="The framework.")]


@strawberry.type(description="How much a framework may tell with noise, and has told. Epsilon measures what is told.")
class PrivacyBudget:
    framework_id: GlobalID = strawberry.field(description="The framework's id.")
    on: bool = strawberry.field(description="Whether figures have noise, and ordinary ones do not come out.")
    total: float = strawberry.field(description="The epsilon that all releases together may spend.")
    spent: float = strawberry.field(description="What they have spent.")
    left: float = strawberry.field(description="What is left.")

    @classmethod
    def of(cls, b: rpc.PrivacyBudget) -> Self:
        return cls(
            framework_id=global_id("Framework", b.framework_id), on=b.on, total=b.total, spent=b.spent, left=b.left
        )


@strawberry.type(description="A figure with noise. Its intervals, of 95%, hold the figure without noise.")
class PrivateFigure:
    area: str | None = strawberry.field(description="The area's code; null for the whole council.")
    category: str | None = strawberry.field(description="The group; null for everybody.")
    measure: str = strawberry.field(description='A measure\'s code, or "index".')
    n: int = strawberry.field(description="How many people, with noise.")
    n_low: int = strawberry.field(description="Where the interval of n begins.")
    n_high: int = strawberry.field(description="Where it ends.")
    score: float | None = strawberry.field(description="Their mean score, with noise; null where n is nought.")
    low: float | None = strawberry.field(description="Where the interval of the score begins.")
    high: float | None = strawberry.field(description="Where it ends.")


@strawberry.enum(description="How noise is drawn.")
class NoiseMechanism(Enum):
    DISCRETE_LAPLACE = strawberry.enum_value(
        "discrete_laplace", description="Whole numbers, from the discrete Laplace distribution."
    )


@strawberry.type(description="Figures that were drawn once, with noise, and stay as they are.")
class PrivateRelease:
    framework_id: GlobalID = strawberry.field(description="The framework's id.")
    framework_version: int = strawberry.field(description="The version that it is about.")
    number: int = strawberry.field(description="Its number: 1 is the first of the framework.")
    wave: str = strawberry.field(description="The round of asking; empty where people are asked once.")
    level: str | None = strawberry.field(description="The level of its areas; null for the whole council.")
    attribute: str | None = strawberry.field(description="What people are grouped by; null for everybody together.")
    measures: list[str] = strawberry.field(description="The measures that epsilon is shared by.")
    epsilon: float = strawberry.field(description="What it spent: the less, the more noise.")
    spent: float = strawberry.field(description="What it and those before it spent.")
    mechanism: NoiseMechanism = strawberry.field(description="How noise was drawn.")
    figures: list[PrivateFigure] = strawberry.field(description="The figures.")
    released_at: datetime = strawberry.field(description="When they were drawn.")

    @classmethod
    def of(cls, r: rpc.PrivateRelease) -> Self:
        return cls(
            framework_id=global_id("Framework", r.framework_id),
            framework_version=r.framework_version,
            number=r.number,
            wave=r.wave,
            level=r.level,
            attribute=r.attribute,
            measures=list(r.measures),
            epsilon=r.epsilon,
            spent=r.spent,
            mechanism=NoiseMechanism(r.mechanism),
            figures=[
                PrivateFigure(
                    area=f.area,
                    category=f.category,
                    measure=f.measure,
                    n=f.n,
                    n_low=f.n_low,
                    n_high=f.n_high,
                    score=f.score,
                    low=f.low,
                    high=f.high,
                )
                for f in r.figures
            ],
            released_at=r.released_at,
        )


@strawberry.type
class PrivateQuery:
    @strawberry.field(description="How much a framework may tell with noise, and has told. For officers and analysts.")
    async def privacy_budget(self, info: Info, framework_id: FrameworkArgument) -> PrivacyBudget | None:
        request = rpc.PrivacyBudgetRequest(uuid_of(framework_id, "Framework", "frameworkId"))
        return PrivacyBudget.of(await info.context.call(rpc.privacy_budget, request))

    @strawberry.field(
        description="Figures with noise, newest release first. They are never put together with ordinary figures: a "
        "questionnaire has the one kind or the other."
    )
    async def private_releases(
        self,
        info: Info,
        framework_id: FrameworkArgument,
        first: Annotated[int, strawberry.argument(description="How many releases; 10 at most.")] = 1,
        before: Annotated[int | None, strawberry.argument(description="Those with a smaller number.")] = None,
    ) -> list[PrivateRelease] | None:
        request = rpc.ListPrivateReleases(uuid_of(framework_id, "Framework", "frameworkId"), first, before)
        return [PrivateRelease.of(r) for r in (await info.context.call(rpc.private_releases, request)).items]


@strawberry.input(description="Whether figures of a framework have noise.")
class SetPrivateFiguresInput:
    framework_id: GlobalID = strawberry.field(description="The framework.")
    on: bool = strawberry.field(
        description="True: figures come out with noise, when an officer asks, and ordinary ones of its questionnaire "
        "do not come out. It cannot be taken back after the first release."
    )


@strawberry.input(description="How much a framework may tell with noise.")
class SetPrivacyBudgetInput:
    framework_id: GlobalID = strawberry.field(description="The framework.")
    total: float = strawberry.field(description="The epsilon that all its releases together may spend, for good.")


@strawberry.input(description="Which figures to draw, and what to spend on them.")
class ReleasePrivateFiguresInput:
    framework_id: GlobalID = strawberry.field(description="The framework.")
    epsilon: float = strawberry.field(description="What to spend, from 0.001 to 10: the less, the more noise.")
    attribute: str | None = strawberry.field(default=None, description="What to group people by.")
    level: str | None = strawberry.field(default=None, description='The level of areas, such as "ward".')
    measures: list[str] = strawberry.field(
        default_factory=list, description="Which measures; all unless given. The fewer, the less noise in each."
    )
    wave: str = strawberry.field(default="", description="The round of asking.")


@strawberry.type(description="How much may be told, as it is now.")
class PrivacyBudgetPayload:
    budget: PrivacyBudget = strawberry.field(description="The budget.")


@strawberry.type(description="What was drawn.")
class PrivateReleasePayload:
    release: PrivateRelease = strawberry.field(description="The release.")


SetPrivateFiguresResult = Annotated[
    PrivacyBudgetPayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("SetPrivateFiguresResult", description="The budget, or why not."),
]
SetPrivacyBudgetResult = Annotated[
    PrivacyBudgetPayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("SetPrivacyBudgetResult", description="The budget, or why not."),
]
ReleasePrivateFiguresResult = Annotated[
    PrivateReleasePayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("ReleasePrivateFiguresResult", description="The release, or why not."),
]


@strawberry.type
class PrivateMutation:
    @strawberry.mutation(description="Switch figures with noise on or off. For officers.")
    async def set_private_figures(self, info: Info, input: SetPrivateFiguresInput) -> SetPrivateFiguresResult:  # noqa: A002
        request = rpc.SetPrivateFigures(uuid_of(input.framework_id, "Framework", "frameworkId"), input.on)
        return PrivacyBudgetPayload(budget=PrivacyBudget.of(await info.context.call(rpc.set_private_figures, request)))

    @strawberry.mutation(description="Say how much a framework may tell with noise, ever. For admins.")
    async def set_privacy_budget(self, info: Info, input: SetPrivacyBudgetInput) -> SetPrivacyBudgetResult:  # noqa: A002
        request = rpc.SetPrivacyBudget(uuid_of(input.framework_id, "Framework", "frameworkId"), input.total)
        return PrivacyBudgetPayload(budget=PrivacyBudget.of(await info.context.call(rpc.set_privacy_budget, request)))

    @strawberry.mutation(description="Draw figures with noise, once, and pay for them from the budget. For officers.")
    async def release_private_figures(
        self,
        info: Info,
        input: ReleasePrivateFiguresInput,  # noqa: A002
    ) -> ReleasePrivateFiguresResult:
        request = rpc.ReleasePrivateFigures(
            uuid_of(input.framework_id, "Framework", "frameworkId"),
            input.epsilon,
            input.attribute,
            input.level,
            tuple(input.measures),
            input.wave,
        )
        release = await info.context.call(rpc.release_private_figures, request)
        return PrivateReleasePayload(release=PrivateRelease.of(release))

"""Quotas and representation: asked for by staff, set by officers."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import strawberry
from strawberry.relay import GlobalID

from gateway.context import Info
from gateway.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, UnavailableError
from gateway.pages import uuid_of
from gateway.surveys.inputs import GroupInput, groups
from gateway.surveys.types.representation import Quota, Representation
from schemas.rpc import surveys as rpc
from schemas.rpc.base import ById

QuestionnaireId = Annotated[GlobalID, strawberry.argument(description="The questionnaire.")]
Attribute = Annotated[
    str,
    strawberry.argument(description="The attribute's code, several with * between, or nothing for areas alone."),
]
ByArea = Annotated[bool, strawberry.argument(description="Whether each area is told apart.")]
OfWave = Annotated[str | None, strawberry.argument(description="Of this wave only.")]


@strawberry.input(description="How many responses of a group are wanted.")
class QuotaInput:
    code: str = strawberry.field(description="Its code: small letters, digits, - and _.")
    label: str = strawberry.field(description="Its name.")
    target: int = strawberry.field(description="How many are wanted.")
    area: str | None = strawberry.field(default=None, description="The area's code; none: anywhere.")
    groups: list[GroupInput] = strawberry.field(default_factory=list, description="The categories it is about.")
    closes: bool = strawberry.field(
        default=False, description="Whether no more are taken from this group once it is full."
    )


@strawberry.input(description="Quotas that take the place of those that the questionnaire had.")
class SetQuotasInput:
    questionnaire_id: GlobalID = strawberry.field(description="The questionnaire.")
    quotas: list[QuotaInput] = strawberry.field(description="All of its quotas.")


@strawberry.type(description="The quotas were taken.")
class QuotasPayload:
    quotas: list[Quota] = strawberry.field(description="The quotas as they are now.")


SetQuotasResult = Annotated[
    QuotasPayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("SetQuotasResult", description="The quotas, or why not."),
]


def _questionnaire(given: GlobalID) -> UUID:
    return uuid_of(given, "Questionnaire", "questionnaireId")


@strawberry.type
class RepresentationQuery:
    @strawberry.field(description="The quotas of a questionnaire, and how far they are. For staff.")
    async def quotas(self, info: Info, questionnaire_id: QuestionnaireId) -> list[Quota] | None:
        reply = await info.context.call(rpc.quotas, ById(_questionnaire(questionnaire_id)))
        return [Quota.of(one) for one in reply.items]

    @strawberry.field(description="Who has answered a questionnaire, beside who lives there. For staff.")
    async def representation(
        self,
        info: Info,
        questionnaire_id: QuestionnaireId,
        attribute: Attribute = "",
        by_area: ByArea = False,
        wave: OfWave = None,
    ) -> Representation | None:
        request = rpc.AskRepresentation(_questionnaire(questionnaire_id), attribute, by_area, wave)
        return Representation.of(await info.context.call(rpc.representation, request))


@strawberry.type
class RepresentationMutation:
    @strawberry.mutation(description="Say how many responses of which groups are wanted. For officers.")
    async def set_quotas(self, info: Info, input: SetQuotasInput) -> SetQuotasResult:  # noqa: A002
        given = tuple(rpc.Quota(q.code, q.label, q.target, q.area, groups(q.groups), q.closes) for q in input.quotas)
        request = rpc.SetQuotas(_questionnaire(input.questionnaire_id), given)
        done = await info.context.call(rpc.set_quotas, request)
        return QuotasPayload(quotas=[Quota.of(one) for one in done.items])

"""Questionnaires: making, changing, publishing and closing them."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry.relay import GlobalID

from gateway.context import Info
from gateway.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, UnavailableError
from gateway.pages import uuid_of
from gateway.surveys.inputs import QuestionnaireDefinitionInput
from gateway.surveys.types import Questionnaire
from schemas.rpc import surveys as rpc
from schemas.rpc.base import ById


@strawberry.input(description="A questionnaire of the library, in the words that the library has.")
class FromInstrumentInput:
    code: str = strawberry.field(description="The instrument's code.")
    version: int | None = strawberry.field(default=None, description="Its version; the newest where left out.")
    languages: list[str] = strawberry.field(
        default_factory=list, description="The languages to take; all of them where left out."
    )
    area_level: str | None = strawberry.field(
        default=None, description="The kind of area to choose from, such as ward."
    )

    def struct(self) -> rpc.FromInstrument:
        return rpc.FromInstrument(self.code, self.version, tuple(self.languages), self.area_level)


@strawberry.input(description="A new questionnaire: with a definition, or from an instrument of the library.")
class CreateQuestionnaireInput:
    slug: str = strawberry.field(description="Its short name: small letters, digits, - and _.")
    definition: QuestionnaireDefinitionInput | None = strawberry.field(default=None, description="Everything it holds.")
    instrument: FromInstrumentInput | None = strawberry.field(
        default=None, description="In the place of a definition: the instrument that it is."
    )


@strawberry.input(description="A new wording.")
class ReviseQuestionnaireInput:
    id: GlobalID = strawberry.field(description="The questionnaire.")
    definition: QuestionnaireDefinitionInput = strawberry.field(description="Everything it shall hold.")


@strawberry.input(description="The questionnaire that is meant.")
class QuestionnaireIdInput:
    id: GlobalID = strawberry.field(description="The questionnaire.")


@strawberry.type(description="It is done.")
class QuestionnairePayload:
    questionnaire: Questionnaire = strawberry.field(description="The questionnaire as it is now.")


CreateQuestionnaireResult = Annotated[
    QuestionnairePayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("CreateQuestionnaireResult", description="The questionnaire, or why not."),
]
ReviseQuestionnaireResult = Annotated[
    QuestionnairePayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("ReviseQuestionnaireResult", description="The questionnaire, or why not."),
]
PublishQuestionnaireResult = Annotated[
    QuestionnairePayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("PublishQuestionnaireResult", description="The questionnaire, or why not."),
]
CloseQuestionnaireResult = Annotated[
    QuestionnairePayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("CloseQuestionnaireResult", description="The questionnaire, or why not."),
]


def _payload(questionnaire: rpc.Questionnaire) -> QuestionnairePayload:
    return QuestionnairePayload(questionnaire=Questionnaire.of(questionnaire))


@strawberry.type
class QuestionnairesMutation:
    @strawberry.mutation(description="Start a questionnaire as a draft. For officers.")
    async def create_questionnaire(self, info: Info, input: CreateQuestionnaireInput) -> CreateQuestionnaireResult:  # noqa: A002
        request = rpc.CreateQuestionnaire(
            input.slug,
            input.definition.struct() if input.definition else None,
            input.instrument.struct() if input.instrument else None,
        )
        return _payload(await info.context.call(rpc.create_questionnaire, request))

    @strawberry.mutation(
        description="Replace the draft, or start the draft of the next version. A published version never changes."
    )
    async def revise_questionnaire(self, info: Info, input: ReviseQuestionnaireInput) -> ReviseQuestionnaireResult:  # noqa: A002
        request = rpc.ReviseQuestionnaire(uuid_of(input.id, "Questionnaire"), input.definition.struct())
        return _payload(await info.context.call(rpc.revise_questionnaire, request))

    @strawberry.mutation(description="Open the draft for answers. For officers.")
    async def publish_questionnaire(self, info: Info, input: QuestionnaireIdInput) -> PublishQuestionnaireResult:  # noqa: A002
        request = ById(uuid_of(input.id, "Questionnaire"))
        return _payload(await info.context.call(rpc.publish_questionnaire, request))

    @strawberry.mutation(description="Take no more answers. For officers.")
    async def close_questionnaire(self, info: Info, input: QuestionnaireIdInput) -> CloseQuestionnaireResult:  # noqa: A002
        request = ById(uuid_of(input.id, "Questionnaire"))
        return _payload(await info.context.call(rpc.close_questionnaire, request))

"""Coming in: by a link, with somebody's help, on paper; saving answers and going on with them."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry.relay import GlobalID

from gateway.context import Info
from gateway.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, UnavailableError
from gateway.inputs import lean
from gateway.pages import global_id, uuid_of
from gateway.surveys.inputs import AnswerInput, GroupInput, answers, groups
from gateway.surveys.loaders import questionnaires
from gateway.surveys.mutations import ResponsePayload, SubmitResponseInput
from gateway.surveys.types import Questionnaire, Receipt
from gateway.surveys.types.ways import LinkKind, SavedAnswers
from schemas.rpc import surveys as rpc


@lean
@strawberry.input(description="A link that somebody came by.")
class FollowLinkInput:
    token: str = strawberry.field(description="The token of the link.")


@lean
@strawberry.input(description="Answers that a worker enters for somebody beside them.")
class SubmitAssistedResponseInput:
    response: SubmitResponseInput = strawberry.field(
        description="The answers. They are not tied to the worker; with a link, they are its participant's."
    )


@lean
@strawberry.input(description="Answers from a paper form.")
class SubmitPaperResponseInput:
    response: SubmitResponseInput = strawberry.field(description="The answers; the idempotency key is not looked at.")
    form_number: str = strawberry.field(description="The number on the form. Each number is taken once.")


@lean
@strawberry.input(description="What somebody has answered so far.")
class SaveAnswersInput:
    questionnaire_id: GlobalID = strawberry.field(description="The questionnaire.")
    answers: list[AnswerInput] = strawberry.field(description="All the answers so far.")
    version: int | None = strawberry.field(default=None, description="The version answered; the open one if left out.")
    area: str | None = strawberry.field(default=None, description="The GSS code of the person's area.")
    groups: list[GroupInput] = strawberry.field(default_factory=list, description="The groups they belong to.")
    language: str = strawberry.field(default="en", description="The language to say in what needs another look.")
    link: str | None = strawberry.field(default=None, description="The token of the link that the person came by.")
    code: str | None = strawberry.field(default=None, description="The code of the first save, for the next ones.")
    save: int = strawberry.field(default=0, description="The number of the save that this device has seen last.")


@lean
@strawberry.input(description="A code that somebody was shown.")
class CodeInput:
    code: str = strawberry.field(description="The code, in any spelling: with or without hyphens, small or large.")


@strawberry.type(description="Where a link leads.")
class FollowedLinkPayload:
    kind: LinkKind = strawberry.field(description="What kind of link it is.")
    questionnaire: Questionnaire | None = strawberry.field(description="The questionnaire to answer.")


@strawberry.type(description="The answers are saved.")
class SavedAnswersPayload:
    saved: SavedAnswers = strawberry.field(description="What is saved.")


@strawberry.type(description="What was saved is deleted.")
class ForgottenPayload:
    questionnaire_id: GlobalID = strawberry.field(description="The questionnaire that it answered.")


FollowLinkResult = Annotated[
    FollowedLinkPayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("FollowLinkResult", description="Where it leads, or why nowhere."),
]
SubmitAssistedResponseResult = Annotated[
    ResponsePayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("SubmitAssistedResponseResult", description="The receipt, or why there is none."),
]
SubmitPaperResponseResult = Annotated[
    ResponsePayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("SubmitPaperResponseResult", description="The receipt, or why there is none."),
]
SaveAnswersResult = Annotated[
    SavedAnswersPayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("SaveAnswersResult", description="What is saved, or why not."),
]
ContinueAnswersResult = Annotated[
    SavedAnswersPayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("ContinueAnswersResult", description="What is saved, or why there is nothing."),
]
ForgetAnswersResult = Annotated[
    ForgottenPayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("ForgetAnswersResult", description="That it is deleted, or why not."),
]


@strawberry.type
class ComingMutation:
    # looking up, too, is a mutation where it takes a token or code: those must not come into an address

    @strawberry.mutation(description="Where a link leads. Nothing is used up by looking.")
    async def follow_link(self, info: Info, input: FollowLinkInput) -> FollowLinkResult:  # noqa: A002
        found = await info.context.call(rpc.follow_link, rpc.FollowLink(input.token))
        questionnaire = await questionnaires(info.context).load(found.questionnaire_id)
        return FollowedLinkPayload(
            kind=LinkKind(found.kind), questionnaire=Questionnaire.of(questionnaire) if questionnaire else None
        )

    @strawberry.mutation(description="Enter the answers of somebody who is with you. For workers.")
    async def submit_assisted_response(
        self,
        info: Info,
        input: SubmitAssistedResponseInput,  # noqa: A002
    ) -> SubmitAssistedResponseResult:
        request = rpc.SubmitAssisted(input.response.struct(signed_in=True))
        return ResponsePayload(receipt=Receipt.of(await info.context.call(rpc.submit_assisted, request)))

    @strawberry.mutation(description="Enter a paper form. For officers.")
    async def submit_paper_response(
        self,
        info: Info,
        input: SubmitPaperResponseInput,  # noqa: A002
    ) -> SubmitPaperResponseResult:
        request = rpc.SubmitPaper(input.response.struct(signed_in=True), input.form_number)
        return ResponsePayload(receipt=Receipt.of(await info.context.call(rpc.submit_paper, request)))

    @strawberry.mutation(description="Save answers for later, without an account. Unsent, they count for nothing.")
    async def save_answers(self, info: Info, input: SaveAnswersInput) -> SaveAnswersResult:  # noqa: A002
        request = rpc.SaveAnswers(
            questionnaire_id=uuid_of(input.questionnaire_id, "Questionnaire", "questionnaireId"),
            answers=answers(input.answers),
            version=input.version,
            area=input.area,
            groups=groups(input.groups),
            language=input.language,
            link=input.link,
            code=input.code,
            save=input.save,
        )
        return SavedAnswersPayload(saved=SavedAnswers.of(await info.context.call(rpc.save_answers, request)))

    @strawberry.mutation(description="Find saved answers again, on any device.")
    async def continue_answers(self, info: Info, input: CodeInput) -> ContinueAnswersResult:  # noqa: A002
        found = await info.context.call(rpc.continue_answers, rpc.ByCode(input.code))
        return SavedAnswersPayload(saved=SavedAnswers.of(found))

    @strawberry.mutation(description="Delete saved answers.")
    async def forget_answers(self, info: Info, input: CodeInput) -> ForgetAnswersResult:  # noqa: A002
        done = await info.context.call(rpc.forget_answers, rpc.ByCode(input.code))
        return ForgottenPayload(questionnaire_id=global_id("Questionnaire", done.id))

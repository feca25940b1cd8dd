"""Responses: submitting, correcting and withdrawing them."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry.relay import GlobalID

from gateway.context import Info
from gateway.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, UnavailableError
from gateway.inputs import lean
from gateway.pages import uuid_of
from gateway.surveys.inputs import AnswerInput, ConsentInput, GroupInput, answers, groups
from gateway.surveys.types import Receipt
from schemas.rpc import surveys as rpc
from schemas.rpc.base import ById


@lean
@strawberry.input(description="Someone's answers.")
class SubmitResponseInput:
    questionnaire_id: GlobalID = strawberry.field(description="The questionnaire that is answered.")
    idempotency_key: str = strawberry.field(
        description="Made up by the client for this one response (8 to 200 characters). Sent again, it stores nothing "
        "and gives the first receipt."
    )
    answers: list[AnswerInput] = strawberry.field(description="The answers.")
    consent: ConsentInput = strawberry.field(description="What the person agreed to.")
    version: int | None = strawberry.field(default=None, description="The version answered; the open one if left out.")
    area: str | None = strawberry.field(default=None, description="The GSS code of the person's area.")
    groups: list[GroupInput] = strawberry.field(default_factory=list, description="The groups they belong to.")
    anonymous: bool = strawberry.field(
        default=False,
        description="Do not tie it to the signed-in person. It can then be taken back by the receipt's code only.",
    )
    language: str = strawberry.field(default="en", description="The language to say in what needs another look.")
    link: str | None = strawberry.field(default=None, description="The token of the link that the person came by.")
    continuation: str | None = strawberry.field(
        default=None, description="The code of the saved answers that these finish."
    )

    def struct(self, *, signed_in: bool) -> rpc.SubmitResponse:
        return rpc.SubmitResponse(
            questionnaire_id=uuid_of(self.questionnaire_id, "Questionnaire", "questionnaireId"),
            idempotency_key=self.idempotency_key,
            answers=answers(self.answers),
            consent=rpc.Consent(self.consent.version, tuple(self.consent.purposes)),
            version=self.version,
            area=self.area,
            groups=groups(self.groups),
            anonymous=self.anonymous or not signed_in,
            language=self.language,
            link=self.link,
            continuation=self.continuation,
        )


@lean
@strawberry.input(description="New answers in the place of the old ones.")
class CorrectResponseInput:
    response_id: GlobalID = strawberry.field(description="The response to correct.")
    answers: list[AnswerInput] = strawberry.field(description="All the answers, not only the changed ones.")
    area: str | None = strawberry.field(default=None, description="The GSS code of the person's area.")
    groups: list[GroupInput] = strawberry.field(default_factory=list, description="The groups they belong to.")
    language: str = strawberry.field(default="en", description="The language to say in what needs another look.")


@strawberry.input(description="A response that shall count no longer.")
class WithdrawResponseInput:
    response_id: GlobalID = strawberry.field(description="The response to withdraw.")


@strawberry.type(description="The response was taken.")
class ResponsePayload:
    receipt: Receipt = strawberry.field(description="Proof of it.")


SubmitResponseResult = Annotated[
    ResponsePayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("SubmitResponseResult", description="The receipt, or why there is none."),
]
CorrectResponseResult = Annotated[
    ResponsePayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("CorrectResponseResult", description="The receipt, or why there is none."),
]
WithdrawResponseResult = Annotated[
    ResponsePayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("WithdrawResponseResult", description="The receipt, or why there is none."),
]


@strawberry.type
class ResponsesMutation:
    @strawberry.mutation(description="Send answers. Without a token the response is anonymous.")
    async def submit_response(self, info: Info, input: SubmitResponseInput) -> SubmitResponseResult:  # noqa: A002
        caller = await info.context.caller()
        request = input.struct(signed_in=not caller.anonymous)
        submit = info.context.parts.submitter.submit
        receipt = await submit(caller.tenant.id, caller.actor, request, info.context.traceparent)
        return ResponsePayload(receipt=Receipt.of(receipt))

    @strawberry.mutation(description="Replace the answers of a response of one's own.")
    async def correct_response(self, info: Info, input: CorrectResponseInput) -> CorrectResponseResult:  # noqa: A002
        request = rpc.CorrectResponse(
            response_id=uuid_of(input.response_id, "Response", "responseId"),
            answers=answers(input.answers),
            area=input.area,
            groups=groups(input.groups),
            language=input.language,
        )
        return ResponsePayload(receipt=Receipt.of(await info.context.call(rpc.correct_response, request)))

    @strawberry.mutation(description="Take back a response of one's own: it counts no longer.")
    async def withdraw_response(self, info: Info, input: WithdrawResponseInput) -> WithdrawResponseResult:  # noqa: A002
        request = ById(uuid_of(input.response_id, "Response", "responseId"))
        return ResponsePayload(receipt=Receipt.of(await info.context.call(rpc.withdraw_response, request)))

"""What one's answers may be used for: changing it, and taking answers back without an account."""
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
from gateway.surveys.coming_mutations import CodeInput
from gateway.surveys.mutations import ResponsePayload
from gateway.surveys.types import Receipt
from gateway.surveys.types.ways import ConsentState
from schemas.rpc import surveys as rpc


@lean
@strawberry.input(description="Purposes to agree to and to refuse; with neither, it only asks how things stand.")
class ChangeConsentInput:
    response_id: GlobalID = strawberry.field(description="A response of one's own.")
    version: str = strawberry.field(default="", description="The wording that the person saw.")
    agree: list[str] = strawberry.field(default_factory=list, description="Purposes to agree to.")
    refuse: list[str] = strawberry.field(default_factory=list, description="Purposes to refuse from now on.")


@lean
@strawberry.input(description="The same, by the code of the receipt.")
class ChangeConsentByCodeInput:
    code: str = strawberry.field(description="The receipt's withdrawal code.")
    version: str = strawberry.field(default="", description="The wording that the person saw.")
    agree: list[str] = strawberry.field(default_factory=list, description="Purposes to agree to.")
    refuse: list[str] = strawberry.field(default_factory=list, description="Purposes to refuse from now on.")


@strawberry.type(description="How consent stands.")
class ConsentPayload:
    consent: ConsentState = strawberry.field(description="What the response may be used for now.")


ChangeConsentResult = Annotated[
    ConsentPayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("ChangeConsentResult", description="How consent stands, or why it was not changed."),
]
ChangeConsentByCodeResult = Annotated[
    ConsentPayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("ChangeConsentByCodeResult", description="How consent stands, or why it was not changed."),
]
WithdrawByCodeResult = Annotated[
    ResponsePayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("WithdrawByCodeResult", description="The receipt, or why there is none."),
]


@strawberry.type
class ConsentMutation:
    @strawberry.mutation(description="Change what a response of one's own may be used for. Scores follow at once.")
    async def change_consent(self, info: Info, input: ChangeConsentInput) -> ChangeConsentResult:  # noqa: A002
        request = rpc.ChangeConsent(
            uuid_of(input.response_id, "Response", "responseId"), input.version, tuple(input.agree), tuple(input.refuse)
        )
        return ConsentPayload(consent=ConsentState.of(await info.context.call(rpc.change_consent, request)))

    @strawberry.mutation(description="The same without an account, by the code of the receipt.")
    async def change_consent_by_code(
        self,
        info: Info,
        input: ChangeConsentByCodeInput,  # noqa: A002
    ) -> ChangeConsentByCodeResult:
        request = rpc.ChangeConsentByCode(input.code, input.version, tuple(input.agree), tuple(input.refuse))
        return ConsentPayload(consent=ConsentState.of(await info.context.call(rpc.change_consent_by_code, request)))

    @strawberry.mutation(description="Take a response back without an account: its answers are deleted at once.")
    async def withdraw_by_code(self, info: Info, input: CodeInput) -> WithdrawByCodeResult:  # noqa: A002
        done = await info.context.call(rpc.withdraw_by_code, rpc.ByCode(input.code))
        return ResponsePayload(receipt=Receipt.of(done))

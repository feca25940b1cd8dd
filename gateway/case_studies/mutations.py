"""Case studies: writing, reviewing and publishing them."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry.relay import GlobalID

from gateway.case_studies.types import CaseStudy, CaseStudyPurpose
from gateway.context import Info
from gateway.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, UnavailableError
from gateway.pages import uuid_of
from schemas.rpc import case_studies as rpc
from schemas.rpc.base import ById


@strawberry.input(description="What the author agrees to.")
class CaseStudyConsentInput:
    version: str = strawberry.field(description="The wording they saw.")
    purposes: list[CaseStudyPurpose] = strawberry.field(description="Nothing is published without PUBLICATION.")

    def struct(self) -> rpc.Consent:
        return rpc.Consent(self.version, tuple(p.value for p in self.purposes))


@strawberry.input(description="A new story.")
class WriteCaseStudyInput:
    title: str = strawberry.field(description="Its title.")
    narrative: str = strawberry.field(description="The story.")
    consent: CaseStudyConsentInput = strawberry.field(description="What the author agrees to.")
    area: str | None = strawberry.field(default=None, description="The GSS code of its area.")
    themes: list[str] = strawberry.field(default_factory=list, description="What it is about.")
    byline: str | None = strawberry.field(default=None, description="The name to show, if any.")


@strawberry.input(description="A story as it shall be. Every field is set anew.")
class EditCaseStudyInput:
    id: GlobalID = strawberry.field(description="The story.")
    title: str = strawberry.field(description="Its title.")
    narrative: str = strawberry.field(description="The story.")
    consent: CaseStudyConsentInput = strawberry.field(description="What the author agrees to.")
    area: str | None = strawberry.field(default=None, description="The GSS code of its area.")
    themes: list[str] = strawberry.field(default_factory=list, description="What it is about.")
    byline: str | None = strawberry.field(default=None, description="The name to show, if any.")


@strawberry.input(description="The story that is meant.")
class CaseStudyIdInput:
    id: GlobalID = strawberry.field(description="The story.")


@strawberry.input(description="A story to send back.")
class SendBackCaseStudyInput:
    id: GlobalID = strawberry.field(description="The story.")
    reason: str = strawberry.field(description="Why, said kindly.")


@strawberry.type(description="It is done.")
class CaseStudyPayload:
    case_study: CaseStudy = strawberry.field(description="The story as it is now.")


WriteCaseStudyResult = Annotated[
    CaseStudyPayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("WriteCaseStudyResult", description="The story, or why not."),
]
EditCaseStudyResult = Annotated[
    CaseStudyPayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("EditCaseStudyResult", description="The story, or why not."),
]
SubmitCaseStudyResult = Annotated[
    CaseStudyPayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("SubmitCaseStudyResult", description="The story, or why not."),
]
PublishCaseStudyResult = Annotated[
    CaseStudyPayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("PublishCaseStudyResult", description="The story, or why not."),
]
SendBackCaseStudyResult = Annotated[
    CaseStudyPayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("SendBackCaseStudyResult", description="The story, or why not."),
]
WithdrawCaseStudyResult = Annotated[
    CaseStudyPayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("WithdrawCaseStudyResult", description="The story, or why not."),
]


def _payload(case_study: rpc.CaseStudy) -> CaseStudyPayload:
    return CaseStudyPayload(case_study=CaseStudy.of(case_study))


@strawberry.type
class CaseStudiesMutation:
    @strawberry.mutation(description="Begin a story. Only its author sees it.")
    async def write_case_study(self, info: Info, input: WriteCaseStudyInput) -> WriteCaseStudyResult:  # noqa: A002
        request = rpc.WriteCaseStudy(
            title=input.title,
            narrative=input.narrative,
            consent=input.consent.struct(),
            area=input.area,
            themes=tuple(input.themes),
            byline=input.byline,
        )
        return _payload(await info.context.call(rpc.write, request))

    @strawberry.mutation(description="Change a draft of one's own.")
    async def edit_case_study(self, info: Info, input: EditCaseStudyInput) -> EditCaseStudyResult:  # noqa: A002
        request = rpc.EditCaseStudy(
            id=uuid_of(input.id, "CaseStudy"),
            title=input.title,
            narrative=input.narrative,
            consent=input.consent.struct(),
            area=input.area,
            themes=tuple(input.themes),
            byline=input.byline,
        )
        return _payload(await info.context.call(rpc.edit, request))

    @strawberry.mutation(description="Hand in a draft of one's own for review.")
    async def submit_case_study(self, info: Info, input: CaseStudyIdInput) -> SubmitCaseStudyResult:  # noqa: A002
        return _payload(await info.context.call(rpc.submit, ById(uuid_of(input.id, "CaseStudy"))))

    @strawberry.mutation(description="Publish a story that was reviewed. For officers.")
    async def publish_case_study(self, info: Info, input: CaseStudyIdInput) -> PublishCaseStudyResult:  # noqa: A002
        return _payload(await info.context.call(rpc.publish, ById(uuid_of(input.id, "CaseStudy"))))

    @strawberry.mutation(description="Send a story back to its author, saying why. For officers.")
    async def send_back_case_study(self, info: Info, input: SendBackCaseStudyInput) -> SendBackCaseStudyResult:  # noqa: A002
        request = rpc.ReturnCaseStudy(uuid_of(input.id, "CaseStudy"), input.reason)
        return _payload(await info.context.call(rpc.send_back, request))

    @strawberry.mutation(description="Take a story back.")
    async def withdraw_case_study(self, info: Info, input: CaseStudyIdInput) -> WithdrawCaseStudyResult:  # noqa: A002
        return _payload(await info.context.call(rpc.withdraw, ById(uuid_of(input.id, "CaseStudy"))))

"""Waves, links, saved answers and consent as GraphQL shows them."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from __future__ import annotations

import asyncio
from datetime import datetime
from enum import Enum
from typing import Annotated, Self

import strawberry
from strawberry.relay import GlobalID

from gateway.context import Info
from gateway.pages import global_id
from gateway.surveys import qr
from gateway.surveys.loaders import questionnaires
from gateway.surveys.types.questionnaires import Questionnaire
from gateway.surveys.types.responses import Answer, GroupValue
from schemas.rpc import surveys as rpc


@strawberry.type(description="A round of asking.")
class Wave:
    source: strawberry.Private[rpc.Wave]
    code: str = strawberry.field(description="Its code, by which responses, scores and figures name it.")
    title: str = strawberry.field(description="Its name.")
    opened_at: datetime = strawberry.field(description="When it began.")
    ends_at: datetime | None = strawberry.field(description="After this it takes no answers.")
    closed_at: datetime | None = strawberry.field(description="When it was ended.")

    @strawberry.field(description="Its id.")
    def id(self) -> GlobalID:
        return global_id("Wave", self.source.id)

    @strawberry.field(description="The questionnaire's id.")
    def questionnaire_id(self) -> GlobalID:
        return global_id("Questionnaire", self.source.questionnaire_id)

    @classmethod
    def of(cls, w: rpc.Wave) -> Self:
        return cls(
            source=w, code=w.code, title=w.title, opened_at=w.opened_at, ends_at=w.ends_at, closed_at=w.closed_at
        )


@strawberry.enum(description="What kind of link it is.")
class LinkKind(Enum):
    PERSONAL = "personal"
    GROUP = "group"


@strawberry.type(description="A QR code, with what stands beside it for people who cannot scan it.")
class QrCode:
    address: str = strawberry.field(description="Where it leads. Print it beside the code.")
    svg: str = strawberry.field(description="The code as an SVG picture.")
    png: str = strawberry.field(description="The code as a PNG picture, in base64.")
    text: str = strawberry.field(description="Words for people who do not see it or cannot scan it.")


@strawberry.type(description="A link to a questionnaire, as officers see it.")
class Link:
    source: strawberry.Private[rpc.Link]
    kind: LinkKind = strawberry.field(description="What kind of link it is.")
    works: bool = strawberry.field(description="Whether it still takes a response.")
    revoked: bool = strawberry.field(description="Whether it was revoked.")
    belongs_to: str | None = strawberry.field(description="The community group or event that it belongs to.")
    token: str | None = strawberry.field(description="The token of a group's link; a personal one is shown only once.")
    ends_at: datetime | None = strawberry.field(description="After this it takes no responses.")
    cap: int | None = strawberry.field(description="How many responses it takes at the most.")
    created_at: datetime = strawberry.field(description="When it was made.")

    @strawberry.field(description="Its id.")
    def id(self) -> GlobalID:
        return global_id("Link", self.source.id)

    @strawberry.field(description="The questionnaire's id.")
    def questionnaire_id(self) -> GlobalID:
        return global_id("Questionnaire", self.source.questionnaire_id)

    @strawberry.field(description="The participant that a personal link is for: a pseudonym, and nobody's name.")
    def participant(self) -> GlobalID | None:
        found = self.source.participant
        return None if found is None else global_id("Participant", found)

    @strawberry.field(description="Its QR code; null for a personal link.")
    async def qr_code(
        self,
        page: Annotated[str, strawberry.argument(description="The address of the page where people answer.")],
    ) -> QrCode | None:
        if self.token is None:
            return None
        made = await asyncio.to_thread(qr.code, page, self.token)
        text = f"A QR code for {self.belongs_to}. It leads to {made.address}"
        return QrCode(address=made.address, svg=made.svg, png=made.png, text=text)

    @classmethod
    def of(cls, link: rpc.Link) -> Self:
        return cls(
            source=link,
            kind=LinkKind(link.kind),
            works=link.works,
            revoked=link.revoked,
            belongs_to=link.belongs_to,
            token=link.token,
            ends_at=link.ends_at,
            cap=link.cap,
            created_at=link.created_at,
        )


@strawberry.type(description="A new personal link. Its token is shown this once, and nobody can look it up again.")
class NewPersonalLink:
    source: strawberry.Private[rpc.NewPersonalLink]
    token: str = strawberry.field(description="What the participant is sent, behind the address of the page.")

    @strawberry.field(description="The link's id.")
    def id(self) -> GlobalID:
        return global_id("Link", self.source.id)

    @strawberry.field(description="The participant that it is for. Keep it beside their name, outside of here.")
    def participant(self) -> GlobalID:
        return global_id("Participant", self.source.participant)


@strawberry.type(description="Answers that were saved for later.")
class SavedAnswers:
    source: strawberry.Private[rpc.SavedAnswers]
    code: str | None = strawberry.field(description="By it they are found again; shown the first time only.")
    save: int = strawberry.field(description="Which save this is. Give it with the next one.")
    expires_at: datetime = strawberry.field(description="Until when they are kept.")
    questionnaire_version: int = strawberry.field(description="The version that they answer.")
    area: str | None = strawberry.field(description="The area's GSS code.")

    @strawberry.field(description="The answers so far.")
    def answers(self) -> list[Answer]:
        return [Answer.of(item, value) for item, value in self.source.answers.items()]

    @strawberry.field(description="The groups that were named so far.")
    def groups(self) -> list[GroupValue]:
        return [GroupValue(attribute=a, category=c) for a, c in self.source.groups.items()]

    @strawberry.field(description="The questionnaire that they answer.")
    async def questionnaire(self, info: Info) -> Questionnaire | None:
        found = await questionnaires(info.context).load(self.source.questionnaire_id)
        return Questionnaire.of(found) if found else None

    @classmethod
    def of(cls, s: rpc.SavedAnswers) -> Self:
        return cls(
            source=s,
            code=s.code,
            save=s.save,
            expires_at=s.expires_at,
            questionnaire_version=s.questionnaire_version,
            area=s.area,
        )


@strawberry.enum(description="What was done about consent.")
class ConsentStepKind(Enum):
    GIVEN = "given"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


@strawberry.type(description="One step in the history of consent.")
class ConsentStep:
    kind: ConsentStepKind = strawberry.field(description="What was done.")
    version: str = strawberry.field(description="The wording that the person saw.")
    purposes: list[str] = strawberry.field(description="The purposes that were agreed to from then on.")
    recorded_at: datetime = strawberry.field(description="When.")


@strawberry.type(description="What a response may be used for, and how that came about.")
class ConsentState:
    source: strawberry.Private[rpc.ConsentState]
    version: str = strawberry.field(description="The wording.")
    purposes: list[str] = strawberry.field(description="The purposes that are agreed to now.")
    history: list[ConsentStep] = strawberry.field(description="Every step, oldest first.")

    @strawberry.field(description="The response's id.")
    def response_id(self) -> GlobalID:
        return global_id("Response", self.source.response_id)

    @strawberry.field(description="The questionnaire, whose definition has the words for the purposes.")
    async def questionnaire(self, info: Info) -> Questionnaire | None:
        found = await questionnaires(info.context).load(self.source.questionnaire_id)
        return Questionnaire.of(found) if found else None

    @classmethod
    def of(cls, s: rpc.ConsentState) -> Self:
        return cls(
            source=s,
            version=s.version,
            purposes=list(s.purposes),
            history=[
                ConsentStep(
                    kind=ConsentStepKind(h.kind),
                    version=h.version,
                    purposes=list(h.purposes),
                    recorded_at=h.recorded_at,
                )
                for h in s.history
            ],
        )

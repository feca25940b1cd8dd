"""Ways in, waves and links: switching, opening, making and revoking them. For officers."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry
from strawberry.relay import GlobalID

from gateway.context import Info
from gateway.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, UnavailableError
from gateway.pages import uuid_of
from gateway.surveys.questionnaire_mutations import QuestionnairePayload
from gateway.surveys.types import Questionnaire, Way
from gateway.surveys.types.ways import Link, NewPersonalLink, Wave
from schemas.rpc import surveys as rpc
from schemas.rpc.base import ById


@strawberry.input(description="The ways in that shall be switched on.")
class SetWaysInput:
    questionnaire_id: GlobalID = strawberry.field(description="The questionnaire.")
    ways: list[Way] = strawberry.field(description="These are switched on, and all others off.")


@strawberry.input(description="A new round of asking.")
class OpenWaveInput:
    questionnaire_id: GlobalID = strawberry.field(description="The questionnaire.")
    code: str = strawberry.field(description="Its code, such as 2027-spring: small letters, digits, - and _.")
    title: str = strawberry.field(description="Its name.")
    ends_at: datetime | None = strawberry.field(default=None, description="After this it takes no answers.")


@strawberry.input(description="The round that is over.")
class CloseWaveInput:
    questionnaire_id: GlobalID = strawberry.field(description="The questionnaire whose open wave shall end.")


@strawberry.input(description="Links for one response each.")
class MakePersonalLinksInput:
    questionnaire_id: GlobalID = strawberry.field(description="The questionnaire.")
    count: int = strawberry.field(default=1, description="How many, for new participants: 1 to 500.")
    participants: list[GlobalID] = strawberry.field(
        default_factory=list, description="Or one for each of these participants of earlier links."
    )
    ends_at: datetime | None = strawberry.field(default=None, description="After this they take no responses.")


@strawberry.input(description="A link for a community group or an event.")
class MakeGroupLinkInput:
    questionnaire_id: GlobalID = strawberry.field(description="The questionnaire.")
    belongs_to: str = strawberry.field(description="The group's or the event's name.")
    ends_at: datetime | None = strawberry.field(default=None, description="After this it takes no responses.")
    cap: int | None = strawberry.field(default=None, description="How many responses it takes at the most.")


@strawberry.input(description="A link that shall take no more responses.")
class RevokeLinkInput:
    id: GlobalID = strawberry.field(description="The link.")


@strawberry.type(description="It is done.")
class WavePayload:
    wave: Wave = strawberry.field(description="The wave as it is now.")


@strawberry.type(description="The links were made. Their tokens are shown this once.")
class PersonalLinksPayload:
    links: list[NewPersonalLink] = strawberry.field(description="The links, in the order of the participants given.")


@strawberry.type(description="It is done.")
class LinkPayload:
    link: Link = strawberry.field(description="The link as it is now.")


SetWaysResult = Annotated[
    QuestionnairePayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("SetWaysResult", description="The questionnaire, or why not."),
]
OpenWaveResult = Annotated[
    WavePayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("OpenWaveResult", description="The wave, or why not."),
]
CloseWaveResult = Annotated[
    WavePayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("CloseWaveResult", description="The wave, or why not."),
]
MakePersonalLinksResult = Annotated[
    PersonalLinksPayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("MakePersonalLinksResult", description="The links, or why not."),
]
MakeGroupLinkResult = Annotated[
    LinkPayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("MakeGroupLinkResult", description="The link, or why not."),
]
RevokeLinkResult = Annotated[
    LinkPayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("RevokeLinkResult", description="The link, or why not."),
]


def _questionnaire(given: GlobalID) -> UUID:
    return uuid_of(given, "Questionnaire", "questionnaireId")


@strawberry.type
class WaysMutation:
    @strawberry.mutation(description="Switch the ways in to a questionnaire on and off. For officers.")
    async def set_ways(self, info: Info, input: SetWaysInput) -> SetWaysResult:  # noqa: A002
        request = rpc.SetWays(_questionnaire(input.questionnaire_id), tuple(w.value for w in input.ways))
        done = await info.context.call(rpc.set_ways, request)
        return QuestionnairePayload(questionnaire=Questionnaire.of(done))

    @strawberry.mutation(description="Begin a wave, and end the one that is open. For officers.")
    async def open_wave(self, info: Info, input: OpenWaveInput) -> OpenWaveResult:  # noqa: A002
        request = rpc.OpenWave(_questionnaire(input.questionnaire_id), input.code, input.title, input.ends_at)
        return WavePayload(wave=Wave.of(await info.context.call(rpc.open_wave, request)))

    @strawberry.mutation(description="End the open wave: no answers are taken until the next begins. For officers.")
    async def close_wave(self, info: Info, input: CloseWaveInput) -> CloseWaveResult:  # noqa: A002
        request = rpc.CloseWave(_questionnaire(input.questionnaire_id))
        return WavePayload(wave=Wave.of(await info.context.call(rpc.close_wave, request)))

    @strawberry.mutation(description="Make links that take one response each. For officers.")
    async def make_personal_links(self, info: Info, input: MakePersonalLinksInput) -> MakePersonalLinksResult:  # noqa: A002
        request = rpc.MakePersonalLinks(
            _questionnaire(input.questionnaire_id),
            input.count,
            tuple(uuid_of(p, "Participant", "participants") for p in input.participants),
            input.ends_at,
        )
        made = await info.context.call(rpc.make_personal_links, request)
        return PersonalLinksPayload(links=[NewPersonalLink(source=one, token=one.token) for one in made.items])

    @strawberry.mutation(description="Make a link for a community group or an event. For officers.")
    async def make_group_link(self, info: Info, input: MakeGroupLinkInput) -> MakeGroupLinkResult:  # noqa: A002
        request = rpc.MakeGroupLink(_questionnaire(input.questionnaire_id), input.belongs_to, input.ends_at, input.cap)
        return LinkPayload(link=Link.of(await info.context.call(rpc.make_group_link, request)))

    @strawberry.mutation(description="Let a link take no more responses; those that it took stay. For officers.")
    async def revoke_link(self, info: Info, input: RevokeLinkInput) -> RevokeLinkResult:  # noqa: A002
        return LinkPayload(link=Link.of(await info.context.call(rpc.revoke_link, ById(uuid_of(input.id, "Link")))))

"""Following things, and reading what one was told."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from __future__ import annotations

from typing import Annotated

import strawberry
from strawberry.relay import GlobalID

from gateway.context import Info
from gateway.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, UnavailableError
from gateway.notifications.types import Following, Preferences, Subject
from gateway.pages import global_id, uuid_of
from schemas.errors import Invalid
from schemas.rpc import notifications as rpc
from schemas.rpc.base import ById


@strawberry.input(description="Something to follow. Following it again changes whether e-mail is wanted.")
class FollowInput:
    subject: Subject = strawberry.field(description="What to follow.")
    key: str = strawberry.field(
        default="",
        description="Which one: an area's GSS code (empty: the whole council), a survey's id (empty: every new one), "
        "a tag, or a theme of case studies (empty: all). Empty for one's own scores.",
    )
    email: bool = strawberry.field(default=False, description="Whether to be told by e-mail too.")


@strawberry.input(description="Something to follow no longer.")
class UnfollowInput:
    id: GlobalID = strawberry.field(description="What `following` listed.")


@strawberry.input(description="Messages that were read.")
class MarkReadInput:
    ids: list[GlobalID] = strawberry.field(description="The messages, 100 at most.")


@strawberry.input(description="The address for e-mails.")
class SetEmailInput:
    email: str | None = strawberry.field(default=None, description="The address; null takes it away.")


@strawberry.type(description="It is followed.")
class FollowPayload:
    following: Following = strawberry.field(description="What is followed now.")


@strawberry.type(description="It is followed no longer.")
class UnfollowPayload:
    id: GlobalID = strawberry.field(description="What was followed.")


@strawberry.type(description="They are marked.")
class MarkReadPayload:
    unread: int = strawberry.field(description="How many messages are unread in all.")


@strawberry.type(description="It is set.")
class SetEmailPayload:
    preferences: Preferences = strawberry.field(description="How the caller wants to be told.")


FollowResult = Annotated[
    FollowPayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("FollowResult", description="What is followed, or why not."),
]
UnfollowResult = Annotated[
    UnfollowPayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("UnfollowResult", description="What was followed, or why not."),
]
MarkReadResult = Annotated[
    MarkReadPayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("MarkReadResult", description="What is unread, or why not."),
]
SetEmailResult = Annotated[
    SetEmailPayload | NotFoundError | ForbiddenError | InvalidError | ConflictError | UnavailableError,
    strawberry.union("SetEmailResult", description="The preferences, or why not."),
]


def _key(subject: Subject, key: str) -> str:
    # clients know a survey by its global id; the service by the id inside
    if subject is Subject.SURVEY and key:
        try:
            return str(uuid_of(GlobalID.from_id(key), "Questionnaire", "key"))
        except ValueError:
            raise Invalid("the key is not the id of a survey") from None
    return key


@strawberry.type
class NotificationsMutation:
    @strawberry.mutation(description="Follow something, to be told when it changes.")
    async def follow(self, info: Info, input: FollowInput) -> FollowResult:  # noqa: A002
        request = rpc.Follow(input.subject.value, _key(input.subject, input.key), input.email)
        return FollowPayload(following=Following.of(await info.context.call(rpc.follow, request)))

    @strawberry.mutation(description="Follow something no longer.")
    async def unfollow(self, info: Info, input: UnfollowInput) -> UnfollowResult:  # noqa: A002
        done = await info.context.call(rpc.unfollow, ById(uuid_of(input.id, "Following")))
        return UnfollowPayload(id=global_id("Following", done.id))

    @strawberry.mutation(description="Mark messages as read.")
    async def mark_read(self, info: Info, input: MarkReadInput) -> MarkReadResult:  # noqa: A002
        request = rpc.MarkRead(tuple(uuid_of(i, "InboxMessage", "ids") for i in input.ids))
        return MarkReadPayload(unread=(await info.context.call(rpc.mark_read, request)).unread)

    @strawberry.mutation(description="Set the address for e-mails, or take it away.")
    async def set_email(self, info: Info, input: SetEmailInput) -> SetEmailResult:  # noqa: A002
        reply = await info.context.call(rpc.set_email, rpc.SetEmail(input.email))
        return SetEmailPayload(preferences=Preferences(email=reply.email))

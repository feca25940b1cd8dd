"""The inbox and what a person follows, as GraphQL shows them."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Self
from uuid import UUID

import strawberry
from strawberry.relay import GlobalID

from gateway.pages import Edge, PageInfo, global_id
from schemas.rpc import notifications as rpc


@strawberry.enum(description="What can be followed.")
class Subject(Enum):
    AREA = "area"
    SURVEY = "survey"
    TAG = "tag"
    OWN_SCORES = "own_scores"
    CASE_STUDIES = "case_studies"


_ABOUT = {
    "area": "Framework",
    "own_scores": "Framework",
    "survey": "Questionnaire",
    "tag": "DirectoryEntry",
    "case_studies": "CaseStudy",
}


def _key(subject: str, key: str) -> str:
    # clients know a survey by its global id
    return str(global_id("Questionnaire", UUID(key))) if subject == "survey" and key else key


@strawberry.type(description="Something a person was told.")
class InboxMessage:
    source: strawberry.Private[rpc.InboxMessage]
    kind: str = strawberry.field(description="What happened; clients put it into words.")
    subject: Subject = strawberry.field(description="What they followed.")
    key: str = strawberry.field(description="Which one they followed.")
    created_at: datetime = strawberry.field(description="When they were told.")
    read_at: datetime | None = strawberry.field(description="When they read it.")

    @strawberry.field(description="Its id, for marking it as read.")
    def id(self) -> GlobalID:
        return global_id("InboxMessage", self.source.id)

    @strawberry.field(description="The id of the thing it is about, for `node`.")
    def about(self) -> GlobalID | None:
        return global_id(_ABOUT[self.source.subject], self.source.about) if self.source.about else None

    @classmethod
    def of(cls, m: rpc.InboxMessage) -> Self:
        return cls(
            source=m,
            kind=m.kind,
            subject=Subject(m.subject),
            key=_key(m.subject, m.key),
            created_at=m.created_at,
            read_at=m.read_at,
        )


@strawberry.type(description="A page of the inbox.")
class InboxConnection:
    edges: list[Edge[InboxMessage]] = strawberry.field(description="The messages on this page.")
    page_info: PageInfo = strawberry.field(description="Whether and how to go on.")
    unread: int = strawberry.field(description="How many messages are unread in all.")


@strawberry.type(description="A new message, and how many are now unread.")
class InboxUpdate:
    message: InboxMessage = strawberry.field(description="The message.")
    unread: int = strawberry.field(description="How many messages are unread in all.")


@strawberry.type(description="Something that the caller follows.")
class Following:
    source: strawberry.Private[rpc.Following]
    subject: Subject = strawberry.field(description="What they follow.")
    key: str = strawberry.field(description="Which one: an area's GSS code, a survey's id, a tag, a theme.")
    email: bool = strawberry.field(description="Whether they are told by e-mail too.")
    created_at: datetime = strawberry.field(description="Since when.")

    @strawberry.field(description="Its id, for following it no longer.")
    def id(self) -> GlobalID:
        return global_id("Following", self.source.id)

    @classmethod
    def of(cls, f: rpc.Following) -> Self:
        return cls(
            source=f, subject=Subject(f.subject), key=_key(f.subject, f.key), email=f.email, created_at=f.created_at
        )


@strawberry.type(description="How the caller wants to be told.")
class Preferences:
    email: str | None = strawberry.field(description="The address for e-mails; null for none.")

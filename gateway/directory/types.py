"""The civic directory as GraphQL shows it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import Enum
from typing import Self
from uuid import UUID

import strawberry
from strawberry.relay import Node, NodeID

from gateway.context import Info
from gateway.directory.loaders import entries
from schemas.rpc import directory as rpc


@strawberry.enum(description="What an entry is about.")
class DirectoryKind(Enum):
    ORGANISATION = "organisation"
    SUPPORT_GROUP = "support_group"
    LEADER = "leader"
    PERSON = "person"
    FUNDING = "funding"


@strawberry.enum(description="Who can see an entry.")
class DirectoryStatus(Enum):
    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


@strawberry.type(description="How to get in touch.")
class Contact:
    email: str | None = strawberry.field(description="An e-mail address.")
    telephone: str | None = strawberry.field(description="A telephone number.")
    website: str | None = strawberry.field(description="A web address.")
    address: str | None = strawberry.field(description="A postal address.")


@strawberry.type(description="What a funding opportunity offers, in pounds.")
class Funding:
    minimum: float | None = strawberry.field(description="The least that is given.")
    maximum: float | None = strawberry.field(description="The most that is given.")
    deadline: date | None = strawberry.field(description="The last day to ask for it.")


@strawberry.type(description="An organisation, a support group, a leader, a person who wants to do more, or funding.")
class DirectoryEntry(Node):
    id: NodeID[UUID]
    kind: DirectoryKind = strawberry.field(description="What it is about.")
    name: str = strawberry.field(description="Its name.")
    description: str = strawberry.field(description="What it does.")
    status: DirectoryStatus = strawberry.field(description="Who can see it.")
    area: str | None = strawberry.field(description="The GSS code of its area; null for the whole council.")
    tags: list[str] = strawberry.field(description="What it has to do with.")
    contact: Contact = strawberry.field(description="How to get in touch.")
    funding: Funding | None = strawberry.field(description="For a funding opportunity: what it offers.")
    own: bool = strawberry.field(description="Whether the caller added it.")
    created_at: datetime = strawberry.field(description="When it was added.")
    updated_at: datetime = strawberry.field(description="When it last changed.")

    @classmethod
    def of(cls, e: rpc.Entry) -> Self:
        c, f = e.contact, e.funding
        return cls(
            id=e.id,
            kind=DirectoryKind(e.kind),
            name=e.name,
            description=e.description,
            status=DirectoryStatus(e.status),
            area=e.area,
            tags=list(e.tags),
            contact=Contact(email=c.email, telephone=c.telephone, website=c.website, address=c.address),
            funding=Funding(minimum=f.minimum, maximum=f.maximum, deadline=f.deadline) if f else None,
            own=e.own,
            created_at=e.created_at,
            updated_at=e.updated_at,
        )

    @classmethod
    async def resolve_nodes(  # type: ignore[override]  # strawberry's signature is a union of sync and async forms
        cls,
        *,
        info: Info,
        node_ids: Iterable[str],
        required: bool = False,  # noqa: ARG003
    ) -> list[Self | None]:
        found = await entries(info.context).load_many([UUID(i) for i in node_ids])
        return [cls.of(e) if e else None for e in found]


@strawberry.type(description="What the directory has for a subject.")
class DirectorySuggestion:
    tags: list[str] = strawberry.field(description="The subject's tags.")
    entries: list[DirectoryEntry] = strawberry.field(description="A few entries with any of them.")

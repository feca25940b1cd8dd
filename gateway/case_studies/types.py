"""Case studies as GraphQL shows them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import Enum
from typing import Self
from uuid import UUID

import strawberry
from strawberry.relay import Node, NodeID

from gateway.case_studies.loaders import case_studies
from gateway.context import Info
from schemas.rpc import case_studies as rpc


@strawberry.enum(description="Where a story stands.")
class CaseStudyStatus(Enum):
    DRAFT = "draft"
    REVIEW = "review"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


@strawberry.enum(description="What a story may be used for.")
class CaseStudyPurpose(Enum):
    PUBLICATION = "publication"
    SERVICE_IMPROVEMENT = "service_improvement"
    RESEARCH = "research"


@strawberry.enum(description="Whose stories.")
class CaseStudyScope(Enum):
    PUBLISHED = "published"
    OWN = "own"
    REVIEW = "review"


@strawberry.type(description="What the author agreed to.")
class CaseStudyConsent:
    version: str = strawberry.field(description="The wording they saw.")
    purposes: list[CaseStudyPurpose] = strawberry.field(description="The purposes they said yes to.")


@strawberry.type(description="Someone's own story.")
class CaseStudy(Node):
    id: NodeID[UUID]
    title: str = strawberry.field(description="Its title.")
    narrative: str = strawberry.field(description="The story.")
    status: CaseStudyStatus = strawberry.field(description="Where it stands.")
    area: str | None = strawberry.field(description="The GSS code of its area.")
    themes: list[str] = strawberry.field(description="What it is about.")
    byline: str | None = strawberry.field(description="The name to show; null where the author stays unnamed.")
    own: bool = strawberry.field(description="Whether the caller wrote it.")
    consent: CaseStudyConsent | None = strawberry.field(description="For its author: what they agreed to.")
    returned_because: str | None = strawberry.field(description="For its author: why it was sent back.")
    created_at: datetime = strawberry.field(description="When it was begun.")
    published_at: datetime | None = strawberry.field(description="When it was published.")

    @classmethod
    def of(cls, c: rpc.CaseStudy) -> Self:
        consent = c.consent
        return cls(
            id=c.id,
            title=c.title,
            narrative=c.narrative,
            status=CaseStudyStatus(c.status),
            area=c.area,
            themes=list(c.themes),
            byline=c.byline,
            own=c.own,
            consent=CaseStudyConsent(version=consent.version, purposes=[CaseStudyPurpose(p) for p in consent.purposes])
            if consent
            else None,
            returned_because=c.returned_because,
            created_at=c.created_at,
            published_at=c.published_at,
        )

    @classmethod
    async def resolve_nodes(  # type: ignore[override]  # strawberry's signature is a union of sync and async forms
        cls,
        *,
        info: Info,
        node_ids: Iterable[str],
        required: bool = False,  # noqa: ARG003
    ) -> list[Self | None]:
        found = await case_studies(info.context).load_many([UUID(i) for i in node_ids])
        return [cls.of(c) if c else None for c in found]

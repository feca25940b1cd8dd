"""Questionnaires as GraphQL shows them."""
# strawberry types its decorators as Any
# mypy: allow-untyped-decorators

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import Enum
from typing import Annotated, Self
from uuid import UUID

import strawberry
from strawberry.relay import Node, NodeID
from strawberry.scalars import JSON

from gateway.context import Info
from gateway.surveys.loaders import questionnaires
from gateway.surveys.types.definition import QuestionnaireDefinition
from schemas.rpc import surveys as rpc


@strawberry.enum(description="What state a questionnaire is in.")
class QuestionnaireStatus(Enum):
    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"


@strawberry.enum(description="A way in to a questionnaire.")
class Way(Enum):
    OPEN = "open"
    SIGNED_IN = "signed_in"
    PERSONAL_LINK = "personal_link"
    GROUP_LINK = "group_link"
    ASSISTED = "assisted"
    PAPER = "paper"


@strawberry.type(description="An expression, read already.")
class LogicTree:
    path: str = strawberry.field(description="Where it stands: items.<code>.relevance, sections.<code>.repeat.count …")
    tree: JSON = strawberry.field(description="Lists within lists, the first of each saying what it is.")


@strawberry.type(description="What an app needs to show and hide questions, and to calculate, as the server does.")
class Logic:
    order: list[str] = strawberry.field(
        description="Sections and questions (sections.<code>, items.<code>) in the order to go through them."
    )
    trees: list[LogicTree] = strawberry.field(description="The expressions.")

    @classmethod
    def of(cls, logic: rpc.Logic) -> Self:
        trees = [LogicTree(path=path, tree=tree) for path, tree in logic.trees.items()]
        return cls(order=list(logic.order), trees=trees)


@strawberry.type(description="A questionnaire with its latest version, or, for residents, its latest published one.")
class Questionnaire(Node):
    id: NodeID[UUID]
    source: strawberry.Private[rpc.Questionnaire]
    slug: str = strawberry.field(description="Its short name in web addresses.")
    version: int = strawberry.field(description="Which version this is.")
    status: QuestionnaireStatus = strawberry.field(description="What state it is in.")
    created_at: datetime = strawberry.field(description="When it was first made.")
    published_at: datetime | None = strawberry.field(description="When it opened for answers.")
    closed_at: datetime | None = strawberry.field(description="When it stopped taking answers.")
    response_count: int | None = strawberry.field(
        description="How many responses were taken; for officers, and only when there are enough to hide each one."
    )

    ways: list[Way] = strawberry.field(description="The ways in that are switched on.")
    wave: str | None = strawberry.field(
        description='The code of the wave that takes answers; "" where there are no waves, null between two of them.'
    )

    @strawberry.field(description="Its questions and everything around them.")
    def definition(
        self,
        language: Annotated[
            str | None,
            strawberry.argument(
                description="The language to read it in, such as cy. Its own where it is left out, or not there."
            ),
        ] = None,
    ) -> QuestionnaireDefinition:
        return QuestionnaireDefinition.of(self.source.definition, language)

    @strawberry.field(description="Its logic, ready to run; null where it has none.")
    def logic(self) -> Logic | None:
        return Logic.of(self.source.logic) if self.source.logic else None

    @classmethod
    def of(cls, q: rpc.Questionnaire) -> Self:
        return cls(
            id=q.id,
            source=q,
            slug=q.slug,
            version=q.version,
            status=QuestionnaireStatus(q.status),
            created_at=q.created_at,
            published_at=q.published_at,
            closed_at=q.closed_at,
            response_count=q.response_count,
            ways=[Way(w) for w in q.ways],
            wave=q.wave,
        )

    @classmethod
    async def resolve_nodes(  # type: ignore[override]  # strawberry's signature is a union of sync and async forms
        cls,
        *,
        info: Info,
        node_ids: Iterable[str],
        required: bool = False,  # noqa: ARG003
    ) -> list[Self | None]:
        found = await questionnaires(info.context).load_many([UUID(i) for i in node_ids])
        return [cls.of(q) if q else None for q in found]

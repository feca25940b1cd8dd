"""Tables and queries of the case studies schema. Row-level security keeps every one of them to the council in hand."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import DateTime, Select, Text, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from services.chassis.paging import newest_first


class Base(DeclarativeBase):
    """Tables of this service."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {list[str]: ARRAY(Text), datetime: DateTime(timezone=True)}


class Story(Base):
    """A story, its consent, and what a reviewer said."""

    __tablename__ = "stories"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    author: Mapped[UUID]
    status: Mapped[str]
    title: Mapped[str]
    narrative: Mapped[str]
    byline: Mapped[str | None]
    area: Mapped[str | None]
    themes: Mapped[list[str]]
    consent_version: Mapped[str]
    consent_purposes: Mapped[list[str]]
    returned_because: Mapped[str | None]
    reviewer: Mapped[UUID | None]
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]


def lock(session: Session, story_id: UUID) -> Story | None:
    """The story, locked so that two changes cannot cross."""
    return session.scalars(select(Story).where(Story.id == story_id).with_for_update()).one_or_none()


def by_ids(session: Session, ids: Sequence[UUID]) -> Sequence[Story]:
    """Those of the stories that are there, in no order."""
    return session.scalars(select(Story).where(Story.id.in_(ids))).all()


def in_status(status: str) -> Select[Story]:
    """Stories in this state."""
    return select(Story).where(Story.status == status)


def of_author(author: UUID) -> Select[Story]:
    """A person's stories, in every state."""
    return select(Story).where(Story.author == author)


def page(
    session: Session, stories: Select[Story], *, area: str | None, theme: str | None, first: int, after: UUID | None
) -> Sequence[Story]:
    """A page of `stories` of this area and theme, where given, newest first."""
    if area is not None:
        stories = stories.where(Story.area == area)
    if theme is not None:
        stories = stories.where(Story.themes.contains([theme]))
    return session.scalars(newest_first(stories, Story.id, first, after)).all()

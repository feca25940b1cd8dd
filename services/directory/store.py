"""Tables and queries of the directory schema. Row-level security keeps every one of them to the council in hand."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from sqlalchemy import REAL, DateTime, Integer, Text, Uuid, bindparam, cast, column, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from services.chassis.paging import newest_first


class Base(DeclarativeBase):
    """Tables of this service."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        dict[str, Any]: JSONB,
        list[str]: ARRAY(Text),
        datetime: DateTime(timezone=True),
    }


class Entry(Base):
    """An entry. Its search document is a generated column, which nobody reads but `matching`."""

    __tablename__ = "entries"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner: Mapped[UUID]
    kind: Mapped[str]
    status: Mapped[str]
    name: Mapped[str]
    description: Mapped[str]
    area: Mapped[str | None]
    tags: Mapped[list[str]]
    contact: Mapped[dict[str, Any]]
    minimum: Mapped[float | None]
    maximum: Mapped[float | None]
    deadline: Mapped[date | None]
    consent: Mapped[bool]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Filter(NamedTuple):
    """Which published entries: of these kinds (empty: any), in this area, with all these tags, not past `today`."""

    kinds: list[str]
    area: str | None
    tags: list[str]
    today: date


def lock(session: Session, entry_id: UUID) -> Entry | None:
    """The entry, locked so that two changes cannot cross."""
    return session.scalars(select(Entry).where(Entry.id == entry_id).with_for_update()).one_or_none()


def by_ids(session: Session, ids: Sequence[UUID]) -> Sequence[Entry]:
    """Those of the entries that are there, in no order."""
    return session.scalars(select(Entry).where(Entry.id.in_(ids))).all()


def of_owner(session: Session, owner: UUID, first: int, after: UUID | None) -> Sequence[Entry]:
    """A page of what a person added, newest first."""
    return session.scalars(newest_first(select(Entry).where(Entry.owner == owner), Entry.id, first, after)).all()


def newest(session: Session, wanted: Filter, first: int, after: UUID | None) -> Sequence[Entry]:
    """A page of published entries, newest first."""
    query = select(Entry).where(
        Entry.status == "published", or_(Entry.deadline.is_(None), Entry.deadline >= wanted.today)
    )
    if wanted.kinds:
        query = query.where(Entry.kind.in_(wanted.kinds))
    if wanted.area is not None:
        query = query.where(Entry.area == wanted.area)
    if wanted.tags:
        query = query.where(Entry.tags.contains(wanted.tags))
    return session.scalars(newest_first(query, Entry.id, first, after)).all()


def best(
    session: Session, words: str, wanted: Filter, first: int, after: tuple[float, UUID] | None
) -> Sequence[tuple[Entry, float]]:
    """A page of published entries that match `words`, the best match first, with their ranks.

    The database's function `matching` gives ids; the entries themselves are read under row-level security.
    """
    rank, last = after or (None, None)
    match = func.matching(
        bindparam(None, words, Text),
        bindparam(None, wanted.kinds, ARRAY(Text)),
        bindparam(None, wanted.area, Text),
        bindparam(None, wanted.tags, ARRAY(Text)),
        wanted.today,
        cast(rank, REAL),
        bindparam(None, last, Uuid),
        first + 1,
    ).table_valued(column("id", Uuid), column("rank", REAL), name="match")
    query = (
        select(Entry, match.c.rank).join(match, Entry.id == match.c.id).order_by(match.c.rank.desc(), match.c.id.desc())
    )
    return [(entry, score) for entry, score in session.execute(query)]


def tagged(
    session: Session,
    subjects: Sequence[Sequence[str]],
    area: str | None,
    today: date,
    caller: UUID | None,
    each: int,
) -> Sequence[tuple[int, Entry]]:
    """(number of the subject, entry), subject by subject: what has any of its tags, at most `each`.

    The database's function `tagged` gives ids, as `matching` does.
    """
    match = func.tagged(
        bindparam(None, [list(tags) for tags in subjects], JSONB),
        bindparam(None, area, Text),
        today,
        bindparam(None, caller, Uuid),
        each,
    ).table_valued(column("subject", Integer), column("place", Integer), column("id", Uuid), name="match")
    query = select(match.c.subject, Entry).join(match, Entry.id == match.c.id).order_by(match.c.subject, match.c.place)
    return [(number - 1, entry) for number, entry in session.execute(query)]

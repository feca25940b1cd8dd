"""Pages by keyset: newest first, continued after an id. UUIDv7 ids sort by time, so that no offset is ever counted."""

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

T = TypeVar("T")
Query = TypeVar("Query", bound=Select[*tuple[Any, ...]])


def newest_first(query: Query, key: InstrumentedAttribute[UUID], first: int, after: UUID | None) -> Query:
    """A page of `query` that is older than `after`, and one row more, which tells whether there is a next page."""
    if after is not None:
        query = query.where(key < after)
    return query.order_by(key.desc()).limit(first + 1)


def cut(rows: Sequence[T], first: int) -> tuple[Sequence[T], bool]:
    """The page without the row more, and whether there was one."""
    return rows[:first], len(rows) > first

"""Queries of licences."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from services.surveys.store.tables import Licence


def newest_licences(session: Session) -> list[Licence]:
    """The last one recorded for each instrument, by its code."""
    query = select(Licence).ext(distinct_on(Licence.instrument)).order_by(Licence.instrument, Licence.id.desc())
    return list(session.scalars(query))

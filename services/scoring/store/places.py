"""Queries of indicators of areas that come from elsewhere."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import func, select, text, tuple_
from sqlalchemy.orm import Session

from services.scoring.store.tables import AreaIndicator, AreaValue

_VALUES = text(
    "INSERT INTO area_values (tenant_id, code, version, year, area, value) SELECT :tenant, :code, :version, v.* "
    "FROM unnest(CAST(:years AS int[]), CAST(:areas AS text[]), CAST(:values AS double precision[])) AS v"
)


def lock_indicator(session: Session, tenant: UUID, code: str) -> None:
    """One import of an indicator at a time, the first one included."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 1))"), {"key": f"{tenant}:{code}"})


def newest_indicators(session: Session, codes: Iterable[str] | None = None) -> list[AreaIndicator]:
    """The newest version of each indicator, by code; of these codes where they are given."""
    newest = select(AreaIndicator.code, func.max(AreaIndicator.version)).group_by(AreaIndicator.code)
    if codes is not None:
        newest = newest.where(AreaIndicator.code.in_(list(codes)))
    query = select(AreaIndicator).where(tuple_(AreaIndicator.code, AreaIndicator.version).in_(newest))
    return list(session.scalars(query.order_by(AreaIndicator.code)))


def indicators_page(session: Session, first: int, after: str | None) -> list[AreaIndicator]:
    """A page of the newest versions by code, and one more."""
    newest = select(AreaIndicator.code, func.max(AreaIndicator.version)).group_by(AreaIndicator.code)
    if after is not None:
        newest = newest.where(AreaIndicator.code > after)
    newest = newest.order_by(AreaIndicator.code).limit(first + 1)
    query = select(AreaIndicator).where(tuple_(AreaIndicator.code, AreaIndicator.version).in_(newest))
    return list(session.scalars(query.order_by(AreaIndicator.code)))


def known_versions(session: Session, wanted: Sequence[tuple[str, int]]) -> dict[tuple[str, int], list[int]]:
    """Those of these (code, version) that there are, with their years."""
    query = select(AreaIndicator).where(tuple_(AreaIndicator.code, AreaIndicator.version).in_(wanted))
    return {(i.code, i.version): list(i.years) for i in session.scalars(query)}


def add_values(session: Session, indicator: AreaIndicator, rows: Sequence[tuple[int, str, float]]) -> None:
    """An indicator's (year, area, value), in one statement."""
    session.execute(
        _VALUES,
        {
            "tenant": indicator.tenant_id,
            "code": indicator.code,
            "version": indicator.version,
            "years": [year for year, _, _ in rows],
            "areas": [area for _, area, _ in rows],
            "values": [value for _, _, value in rows],
        },
    )


def area_values(session: Session, wanted: Sequence[tuple[str, int, int]]) -> dict[str, dict[str, float]]:
    """Code → area → value of these (code, version, year): one read of the key."""
    found: dict[str, dict[str, float]] = {code: {} for code, _, _ in wanted}
    query = select(AreaValue.code, AreaValue.area, AreaValue.value).where(
        tuple_(AreaValue.code, AreaValue.version, AreaValue.year).in_(wanted)
    )
    for code, area, value in session.execute(query):
        found[code][area] = value
    return found

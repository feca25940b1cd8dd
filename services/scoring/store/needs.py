"""The figures that needs are ranked by."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.scoring.store.tables import FigureRow, FrameworkVersion


class FigureSums(NamedTuple):
    """A figure that was published, hidden or not."""

    area: str
    category: str
    measure: str
    n: int
    total: int
    squares: int
    hidden: bool
    released_at: datetime


def figures_by_attribute(
    session: Session, framework: FrameworkVersion, wave: str, attribute: str, measures: Sequence[str]
) -> list[FigureSums]:
    """The figures of these measures in every area and the council: one read along the table's key."""
    rows = session.execute(
        select(
            FigureRow.area,
            FigureRow.category,
            FigureRow.measure,
            FigureRow.n,
            FigureRow.total,
            FigureRow.squares,
            FigureRow.hidden,
            FigureRow.released_at,
        )
        .where(
            FigureRow.tenant_id == framework.tenant_id,
            FigureRow.framework_id == framework.framework_id,
            FigureRow.version == framework.version,
            FigureRow.wave == wave,
            FigureRow.attribute == attribute,
            FigureRow.area != "",
            FigureRow.measure.in_(measures),
        )
        .order_by(FigureRow.area, FigureRow.category, FigureRow.measure)
    )
    found = (FigureSums(*row) for row in rows)
    return [
        row._replace(total=int(row.total), squares=int(row.squares)) for row in found if row.category or not attribute
    ]


def figures_by_wave(
    session: Session, framework: FrameworkVersion, area: str, measures: Sequence[str]
) -> list[tuple[str, FigureSums]]:
    """(wave, figure) of everybody in one area or the council, measure by measure: one read along the table's key."""
    query = (
        select(
            FigureRow.wave,
            FigureRow.area,
            FigureRow.category,
            FigureRow.measure,
            FigureRow.n,
            FigureRow.total,
            FigureRow.squares,
            FigureRow.hidden,
            FigureRow.released_at,
        )
        .where(
            FigureRow.tenant_id == framework.tenant_id,
            FigureRow.framework_id == framework.framework_id,
            FigureRow.version == framework.version,
            FigureRow.wave.in_(framework.waves),
            FigureRow.attribute == "",
            FigureRow.area == area,
            FigureRow.area != "",
        )
        .order_by(FigureRow.measure)
    )
    if measures:
        query = query.where(FigureRow.measure.in_(measures))
    return [(row.wave, FigureSums(*row[1:])) for row in session.execute(query)]

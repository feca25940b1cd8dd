"""Queries of weightings and of the figures that they give."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Row, delete, func, select, text
from sqlalchemy.orm import Session

from services.scoring.model import Cell, Sums
from services.scoring.model.statistics.weighted import WeightedSums
from services.scoring.store.tables import FrameworkVersion, WeightedFigureRow, Weighting

_KEY = "tenant_id, framework_id, version, wave, weighting, attribute, area, category, measure"
_SUMS = ("n", "total", "squares", "weights", "weights_squared", "weighted_total", "weighted_twice", "weighted_squares")
_ADD = text(
    f"""
    INSERT INTO weighted_figures AS old (tenant_id, framework_id, version, weighting, wave, attribute, area, category,
        measure, {", ".join(_SUMS)})
    SELECT :tenant, :framework, :version, :weighting, c.*
    FROM unnest(CAST(:waves AS text[]), CAST(:attributes AS text[]), CAST(:areas AS text[]),
        CAST(:categories AS text[]), CAST(:measures AS text[]), CAST(:n AS bigint[]),
        {", ".join(f"CAST(:{name} AS numeric[])" for name in _SUMS[1:])}) AS c
    ON CONFLICT ({_KEY}) DO UPDATE SET {", ".join(f"{name} = old.{name} + excluded.{name}" for name in _SUMS)}
    """  # noqa: S608  # put together from constants of this file
)
_SHOW = text(
    """
    UPDATE weighted_figures AS f SET hidden = false
    FROM unnest(CAST(:waves AS text[]), CAST(:attributes AS text[]), CAST(:areas AS text[]),
        CAST(:categories AS text[]), CAST(:measures AS text[])) AS c (wave, attribute, area, category, measure)
    WHERE f.tenant_id = :tenant AND f.framework_id = :framework AND f.version = :version AND f.weighting = :weighting
        AND f.wave = c.wave AND f.attribute = c.attribute AND f.area = c.area AND f.category = c.category
        AND f.measure = c.measure
    """
)


class Weighed(NamedTuple):
    """A cell's plain sums, and the weighted sums of the same people."""

    plain: Sums
    weighted: WeightedSums

    def __add__(self, other: "Weighed") -> "Weighed":  # type: ignore[override]  # sums, not a longer tuple
        return Weighed(self.plain + other.plain, self.weighted + other.weighted)


NOBODY = Weighed(Sums(), WeightedSums())


def _columns(framework: FrameworkVersion, weighting: int, cells: Sequence[Cell]) -> dict[str, Any]:
    return {
        "tenant": framework.tenant_id,
        "framework": framework.framework_id,
        "version": framework.version,
        "weighting": weighting,
        "waves": [c.wave for c in cells],
        "attributes": [c.attribute for c in cells],
        "areas": [c.area for c in cells],
        "categories": [c.category for c in cells],
        "measures": [c.measure for c in cells],
    }


def add_weighted(session: Session, framework: FrameworkVersion, weighting: int, sums: Mapping[Cell, Weighed]) -> None:
    """Add to the weighted sums, in one statement; what was not there begins hidden."""
    if not sums:
        return
    rows = sorted(sums.items())
    columns = _columns(framework, weighting, [cell for cell, _ in rows])
    values = [
        (p.n, p.total, p.squares, w.weights, w.weights_squared, w.scores, w.scores_squared_weights, w.squares)
        for _, (p, w) in rows
    ]
    # as text: whole numbers of any size become numeric without a loss
    numbers = {name: [str(row[i]) for row in values] for i, name in enumerate(_SUMS)}
    session.execute(_ADD, columns | numbers | {"n": [row[0] for row in values]})


def show_weighted(session: Session, framework: FrameworkVersion, weighting: int, cells: Iterable[Cell]) -> None:
    """Let these be seen, in one statement."""
    session.execute(_SHOW, _columns(framework, weighting, sorted(cells)))


# as columns: the rows are added to behind the session's back, which would give those that it remembers
_ROW = select(*WeightedFigureRow.__table__.columns)


def _weighed(row: Row[Any]) -> Weighed:
    return Weighed(
        Sums(row.n, int(row.total), int(row.squares)),
        WeightedSums(
            row.n,
            int(row.weights),
            int(row.weights_squared),
            int(row.weighted_total),
            int(row.weighted_twice),
            int(row.weighted_squares),
        ),
    )


def weighted_cells(session: Session, framework: FrameworkVersion, weighting: int) -> dict[Cell, Weighed]:
    """All that a weighting's run has added up so far."""
    query = _ROW.where(
        WeightedFigureRow.framework_id == framework.framework_id,
        WeightedFigureRow.version == framework.version,
        WeightedFigureRow.weighting == weighting,
    )
    return {Cell(r.wave, r.measure, r.area, r.attribute, r.category): _weighed(r) for r in session.execute(query)}


def weighted_figures(
    session: Session, framework: FrameworkVersion, wave: str, weighting: int, attribute: str, areas: Iterable[str]
) -> dict[tuple[str, str, str], WeightedSums]:
    """(Area, category, measure) → weighted sums, of those that may be seen in these areas."""
    query = _ROW.where(
        WeightedFigureRow.framework_id == framework.framework_id,
        WeightedFigureRow.version == framework.version,
        WeightedFigureRow.wave == wave,
        WeightedFigureRow.weighting == weighting,
        WeightedFigureRow.attribute == attribute,
        WeightedFigureRow.area.in_(sorted(set(areas))),
        WeightedFigureRow.hidden.is_(False),
    )
    return {(r.area, r.category, r.measure): _weighed(r).weighted for r in session.execute(query)}


def weightings(session: Session, framework: FrameworkVersion, wave: str, first: int) -> Sequence[Weighting]:
    """The weightings of a round, newest first."""
    return session.scalars(
        select(Weighting)
        .where(
            Weighting.framework_id == framework.framework_id,
            Weighting.version == framework.version,
            Weighting.wave == wave,
        )
        .order_by(Weighting.weighting.desc())
        .limit(first)
    ).all()


def next_weighting(session: Session, framework: FrameworkVersion) -> int:
    """The number of the next weighting of a framework version."""
    query = select(func.max(Weighting.weighting)).where(
        Weighting.framework_id == framework.framework_id, Weighting.version == framework.version
    )
    return (session.scalar(query) or 0) + 1


def drop_weighting(session: Session, framework: FrameworkVersion, weighting: int) -> None:
    """Forget what a run added up that came to no end."""
    session.execute(
        delete(WeightedFigureRow).where(
            WeightedFigureRow.framework_id == framework.framework_id,
            WeightedFigureRow.version == framework.version,
            WeightedFigureRow.weighting == weighting,
        )
    )

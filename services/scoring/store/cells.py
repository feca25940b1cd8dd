"""Queries of the running sums, and of the figures that were published from them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, func, not_, select, text, tuple_
from sqlalchemy.orm import Session

from services.scoring.model import COUNCIL, INDEX, JOINED, STEP, UNSTATED, Cell, Sums
from services.scoring.model.disclosure import Released
from services.scoring.store.tables import CellRow, FigureRow, FrameworkVersion

FigureLine = Row[str, str, str, int, int, int, bool, datetime]
"""Area, category, measure, n, total, squares, hidden, released_at."""

_KEY = ("framework_id", "version", "wave", "attribute", "area", "category", "measure")
_KEYS = """
    unnest(CAST(:waves AS text[]), CAST(:attributes AS text[]), CAST(:areas AS text[]), CAST(:categories AS text[]),
        CAST(:measures AS text[]), CAST(:ns AS bigint[]), CAST(:totals AS numeric[]), CAST(:squares AS numeric[]),
        CAST(:vouched AS bigint[]), CAST(:marks AS numeric[])
"""
_ADD = text(
    f"""
    WITH moved AS (
        INSERT INTO cells AS old (tenant_id, framework_id, version, wave, attribute, area, category, measure, n, total,
            squares, vouched, mark)
        SELECT :tenant, :framework, :version, c.* FROM {_KEYS}) AS c
        ON CONFLICT (tenant_id, framework_id, version, wave, attribute, area, category, measure) DO UPDATE
        SET n = old.n + excluded.n, total = old.total + excluded.total, squares = old.squares + excluded.squares,
            vouched = old.vouched + excluded.vouched, mark = old.mark + excluded.mark
        RETURNING wave, attribute, area, category, measure, vouched
    )
    SELECT EXISTS (
        SELECT FROM moved LEFT JOIN figures AS f ON (f.tenant_id, f.framework_id, f.version) =
            (:tenant, :framework, :version) AND (f.wave, f.attribute, f.area, f.category, f.measure) =
            (moved.wave, moved.attribute, moved.area, moved.category, moved.measure)
        WHERE moved.attribute = '' AND moved.measure <> :index AND abs(moved.vouched - coalesce(f.vouched, 0)) >= :step
    )
    """  # noqa: S608  # put together from constants of this file
)
_WRITE = text(
    f"""
    INSERT INTO figures (tenant_id, framework_id, version, wave, attribute, area, category, measure, n, total,
        squares, vouched, mark, hidden, released_at)
    SELECT :tenant, :framework, :version, f.*, :moment FROM {_KEYS}, CAST(:hidden AS boolean[])) AS f
    ON CONFLICT (tenant_id, framework_id, version, wave, attribute, area, category, measure) DO UPDATE
    SET n = excluded.n, total = excluded.total, squares = excluded.squares, vouched = excluded.vouched,
        mark = excluded.mark, hidden = excluded.hidden, released_at = excluded.released_at
    """  # noqa: S608  # as above
)


def _columns(framework: FrameworkVersion, rows: Sequence[tuple[Cell, Sums]]) -> dict[str, Any]:
    return {
        "tenant": framework.tenant_id,
        "framework": framework.framework_id,
        "version": framework.version,
        "waves": [c.wave for c, _ in rows],
        "attributes": [c.attribute for c, _ in rows],
        "areas": [c.area for c, _ in rows],
        "categories": [c.category for c, _ in rows],
        "measures": [c.measure for c, _ in rows],
        # as text: whole numbers of any size become numeric without a loss
        "ns": [s.n for _, s in rows],
        "totals": [str(s.total) for _, s in rows],
        "squares": [str(s.squares) for _, s in rows],
        "vouched": [s.vouched for _, s in rows],
        "marks": [str(s.mark) for _, s in rows],
    }


def add_to_cells(session: Session, framework: FrameworkVersion, changes: Mapping[Cell, Sums]) -> bool:
    """Move the running sums, in one statement; in the order of the key, so that two at once cannot deadlock.

    Whether any area has a full step of people to be released.
    """
    if not changes:
        return False
    columns = _columns(framework, sorted(changes.items(), key=lambda change: change[0]))
    return bool(session.scalar(_ADD, columns | {"step": STEP, "index": INDEX}))


def _of_version(table: type[CellRow] | type[FigureRow], framework: FrameworkVersion) -> Any:
    return select(
        table.wave,
        table.measure,
        table.area,
        table.attribute,
        table.category,
        table.n,
        table.total,
        table.squares,
        table.vouched,
        table.mark,
    ).where(table.framework_id == framework.framework_id, table.version == framework.version)


def step_is_due(session: Session, framework: FrameworkVersion) -> bool:
    """Whether any area has a full step of people to be released: a look at the totals alone."""
    query = (
        select(CellRow.area)
        .outerjoin(
            FigureRow,
            and_(*(getattr(FigureRow, key) == getattr(CellRow, key) for key in ("tenant_id", *_KEY))),
        )
        .where(
            CellRow.framework_id == framework.framework_id,
            CellRow.version == framework.version,
            CellRow.attribute == "",
            CellRow.measure != INDEX,
            func.abs(CellRow.vouched - func.coalesce(FigureRow.vouched, 0)) >= STEP,
        )
    )
    return session.execute(query.limit(1)).first() is not None


def cells(session: Session, framework: FrameworkVersion) -> dict[Cell, Sums]:
    """All running sums of a framework version, as they stand."""
    return {Cell(*row[:5]): _sums(row) for row in session.execute(_of_version(CellRow, framework))}


def figures(session: Session, framework: FrameworkVersion) -> dict[Cell, tuple[Sums, bool]]:
    """The whole public state of a framework version, with whether each cell is hidden."""
    query = _of_version(FigureRow, framework).add_columns(FigureRow.hidden)
    return {Cell(*row[:5]): (_sums(row), row.hidden) for row in session.execute(query)}


def _sums(row: Any) -> Sums:
    return Sums(row.n, int(row.total), int(row.squares), row.vouched, int(row.mark))


def write_figures(session: Session, framework: FrameworkVersion, rows: Sequence[Released], moment: datetime) -> None:
    """Publish these figures, in one statement."""
    columns = _columns(framework, [(row.cell, row.sums) for row in rows])
    session.execute(_WRITE, columns | {"hidden": [row.hidden for row in rows], "moment": moment})


def figures_page(
    session: Session,
    framework: FrameworkVersion,
    wave: str,
    attribute: str,
    areas: Sequence[str],
    council: bool,
    measures: Sequence[str],
    first: int,
    after: tuple[str, str, str] | None,
) -> Sequence[FigureLine]:
    """Published figures by area, category and measure: one read of the table's key."""
    query = (
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
        )
        .order_by(FigureRow.area, FigureRow.category, FigureRow.measure)
        .limit(first)
    )
    if attribute:
        query = query.where(FigureRow.category != UNSTATED)
    if JOINED in attribute:
        # nor those who gave one of the two
        query = query.where(not_(FigureRow.category.startswith(JOINED)), not_(FigureRow.category.endswith(JOINED)))
    if areas:
        query = query.where(FigureRow.area.in_(areas))
    if not council:
        query = query.where(FigureRow.area != COUNCIL)
    if measures:
        query = query.where(FigureRow.measure.in_(measures))
    if after is not None:
        query = query.where(tuple_(FigureRow.area, FigureRow.category, FigureRow.measure) > after)
    return session.execute(query).all()

"""Queries of the running counts and of quotas. No query here reads responses."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select, text, update
from sqlalchemy.orm import Session

from services.surveys.store.tables import Questionnaire, Quota, ResponseCount

_RELEASE = text(
    """
    WITH moved AS (
        SELECT wave, area, cell, shard FROM response_counts
        WHERE tenant_id = :tenant AND questionnaire_id = :questionnaire AND released <> n
        ORDER BY wave, area, cell, shard FOR UPDATE
    )
    UPDATE response_counts c SET released = c.n FROM moved m
    WHERE c.tenant_id = :tenant AND c.questionnaire_id = :questionnaire
        AND (c.wave, c.area, c.cell, c.shard) = (m.wave, m.area, m.cell, m.shard)
    """
)


def accepted_counts(session: Session, ids: Sequence[UUID]) -> dict[UUID, int]:
    """Accepted responses by questionnaire, one query for all."""
    query = (
        select(ResponseCount.questionnaire_id, func.sum(ResponseCount.n))
        .where(ResponseCount.questionnaire_id.in_(ids))
        .group_by(ResponseCount.questionnaire_id)
    )
    return {row[0]: int(row[1]) for row in session.execute(query)}


def waiting_and_released(session: Session, questionnaire: UUID) -> tuple[int, int]:
    """All responses as they stand, and as they were told last."""
    query = select(
        func.coalesce(func.sum(ResponseCount.n), 0), func.coalesce(func.sum(ResponseCount.released), 0)
    ).where(ResponseCount.questionnaire_id == questionnaire)
    row = session.execute(query).one()
    return int(row[0]), int(row[1])


def release_counts(session: Session, tenant: UUID, questionnaire: UUID) -> None:
    """What is told from now on is what stands now; in the order of the key, in which answers that come move it too."""
    session.execute(_RELEASE, {"tenant": tenant, "questionnaire": questionnaire})


def released(
    session: Session, questionnaire: UUID, wave: str | None, attributes: Sequence[str], by_area: bool
) -> list[tuple[str, list[str | None], int]]:
    """Told responses by area ("" where areas are not told apart or none was given) and category of each attribute."""
    areas: list[ColumnElement[str]] = [ResponseCount.area.expression] if by_area else []
    cell = [*areas, *(ResponseCount.groups[code].astext for code in attributes)]
    query = select(func.sum(ResponseCount.released), *cell).where(ResponseCount.questionnaire_id == questionnaire)
    if wave is not None:
        query = query.where(ResponseCount.wave == wave)
    if cell:
        query = query.group_by(*cell)
    return [(row[1] if by_area else "", list(row[1 + by_area :]), int(row[0] or 0)) for row in session.execute(query)]


def replace_quotas(session: Session, questionnaire: UUID, rows: Sequence[dict[str, Any]], closing: bool) -> None:
    """Put these quotas in the place of those that there were."""
    session.execute(delete(Quota).where(Quota.questionnaire_id == questionnaire))
    if rows:
        session.execute(insert(Quota), rows)
    session.execute(update(Questionnaire).where(Questionnaire.id == questionnaire).values(quotas_close=closing))


def lock_closing_quotas(session: Session, questionnaire: UUID) -> None:
    """Let nobody else fill the quotas that close until this transaction ends."""
    query = select(Quota.code).where(Quota.questionnaire_id == questionnaire, Quota.closes).order_by(Quota.code)
    session.execute(query.with_for_update())


def quotas(session: Session, questionnaire: UUID, wave: str | None, told: bool) -> list[tuple[Quota, int]]:
    """The quotas in their order, each with its responses as they were told last, or as they stand."""
    counted = func.coalesce(func.sum(ResponseCount.released if told else ResponseCount.n), 0)
    belongs = and_(
        ResponseCount.tenant_id == Quota.tenant_id,
        ResponseCount.questionnaire_id == Quota.questionnaire_id,
        or_(Quota.area.is_(None), ResponseCount.area == Quota.area),
        ResponseCount.groups.contains(Quota.groups),
    )
    if wave is not None:
        belongs = and_(belongs, ResponseCount.wave == wave)
    query = (
        select(Quota, counted)
        .outerjoin(ResponseCount, belongs)
        .where(Quota.questionnaire_id == questionnaire)
        .group_by(Quota.tenant_id, Quota.questionnaire_id, Quota.code)
        .order_by(Quota.place)
    )
    return [(row[0], int(row[1])) for row in session.execute(query)]

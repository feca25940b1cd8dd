"""Queries of figures with noise: settings, the ledger, and the exact sums that noise is added to."""

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import exists, func, select, text
from sqlalchemy.orm import Session

from services.scoring.store.tables import (
    CellRow,
    FigureRow,
    FrameworkVersion,
    PrivateRelease,
    PrivateSettings,
)

_SETTLED = text(
    "INSERT INTO private_settings (tenant_id, framework_id) VALUES (:tenant, :framework) ON CONFLICT DO NOTHING"
)


def private_settings(session: Session, framework_id: UUID) -> PrivateSettings | None:
    """As they are; None where nobody has set any."""
    return session.scalars(select(PrivateSettings).where(PrivateSettings.framework_id == framework_id)).one_or_none()


def lock_private_settings(session: Session, tenant: UUID, framework_id: UUID) -> PrivateSettings:
    """Locked, and made where there are none: whoever spends or changes the budget goes one at a time."""
    session.execute(_SETTLED, {"tenant": tenant, "framework": framework_id})
    return session.scalars(
        select(PrivateSettings).where(PrivateSettings.framework_id == framework_id).with_for_update()
    ).one()


def lock_publishing(session: Session, tenant: UUID, questionnaires: Iterable[UUID], alone: bool = False) -> None:
    """Ordinary releases of a questionnaire share this; `alone`: none is under way while noise takes their place."""
    function = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    for key in sorted(str(q) for q in questionnaires):
        session.execute(text(f"SELECT {function}(hashtextextended(:key, 0))"), {"key": f"private:{tenant}:{key}"})


def is_private(session: Session, questionnaire_id: UUID) -> bool:
    """Whether a framework that counts, or counted, this questionnaire has figures with noise in the place of others."""
    query = exists().where(
        PrivateSettings.tenant_id == FrameworkVersion.tenant_id,
        PrivateSettings.framework_id == FrameworkVersion.framework_id,
        PrivateSettings.enabled.is_(True),
        FrameworkVersion.questionnaire_id == questionnaire_id,
        FrameworkVersion.status != "draft",
    )
    return bool(session.scalar(select(query)))


def questionnaires_of(session: Session, framework_id: UUID) -> frozenset[UUID]:
    """Those that any version of a framework is about."""
    query = select(FrameworkVersion.questionnaire_id).where(FrameworkVersion.framework_id == framework_id)
    return frozenset(session.scalars(query))


def has_figures(session: Session, questionnaire_ids: Collection[UUID]) -> bool:
    """Whether any framework has published ordinary figures of one of these."""
    query = exists().where(
        FigureRow.tenant_id == FrameworkVersion.tenant_id,
        FigureRow.framework_id == FrameworkVersion.framework_id,
        FigureRow.version == FrameworkVersion.version,
        FrameworkVersion.questionnaire_id.in_(questionnaire_ids),
    )
    return bool(session.scalar(select(query)))


def newest_private(session: Session, framework_id: UUID) -> tuple[int, int]:
    """The number of the newest release, and what is spent; (0, 0) where there is none."""
    found = session.execute(
        select(PrivateRelease.number, PrivateRelease.spent)
        .where(PrivateRelease.framework_id == framework_id)
        .order_by(PrivateRelease.number.desc())
        .limit(1)
    ).one_or_none()
    return (found.number, found.spent) if found is not None else (0, 0)


def private_releases(session: Session, framework_id: UUID, first: int, before: int | None) -> list[PrivateRelease]:
    """The newest releases first, before this number."""
    query = select(PrivateRelease).where(PrivateRelease.framework_id == framework_id)
    if before is not None:
        query = query.where(PrivateRelease.number < before)
    return list(session.scalars(query.order_by(PrivateRelease.number.desc()).limit(first)))


def sums_as_they_stand(
    session: Session,
    framework: FrameworkVersion,
    wave: str,
    attribute: str,
    areas: Collection[str] | None,
    measures: Collection[str],
) -> dict[tuple[str, str, str], tuple[int, int]]:
    """(Area, category, measure) → n and total, exact and of this moment. No areas: all of them together, as ""."""
    key = CellRow.area if areas is not None else func.max("")
    query = select(key, CellRow.category, CellRow.measure, func.sum(CellRow.n), func.sum(CellRow.total)).where(
        CellRow.framework_id == framework.framework_id,
        CellRow.version == framework.version,
        CellRow.wave == wave,
        CellRow.attribute == attribute,
        CellRow.measure.in_(measures),
    )
    if areas is not None:
        query = query.where(CellRow.area.in_(areas)).group_by(CellRow.area)
    found = session.execute(query.group_by(CellRow.category, CellRow.measure))
    return {(area, category, measure): (int(n), int(total)) for area, category, measure, n, total in found}

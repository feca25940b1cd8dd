"""Queries of questionnaires and their versions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from services.chassis.paging import newest_first
from services.surveys.store.tables import Questionnaire, Version, Wave


def _with_newest_version(open_to_all: bool) -> Select[Questionnaire, Version]:
    newest = (
        select(func.max(Version.version))
        .where(Version.tenant_id == Questionnaire.tenant_id, Version.questionnaire_id == Questionnaire.id)
        .correlate(Questionnaire)
    )
    if open_to_all:
        newest = newest.where(Version.status != "draft")
    return select(Questionnaire, Version).where(
        Version.tenant_id == Questionnaire.tenant_id,
        Version.questionnaire_id == Questionnaire.id,
        Version.version == newest.scalar_subquery(),
    )


def questionnaires(session: Session, ids: Sequence[UUID], open_to_all: bool) -> list[tuple[Questionnaire, Version]]:
    """These questionnaires with their newest version (of those open to all), in no order."""
    query = _with_newest_version(open_to_all).where(Questionnaire.id.in_(ids))
    return [(q, v) for q, v in session.execute(query)]


def questionnaire_by_slug(session: Session, slug: str, open_to_all: bool) -> tuple[Questionnaire, Version] | None:
    """The questionnaire with its newest version, or None."""
    row = session.execute(_with_newest_version(open_to_all).where(Questionnaire.slug == slug)).one_or_none()
    return None if row is None else (row[0], row[1])


def page(
    session: Session, first: int, after: UUID | None, status: str | None, open_to_all: bool
) -> list[tuple[Questionnaire, Version]]:
    """A page of questionnaires, and one more; see `paging`."""
    query = newest_first(_with_newest_version(open_to_all), Questionnaire.id, first, after)
    if status is not None:
        query = query.where(Version.status == status)
    return [(q, v) for q, v in session.execute(query)]


def lock_newest(session: Session, questionnaire_id: UUID) -> Version | None:
    """The newest version, locked so that two officers cannot change it at once."""
    return session.scalars(
        select(Version)
        .where(Version.questionnaire_id == questionnaire_id)
        .order_by(Version.version.desc())
        .limit(1)
        .with_for_update()
    ).one_or_none()


def version(session: Session, questionnaire_id: UUID, number: int) -> Version:
    """A version that is known to be there."""
    return session.scalars(
        select(Version).where(Version.questionnaire_id == questionnaire_id, Version.version == number)
    ).one()


def open_version(session: Session, questionnaire_id: UUID) -> int | None:
    """The number of the version that takes answers, or None."""
    return session.scalar(
        select(Version.version).where(Version.questionnaire_id == questionnaire_id, Version.status == "published")
    )


class Opening(NamedTuple):
    """What takes answers now: the version, the ways in, the wave ("": no waves; None: between two), when it ends, and
    whether full quotas close the way in."""

    version: int
    ways: Sequence[str]
    wave: str | None
    ends_at: datetime | None
    quotas_close: bool


def opening(session: Session, questionnaire_id: UUID) -> Opening | None:
    """The opening of a questionnaire, in one read; None where no version takes answers."""
    row = session.execute(
        select(Version.version, Questionnaire.ways, Questionnaire.wave, Wave.ends_at, Questionnaire.quotas_close)
        .join(
            Questionnaire,
            (Questionnaire.tenant_id == Version.tenant_id) & (Questionnaire.id == Version.questionnaire_id),
        )
        .outerjoin(
            Wave,
            (Wave.tenant_id == Questionnaire.tenant_id)
            & (Wave.questionnaire_id == Questionnaire.id)
            & (Wave.code == Questionnaire.wave),
        )
        .where(Version.questionnaire_id == questionnaire_id, Version.status == "published")
    ).one_or_none()
    return None if row is None else Opening(*row)


def newest_status(session: Session, questionnaire_id: UUID) -> str | None:
    """The status of the newest version, or None where there is no such questionnaire."""
    return session.scalar(
        select(Version.status)
        .where(Version.questionnaire_id == questionnaire_id)
        .order_by(Version.version.desc())
        .limit(1)
    )


def definitions(session: Session, questionnaire_id: UUID) -> dict[int, dict[str, Any]]:
    """Every version that people could answer, by its number."""
    query = select(Version.version, Version.definition).where(
        Version.questionnaire_id == questionnaire_id, Version.status != "draft"
    )
    return {row.version: row.definition for row in session.execute(query)}

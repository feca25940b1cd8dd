"""Queries of frameworks, their versions, and the questionnaires they score."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select, text, tuple_
from sqlalchemy.orm import Session

from services.chassis.paging import newest_first
from services.scoring.store.tables import Framework, FrameworkVersion, Questionnaire

Ranges = dict[str, tuple[float, float]]


def _with_newest_version(open_to_all: bool) -> Select[Framework, FrameworkVersion]:
    newest = (
        select(func.max(FrameworkVersion.version))
        .where(FrameworkVersion.tenant_id == Framework.tenant_id, FrameworkVersion.framework_id == Framework.id)
        .correlate(Framework)
    )
    if open_to_all:
        newest = newest.where(FrameworkVersion.status.in_(("live", "replaced")))
    return select(Framework, FrameworkVersion).where(
        FrameworkVersion.tenant_id == Framework.tenant_id,
        FrameworkVersion.framework_id == Framework.id,
        FrameworkVersion.version == newest.scalar_subquery(),
    )


def framework_by_ids(
    session: Session, ids: Sequence[UUID], open_to_all: bool
) -> list[tuple[Framework, FrameworkVersion]]:
    """These frameworks with their newest version (of those open to all), in no order."""
    query = _with_newest_version(open_to_all).where(Framework.id.in_(ids))
    return [(f, v) for f, v in session.execute(query)]


def frameworks_page(
    session: Session, first: int, after: UUID | None, open_to_all: bool
) -> list[tuple[Framework, FrameworkVersion]]:
    """A page of frameworks, and one more; see `paging`."""
    query = newest_first(_with_newest_version(open_to_all), Framework.id, first, after)
    return [(f, v) for f, v in session.execute(query)]


def lock_newest(session: Session, framework_id: UUID) -> FrameworkVersion | None:
    """The newest version, locked so that two officers cannot change it at once."""
    return session.scalars(
        select(FrameworkVersion)
        .where(FrameworkVersion.framework_id == framework_id)
        .order_by(FrameworkVersion.version.desc())
        .limit(1)
        .with_for_update()
    ).one_or_none()


def version(session: Session, framework_id: UUID, status: str) -> FrameworkVersion | None:
    """The one version in this state ("draft", "counting" or "live"), or None."""
    return session.scalars(
        select(FrameworkVersion).where(FrameworkVersion.framework_id == framework_id, FrameworkVersion.status == status)
    ).one_or_none()


def version_or_newest(session: Session, framework_id: UUID, number: int | None) -> FrameworkVersion | None:
    """This version, or the newest one, in whatever state it is."""
    query = select(FrameworkVersion).where(FrameworkVersion.framework_id == framework_id)
    if number is not None:
        query = query.where(FrameworkVersion.version == number)
    return session.scalars(query.order_by(FrameworkVersion.version.desc()).limit(1)).one_or_none()


def fixed_version(session: Session, framework_id: UUID, number: int | None) -> FrameworkVersion | None:
    """This version, or the newest one, of those that are or were live: they never change."""
    query = select(FrameworkVersion).where(
        FrameworkVersion.framework_id == framework_id, FrameworkVersion.status.in_(("live", "replaced"))
    )
    if number is not None:
        query = query.where(FrameworkVersion.version == number)
    return session.scalars(query.order_by(FrameworkVersion.version.desc()).limit(1)).one_or_none()


def lock_version(session: Session, framework_id: UUID, number: int) -> FrameworkVersion | None:
    """A version, locked: one release at a time."""
    return session.scalars(
        select(FrameworkVersion)
        .where(FrameworkVersion.framework_id == framework_id, FrameworkVersion.version == number)
        .with_for_update()
    ).one_or_none()


def live_for(session: Session, questionnaire_ids: Iterable[UUID]) -> list[FrameworkVersion]:
    """The live versions that score any of these questionnaires."""
    return list(
        session.scalars(
            select(FrameworkVersion)
            .where(FrameworkVersion.questionnaire_id.in_(list(questionnaire_ids)), FrameworkVersion.status == "live")
            .order_by(FrameworkVersion.framework_id)
        )
    )


# The two statements that every batch of responses runs are put together once: doing it anew costs as much as they do.
_MOVING = (
    select(FrameworkVersion)
    .where(
        FrameworkVersion.questionnaire_id.in_(bindparam("questionnaires", expanding=True)),
        FrameworkVersion.status.in_(("counting", "live")),
    )
    # in one order for all, so that two who move the sums of several frameworks cannot deadlock
    .order_by(FrameworkVersion.framework_id, FrameworkVersion.version)
)
_REQUEST_RELEASE = text(
    """
    UPDATE framework_versions SET release_requested = true
    WHERE tenant_id = :tenant AND framework_id = :framework AND version = :version AND NOT release_requested
        AND EXISTS (
            SELECT FROM questionnaires AS q
            WHERE q.tenant_id = :tenant AND q.questionnaire_id = :questionnaire AND (q.release = 'live' OR q.closed)
                AND (q.version = ANY(CAST(:answered AS int[])) OR cardinality(CAST(:answered AS int[])) = 0)
        )
    RETURNING version
    """
)


def moving_for(session: Session, questionnaire_ids: Iterable[UUID]) -> list[FrameworkVersion]:
    """The versions whose sums the responses to these questionnaires move: live ones, and those being counted."""
    return list(session.scalars(_MOVING, {"questionnaires": list(questionnaire_ids)}))


def live_versions(session: Session, framework_id: UUID | None) -> list[FrameworkVersion]:
    """All live versions, or the one of this framework."""
    query = select(FrameworkVersion).where(FrameworkVersion.status == "live")
    if framework_id is not None:
        query = query.where(FrameworkVersion.framework_id == framework_id)
    return list(session.scalars(query))


def published_beside(session: Session, framework: FrameworkVersion) -> list[FrameworkVersion]:
    """Other versions, of this framework and of others, that figures of the same questionnaire were published of."""
    return list(
        session.scalars(
            select(FrameworkVersion).where(
                FrameworkVersion.questionnaire_id == framework.questionnaire_id,
                FrameworkVersion.release > 0,
                tuple_(FrameworkVersion.framework_id, FrameworkVersion.version)
                != (framework.framework_id, framework.version),
            )
        )
    )


def request_release(session: Session, framework: FrameworkVersion, answered: Iterable[int]) -> bool:
    """Mark that a release is due, where one of these versions of the questionnaire lets figures out while it is open,
    or is closed; of none, any version. Whether it was not marked before."""
    given = {
        "tenant": framework.tenant_id,
        "framework": framework.framework_id,
        "version": framework.version,
        "questionnaire": framework.questionnaire_id,
        "answered": list(answered),
    }
    return session.scalar(_REQUEST_RELEASE, given) is not None


def questionnaires(session: Session, questionnaire_id: UUID) -> list[Questionnaire]:
    """The published versions of a questionnaire that surveys told of, oldest first."""
    return list(
        session.scalars(
            select(Questionnaire)
            .where(Questionnaire.questionnaire_id == questionnaire_id)
            .order_by(Questionnaire.version)
        )
    )


def ranges(session: Session, questionnaire_id: UUID, version: int) -> Ranges | None:
    """Item code → (minimum, maximum) in a questionnaire version, or None where surveys has not told of it yet."""
    found = session.scalar(
        select(Questionnaire.ranges).where(
            Questionnaire.questionnaire_id == questionnaire_id, Questionnaire.version == version
        )
    )
    return None if found is None else {code: (low, high) for code, (low, high) in found.items()}

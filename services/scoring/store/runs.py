"""Queries of runs, and of the stored responses that they walk through."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from services.chassis.paging import newest_first
from services.scoring.store.responses import Change
from services.scoring.store.tables import CellRow, FrameworkVersion, Response, Run

Query = TypeVar("Query", bound=Select[*tuple[Any, ...]])
_CHANGE = (
    Response.response_id,
    Response.response_version,
    Response.questionnaire_id,
    Response.questionnaire_version,
    Response.person_id,
    Response.area,
    Response.groups,
    Response.values,
    Response.submitted_at,
    Response.wave,
    Response.mode,
    Response.vouched,
)


def runs_by_ids(session: Session, ids: Sequence[UUID]) -> list[Run]:
    """These runs, in no order."""
    return list(session.scalars(select(Run).where(Run.id.in_(ids))))


def runs_page(session: Session, framework_id: UUID | None, first: int, after: UUID | None) -> list[Run]:
    """A page of runs, and one more; see `paging`."""
    query = select(Run) if framework_id is None else select(Run).where(Run.framework_id == framework_id)
    return list(session.scalars(newest_first(query, Run.id, first, after)))


def lock_run(session: Session, run_id: UUID) -> Run | None:
    """A run, locked: one step at a time."""
    return session.scalars(select(Run).where(Run.id == run_id).with_for_update()).one_or_none()


def framework_version(session: Session, framework_id: UUID, number: int) -> FrameworkVersion:
    """A version that a run is of."""
    query = select(FrameworkVersion).where(
        FrameworkVersion.framework_id == framework_id, FrameworkVersion.version == number
    )
    return session.scalars(query).one()


def count_responses(session: Session, questionnaire_id: UUID) -> int:
    """How many responses of a questionnaire are stored, withdrawn ones included."""
    query = select(func.count()).select_from(Response).where(Response.questionnaire_id == questionnaire_id)
    return session.scalar(query) or 0


def _within(query: Query, questionnaire_id: UUID, after: UUID | None, to: UUID | None) -> Query:
    query = query.where(Response.questionnaire_id == questionnaire_id)
    if after is not None:
        query = query.where(Response.response_id > after)
    return query if to is None else query.where(Response.response_id <= to)


def responses_after(session: Session, questionnaire_id: UUID, after: UUID | None, first: int) -> list[Change]:
    """The next `first` responses by id, withdrawn ones included."""
    query = _within(select(*_CHANGE), questionnaire_id, after, None).order_by(Response.response_id).limit(first)
    return [Change(*row) for row in session.execute(query)]


def response_versions(session: Session, questionnaire_id: UUID, after: UUID | None, to: UUID | None) -> dict[UUID, int]:
    """Response id → version of what is stored behind `after` and up to `to` (None: to the end)."""
    query = _within(select(Response.response_id, Response.response_version), questionnaire_id, after, to)
    return {row[0]: row[1] for row in session.execute(query)}


def responses_by_ids(session: Session, ids: Iterable[UUID]) -> list[Change]:
    """These responses as they are now."""
    return [Change(*row) for row in session.execute(select(*_CHANGE).where(Response.response_id.in_(list(ids))))]


def drop_cells(session: Session, framework: FrameworkVersion) -> None:
    """Forget the running sums of a version that never counted."""
    session.execute(
        delete(CellRow).where(CellRow.framework_id == framework.framework_id, CellRow.version == framework.version)
    )

"""Queries of the coded values of responses."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from services.scoring.store.tables import Response


class Change(msgspec.Struct, frozen=True):
    """A response as it is from now on. `submitted_at` None: it was withdrawn, and has no values."""

    response_id: UUID
    response_version: int
    questionnaire_id: UUID
    questionnaire_version: int
    person_id: UUID | None
    area: str | None
    groups: dict[str, str]
    values: dict[str, float]
    submitted_at: datetime | None
    wave: str
    mode: str
    vouched: bool


_ROWS = """
    FROM unnest(CAST(:ids AS uuid[]), CAST(:versions AS int[]), CAST(:questionnaires AS uuid[]),
        CAST(:questionnaire_versions AS int[]), CAST(:persons AS uuid[]), CAST(:areas AS text[]),
        CAST(:groups AS text[]), CAST(:values AS text[]), CAST(:times AS timestamptz[]), CAST(:waves AS text[]),
        CAST(:modes AS text[]), CAST(:vouched AS boolean[]))
        AS r (response_id, response_version, questionnaire_id, questionnaire_version, person_id, area, groups,
              "values", submitted_at, wave, mode, vouched)
"""
_ADD = text(
    f"""
    INSERT INTO responses (tenant_id, response_id, response_version, questionnaire_id, questionnaire_version,
        person_id, area, groups, "values", submitted_at, wave, mode, vouched)
    SELECT :tenant, r.response_id, r.response_version, r.questionnaire_id, r.questionnaire_version, r.person_id,
        r.area, CAST(r.groups AS jsonb), CAST(r."values" AS jsonb), r.submitted_at,
        r.wave, r.mode, r.vouched AND NOT EXISTS (
            SELECT FROM responses AS o WHERE o.tenant_id = :tenant AND o.questionnaire_id = r.questionnaire_id
            AND o.wave = r.wave AND o.person_id = r.person_id AND o.vouched AND o.response_id <> r.response_id)
    {_ROWS}
    ON CONFLICT (tenant_id, response_id) DO NOTHING
    RETURNING response_id, vouched
    """  # noqa: S608  # put together from constants of this file
)
_REPLACE = text(
    f"""
    UPDATE responses AS old SET response_version = r.response_version,
        questionnaire_version = r.questionnaire_version, person_id = r.person_id, area = r.area,
        groups = CAST(r.groups AS jsonb), "values" = CAST(r."values" AS jsonb), submitted_at = r.submitted_at,
        wave = r.wave, mode = r.mode, vouched = r.vouched
    {_ROWS}
    WHERE old.tenant_id = :tenant AND old.response_id = r.response_id
    """  # noqa: S608  # put together from constants of this file
)


def _columns(tenant: UUID, changes: Sequence[Change]) -> dict[str, object]:
    return {
        "tenant": tenant,
        "ids": [c.response_id for c in changes],
        "versions": [c.response_version for c in changes],
        "questionnaires": [c.questionnaire_id for c in changes],
        "questionnaire_versions": [c.questionnaire_version for c in changes],
        "persons": [c.person_id for c in changes],
        "areas": [c.area for c in changes],
        "groups": [msgspec.json.encode(c.groups).decode() for c in changes],
        "values": [msgspec.json.encode(c.values).decode() for c in changes],
        "times": [c.submitted_at for c in changes],
        "waves": [c.wave for c in changes],
        "modes": [c.mode for c in changes],
        "vouched": [c.vouched for c in changes],
    }


def lock_questionnaires(session: Session, tenant: UUID, ids: Iterable[UUID], alone: bool = False) -> None:
    """Keep the set of live frameworks still while responses are taken; `alone`: keep responses out while it changes."""
    function = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    for key in sorted({str(i) for i in ids}):
        session.execute(text(f"SELECT {function}(hashtextextended(:key, 0))"), {"key": f"{tenant}:{key}"})


def add_responses(session: Session, tenant: UUID, changes: Sequence[Change]) -> dict[UUID, bool]:
    """Store those that were never heard of, in one statement; their ids, and whether they count as a person's.

    A person's second response to the same asking does not, vouched for or not. Two at once meet at a unique index, and
    one of them is tried again.
    """
    return {row.response_id: row.vouched for row in session.execute(_ADD, _columns(tenant, changes))}


def lock_responses(session: Session, ids: Iterable[UUID]) -> dict[UUID, Response]:
    """Responses as they count now, locked in the order of their ids."""
    query = select(Response).where(Response.response_id.in_(list(ids))).order_by(Response.response_id)
    return {r.response_id: r for r in session.scalars(query.with_for_update())}


def replace_responses(session: Session, tenant: UUID, changes: Sequence[Change]) -> None:
    """Put these in the place of what is stored, in one statement."""
    session.execute(_REPLACE, _columns(tenant, changes))


def of_person(session: Session, person: UUID, questionnaire_ids: Sequence[UUID], first: int) -> list[Response]:
    """Up to `first` responses of a person that count, newest first."""
    return list(
        session.scalars(
            select(Response)
            .where(
                Response.person_id == person,
                Response.submitted_at.is_not(None),
                Response.questionnaire_id.in_(questionnaire_ids),
            )
            .order_by(Response.response_id.desc())
            .limit(first)
        )
    )

"""Queries of responses, and of the imports they came with."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import func, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.chassis.paging import newest_first
from services.surveys.store.tables import Import, Response


class NewResponse(NamedTuple):
    """A response that is not stored yet. A `Response`, whose columns are watched, would cost more than all checks."""

    tenant_id: UUID
    id: UUID
    questionnaire_id: UUID
    questionnaire_version: int
    person_id: UUID | None
    idempotency_key: str
    request_digest: bytes
    area: str | None
    groups: dict[str, str]
    answers: Mapping[str, Any]
    consent: Mapping[str, Any]
    mode: str
    wave: str
    submitted_at: datetime
    accepted_at: datetime
    link_id: UUID | None = None
    entered_by: UUID | None = None
    receipt_digest: bytes | None = None
    response_version: int = 1


_ADD_MANY = text(
    """
    INSERT INTO responses (tenant_id, id, questionnaire_id, questionnaire_version, person_id, idempotency_key,
        request_digest, area, groups, answers, consent, mode, wave, link_id, entered_by, receipt_digest, submitted_at,
        accepted_at)
    SELECT :tenant, r.id, r.questionnaire_id, r.version, r.person_id, r.key, r.digest, r.area, CAST(r.groups AS jsonb),
        CAST(r.answers AS jsonb), CAST(r.consent AS jsonb), r.mode, r.wave, r.link_id, r.entered_by, r.receipt_digest,
        r.submitted_at, :accepted_at
    FROM unnest(CAST(:ids AS uuid[]), CAST(:questionnaires AS uuid[]), CAST(:versions AS int[]),
        CAST(:persons AS uuid[]), CAST(:keys AS text[]), CAST(:digests AS bytea[]), CAST(:areas AS text[]),
        CAST(:groups AS text[]), CAST(:answers AS text[]), CAST(:consents AS text[]), CAST(:modes AS text[]),
        CAST(:waves AS text[]), CAST(:links AS uuid[]), CAST(:enterers AS uuid[]), CAST(:receipts AS bytea[]),
        CAST(:times AS timestamptz[]))
        AS r (id, questionnaire_id, version, person_id, key, digest, area, groups, answers, consent, mode, wave,
              link_id, entered_by, receipt_digest, submitted_at)
    ON CONFLICT DO NOTHING
    RETURNING id
    """
)


def add_responses(session: Session, rows: Sequence[NewResponse]) -> set[UUID]:
    """Store responses in one statement; the ids of those that are new.

    Not new is one whose idempotency key was taken before, and one of a person who has answered in this wave. They are
    of one council and accepted at one moment.
    """
    if not rows:
        return set()
    columns = {
        "tenant": rows[0].tenant_id,
        "accepted_at": rows[0].accepted_at,
        "ids": [r.id for r in rows],
        "questionnaires": [r.questionnaire_id for r in rows],
        "versions": [r.questionnaire_version for r in rows],
        "persons": [r.person_id for r in rows],
        "keys": [r.idempotency_key for r in rows],
        "digests": [r.request_digest for r in rows],
        "areas": [r.area for r in rows],
        "groups": [_json(r.groups) for r in rows],
        "answers": [_json(r.answers) for r in rows],
        "consents": [_json(r.consent) for r in rows],
        "modes": [r.mode for r in rows],
        "waves": [r.wave for r in rows],
        "links": [r.link_id for r in rows],
        "enterers": [r.entered_by for r in rows],
        "receipts": [r.receipt_digest for r in rows],
        "times": [r.submitted_at for r in rows],
    }
    return set(session.execute(_ADD_MANY, columns).scalars())


def _json(value: Mapping[str, Any]) -> str:
    return msgspec.json.encode(value).decode()


def responses_by_key(session: Session, keys: Sequence[str]) -> dict[str, Response]:
    """The responses that took these idempotency keys."""
    return {r.idempotency_key: r for r in session.scalars(select(Response).where(Response.idempotency_key.in_(keys)))}


def lock_own_response(session: Session, response_id: UUID, person: UUID) -> Response | None:
    """A person's own response, locked; None for anybody else's."""
    return session.scalars(
        select(Response).where(Response.id == response_id, Response.person_id == person).with_for_update()
    ).one_or_none()


def lock_counted(session: Session, like: Sequence[NewResponse]) -> dict[tuple[UUID, UUID | None, str | None], Response]:
    """By questionnaire, person and wave of `like`: the responses that count there, locked in the order of their ids."""
    keys = [(r.questionnaire_id, r.person_id, r.wave) for r in like]
    query = select(Response).where(
        tuple_(Response.questionnaire_id, Response.person_id, Response.wave).in_(keys),
        Response.status == "accepted",
        Response.mode != "import",
    )
    found = session.scalars(query.order_by(Response.id).with_for_update())
    return {(r.questionnaire_id, r.person_id, r.wave): r for r in found}


def lock_by_code(session: Session, digest: bytes) -> Response | None:
    """The response whose receipt had the code with this digest, locked."""
    return session.scalars(select(Response).where(Response.receipt_digest == digest).with_for_update()).one_or_none()


def own_responses(session: Session, person: UUID, first: int, after: UUID | None) -> list[Response]:
    """A page of a person's responses, and one more; see `paging`."""
    query = newest_first(select(Response).where(Response.person_id == person), Response.id, first, after)
    return list(session.scalars(query))


def advance_import(session: Session, row: dict[str, Any]) -> None:
    """Add these counts to the import's, and move its mark forward, never back."""
    new = insert(Import).values(row)
    session.execute(
        new.on_conflict_do_update(
            index_elements=["tenant_id", "id"],
            set_={
                "last_row": func.greatest(Import.last_row, new.excluded.last_row),
                "accepted": Import.accepted + new.excluded.accepted,
                "rejected": Import.rejected + new.excluded.rejected,
                "updated_at": new.excluded.updated_at,
            },
        )
    )


def agreed(
    session: Session, questionnaire_id: UUID, purpose: str, first: int, after: UUID | None
) -> Sequence[Response]:
    """Accepted responses whose people agree to the purpose, oldest first, from after this id on."""
    query = select(Response).where(
        Response.questionnaire_id == questionnaire_id,
        Response.status == "accepted",
        Response.consent["purposes"].has_key(purpose),
    )
    if after is not None:
        query = query.where(Response.id > after)
    return session.scalars(query.order_by(Response.id).limit(first)).all()

"""Tables and queries of the surveys schema. Row-level security keeps every one of them to the council in hand."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import JSON, ForeignKeyConstraint, Select, func, select, text
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    """Tables of this service."""

    type_annotation_map = {dict[str, Any]: JSONB}


class Questionnaire(Base):
    """A questionnaire; its content is in its versions."""

    __tablename__ = "questionnaires"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    slug: Mapped[str]
    created_at: Mapped[datetime]


class Version(Base):
    """One version: draft, published or closed. The database refuses to change one that is no draft."""

    __tablename__ = "versions"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    questionnaire_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[str]
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    """json, not jsonb: the order of categories and purposes is the officer's, and jsonb would sort them."""
    published_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "questionnaire_id"], ["questionnaires.tenant_id", "questionnaires.id"]),
    )


class Response(Base):
    """Somebody's answers. A withdrawn one keeps its id and version, and nothing that was said."""

    __tablename__ = "responses"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    questionnaire_id: Mapped[UUID]
    questionnaire_version: Mapped[int]
    response_version: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(default="accepted")
    person_id: Mapped[UUID | None]
    idempotency_key: Mapped[str]
    request_digest: Mapped[bytes]
    area: Mapped[str | None]
    groups: Mapped[dict[str, Any]]
    answers: Mapped[dict[str, Any]]
    consent: Mapped[dict[str, Any]]
    mode: Mapped[str]
    submitted_at: Mapped[datetime]
    accepted_at: Mapped[datetime]


class Import(Base):
    """How far the import of one file has come."""

    __tablename__ = "imports"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    questionnaire_id: Mapped[UUID]
    last_row: Mapped[int]
    accepted: Mapped[int]
    rejected: Mapped[int]
    updated_at: Mapped[datetime]


def _with_newest_version(open_to_all: bool) -> Select[tuple[Questionnaire, Version]]:
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
    """Up to `first` questionnaires older than `after`, newest first."""
    query = _with_newest_version(open_to_all).order_by(Questionnaire.id.desc()).limit(first)
    if after is not None:
        query = query.where(Questionnaire.id < after)
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


def newest_status(session: Session, questionnaire_id: UUID) -> str | None:
    """The status of the newest version, or None where there is no such questionnaire."""
    return session.scalar(
        select(Version.status)
        .where(Version.questionnaire_id == questionnaire_id)
        .order_by(Version.version.desc())
        .limit(1)
    )


def accepted_counts(session: Session, ids: Sequence[UUID]) -> dict[UUID, int]:
    """Accepted responses by questionnaire, one query for all."""
    query = (
        select(Response.questionnaire_id, func.count())
        .where(Response.questionnaire_id.in_(ids), Response.status == "accepted")
        .group_by(Response.questionnaire_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


_ADD_MANY = text(
    """
    INSERT INTO responses (tenant_id, id, questionnaire_id, questionnaire_version, person_id, idempotency_key,
        request_digest, area, groups, answers, consent, mode, submitted_at, accepted_at)
    SELECT :tenant, r.id, r.questionnaire_id, r.version, r.person_id, r.key, r.digest, r.area, CAST(r.groups AS jsonb),
        CAST(r.answers AS jsonb), CAST(r.consent AS jsonb), :mode, r.submitted_at, :accepted_at
    FROM unnest(CAST(:ids AS uuid[]), CAST(:questionnaires AS uuid[]), CAST(:versions AS int[]),
        CAST(:persons AS uuid[]), CAST(:keys AS text[]), CAST(:digests AS bytea[]), CAST(:areas AS text[]),
        CAST(:groups AS text[]), CAST(:answers AS text[]), CAST(:consents AS text[]), CAST(:times AS timestamptz[]))
        AS r (id, questionnaire_id, version, person_id, key, digest, area, groups, answers, consent, submitted_at)
    ON CONFLICT (tenant_id, idempotency_key) DO NOTHING
    RETURNING id
    """
)


def add_responses(session: Session, rows: Sequence[Response], mode: str) -> set[UUID]:
    """Store responses in one statement; the ids of those whose idempotency key was not taken before.

    They are of one council and accepted at one moment. Rows that share a key must not come in one call.
    """
    if not rows:
        return set()
    columns = {
        "tenant": rows[0].tenant_id,
        "mode": mode,
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
        "times": [r.submitted_at for r in rows],
    }
    return set(session.execute(_ADD_MANY, columns).scalars())


def _json(value: dict[str, Any]) -> str:
    return msgspec.json.encode(value).decode()


def responses_by_key(session: Session, keys: Sequence[str]) -> dict[str, Response]:
    """The responses that took these idempotency keys."""
    return {r.idempotency_key: r for r in session.scalars(select(Response).where(Response.idempotency_key.in_(keys)))}


def lock_own_response(session: Session, response_id: UUID, person: UUID) -> Response | None:
    """A person's own response, locked; None for anybody else's."""
    return session.scalars(
        select(Response).where(Response.id == response_id, Response.person_id == person).with_for_update()
    ).one_or_none()


def own_responses(session: Session, person: UUID, first: int, after: UUID | None) -> list[Response]:
    """Up to `first` responses of a person older than `after`, newest first."""
    query = select(Response).where(Response.person_id == person).order_by(Response.id.desc()).limit(first)
    if after is not None:
        query = query.where(Response.id < after)
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

"""Tables of the surveys schema. Row-level security keeps every query of them to the council in hand."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKeyConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


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


class Licence(Base):
    """That the council may use an instrument: the newest of an instrument's counts."""

    __tablename__ = "licences"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    instrument: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    reference: Mapped[str]
    recorded_by: Mapped[UUID | None]
    recorded_at: Mapped[datetime]


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

"""Tables of the surveys schema. Row-level security keeps every query of them to the council in hand."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, JSON, ForeignKeyConstraint, Text
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
    ways: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """The ways in that officers switched on."""
    wave: Mapped[str | None]
    """The code of the open wave; "" where there are no waves, None between two of them."""
    quotas_close: Mapped[bool] = mapped_column(default=False)
    """Whether a full quota of it closes the way in to its group."""


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
    wave: Mapped[str | None]
    """None for a response from before waves were known: its person may have several of them."""
    link_id: Mapped[UUID | None]
    entered_by: Mapped[UUID | None]
    """The worker or officer who entered it for somebody."""
    receipt_digest: Mapped[bytes | None]
    """Of the code by which somebody without an account takes it back."""
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


class Wave(Base):
    """A round of asking."""

    __tablename__ = "waves"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    questionnaire_id: Mapped[UUID]
    code: Mapped[str]
    title: Mapped[str]
    opened_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class Link(Base):
    """A personal or group link. A group's hangs on a wall and can be printed again: its token is kept readable."""

    __tablename__ = "links"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    questionnaire_id: Mapped[UUID]
    kind: Mapped[str]
    digest: Mapped[bytes]
    token: Mapped[str | None]
    participant_id: Mapped[UUID | None]
    belongs_to: Mapped[str | None]
    ends_at: Mapped[datetime | None]
    cap: Mapped[int | None]
    taken: Mapped[int] = mapped_column(default=0)
    """Responses taken; counted only where there is a cap, so that a rush through a group's link waits for nobody."""
    revoked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Saved(Base):
    """Answers that are not sent yet. They belong to whoever has the code, and are never scored."""

    __tablename__ = "saved"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    digest: Mapped[bytes]
    questionnaire_id: Mapped[UUID]
    questionnaire_version: Mapped[int]
    save: Mapped[int] = mapped_column(default=1)
    """Goes up with each save, so that of two devices the one that is behind is told."""
    link_id: Mapped[UUID | None]
    area: Mapped[str | None]
    groups: Mapped[dict[str, Any]]
    answers: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class ConsentStep(Base):
    """One step in the history of a response's consent. The first is written with the second: until then, what was
    given stands with the response."""

    __tablename__ = "consents"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    response_id: Mapped[UUID] = mapped_column(primary_key=True)
    step: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    version: Mapped[str]
    purposes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    recorded_at: Mapped[datetime]


class ResponseCount(Base):
    """How many accepted responses a group has: part of its running count, which the database keeps by triggers."""

    __tablename__ = "response_counts"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    questionnaire_id: Mapped[UUID] = mapped_column(primary_key=True)
    wave: Mapped[str] = mapped_column(primary_key=True)
    area: Mapped[str] = mapped_column(primary_key=True)
    cell: Mapped[UUID] = mapped_column(primary_key=True)
    shard: Mapped[int] = mapped_column(primary_key=True)
    groups: Mapped[dict[str, Any]]
    n: Mapped[int]
    released: Mapped[int]
    """As it was told last: numbers of a questionnaire move together, and only when several people came or went."""


class Quota(Base):
    """How many responses of a group are wanted."""

    __tablename__ = "quotas"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    questionnaire_id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int]
    label: Mapped[str]
    target: Mapped[int]
    area: Mapped[str | None]
    groups: Mapped[dict[str, Any]]
    closes: Mapped[bool]

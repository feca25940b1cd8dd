"""Tables of the scoring schema. Row-level security keeps every query of them to the council in hand."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Integer, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Tables of this service."""

    type_annotation_map = {dict[str, Any]: JSONB, list[str]: ARRAY(Text)}


class Questionnaire(Base):
    """What surveys told of a published version: its scored items' ranges, its attributes, when figures come out."""

    __tablename__ = "questionnaires"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    questionnaire_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    ranges: Mapped[dict[str, Any]]
    attributes: Mapped[dict[str, Any]]
    release: Mapped[str]
    instruments: Mapped[list[str]]
    closed: Mapped[bool] = mapped_column(default=False)
    open_counts: Mapped[bool] = mapped_column(default=False)


class Framework(Base):
    """A framework; its content is in its versions."""

    __tablename__ = "frameworks"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    slug: Mapped[str]
    created_at: Mapped[datetime]


class FrameworkVersion(Base):
    """One version: draft, being counted, live or replaced. The database refuses to change one that is no draft."""

    __tablename__ = "framework_versions"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    framework_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[str]
    questionnaire_id: Mapped[UUID]
    definition: Mapped[dict[str, Any]]
    live_since: Mapped[datetime | None]
    release_requested: Mapped[bool] = mapped_column(default=False)
    release: Mapped[int] = mapped_column(default=0)
    waves: Mapped[list[str]] = mapped_column(default=list)
    """The rounds of asking that figures are of, in the order in which they first came."""
    counted_by: Mapped[UUID | None]
    """The run that counted the stored responses by it, or that does so now."""
    counted_to: Mapped[UUID | None]
    """While it is being counted: the id of the last response that is in its sums. Those behind it are still to come."""
    reference: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """The people that scores are compared with, as the run froze them; see `model.Tally`."""
    base: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """What it is derived from; see `schemas.rpc.scoring.Base`."""
    __table_args__ = (ForeignKeyConstraint(["tenant_id", "framework_id"], ["frameworks.tenant_id", "frameworks.id"]),)


class Response(Base):
    """The coded values of a response, as they count now. No values and no submitted_at: withdrawn."""

    __tablename__ = "responses"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    response_id: Mapped[UUID] = mapped_column(primary_key=True)
    response_version: Mapped[int]
    questionnaire_id: Mapped[UUID]
    questionnaire_version: Mapped[int]
    person_id: Mapped[UUID | None]
    area: Mapped[str | None]
    groups: Mapped[dict[str, Any]]
    values: Mapped[dict[str, Any]]
    submitted_at: Mapped[datetime | None]
    wave: Mapped[str]
    mode: Mapped[str]
    vouched: Mapped[bool]


class Run(Base):
    """A long computation over the stored responses of a framework version: how far it is, and what it knows so far."""

    __tablename__ = "runs"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    framework_id: Mapped[UUID]
    version: Mapped[int]
    status: Mapped[str]
    step: Mapped[int] = mapped_column(default=0)
    cursor: Mapped[UUID | None]
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int]
    state: Mapped[dict[str, Any]]
    failures: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class AreaIndicator(Base):
    """A version of an indicator of areas that comes from elsewhere."""

    __tablename__ = "area_indicators"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    source: Mapped[str]
    years: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    areas: Mapped[int]
    created_at: Mapped[datetime]


class AreaValue(Base):
    """An area's value of it in a year."""

    __tablename__ = "area_values"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    area: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[float]


class _CellColumns:
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    framework_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    wave: Mapped[str] = mapped_column(primary_key=True)
    attribute: Mapped[str] = mapped_column(primary_key=True)
    area: Mapped[str] = mapped_column(primary_key=True)
    category: Mapped[str] = mapped_column(primary_key=True)
    measure: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int]
    total: Mapped[int]
    squares: Mapped[int]


class _PeopleColumns:
    vouched: Mapped[int]
    mark: Mapped[int]


class CellRow(_PeopleColumns, _CellColumns, Base):
    """A running sum as it stands. Nobody outside ever sees one."""

    __tablename__ = "cells"


class FigureRow(_PeopleColumns, _CellColumns, Base):
    """A sum as it was published last, hidden ones included: the state that the next release moves from."""

    __tablename__ = "figures"
    hidden: Mapped[bool]
    released_at: Mapped[datetime]


class Reliability(Base):
    """How far the items of a scale agree, as the newest run found: what may be shown, and of how many people."""

    __tablename__ = "reliability"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    framework_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    wave: Mapped[str] = mapped_column(primary_key=True)
    scale: Mapped[str] = mapped_column(primary_key=True)
    asked: Mapped[int]
    n: Mapped[int]
    outcome: Mapped[dict[str, Any]]
    warnings: Mapped[list[str]]
    computed_at: Mapped[datetime]


class Weighting(Base):
    """What one run found for a round of asking: the census it used, and how well the weights fit."""

    __tablename__ = "weightings"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    framework_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    wave: Mapped[str] = mapped_column(primary_key=True)
    weighting: Mapped[int] = mapped_column(primary_key=True)
    margins_version: Mapped[int]
    attributes: Mapped[list[str]]
    fit: Mapped[dict[str, Any]]
    computed_at: Mapped[datetime]


class WeightedFigureRow(_CellColumns, Base):
    """The weighted sums of the people of one published figure; hidden until a run has seen them all."""

    __tablename__ = "weighted_figures"
    weighting: Mapped[int] = mapped_column(primary_key=True)
    weights: Mapped[int]
    weights_squared: Mapped[int]
    weighted_total: Mapped[int]
    weighted_twice: Mapped[int]
    weighted_squares: Mapped[int]
    hidden: Mapped[bool]


class PrivateSettings(Base):
    """Whether a framework has figures with noise in the place of ordinary ones; its budget, in thousandths."""

    __tablename__ = "private_settings"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    framework_id: Mapped[UUID] = mapped_column(primary_key=True)
    enabled: Mapped[bool]
    budget: Mapped[int]


class PrivateRelease(Base):
    """An entry of the ledger: what a release spent, and what it said. Nobody can change one, or take one away."""

    __tablename__ = "private_releases"
    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    framework_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int]
    wave: Mapped[str]
    level: Mapped[str]
    attribute: Mapped[str]
    measures: Mapped[list[str]]
    epsilon: Mapped[int]
    spent: Mapped[int]
    budget: Mapped[int]
    mechanism: Mapped[str]
    figures: Mapped[list[Any]] = mapped_column(JSONB)
    released_at: Mapped[datetime]

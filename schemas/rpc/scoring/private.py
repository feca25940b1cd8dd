"""Calls about figures with noise (differential privacy), in the place of ordinary ones."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from schemas.roles import OFFICERS, PUBLIC, STAFF, Role
from schemas.rpc.base import Message, Method, Reply

MEASURES_AT_ONCE = 20


class SetPrivateFigures(Message, frozen=True):
    """On: the framework's questionnaire has figures with noise only, by whatever framework; ordinary ones stop."""

    framework_id: UUID
    on: bool


class SetPrivacyBudget(Message, frozen=True):
    """How much epsilon all the releases of a framework may spend, ever; in thousandths at the finest."""

    framework_id: UUID
    total: Annotated[float, msgspec.Meta(ge=0, le=100)]


class PrivacyBudgetRequest(Message, frozen=True):
    """Of one framework."""

    framework_id: UUID


class PrivacyBudget(Reply, frozen=True):
    """Whether figures with noise are on, and how much epsilon may be spent, is spent, and is left."""

    framework_id: UUID
    on: bool
    total: float
    spent: float
    left: float


class ReleasePrivateFigures(Message, frozen=True):
    """Draw figures once, for `epsilon`. `level` of areas ("ward"), or the whole council; by one attribute, or everybody
    together; of some measures, or all: each has less noise where there are fewer.
    """

    framework_id: UUID
    epsilon: Annotated[float, msgspec.Meta(ge=0.001, le=10)]
    attribute: str | None = None
    level: str | None = None
    measures: Annotated[tuple[str, ...], msgspec.Meta(max_length=MEASURES_AT_ONCE)] = ()
    wave: Annotated[str, msgspec.Meta(max_length=64)] = ""


class ListPrivateReleases(Message, frozen=True):
    """The releases of a framework, newest first; `before` a number: older ones."""

    framework_id: UUID
    first: Annotated[int, msgspec.Meta(ge=1, le=10)] = 1
    before: int | None = None


class PrivateFigure(Reply, frozen=True):
    """No `area`: the whole council; no `category`: everybody. The intervals, of 95%, say where the figure lies that
    would be there without noise. No score where the noisy number of people is below one.
    """

    area: str | None
    category: str | None
    measure: str
    n: int
    n_low: int
    n_high: int
    score: float | None
    low: float | None
    high: float | None


class PrivateRelease(Reply, frozen=True):
    """One release, as it stays for good. `spent` counts it and those before it."""

    framework_id: UUID
    framework_version: int
    number: int
    wave: str
    level: str | None
    attribute: str | None
    measures: tuple[str, ...]
    epsilon: float
    spent: float
    mechanism: Literal["discrete_laplace"]
    figures: tuple[PrivateFigure, ...]
    released_at: datetime


class PrivateReleaseList(Reply, frozen=True):
    """Releases, newest first."""

    items: tuple[PrivateRelease, ...]
    has_next: bool = False


set_private_figures = Method("scoring", "set_private_figures", SetPrivateFigures, PrivacyBudget, OFFICERS)
set_privacy_budget = Method("scoring", "set_privacy_budget", SetPrivacyBudget, PrivacyBudget, frozenset({Role.ADMIN}))
privacy_budget = Method("scoring", "privacy_budget", PrivacyBudgetRequest, PrivacyBudget, STAFF)
release_private_figures = Method("scoring", "release_private_figures", ReleasePrivateFigures, PrivateRelease, OFFICERS)
private_releases = Method("scoring", "private_releases", ListPrivateReleases, PrivateReleaseList, PUBLIC)

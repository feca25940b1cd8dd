"""Calls about weights: those who answered, made to look like those who live there."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from schemas.roles import STAFF
from schemas.rpc.base import Message, Method, Reply


class WeightedScore(Reply, frozen=True):
    """A figure's weighted mean, with its interval; `effective_n` people would tell as much unweighted."""

    weighting: int
    score: float
    low: float
    high: float
    level: float
    method: str
    effective_n: float


class ListWeightings(Message, frozen=True):
    """The newest weightings of a framework's live version, of the newest wave with figures unless it is given."""

    framework_id: UUID
    wave: str | None = None
    first: Annotated[int, msgspec.Meta(ge=1, le=100)] = 20


class WeightingNote(Reply, frozen=True):
    """Something to know about a category. few_answered: few people in it answered, or nobody; not_in_margin: the census
    does not have it; not_said ("" as category): people did not say, and keep the share that they have.
    """

    kind: str
    attribute: str
    category: str


class Weighting(Reply, frozen=True):
    """What one run found for a wave: raked to the `attributes` of a version of the census margins.

    `n` people rounded down to full steps; weights from `smallest` to `largest` with mean 1; `design_effect` and
    `effective_n` are Kish's. `gap` is the largest share by which a category is off its margin, `converged` whether that
    is at most 0.001, `trimmed` the share of people whose weight was cut.
    """

    framework_id: UUID
    framework_version: int
    wave: str
    weighting: int
    margins_version: int
    attributes: tuple[str, ...]
    n: int
    effective_n: float
    design_effect: float
    smallest: float
    largest: float
    trimmed: float
    converged: bool
    gap: float
    notes: tuple[WeightingNote, ...]
    computed_at: datetime


class WeightingList(Reply, frozen=True):
    """Weightings, newest first."""

    items: tuple[Weighting, ...]


weightings = Method("scoring", "weightings", ListWeightings, WeightingList, STAFF)

"""Calls about where help may be needed most."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from schemas.roles import STAFF
from schemas.rpc.base import Message, Method, Reply


class NeedsRequest(Message, frozen=True):
    """Areas of a level, groups of people, or groups in the areas of a level, by need.

    A level ("ward"), an attribute ("age_band"), or both; neither: every area of any level. The measure is the index
    unless given; the wave the newest that has figures. `skip` so many of them, and give `first`.
    """

    framework_id: UUID
    measure: str = "index"
    level: str | None = None
    attribute: str | None = None
    wave: str | None = None
    first: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 500
    skip: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0


class Shrunk(Reply, frozen=True):
    """A small area's estimate, drawn toward the council: its score, its interval, and how much of it (0–1) is the
    area's own figure.
    """

    score: float
    low: float
    high: float
    own: float


class Need(Reply, frozen=True):
    """One area or group, as its published figure has it, and where it may stand.

    In `rank_level` of the runs its rank is from `rank_first` (1: the greatest need) to `rank_last`, in half of them up
    to `rank_middle`. `lowest_fifth` is the share of runs in which it is in the fifth of greatest need (None for fewer
    than five), `robust` whether that is nearly all of them. `driver` is the domain that makes the difference to all
    together, of `driver_points` points of the index; None where no domain is below, or the measure is none of domains.
    """

    area: str | None
    name: str | None
    category: str | None
    n: int
    score: float
    low: float
    high: float
    level: float
    method: str
    rank_first: int
    rank_middle: int
    rank_last: int
    lowest_fifth: float | None
    robust: bool
    driver: str | None
    driver_title: str | None
    driver_points: float | None
    shrunk: Shrunk | None


class NeedList(Reply, frozen=True):
    """By need, the greatest first; `total` have a figure, `suppressed` more are held back.

    Ranks are from `runs` runs with figures moved by chance as their intervals have it, and domain weights moved by up
    to `weights_move_by`. `robust` is said from a share of `robust_from` of the runs.
    """

    framework_id: UUID
    framework_version: int
    wave: str
    measure: str
    title: str
    attribute: str | None
    minimum: float
    maximum: float
    warnings: tuple[str, ...]
    runs: int
    rank_level: float
    weights_move_by: float
    robust_from: float
    total: int
    suppressed: int
    released_at: datetime | None
    items: tuple[Need, ...]


needs = Method("scoring", "needs", NeedsRequest, NeedList, STAFF)

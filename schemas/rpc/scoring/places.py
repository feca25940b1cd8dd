"""Calls about areas: indicators that come from elsewhere, and scores that combine them with the survey's figures."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from schemas.roles import OFFICERS, PUBLIC
from schemas.rpc.base import Line, Message, Method, Reply, Slug

Year = Annotated[int, msgspec.Meta(ge=1900, le=2200)]


class AreaValue(Message, frozen=True):
    """An area's value in a year. `row` is where it stands in the file, for what is said about it."""

    row: int
    area: str
    value: float
    year: Year


class ImportAreaIndicator(Message, frozen=True):
    """Bring in an indicator's values: all of them, as its next version, or none. `source` says who publishes it."""

    code: Slug
    title: Line
    source: Line
    values: Annotated[tuple[AreaValue, ...], msgspec.Meta(min_length=1, max_length=50_000)]


class AreaIndicatorVersion(Reply, frozen=True):
    """A version of an indicator. It never changes."""

    code: str
    version: int
    title: str
    source: str
    years: tuple[int, ...]
    areas: int
    created_at: datetime


class ListAreaIndicators(Message, frozen=True):
    """The newest version of each indicator, by code; behind the code `after`."""

    first: Annotated[int, msgspec.Meta(ge=1, le=100)] = 100
    after: str | None = None


class AreaIndicatorList(Reply, frozen=True):
    """Indicators by code."""

    items: tuple[AreaIndicatorVersion, ...]
    has_next: bool = False


class AreaScoresRequest(Message, frozen=True):
    """What areas score by a framework's live version, of one level ("ward") where it is given, by area and measure."""

    framework_id: UUID
    level: str | None = None
    wave: str | None = None
    first: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 500
    after: str | None = None


class AreaScore(Reply, frozen=True):
    """A domain's or the index's score (0–100) of an area; None where a part is `missing`, by its name."""

    framework_id: UUID
    framework_version: int
    area: str
    measure: str
    title: str
    score: float | None
    missing: tuple[str, ...]


class AreaScoreList(Reply, frozen=True):
    """Scores by area, then in the order of the domains, the index last; `next` continues after the last one."""

    items: tuple[AreaScore, ...]
    next: str | None = None


import_area_indicator = Method("scoring", "import_area_indicator", ImportAreaIndicator, AreaIndicatorVersion, OFFICERS)
list_area_indicators = Method("scoring", "list_area_indicators", ListAreaIndicators, AreaIndicatorList, PUBLIC)
area_scores = Method("scoring", "area_scores", AreaScoresRequest, AreaScoreList, PUBLIC)

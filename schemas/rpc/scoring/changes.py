"""Change from one wave to another: of a person, for that person; of areas and groups, from published figures."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from schemas.roles import EVERYONE, PUBLIC
from schemas.rpc.base import Message, Method, Reply

Verdict = Literal["more", "less", "no_clear_change", "unknown"]
"""`no_clear_change`: it may as well have stayed the same; `unknown`: nobody can say how far answers waver."""


class MyChange(Message, frozen=True):
    """The caller's change between two waves of a framework; between their two newest unless given."""

    framework_id: UUID
    before: str | None = None
    after: str | None = None


class MeasureChange(Reply, frozen=True):
    """The change of a person's score. `clear_from`: the least change that would be clear; None where it is unknown."""

    measure: str
    title: str
    before: float
    after: float
    verdict: Verdict
    index: float | None
    clear_from: float | None


class PersonChange(Reply, frozen=True):
    """A person's change between two waves, measure by measure."""

    framework_id: UUID
    framework_version: int
    before: str
    after: str
    before_at: datetime
    after_at: datetime
    measures: tuple[MeasureChange, ...]


class CellChangeRequest(Message, frozen=True):
    """How published figures changed from the wave `before` to `wave`, by area and by group of people.

    The rest is as for figures.
    """

    framework_id: UUID
    before: str
    wave: str
    measures: tuple[str, ...] = ()
    areas: Annotated[tuple[str, ...], msgspec.Meta(max_length=500)] = ()
    council: bool = True
    attribute: str | None = None
    first: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 500
    after: str | None = None


class TrendRequest(Message, frozen=True):
    """Published figures of the whole council, or of an area, in every wave that has any; everybody together."""

    framework_id: UUID
    measures: tuple[str, ...] = ()
    area: str | None = None


class CellChange(Reply, frozen=True):
    """The change of a published figure, with its interval; all None where a figure of either wave is held back."""

    measure: str
    title: str
    area: str | None
    attribute: str | None
    category: str | None
    suppressed: bool
    difference: float | None
    low: float | None
    high: float | None
    method: Literal["paired", "welch"] | None
    verdict: Verdict | None


class CellChangeList(Reply, frozen=True):
    """Changes in the order of area, category and measure; `next` continues after the last one."""

    framework_version: int
    items: tuple[CellChange, ...]
    next: str | None = None


my_change = Method("scoring", "my_change", MyChange, PersonChange, EVERYONE)
cell_change = Method("scoring", "cell_change", CellChangeRequest, CellChangeList, PUBLIC)

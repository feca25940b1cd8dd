"""Who has answered, beside who lives there: quotas, and live counts of responses."""

from typing import Annotated
from uuid import UUID

import msgspec

from schemas.rpc.base import Line, Message, Reply, Slug


class Quota(Message, frozen=True):
    """How many responses are wanted: of an area, of a category of each of some attributes, or both.

    `closes`: once there are so many, no more are taken from this group. Who sees the way in closed knows the count, so
    that such a target must be at least the council's minimum count.
    """

    code: Slug
    label: Line
    target: Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]
    area: str | None = None
    groups: dict[str, str] = {}
    closes: bool = False


class SetQuotas(Message, frozen=True):
    """The quotas of a questionnaire, in the place of those that it had."""

    questionnaire_id: UUID
    quotas: Annotated[tuple[Quota, ...], msgspec.Meta(max_length=500)]


class QuotaState(Reply, frozen=True):
    """A quota and how far it is. `responses` is rounded down to fives, and None below the minimum count."""

    code: str
    label: str
    target: int
    area: str | None
    groups: dict[str, str]
    closes: bool
    responses: int | None
    share: float | None
    """Of the target, from 0 to 1 and above; of the rounded number."""


class QuotaStates(Reply, frozen=True):
    """In the order in which they were given."""

    items: tuple[QuotaState, ...]


class AskRepresentation(Message, frozen=True):
    """`attribute`: one of the questionnaire's, several with * between, or "" for areas alone. `by_area`: each area by
    itself. `wave`: of one round; all rounds unless given."""

    questionnaire_id: UUID
    attribute: str = ""
    by_area: bool = False
    wave: str | None = None


class RepresentationLine(Reply, frozen=True):
    """One group: its responses beside its people. None: too few to be shown, or no margin is known."""

    area: str | None
    category: str | None
    responses: int | None
    share: float | None
    population: float | None
    population_share: float | None
    difference: float | None
    """`share` less `population_share`: above zero, the group answers more than it is large."""


class Representation(Reply, frozen=True):
    """Who has answered, beside who lives there. Every number of responses is rounded down to fives."""

    questionnaire_id: UUID
    attribute: str
    by_area: bool
    wave: str | None
    responses: int | None
    lines: tuple[RepresentationLine, ...]
    dissimilarity: float | None
    """The index of dissimilarity, from 0 (just as the population is) to 1; None where it cannot be said."""
    margins_version: int | None
    """The census margins that it was compared with; None where they do not say."""

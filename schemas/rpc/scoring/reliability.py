"""Calls about how far the items of a scale agree."""

from datetime import datetime
from uuid import UUID

from schemas.roles import STAFF
from schemas.rpc.base import Message, Method, Reply


class ReliabilityRequest(Message, frozen=True):
    """What the newest run found of a framework's live version; of the newest wave with figures unless it is given."""

    framework_id: UUID
    wave: str | None = None


class ItemReliability(Reply, frozen=True):
    """One item: the share of people (0–1) who did not answer it, its correlation with the rest of its scale, and
    Cronbach's α without it; None where that cannot be known or shown.
    """

    code: str
    missing: float | None
    rest_correlation: float | None
    alpha_without: float | None


class ScaleReliability(Reply, frozen=True):
    """How far a scale's items agree. `scale`: a measure's code, or "domain.indicator".

    α with its interval, ω and the items' figures are of the `n` people, of `asked`, who answered every item;
    `alpha_pairwise` takes each pair of items from all who answered both. All None, `n` too, where `suppressed`: fewer
    people than the minimum count. Warnings: low_reliability (below 0.7), few_people (n below 30), one_item,
    item_against (an item that runs against the rest), no_proper_omega.
    """

    framework_id: UUID
    framework_version: int
    wave: str
    scale: str
    suppressed: bool
    asked: int | None
    n: int | None
    alpha: float | None
    low: float | None
    high: float | None
    alpha_pairwise: float | None
    omega: float | None
    items: tuple[ItemReliability, ...]
    warnings: tuple[str, ...]
    computed_at: datetime


class ReliabilityList(Reply, frozen=True):
    """Every scale, in the order of their codes."""

    items: tuple[ScaleReliability, ...]


reliability = Method("scoring", "reliability", ReliabilityRequest, ReliabilityList, STAFF)

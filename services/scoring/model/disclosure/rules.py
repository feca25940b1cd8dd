"""The rules that decide about one figure: how many people it needs, when it may move, when one person stands out."""

from collections.abc import Mapping
from typing import NamedTuple

from services.scoring.model.cells import NOTHING, UNSTATED, Sums

__all__ = ["COUNCIL", "NOTHING", "STEP", "UNSTATED", "Cells", "Range", "State", "Sums", "Table"]

STEP = 5
"""The least number of vouched people by which a figure moves."""
COUNCIL = "*"
"""The area code that stands for the whole council among tables."""


class Table(NamedTuple):
    """The cells of one area (or the council) by one attribute; attribute "" is the table of everybody, category ""."""

    area: str
    attribute: str


class Range(NamedTuple):
    """The range of a measure, in UNITs."""

    minimum: int
    maximum: int


Cells = dict[str, Sums]
State = dict[Table, Cells]
Tables = Mapping[Table, Mapping[str, Sums]]


def stands_or_moves_in_full(before: Sums, now: Sums) -> bool:
    """Whether whoever sees both learns nothing of fewer than `STEP` people: nobody moved, or enough did."""
    return before == now or abs(now.vouched - before.vouched) >= STEP


def same_or_far_people(one: Sums, other: Sums) -> bool:
    """Whether two measures are of the very same answers, or of people that differ by `STEP` or more.

    For measures that share questions: the difference of their sums tells of whoever is in one and not in the other.
    """
    same = (one.n, one.vouched, one.mark) == (other.n, other.vouched, other.mark)
    return same or abs(one.vouched - other.vouched) >= STEP


def stands_out(sums: Sums, bounds: Range) -> bool:
    """Whether one person may hold more than half of the sum: the dominance rule (1, 50 %), seen from either end.

    With the distances d of the scores from one end of the range, no share d/Σd is above √(Σd²)/Σd; so a half is safe
    where 4·Σd² ≤ (Σd)². A sum of nothing tells everybody's answer: all are at that end. The other end is looked at the
    same way, since ten people of whom nine have the highest score tell the tenth one's.
    """
    low, high = bounds
    n, total, squares = sums.n, sums.total, sums.squares
    return any(
        distance <= 0 or 4 * square > distance * distance
        for distance, square in (
            (total - n * low, squares - 2 * low * total + n * low * low),
            (n * high - total, squares - 2 * high * total + n * high * high),
        )
    )


def weight(sums: Sums, minimum: int, bounds: Range | None) -> int:
    """How much a hidden figure hides the others: never the minimum alone, so that no fewer than two hide each other.

    One that is large enough, and hidden because a single person may be most of it, hides nobody.
    """
    if sums.vouched >= minimum and bounds and stands_out(sums, bounds):
        return 0
    return min(sums.vouched, minimum - 1)

"""Whether something changed from one wave to the next, or may as well have stayed the same.

A person: the reliable-change index of Jacobson and Truax (1991). A score is uncertain by SE = SD · √(1 − reliability),
the difference of two scores by S = √2 · SE, and RC = (after − before) / S. Beyond ±1.96, fewer than 5 in 100 people
whose answers only wavered would show so much.

A cell: the difference of its two means with an interval. Where the same people answered both times, of each one's own
difference (paired, Student 1908), which is surer; else of two groups (Welch 1947).
"""

from math import sqrt
from typing import NamedTuple

from scipy.special import stdtrit

from services.scoring.model.cells import Sums
from services.scoring.model.statistics.intervals import Estimate, Interval, difference, variance_of_mean
from services.scoring.model.units import UNIT

SURE = 1.96
"""The index beyond which a change is called reliable: that of 95 in 100."""
LEVEL = 0.95

MORE, LESS, STEADY, UNKNOWN = "more", "less", "no_clear_change", "unknown"
PAIRED, WELCH = "paired", "welch"


class PersonChange(NamedTuple):
    """A person's change in points: what to make of it, its index RC, and from which change on it would be a clear one.

    `verdict` is `MORE`, `LESS`, `STEADY`, or `UNKNOWN` where nobody knows how far answers waver; `rc` and
    `clear_from` are then None.
    """

    difference: float
    verdict: str
    rc: float | None
    clear_from: float | None


def person_change(before: float, after: float, spread: float | None, reliability: float | None) -> PersonChange:
    """Of two scores of a person, in points, by the `spread` (standard deviation) and reliability of the measure.

    Both are of the earlier wave. Without them, or with a reliability outside of 0 to 1, the change is told and not
    judged: no figure is made up in their place.
    """
    change = after - before
    if spread is None or reliability is None or spread <= 0 or not 0 < reliability < 1:
        return PersonChange(change, UNKNOWN, None, None)
    uncertain = sqrt(2) * spread * sqrt(1 - reliability)
    index = change / uncertain
    verdict = MORE if index > SURE else LESS if index < -SURE else STEADY
    return PersonChange(change, verdict, index, SURE * uncertain)


class CellChange(NamedTuple):
    """How much a mean changed, in points, between which bounds, by which test, and what to make of it."""

    difference: float
    low: float
    high: float
    method: str
    verdict: str


def cell_change(before: Sums, after: Sums, same_people: Sums | None = None) -> CellChange | None:
    """Of a cell's sums in two waves; None where there are too few people, or no spread, to say anything.

    `same_people`: the sums of each one's own difference (after less before), in UNITs, where the same people are in
    both waves. They must be all of the cell's people: a part of them would tell of that part.
    """
    apart: Interval | None
    if same_people is not None and same_people.n == before.n == after.n:
        mean, method = same_people.total / same_people.n / UNIT, PAIRED
        apart = _paired(mean, same_people)
    else:
        if min(before.n, after.n) < 2:
            return None
        one, other = _estimate(after), _estimate(before)
        mean, method = one.mean - other.mean, WELCH
        apart = difference(one, other, LEVEL)
    if apart is None:
        return None
    verdict = MORE if apart.low > 0 else LESS if apart.high < 0 else STEADY
    return CellChange(mean, apart.low, apart.high, method, verdict)


def _paired(mean: float, differences: Sums) -> Interval | None:
    n = differences.n
    if n < 2 or not (variance := variance_of_mean(n, differences.total, differences.squares)):
        return None
    half = float(stdtrit(n - 1, (1 + LEVEL) / 2)) * sqrt(variance) / UNIT
    return Interval(mean - half, mean + half, LEVEL, PAIRED)


def _estimate(sums: Sums) -> Estimate:
    variance = variance_of_mean(sums.n, sums.total, sums.squares) / UNIT**2
    return Estimate(sums.total / sums.n / UNIT, variance, sums.n)

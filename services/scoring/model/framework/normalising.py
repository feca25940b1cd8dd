"""Putting scores that are not alike on one range: by distance (min–max, z) or by place (rank, IMD exponential).

Sources: OECD and JRC, Handbook on Constructing Composite Indicators (2008), step 5; for the exponential transformation
the Scottish Indices of Deprivation 2003, appendix 5, which took it over from the English Indices of Deprivation.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import exp, fsum, log, sqrt
from typing import Any, Self

from services.scoring.model.units import UNIT

RELATIVE = frozenset({"z", "rank", "imd_exponential"})
"""What needs others to compare with; `min_max` needs the ends of the range only."""
LEAST = 30
"""The people that a comparison needs: of fewer, a mean and a spread say little, a place among them says too much."""
GRID = 10
"""Steps to a point: places are told apart by tenths of a point, so that a reference has 1,001 counts at most."""
_LAMBDA = 23.0


def t_score(score: float, mean: float, deviation: float) -> float:
    """50 + 10·z with z = (score − mean)/deviation, kept within 0–100; 50 where nobody differs."""
    return min(100.0, max(0.0, 50.0 + 10.0 * (score - mean) / deviation)) if deviation > 0 else 50.0


def imd_exponential(share: float) -> float:
    """X = −23·ln(1 − R(1 − e^(−100/23))) of the rank share R from 0 to 1 (the highest): from 0 to 100.

    A tenth of all places come above 50: the upper end is drawn out, so that a high value in one part is only partly
    cancelled by a low one in another.
    """
    return min(100.0, max(0.0, -_LAMBDA * log(1.0 - share * (1.0 - exp(-100.0 / _LAMBDA)))))


def by_place(method: str, share: float) -> float:
    """A rank share on 0–100, by "rank" or "imd_exponential"."""
    return 100.0 * share if method == "rank" else imd_exponential(share)


@dataclass(frozen=True, slots=True)
class Reference:
    """The scores (0–100) of the people that everybody is compared with, as one framework version froze them.

    `steps` are the tenths of a point where somebody is, `upto` how many there are up to and with each of them.
    """

    n: int
    mean: float
    deviation: float
    steps: tuple[int, ...]
    upto: tuple[int, ...]

    @classmethod
    def parse(cls, raw: Mapping[str, Any]) -> Self:
        """From what `Tally.raw` gives."""
        counts = sorted((int(step), count) for step, count in raw["counts"].items())
        n = raw["n"]
        # in whole numbers until the last moment: n·Σx² − (Σx)² loses everything in floating point
        variance = (n * raw["squares"] - raw["total"] ** 2) / (n * n * UNIT * UNIT)
        return cls(
            n=n,
            mean=raw["total"] / n / UNIT,
            deviation=sqrt(variance),
            steps=tuple(step for step, _ in counts),
            upto=tuple(accumulate(count for _, count in counts)),
        )

    def share(self, score: float) -> float:
        """The rank share, above 0 to 1: the mean rank of those who are in the same place, from the lowest, over n."""
        step = round(score * GRID)
        first, behind = bisect_left(self.steps, step), bisect_right(self.steps, step)
        below = self.upto[first - 1] if first else 0
        equal = (self.upto[behind - 1] if behind else 0) - below
        return min(1.0, (below + (equal + 1) / 2) / self.n)

    def normalise(self, method: str, score: float) -> float:
        """A score of 0–100 as "z", "rank" or "imd_exponential" has it, on 0–100."""
        if method == "z":
            return t_score(score, self.mean, self.deviation)
        return by_place(method, self.share(score))


class Tally:
    """Gathers a reference: whole numbers and counts, the same in any order."""

    def __init__(self, raw: Mapping[str, Any] | None = None) -> None:
        raw = raw or {"n": 0, "total": 0, "squares": 0, "counts": {}}
        self.n, self.total, self.squares = raw["n"], raw["total"], raw["squares"]
        self.counts = Counter({int(step): count for step, count in raw["counts"].items()})

    def add(self, score: float) -> None:
        """One person's score of 0–100."""
        units = round(score * UNIT)
        self.n, self.total, self.squares = self.n + 1, self.total + units, self.squares + units * units
        self.counts[round(score * GRID)] += 1

    @property
    def raw(self) -> dict[str, Any]:
        """As JSON."""
        counts = {str(step): count for step, count in sorted(self.counts.items())}
        return {"n": self.n, "total": self.total, "squares": self.squares, "counts": counts}


def among(method: str, values: Sequence[float]) -> list[float]:
    """Each of `values` on 0–100 by comparison with all of them: "min_max", "z", "rank" or "imd_exponential".

    50 where nothing differs (of rank and exponential: the middle place). Ties share the mean of their ranks.
    """
    if method in ("rank", "imd_exponential"):
        order, n = sorted(values), len(values)
        return [by_place(method, (bisect_left(order, v) + bisect_right(order, v) + 1) / 2 / n) for v in values]
    if method == "z":
        mean = fsum(values) / len(values)
        deviation = sqrt(fsum((v - mean) ** 2 for v in values) / len(values))
        return [t_score(v, mean, deviation) for v in values]
    low, high = min(values), max(values)
    return [100.0 * (v - low) / (high - low) if high > low else 50.0 for v in values]

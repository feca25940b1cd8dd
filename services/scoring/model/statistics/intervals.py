"""How far a mean may be from that of everybody who could have answered.

A t-interval (Student 1908): mean ± t(n − 1) · √variance, kept within the scale. It has nothing to say where all
answered the same, since they show no spread: then the share of people p who would have scored otherwise is at most that
of which n people would all be missed with the given chance, (1 − p)ⁿ = chance (Clopper and Pearson 1934 with no case),
and those p may score anything the scale has.
"""

from math import ceil, floor, sqrt
from typing import NamedTuple

from scipy.special import stdtrit

LEVEL = 0.95
LOWEST, HIGHEST = 0.0, 100.0
GRAINS = 1_000
"""Steps of a range: shown ends of intervals lie on them, since ends to the last digit would give the squares away."""

STUDENT = "t"
ALL_THE_SAME = "all_the_same"
LINEARISED = "linearised"


class Interval(NamedTuple):
    """From `low` to `high`, by `method`; `level` of such intervals hold what they are about."""

    low: float
    high: float
    level: float
    method: str

    def rounded(self, lowest: float = LOWEST, highest: float = HIGHEST) -> "Interval":
        """Outward, so that it promises no more."""
        grain = (highest - lowest) / GRAINS
        down, up = floor(_steps(self.low - lowest, grain)), ceil(_steps(self.high - lowest, grain))
        return self._replace(low=_on(lowest, down, grain), high=_on(lowest, up, grain))


def _steps(along: float, grain: float) -> float:
    # an end that is on a step but for the last digits stays there
    return round(along / grain, 6)


def _on(lowest: float, steps: int, grain: float) -> float:
    return round(lowest + steps * grain, 9)


def variance_of_mean(n: int, total: int, squares: int) -> float:
    """s²/n of two people or more, from whole sums, in units²."""
    return (n * squares - total * total) / (n * n * (n - 1))


def interval(
    mean: float,
    variance: float,
    n: int,
    *,
    lowest: float = LOWEST,
    highest: float = HIGHEST,
    method: str = STUDENT,
    level: float = LEVEL,
) -> Interval:
    """Of the mean of `n` people, two or more, on a scale from `lowest` to `highest`, from the variance of the mean."""
    if variance <= 0:
        otherwise = 1 - ((1 - level) / 2) ** (1 / n)
        low, high = mean - (mean - lowest) * otherwise, mean + (highest - mean) * otherwise
        return Interval(low, high, level, ALL_THE_SAME)
    half = float(stdtrit(n - 1, (1 + level) / 2)) * sqrt(variance)
    return Interval(max(lowest, mean - half), min(highest, mean + half), level, method)


class Estimate(NamedTuple):
    """A mean, the variance of it, and how many people it is of."""

    mean: float
    variance: float
    n: int


def difference(one: Estimate, other: Estimate, level: float = LEVEL) -> Interval | None:
    """Of one mean less another, of two groups without a person in common (Welch 1947, with Satterthwaite's degrees of
    freedom); None where neither shows any spread.
    """
    variance = one.variance + other.variance
    if min(one.n, other.n) < 2 or variance <= 0:
        return None
    freedom = variance**2 / (one.variance**2 / (one.n - 1) + other.variance**2 / (other.n - 1))
    half = float(stdtrit(freedom, (1 + level) / 2)) * sqrt(variance)
    apart = one.mean - other.mean
    return Interval(max(-HIGHEST, apart - half), min(HIGHEST, apart + half), level, "welch")

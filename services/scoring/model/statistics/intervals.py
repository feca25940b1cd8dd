"""How far a mean may be from that of everybody who could have answered.

A t-interval (Student 1908): mean ± t(n − 1) · √variance, kept within the scale. It has nothing to say where all
answered the same, since they show no spread: then the share of people p who would have scored otherwise is at most that
of which n people would all be missed with the given chance, (1 − p)ⁿ = chance (Clopper and Pearson 1934 with no case),
and those p may score anything the scale has.
"""

from math import sqrt
from typing import NamedTuple

from scipy.special import stdtrit

LEVEL = 0.95
LOWEST, HIGHEST = 0.0, 100.0

STUDENT = "t"
ALL_THE_SAME = "all_the_same"
LINEARISED = "linearised"


class Interval(NamedTuple):
    """From `low` to `high`, by `method`; `level` of such intervals hold what they are about."""

    low: float
    high: float
    level: float
    method: str


def variance_of_mean(n: int, total: int, squares: int) -> float | None:
    """s²/n from whole sums, in units²; None for fewer than two people."""
    return (n * squares - total * total) / (n * n * (n - 1)) if n > 1 else None


def interval(
    mean: float, variance: float | None, n: int, *, method: str = STUDENT, level: float = LEVEL
) -> Interval | None:
    """Of the mean of `n` people, whose variance (of the mean) is known; None for fewer than two people."""
    if variance is None or n < 2:
        return None
    if variance <= 0:
        # written so that it holds for the two ends of the scale as well
        otherwise = 1 - ((1 - level) / 2) ** (1 / n)
        low, high = mean - (mean - LOWEST) * otherwise, mean + (HIGHEST - mean) * otherwise
        return Interval(low, high, level, ALL_THE_SAME)
    half = float(stdtrit(n - 1, (1 + level) / 2)) * sqrt(variance)
    return Interval(max(LOWEST, mean - half), min(HIGHEST, mean + half), level, method)


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

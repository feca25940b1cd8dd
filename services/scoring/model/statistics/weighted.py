"""Sums of weighted scores, and what weighting costs.

Design effect: 1 + the relative variance of the weights = n·Σw² / (Σw)² (Kish 1992). Variance of a weighted mean by
Taylor linearisation, each person drawn by themselves (Särndal, Swensson and Wretman 1992, 5.7):
n/(n − 1) · Σ w²(y − ȳ)² / (Σw)². That the weights were raked would make it smaller; it is left so, on the safe side.
"""

from dataclasses import dataclass
from typing import Self

GRAIN = 10**6
"""Weights are kept as whole millionths, so that sums of them are exact."""


def design_effect(n: int, total: float, squares: float) -> float:
    """Kish's, of n weights with this sum and sum of squares."""
    return n * squares / total**2


@dataclass(frozen=True, slots=True)
class WeightedSums:
    """Of `n` people with weights w (in GRAIN) and scores y (in whole units): Σw, Σw², Σwy, Σw²y, Σw²y². Exact."""

    n: int = 0
    weights: int = 0
    weights_squared: int = 0
    scores: int = 0
    scores_squared_weights: int = 0
    squares: int = 0

    @classmethod
    def of(cls, weight: int, score: int) -> Self:
        """One person."""
        return cls(1, weight, weight**2, weight * score, weight**2 * score, (weight * score) ** 2)

    def __add__(self, other: Self) -> "WeightedSums":
        return WeightedSums(
            self.n + other.n,
            self.weights + other.weights,
            self.weights_squared + other.weights_squared,
            self.scores + other.scores,
            self.scores_squared_weights + other.scores_squared_weights,
            self.squares + other.squares,
        )

    @property
    def mean(self) -> float:
        """In units of the scores."""
        return self.scores / self.weights

    @property
    def variance(self) -> float:
        """Of the mean of two people or more, in units²."""
        # Σw²(y − m)² with m = scores/weights, as one fraction, so that nothing is lost in a difference of large numbers
        spread = (
            self.squares * self.weights**2
            - 2 * self.scores_squared_weights * self.scores * self.weights
            + self.weights_squared * self.scores**2
        )
        return spread * self.n / (self.weights**4 * (self.n - 1))

    @property
    def effective_n(self) -> float:
        """People who would tell as much unweighted (Kish)."""
        return self.n / design_effect(self.n, self.weights, self.weights_squared)

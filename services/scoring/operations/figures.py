"""What is said with every published figure: how sure it is. From the published sums only: it moves with its figure."""

from typing import Protocol

from scipy.special import ndtri

from services.scoring import model
from services.scoring.model.statistics.intervals import Estimate, Interval, interval, variance_of_mean
from services.scoring.model.statistics.reliability import NOT_CHECKED

UNCHECKED = (NOT_CHECKED,)


class Sums(Protocol):
    """A published figure's sums."""

    @property
    def n(self) -> int:
        """People."""

    @property
    def total(self) -> int:
        """Of their scores, in UNITs."""

    @property
    def squares(self) -> int:
        """Of the squares, in UNITs²."""


def exact_interval(figure: Sums, measure: model.Measure) -> Interval:
    """Of a figure that is shown, of two people at least therefore."""
    mean, variance = _mean_and_variance(figure)
    return interval(mean, variance, figure.n, lowest=measure.minimum, highest=measure.maximum)


def estimate(figure: Sums, sure: Interval) -> Estimate:
    """The figure with a variance that is never nought: where all scores are the same, that of its interval."""
    mean, variance = _mean_and_variance(figure)
    if variance <= 0:
        variance = ((sure.high - sure.low) / 2 / float(ndtri((1 + sure.level) / 2))) ** 2
    return Estimate(mean, variance, figure.n)


def _mean_and_variance(figure: Sums) -> tuple[float, float]:
    n, total, squares = figure.n, int(figure.total), int(figure.squares)
    return total / n / model.UNIT, variance_of_mean(n, total, squares) / model.UNIT**2

"""Small areas drawn toward the council: empirical Bayes.

Fay and Herriot's model (1979) without covariates: an area's figure y lies around its true value θ with variance D, and
the θ around the council's μ with variance A. A is such that Σ(y − μ)² / (A + D) is what it should be, m − 1 (Fay and
Herriot's own moment estimator, which meta-analysis knows as Paule and Mandel's), or 0. Then θ is estimated by
μ + A/(A + D)·(y − μ): the fewer people, the nearer to the council. Its mean square error is Datta, Rao and
Smith's (2005): g₁ + g₂ + 2g₃ less the bias of A.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtri

from services.scoring.model.statistics.intervals import HIGHEST, LEVEL, LOWEST, Estimate, Interval

FEWEST = 4
"""Areas below which there is too little to tell how areas differ."""
SHRUNK = "shrunk"
Floats = NDArray[np.float64]


class Shrunk(NamedTuple):
    """An area's estimate, how much of it is the area's own figure (0 to 1), and its interval."""

    mean: float
    own: float
    interval: Interval


class Shrinkage(NamedTuple):
    """`centre` is what areas are drawn to, `between` the variance of true values between areas."""

    centre: float
    between: float
    areas: dict[str, Shrunk]


def shrink(
    direct: Mapping[str, Estimate], lowest: float = LOWEST, highest: float = HIGHEST, level: float = LEVEL
) -> Shrinkage | None:
    """None for fewer than `FEWEST` areas, or where nobody's scores differ from anybody's in their area.

    Each area's variance is taken from its number of people and the spread that all areas have in common: that of ten
    people is itself too uncertain to weigh them by.
    """
    codes = sorted(direct)
    people = np.array([direct[c].n for c in codes], dtype=np.float64)
    within = np.array([direct[c].variance for c in codes]) * people
    freedom = people - 1
    if len(codes) < FEWEST or freedom.sum() <= 0:
        return None
    pooled = float(within @ freedom / freedom.sum())
    if pooled <= 0:
        return None
    means, errors = np.array([direct[c].mean for c in codes]), pooled / people
    between = between_areas(means, errors)
    centre = _centre(means, errors, between)
    own = between / (between + errors)
    estimates = centre + own * (means - centre)
    half = float(ndtri((1 + level) / 2)) * np.sqrt(_mean_square_error(errors, between))
    return Shrinkage(
        centre,
        between,
        {
            code: Shrunk(
                mean=float(estimate),
                own=float(share),
                interval=Interval(max(lowest, float(estimate - h)), min(highest, float(estimate + h)), level, SHRUNK),
            )
            for code, estimate, share, h in zip(codes, estimates, own, half, strict=True)
        },
    )


def between_areas(means: Floats, errors: Floats) -> float:
    """The variance A of true values between areas; 0 where the figures differ no more than chance would have it."""

    def excess(between: float) -> float:
        apart = (means - _centre(means, errors, between)) ** 2
        return float((apart / (between + errors)).sum()) - (len(means) - 1)

    if excess(0.0) <= 0:
        return 0.0
    highest = float(((means - means.mean()) ** 2).sum())
    return float(brentq(excess, 0.0, highest, xtol=1e-12, rtol=1e-13))


def _centre(means: Floats, errors: Floats, between: float) -> float:
    precision = 1 / (between + errors)
    return float(precision @ means / precision.sum())


def _mean_square_error(errors: Floats, between: float) -> Floats:
    m, total = len(errors), between + errors
    information = float((1 / total).sum())
    first = between * errors / total
    second = (errors / total) ** 2 / information
    third = errors**2 / total**3 * (2 * m / information**2)
    bias = 2 * (m * float((1 / total**2).sum()) - information**2) / information**3
    error = first + second + 2 * third - (errors / total) ** 2 * bias
    # an estimate of the error can come out below its own first two terms, which are certain
    return np.asarray(np.maximum(error, first + second))

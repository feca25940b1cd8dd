"""How far the items of a scale agree: Cronbach's α, McDonald's ω, and what each item adds.

α = k/(k − 1) · (1 − Σ variances / variance of the total) (Cronbach 1951), with Feldt's interval: (1 − α)·F quantiles on
n − 1 and (n − 1)(k − 1) degrees of freedom (Feldt 1965). ω total = (Σλ)² / ((Σλ)² + Σθ) of a one-factor model
(McDonald 1999), whose loadings λ and unique variances θ are by maximum likelihood, in the units of the scores.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtri

from services.scoring.model.statistics.moments import Moments
from services.scoring.model.statistics.onefactor import one_factor

LEAST = 0.7
"""Below it, a scale is not taken to measure one thing well (Nunnally 1978)."""
FEWEST = 30
"""People below whom α is a guess."""
LEVEL = 0.95

DIGITS = 2
"""Of what is published: enough to judge a scale by."""
LOW = "low_reliability"
FEW = "few_people"
ONE_ITEM = "one_item"
AGAINST = "item_against"
IMPROPER = "no_proper_omega"
NOT_CHECKED = "not_checked"
"""Nobody has worked it out yet."""
WARNINGS = (LOW, FEW, ONE_ITEM, AGAINST, IMPROPER, NOT_CHECKED)

Matrix = NDArray[np.float64]


class ItemReliability(NamedTuple):
    """One item: the share of people who did not answer it, its correlation with the rest of the scale (the others'
    sum), and what α would be without it; None where that cannot be known.
    """

    code: str
    missing: float | None
    rest_correlation: float | None
    alpha_without: float | None


class Reliability(NamedTuple):
    """Of one scale. `n` of the `asked` people answered every item: `alpha`, its interval `low` to `high`, `omega` and
    the items' figures are of them. `alpha_pairwise` takes each pair of items from all who answered both.
    """

    asked: int
    n: int
    alpha: float | None
    low: float | None
    high: float | None
    alpha_pairwise: float | None
    omega: float | None
    items: tuple[ItemReliability, ...]
    warnings: tuple[str, ...]


def reliability(codes: Sequence[str], moments: Moments) -> Reliability:
    """Of the items `codes`, in the order of the moments. Items that do not vary give no α."""
    covariance = moments.covariance()
    alpha = _alpha(covariance)
    low, high = _feldt(alpha, moments.complete, len(codes))
    omega, proper = _omega(covariance)
    items = tuple(_item(i, code, moments, covariance) for i, code in enumerate(codes))
    return Reliability(
        asked=moments.rows,
        n=moments.complete,
        alpha=alpha,
        low=low,
        high=high,
        alpha_pairwise=_alpha(moments.pairwise_covariance()),
        omega=omega,
        items=items,
        warnings=_warnings(moments.complete, alpha, omega, proper, items),
    )


def publishable(found: Reliability, minimum: int) -> Reliability:
    """What may be shown: nothing but warnings where fewer than `minimum` people answered everything; else rounded, so
    that nobody's answers can be worked out from many digits.
    """
    if found.n < minimum:
        hidden = tuple(item._replace(missing=None, rest_correlation=None, alpha_without=None) for item in found.items)
        return Reliability(found.asked, found.n, None, None, None, None, None, hidden, found.warnings)
    return found._replace(
        alpha=_rounded(found.alpha),
        low=_rounded(found.low),
        high=_rounded(found.high),
        alpha_pairwise=_rounded(found.alpha_pairwise),
        omega=_rounded(found.omega),
        items=tuple(ItemReliability(item.code, *(_rounded(value) for value in item[1:])) for item in found.items),
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)


def _warnings(
    n: int, alpha: float | None, omega: float | None, proper: bool, items: Sequence[ItemReliability]
) -> tuple[str, ...]:
    if len(items) < 2:
        return (ONE_ITEM,)
    said = {
        LOW: any(value is not None and value < LEAST for value in (alpha, omega)) or (alpha is None and n >= FEWEST),
        FEW: n < FEWEST,
        AGAINST: any(item.rest_correlation is not None and item.rest_correlation < 0 for item in items),
        IMPROPER: not proper and len(items) > 2 and n >= FEWEST,
    }
    return tuple(warning for warning, holds in said.items() if holds)


def _alpha(covariance: Matrix) -> float | None:
    k, total = len(covariance), covariance.sum()
    if k < 2 or not np.isfinite(total) or total <= 0:
        return None
    return float(k / (k - 1) * (1 - np.trace(covariance) / total))


def _feldt(alpha: float | None, n: int, k: int) -> tuple[float | None, float | None]:
    if alpha is None:
        return None, None
    below = (1 - LEVEL) / 2
    first, second = n - 1, (n - 1) * (k - 1)
    return (
        float(1 - (1 - alpha) * fdtri(first, second, 1 - below)),
        float(1 - (1 - alpha) * fdtri(first, second, below)),
    )


def _omega(covariance: Matrix) -> tuple[float | None, bool]:
    deviations = np.sqrt(np.diag(covariance))
    if not np.isfinite(deviations).all() or (deviations == 0).any():
        return None, False
    found = one_factor(covariance / np.outer(deviations, deviations))
    if found is None:
        return None, False
    common = float((found.loadings * deviations).sum()) ** 2
    return common / (common + float((found.unique * deviations**2).sum())), found.proper


def _item(i: int, code: str, moments: Moments, covariance: Matrix) -> ItemReliability:
    k = len(covariance)
    answered = int(moments.pairs[i, i])
    rest = [j for j in range(k) if j != i]
    correlation = without = None
    if rest:
        others = covariance[np.ix_(rest, rest)]
        spread = covariance[i, i] * others.sum()
        if np.isfinite(spread) and spread > 0:
            correlation = float(covariance[i, rest].sum() / np.sqrt(spread))
        without = _alpha(others)
    return ItemReliability(
        code=code,
        missing=1 - answered / moments.rows if moments.rows else 0.0,
        rest_correlation=correlation,
        alpha_without=without,
    )

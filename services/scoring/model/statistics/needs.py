"""Which areas or groups may need help most, and how sure that is: ranks in many perturbed runs, never one rank.

In each run every figure is moved by a chance error of its own size, and every domain counts a little more or less than
the framework says (up to a quarter, all in between alike): then all are ranked anew. That is the uncertainty analysis
of the OECD and JRC Handbook on Constructing Composite Indicators (2008), step 7, for the two things that are known to
be uncertain here; ranks with such intervals follow Goldstein and Spiegelhalter (1996). Rank 1 is the greatest need: the
lowest score.
"""

import hashlib
from collections.abc import Mapping, Sequence
from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.scoring.model.framework.aggregating import FLOOR, Part, aggregate
from services.scoring.model.statistics.intervals import Estimate

ARITHMETIC = "arithmetic"
RUNS = 1_000
LEVEL = 0.95
WEIGHTS_MOVE_BY = 0.25
ROBUST = 0.9
"""In how many of the runs something must be in the lowest fifth for us to say that it is."""
FIFTH = 5

Floats = NDArray[np.float64]


class Unit(NamedTuple):
    """An area or group: its figure, and the means of the domains that make it up (none, for the figure of a domain)."""

    estimate: Estimate
    domains: Mapping[str, float]


class Standing(NamedTuple):
    """In `LEVEL` of the runs the rank lies from `first` to `last` of all `of`, half of them each side of `middle`.

    `lowest_fifth` is the share of runs in which it is in the lowest fifth; None for fewer than five, which have no
    fifth. `robust`: at least `ROBUST`.
    """

    first: int
    middle: int
    last: int
    of: int
    lowest_fifth: float | None
    robust: bool


class Driver(NamedTuple):
    """The domain that draws a figure down most, and by how many points of the figure against all together."""

    domain: str
    points: float


def rank(
    units: Mapping[str, Unit], weights: Mapping[str, float], seed: str, runs: int = RUNS, aggregation: str = ARITHMETIC
) -> dict[str, Standing]:
    """Where each stands, domains by their `weights` making up figures by "arithmetic" or "geometric" means.

    The same figures and the same `seed` always give the same ranks, whatever their order.
    """
    if not units:
        return {}
    codes = sorted(units)
    chance = np.random.Generator(np.random.PCG64(int.from_bytes(hashlib.sha256(seed.encode()).digest()[:16])))
    means = np.array([units[c].estimate.mean for c in codes])
    errors = np.array([sqrt(units[c].estimate.variance) for c in codes])
    drawn = means + errors * chance.standard_normal((runs, len(codes)))
    drawn += _reweighed([units[c].domains for c in codes], weights, runs, chance, aggregation)
    places = drawn.argsort(axis=1, kind="stable").argsort(axis=1) + 1
    below = (1 - LEVEL) / 2
    first, middle, last = np.quantile(places, (below, 0.5, 1 - below), axis=0, method="nearest").astype(int)
    fifth = len(codes) // FIFTH
    shares = (places <= fifth).mean(axis=0)
    return {
        code: Standing(
            first=int(first[i]),
            middle=int(middle[i]),
            last=int(last[i]),
            of=len(codes),
            lowest_fifth=float(shares[i]) if fifth else None,
            robust=bool(fifth and shares[i] >= ROBUST),
        )
        for i, code in enumerate(codes)
    }


def _reweighed(
    domains: Sequence[Mapping[str, float]],
    weights: Mapping[str, float],
    runs: int,
    chance: np.random.Generator,
    aggregation: str,
) -> Floats:
    """By how much each figure moves in each run since its domains count more or less: runs × figures."""
    named = sorted(weights)
    scores = np.array([[of.get(d, np.nan) for d in named] for of in domains]).reshape(len(domains), len(named))
    there = ~np.isnan(scores)
    if not there.any():
        return np.zeros((runs, len(domains)))
    stated = np.array([weights[d] for d in named])
    moved = stated * chance.uniform(1 - WEIGHTS_MOVE_BY, 1 + WEIGHTS_MOVE_BY, (runs, len(named)))
    marks = there.astype(np.float64)
    filled = np.where(there, scores if aggregation == ARITHMETIC else np.log(np.fmax(scores, FLOOR)), 0.0)

    def mean(by: Floats) -> Floats:
        total = by @ marks.T
        found = np.divide(by @ filled.T, total, out=np.zeros_like(total), where=total > 0)
        return np.asarray(found if aggregation == ARITHMETIC else np.exp(found))

    return np.asarray(mean(moved) - mean(stated[None, :]))


def driver(
    domains: Mapping[str, float],
    together: Mapping[str, float],
    weights: Mapping[str, float],
    aggregation: str = ARITHMETIC,
) -> Driver | None:
    """What draws a figure down most, of the domains that both have; None where nothing is below all together.

    Its points are those by which the figure would be higher if that domain alone were as with all together.
    """
    common = [d for d in sorted(domains) if d in together and d in weights]

    def whole(other: str = "") -> float:
        parts = (Part(together[d] if d == other else domains[d], weights[d]) for d in common)
        return aggregate(aggregation, parts) or 0.0

    drawn = [Driver(d, whole() - whole(d)) for d in common]
    most = min(drawn, key=lambda d: d.points, default=None)
    return most if most is not None and most.points < 0 else None

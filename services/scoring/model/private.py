"""Figures with noise: differentially private by person, whatever else anybody knows.

Two worlds are neighbours where one of them has one set of answers more. In a release a set of answers is in at most one
cell of a measure (areas of one level and categories of one attribute have nobody in common), so all the cells of a
measure together move by no more than one cell can: they share one part of epsilon. It is in every measure, and in the
count and in the sum of each: these share epsilon evenly, and what each spends adds up.

Noise is the discrete Laplace distribution over whole numbers (Ghosh, Roughgarden and Sundararajan, 2012), drawn by
OpenDP: no fractions of a float can give anything away, and there is no seed.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from math import ceil, exp, floor, log
from typing import Any, Final, NamedTuple

from opendp.domains import atom_domain, vector_domain
from opendp.measurements import make_laplace
from opendp.metrics import l1_distance
from opendp.mod import enable_features

from services.scoring.model.framework import Measure
from services.scoring.model.units import UNIT, units

MECHANISM: Final = "discrete_laplace"
LEVEL = 0.95
MILLIS = 1_000
"""Epsilon is kept in thousandths, so that a ledger adds up exactly."""
GRAIN = UNIT // 1_000
"""Sums are told in thousandths of a point: whole numbers that fit 64 bits."""
_MARGIN = 1 + 1e-9
"""Scales are this much wider, so that what OpenDP rounds up never comes to more than epsilon."""

Key = tuple[str, str]
"""Area and category."""


class Counted(NamedTuple):
    """What a cell has: sets of answers, and the sum of their scores in UNITs."""

    n: int = 0
    total: int = 0


class Query(NamedTuple):
    """A list of whole numbers, one a cell, that one person can move by `sensitivity` in all; `scale` of its noise."""

    sensitivity: int
    scale: float

    def answer(self, exact: Sequence[int]) -> list[int]:
        """The numbers, each with noise of its own."""
        noisy: list[int] = _laplace(self.scale)(list(exact))
        return noisy

    def loss(self) -> float:
        """What it spends of epsilon, as OpenDP works it out."""
        return float(_laplace(self.scale).map(self.sensitivity))

    def reach(self, miss: float) -> int:
        """The noise is within ± this, but for a share `miss` of the draws."""
        return max(0, ceil(-self.scale * log(miss * (1 + exp(-1 / self.scale)) / 2) - 1))


@cache
def _enabled() -> None:
    enable_features("contrib")


def _laplace(scale: float) -> Any:
    _enabled()
    return make_laplace(vector_domain(atom_domain(T="i64")), l1_distance(T="i64"), scale)


class PrivateFigure(NamedTuple):
    """A cell's figures. The intervals are of the noise alone; no score where the noisy count is below one."""

    area: str
    category: str
    measure: str
    n: int
    n_low: int
    n_high: int
    score: float | None
    low: float | None
    high: float | None


class Asked(NamedTuple):
    """The two queries of a measure: how many, and the sum of how far each score is from the middle of its range."""

    people: Query
    scores: Query
    middle: int


def queries(measures: Mapping[str, Measure], millis: int) -> dict[str, Asked]:
    """Epsilon, in thousandths, shared evenly by the count and the sum of every measure."""
    share = millis / MILLIS / (2 * len(measures))
    found = {}
    for code, measure in measures.items():
        lowest, highest = units(measure.minimum), units(measure.maximum)
        middle = (lowest + highest) // 2
        most = -(-(highest - middle) // GRAIN)
        found[code] = Asked(Query(1, _MARGIN / share), Query(most, most / share * _MARGIN), middle)
    return found


def loss(asked: Iterable[Asked]) -> float:
    """What these spend of epsilon in all."""
    return sum(a.people.loss() + a.scores.loss() for a in asked)


def private_figures(
    cells: Mapping[tuple[str, str, str], Counted],
    keys: Sequence[Key],
    measures: Mapping[str, Measure],
    millis: int,
) -> list[PrivateFigure]:
    """Figures of every key, of those that nobody is in too. `cells`: (area, category, measure) → exact sums.

    `keys` must not depend on who answered.
    """
    found = []
    for code, asked in queries(measures, millis).items():
        exact = [cells.get((*key, code), Counted()) for key in keys]
        counts = asked.people.answer([e.n for e in exact])
        totals = asked.scores.answer([(e.total - e.n * asked.middle) // GRAIN for e in exact])
        for key, n, total in zip(keys, counts, totals, strict=True):
            found.append(_figure(key, code, measures[code], asked, n, total))
    return found


def _figure(key: Key, code: str, measure: Measure, asked: Asked, n: int, total: int) -> PrivateFigure:
    reach = asked.people.reach(1 - LEVEL)
    counted = max(n, 0), max(n - reach, 0), max(n + reach, 0)
    if n < 1:
        return PrivateFigure(*key, code, *counted, None, None, None)

    def mean(deviations: int, of: int) -> float:
        score = asked.middle / UNIT + deviations * GRAIN / UNIT / of
        return min(max(score, measure.minimum), measure.maximum)

    # two numbers with noise: each may miss by half of what both together may
    half = (1 - LEVEL) / 2
    least, most = max(n - asked.people.reach(half), 1), n + asked.people.reach(half)
    below, above = total - asked.scores.reach(half), total + asked.scores.reach(half) + 1
    low, high = mean(below, least if below < 0 else most), mean(above, least if above > 0 else most)
    return PrivateFigure(*key, code, *counted, round(mean(total, n), 2), floor(low * 100) / 100, ceil(high * 100) / 100)

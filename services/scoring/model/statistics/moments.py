"""Sums of item scores and of their products, gathered a page at a time: all that reliability needs of any number of
responses.

Scores are put on a grid of 2⁻³⁵ points around the middle of their range, so that every sum is a whole number: exact,
whatever the order of the pages. A product of two such numbers has more digits than a float; each number is therefore
split into a high and a low half, whose products a matrix multiplication adds up without rounding.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

GRID = 2**35
MIDDLE = 50.0
"""Of the range 0 to 100: what lies around nought has one digit less."""
HALF = 2**21
PAGE = 8_192
"""Rows at once: 2²⁰ · 2²⁰ · 2¹³ is the last whole number (2⁵³) up to which a float has them all."""

Whole = NDArray[np.object_]
Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Moments:
    """Of `k` items: `pairs[i, j]` people who answered both, the `sums[i, j]` of item i's scores among them, and of
    the `products[i, j]`; and the same of the `complete` people who answered every item. `rows` people were asked.
    """

    rows: int
    pairs: Whole
    sums: Whole
    products: Whole
    complete: int
    complete_sums: Whole
    complete_products: Whole

    @classmethod
    def none(cls, k: int) -> Self:
        """Of nobody yet."""
        return cls(0, _zeros(k, k), _zeros(k, k), _zeros(k, k), 0, _zeros(k), _zeros(k, k))

    @classmethod
    def of(cls, scores: Scores) -> Self:
        """Of a page: a row for each person, a column for each item, 0 to 100, NaN where it was not answered."""
        pages = (cls._of_page(scores[start : start + PAGE]) for start in range(0, len(scores), PAGE))
        return sum(pages, cls.none(scores.shape[1]))

    @classmethod
    def _of_page(cls, scores: Scores) -> Self:
        there = ~np.isnan(scores)
        grid = np.rint((np.where(there, scores, MIDDLE) - MIDDLE) * GRID)
        full = there.all(axis=1)
        marks = there.astype(np.float64)
        complete = grid[full]
        return cls(
            rows=len(scores),
            pairs=_whole(marks.T @ marks),
            sums=_multiplied(grid, marks),
            products=_multiplied(grid, grid),
            complete=int(full.sum()),
            complete_sums=_multiplied(complete, np.ones((len(complete), 1)))[:, 0],
            complete_products=_multiplied(complete, complete),
        )

    def __add__(self, other: Self) -> Self:
        return type(self)(
            self.rows + other.rows,
            self.pairs + other.pairs,
            self.sums + other.sums,
            self.products + other.products,
            self.complete + other.complete,
            self.complete_sums + other.complete_sums,
            self.complete_products + other.complete_products,
        )

    def covariance(self) -> Scores:
        """Of those who answered everything; NaN where they are fewer than two."""
        k, n = len(self.complete_sums), self.complete
        if n < 2:
            return np.full((k, k), np.nan)
        spread = self.complete_products * n - np.outer(self.complete_sums, self.complete_sums)
        return _points(spread) / (n * (n - 1))

    def pairwise_covariance(self) -> Scores:
        """Each entry of those who answered both items; NaN where they are fewer than two."""
        n = self.pairs
        spread = _points(self.products * n - self.sums * self.sums.T)
        counts = n.astype(np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(counts > 1, spread / (counts * (counts - 1)), np.nan)

    def packed(self) -> dict[str, Any]:
        """As JSON, for a computation that is continued later. Whole numbers of this size go as text."""
        return {
            "rows": self.rows,
            "complete": self.complete,
            **{name: [str(v) for v in getattr(self, name).flat] for name in _MATRICES},
        }

    @classmethod
    def unpacked(cls, packed: Mapping[str, Any], k: int) -> Self:
        """What `packed` gave, of `k` items."""
        shapes = {name: (k,) if name == "complete_sums" else (k, k) for name in _MATRICES}
        return cls(
            rows=packed["rows"],
            complete=packed["complete"],
            **{name: _read(packed[name], shape) for name, shape in shapes.items()},
        )


_MATRICES = ("pairs", "sums", "products", "complete_sums", "complete_products")


def _zeros(*shape: int) -> Whole:
    return np.full(shape, 0, dtype=object)


def _read(numbers: Sequence[str], shape: tuple[int, ...]) -> Whole:
    read = np.empty(len(numbers), dtype=object)
    read[:] = [int(number) for number in numbers]
    return read.reshape(shape)


def _whole(values: Scores) -> Whole:
    whole: Whole = values.astype(np.int64).astype(object)
    return whole


def _multiplied(left: Scores, right: Scores) -> Whole:
    """leftᵀ · right of whole numbers up to 2⁴¹, without rounding."""
    parts = []
    for values in (left, right):
        high = np.rint(values / HALF)
        parts.append((high, values - high * HALF))
    (left_high, left_low), (right_high, right_low) = parts
    middle = _whole(left_high.T @ right_low) + _whole(left_low.T @ right_high)
    product: Whole = _whole(left_high.T @ right_high) * HALF**2 + middle * HALF + _whole(left_low.T @ right_low)
    return product


def _points(spread: Whole) -> Scores:
    return np.asarray(spread / GRID**2, dtype=np.float64)

"""From parts to the whole: the weighted arithmetic and geometric means.

Source: OECD and JRC, Handbook on Constructing Composite Indicators (2008), step 7. In an arithmetic mean a high part
makes up for a low one point by point; in a geometric mean the lower a part is, the less it can be made up for.
"""

from collections.abc import Iterable
from math import exp, fsum, log
from typing import NamedTuple

FLOOR = 1.0
"""In a geometric mean, parts below this count as this: a nought would make the whole nought whatever the rest is."""


class Part(NamedTuple):
    """A score of 0–100 and its weight."""

    score: float
    weight: float


def aggregate(method: str, parts: Iterable[Part]) -> float | None:
    """The "arithmetic" or "geometric" mean of the scores by their weights; None of nothing."""
    found = list(parts)
    if not found:
        return None
    weights = fsum(p.weight for p in found)
    if method == "geometric":
        return exp(fsum(p.weight * log(max(p.score, FLOOR)) for p in found) / weights)
    return fsum(p.score * p.weight for p in found) / weights

"""Which hidden figures can be worked out from the shown ones: cuts of a graph.

A two-way table with known totals is a graph: each known total is a point, each hidden figure a line between the total
of its row and that of its column. Whatever can be derived from the totals by adding and taking away is a sum of figures
that lie on a *cut*: the lines between some points and all the others. (Coefficients other than ±1 only give cuts on
cuts.) So nobody can be worked out if and only if every cut holds enough people. A total that is not known is no point
of its own: it is one with the ground, as all such totals are.

The lightest cut is found by the algorithm of M. Stoer and F. Wagner (A simple min-cut algorithm, 1997).
"""

from collections.abc import Hashable, Iterable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

V = TypeVar("V", bound=Hashable)


def light_cut(lines: Iterable[tuple[V, V, int]], enough: int) -> frozenset[V] | None:
    """The points on one side of a cut that holds fewer than `enough`, or None where every cut holds as many.

    `lines` are point, point and the people on the line between them; a line of nobody is a line.
    """
    linked: dict[V, dict[V, int]] = {}
    for one, other, people in lines:
        if one != other:
            for a, b in ((one, other), (other, one)):
                row = linked.setdefault(a, {})
                row[b] = row.get(b, 0) + people
    left = set(linked)
    while left:
        part = _reached(linked, next(iter(left)))
        left -= part
        side, people = _lightest(linked, sorted(part, key=repr))
        if people < enough:
            return side
    return None


def _reached(linked: dict[V, dict[V, int]], start: V) -> set[V]:
    found, new = {start}, [start]
    while new:
        for point in linked[new.pop()]:
            if point not in found:
                found.add(point)
                new.append(point)
    return found


def _lightest(linked: dict[V, dict[V, int]], points: list[V]) -> tuple[frozenset[V], int]:
    place = {point: i for i, point in enumerate(points)}
    weights = np.zeros((len(points), len(points)), dtype=np.int64)
    for point, row in linked.items():
        if point in place:
            for other, people in row.items():
                weights[place[point]][place[other]] = people
    merged = [{point} for point in points]
    alive = np.ones(len(points), dtype=bool)
    best: tuple[int, frozenset[V]] | None = None
    while alive.sum() > 1:
        left, last, cut = _phase(weights, alive)
        if best is None or cut < best[0]:
            best = (cut, frozenset(merged[last]))
        merged[left] |= merged[last]
        weights[left] += weights[last]
        weights[:, left] += weights[:, last]
        weights[left, left] = 0
        alive[last] = False
    if best is None:
        raise ValueError("a graph of one point has no cut")
    return best[1], best[0]


def _phase(weights: NDArray[np.int64], alive: NDArray[np.bool_]) -> tuple[int, int, int]:
    """The last two points of a maximum adjacency order, and the cut between the last one and all the others."""
    pull = np.zeros(len(alive), dtype=np.int64)
    waiting = alive.copy()
    one = other = int(np.argmax(alive))
    for _ in range(int(alive.sum())):
        one, other = other, int(np.argmax(np.where(waiting, pull, -1)))
        waiting[other] = False
        last = int(pull[other])
        pull += weights[other]
    return one, other, last

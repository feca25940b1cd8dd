"""Everything that was published as one linear system, solved: what can somebody who keeps every release work out?

The unknowns are the sums of the finest cells that a reader can tell apart: area × age × gender × when people came and
when they left. A cell without anybody is an unknown too, since nobody is told that it is empty. People whom nobody
vouches for are no unknowns: the reader may have sent their answers.
"""

from collections.abc import Iterable, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np

from services.scoring.model.cells import JOINED, Cell, Contribution, Sums, add
from services.scoring.model.disclosure import COUNCIL, Measured, State, Table, is_seen, shown

PRIME = 2**31 - 1
OFFERED = {"age": ("young", "middle", "old"), "gender": ("female", "male")}
PAIRS = (("age", "gender"),)
Vector = np.ndarray


class Person(NamedTuple):
    """Somebody's answers, from one release on and up to another. A correction is another person's."""

    area: str
    age: str
    gender: str
    came: int
    left: int
    score: int
    vouched: bool = True


class Space:
    """The span of vectors over the integers modulo a large prime, in reduced echelon form."""

    def __init__(self, size: int) -> None:
        self.rows = np.zeros((0, size), dtype=np.int64)
        self.leads: list[int] = []

    def rest(self, vector: Vector) -> Vector:
        """What is left of a vector: nothing, if it is in the span."""
        rest = vector % PRIME
        for row, lead in zip(self.rows, self.leads, strict=True):
            if rest[lead]:
                rest = (rest - rest[lead] * row) % PRIME
        return rest

    def add(self, vector: Vector) -> None:
        """Take a vector in."""
        rest = self.rest(vector)
        if rest.any():
            lead = int(np.argmax(rest != 0))
            rest = rest * pow(int(rest[lead]), -1, PRIME) % PRIME
            self.rows = (self.rows - self.rows[:, [lead]] * rest) % PRIME
            self.rows = np.vstack([self.rows, rest])
            self.leads.append(lead)

    def alone(self, columns: Sequence[int]) -> bool:
        """Whether some vector of the span has nothing outside these columns."""
        outside = np.ones(self.rows.shape[1], dtype=bool)
        outside[list(columns)] = False
        part = Space(int(outside.sum()))
        for row in self.rows[:, outside]:
            part.add(row)
        return len(part.leads) < len(self.leads)


def live(people: Iterable[Person], moment: int) -> State:
    """The sums as they stand."""
    sums: dict[Cell, Sums] = {}
    for number, one in enumerate(people):
        if one.came <= moment < one.left:
            groups = {a: c for a, c in (("age", one.age), ("gender", one.gender)) if c}
            add(sums, Contribution({"m": one.score}, "", one.area, groups, one.vouched, 1 << number, PAIRS).cells())
    state: State = {}
    for cell, value in sums.items():
        state.setdefault(Table(cell.area, cell.attribute), {})[cell.category] = value
    return state


class Reader:
    """Keeps every release of a measure."""

    def __init__(self, areas: Sequence[str], releases: int) -> None:
        self.areas = list(areas)
        times = [(came, left) for came in range(releases) for left in range(came + 1, releases + 1)]
        groups = product(areas, (*OFFERED["age"], ""), (*OFFERED["gender"], ""))
        self.unknowns = [(*where, *when) for where in groups for when in times]
        columns = list(zip(*self.unknowns, strict=True))
        self.columns = dict(zip(("area", "age", "gender", "came", "left"), map(np.array, columns), strict=True))
        self.known = Space(len(self.unknowns))
        self.public = Measured({}, set())
        self.made_of: dict[Table, list[tuple[str, int]]] = {}

    def read(self, public: Measured, moment: int) -> None:
        """Take in what is shown from this moment on."""
        moved = [t for t, cells in public.state.items() if self.public.state.get(t) != cells and not is_seen(t)]
        for table in moved:
            if table.area != COUNCIL:
                self.made_of[table] = [(table.area, moment)]
        for table in moved:
            if table.area == COUNCIL:
                parts = [m for t, m in self.made_of.items() if t.attribute == table.attribute and t.area != COUNCIL]
                self.made_of[table] = [one for part in parts for one in part]
        self.public = public
        for table, category, _ in shown(public.state, public.hidden):
            self.known.add(self.vector(table, category))

    def vector(self, table: Table, category: str) -> Vector:
        """Which unknowns a figure is the sum of."""
        at = self.columns
        found = np.zeros(len(self.unknowns), dtype=bool)
        for area, moment in self.made_of[table]:
            found |= (at["area"] == area) & (at["came"] <= moment) & (moment < at["left"])
        if table.attribute:
            attributes = table.attribute.split(JOINED)
            categories = category.split(JOINED) if category else [""] * len(attributes)
            for attribute, one in zip(attributes, categories, strict=True):
                found &= at[attribute] == one
        return found.astype(np.int64)

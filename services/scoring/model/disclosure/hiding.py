"""Which figures of a public state are hidden, so that none of them can be worked out from those that are shown."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from services.scoring.model.cells import JOINED
from services.scoring.model.disclosure.cuts import light_cut
from services.scoring.model.disclosure.rules import (
    COUNCIL,
    NOTHING,
    Range,
    State,
    Sums,
    Table,
    Tables,
    stands_out,
    weight,
)

Key = tuple[Table, str]
Point = tuple[str, str]
TOTAL: Point = ("total", "")
GROUND: Point = ("ground", "")
"""All totals that nobody sees are one point; see `cuts`."""


def seen(table: Table) -> Table:
    """The table of an area as it stood when the council's table moved last; nobody is shown it."""
    return Table(table.area, "~" + table.attribute)


def is_seen(table: Table) -> bool:
    """Whether the table is one of `seen`."""
    return table.attribute.startswith("~")


class Measured(NamedTuple):
    """The public state of one measure, and which of its cells are hidden."""

    state: State
    hidden: set[Key]


NOTHING_PUBLIC = Measured({}, set())


def hidden_cells(
    state: Tables, minimum: int, before: Measured = NOTHING_PUBLIC, bounds: Range | None = None
) -> set[Key]:
    """The cells of a public state that must not be shown: the rules, until nothing more needs hiding.

    A cell that was hidden in the release before and has not moved since stays hidden, whatever came beside it: shown
    now, it could be taken from the totals that were shown then. One that was shown and has not moved is known, and
    hides nothing.
    """
    still = {
        (t, c) for t, cells in before.state.items() for c, sums in cells.items() if state.get(t, {}).get(c) == sums
    }
    hiding = _Hiding(state, minimum, bounds, known=still - before.hidden)
    hiding.hidden |= still & before.hidden
    while True:
        so_far = len(hiding.hidden)
        hiding.close()
        if len(hiding.hidden) == so_far:
            return hiding.hidden


class _Hiding:
    def __init__(self, state: Tables, minimum: int, bounds: Range | None, known: set[Key]) -> None:
        self.state = {table: cells for table, cells in state.items() if not is_seen(table)}
        self.minimum, self.bounds, self.known = minimum, bounds, known
        self.attributes = sorted({t.attribute for t in self.state if t.attribute and JOINED not in t.attribute})
        self.pairs = sorted({t.attribute for t in self.state if JOINED in t.attribute})
        self.hidden: set[Key] = {
            (table, category)
            for table, cells in self.state.items()
            for category, sums in cells.items()
            # the pairs of a single area are only there to be added up
            if (JOINED in table.attribute and table.area != COUNCIL)
            or sums.vouched < minimum
            or (bounds is not None and stands_out(sums, bounds))
        } - known
        self.in_step = {a: in_step(state, a) for a in self.attributes}

    def close(self) -> None:
        areas = {t.area: "" for t in self.state if not t.attribute and t.area != COUNCIL}
        self._line([(Table(area, ""), "") for area in areas], (Table(COUNCIL, ""), ""))
        for table, cells in self.state.items():
            if table.attribute and (Table(table.area, ""), "") in self.hidden:
                # its categories would add up to what is hidden
                self.hidden |= {(table, category) for category in cells} - self.known
        for attribute in self.attributes:
            self._line([(Table(COUNCIL, attribute), c) for c in self.state.get(Table(COUNCIL, attribute), {})])
            self._grid(list(self._of_areas(attribute)))
        for pair in self.pairs:
            self._grid(list(self._of_pair(pair)))

    def _sums(self, key: Key) -> Sums:
        return self.state.get(key[0], {}).get(key[1], NOTHING)

    def _weight(self, key: Key) -> int:
        return weight(self._sums(key), self.minimum, self.bounds)

    def _smallest(self, keys: Collection[Key]) -> Key | None:
        shown = [k for k in keys if k not in self.hidden | self.known and k[1] in self.state.get(k[0], {})]
        return min(shown, key=lambda k: (self._sums(k).vouched, k), default=None)

    def _line(self, keys: list[Key], total: Key | None = None) -> None:
        """Hide more of a line until what is hidden hides itself; where nothing is left to hide, hide the total."""
        while total not in self.hidden and (weights := [self._weight(k) for k in keys if k in self.hidden]):
            if sum(weights) >= self.minimum:
                return
            more = self._smallest(keys) or (self._smallest([total]) if total else None)
            if more is None:
                return
            self.hidden.add(more)

    def _grid(self, cells: list[tuple[Key, Key | None, Key | None, Point, Point]]) -> None:
        """Hide more of a two-way table: `cells` are key, key of the row's total, of the column's, and their points."""
        lines: dict[Point, list[Key]] = {}
        for key, _, _, row, column in cells:
            for point in (row, column):
                if point != GROUND:
                    lines.setdefault(point, []).append(key)
        for keys in lines.values():
            self._line(keys)
        while True:
            side = light_cut(
                ((row, column, self._weight(key)) for key, _, _, row, column in cells if key in self.hidden),
                self.minimum,
            )
            if side is None:
                return
            across = [key for key, _, _, row, column in cells if (row in side) != (column in side)]
            more = self._smallest(across)
            if more is None:
                around = {k for _, _, column, row, at in cells for k in [column] if k and (row in side or at in side)}
                more = self._smallest(around)
            if more is None:
                return
            self.hidden.add(more)
            if more not in {key for key, *_ in cells}:
                return  # a total that is hidden from now on makes another graph; the rules are gone through again

    def _point(self, kind: str, total: Key, whole: Key) -> Point:
        """The point of a line with this total: its own, one with the other hidden ones of a known whole, the ground."""
        if total not in self.hidden:
            return kind, repr(total)
        return (kind, "hidden") if whole not in self.hidden else GROUND

    def _of_areas(self, attribute: str) -> Iterator[tuple[Key, Key | None, Key | None, Point, Point]]:
        council = Table(COUNCIL, attribute)
        whole = (Table(COUNCIL, ""), "")
        for table, cells in self.state.items():
            if table.attribute == attribute and table.area != COUNCIL:
                everybody = (Table(table.area, ""), "")
                row = self._point("area", everybody, whole)
                for category in cells:
                    total = (council, category)
                    column = self._point("category", total, whole) if self.in_step[attribute] else GROUND
                    yield (table, category), None, total, row, column

    def _of_pair(self, pair: str) -> Iterator[tuple[Key, Key | None, Key | None, Point, Point]]:
        first, second = pair.split(JOINED)
        whole = (Table(COUNCIL, ""), "")
        table = Table(COUNCIL, pair)
        for category in self.state.get(table, {}):
            one, other = category.split(JOINED) if category else ("", "")
            row, column = (Table(COUNCIL, first), one), (Table(COUNCIL, second), other)
            yield (
                (table, category),
                row,
                column,
                self._point("row", row, whole),
                self._point("column", column, whole),
            )


def in_step(state: Tables, attribute: str) -> bool:
    """Whether the council's table of an attribute is the sum of the areas' tables as they are shown now."""
    now = {t: cells for t, cells in state.items() if t.attribute == attribute and t.area != COUNCIL}
    return all(state.get(seen(table)) == cells for table, cells in now.items())


def shown(state: State, hidden: Collection[Key]) -> Iterator[tuple[Table, str, Sums]]:
    """What is shown of a public state."""
    for table, cells in state.items():
        if not is_seen(table):
            for category, sums in cells.items():
                if (table, category) not in hidden:
                    yield table, category, sums

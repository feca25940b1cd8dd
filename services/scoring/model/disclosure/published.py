"""What may leave: a type that nothing but this module can make, and that whoever stores or sends figures asks for."""

from collections.abc import Iterator
from typing import Final

from services.scoring.model.cells import Cell, Sums
from services.scoring.model.disclosure.hiding import Measured, is_seen

_OURS: Final = object()


class Released:
    """A figure that passed the rules: its sums, and whether they are hidden. Made by `released` alone."""

    __slots__ = ("cell", "hidden", "sums")

    def __init__(self, ours: object, cell: Cell, sums: Sums, hidden: bool) -> None:
        if ours is not _OURS:
            raise TypeError("figures are made by disclosure control only")
        self.cell, self.sums, self.hidden = cell, sums, hidden


def released(wave: str, measure: str, before: Measured, now: Measured) -> Iterator[Released]:
    """What changes between two public states, hidden cells included."""
    for table, cells in now.state.items():
        for category, sums in cells.items():
            key = (table, category)
            hidden = is_seen(table) or key in now.hidden
            was_hidden = is_seen(table) or key in before.hidden
            if before.state.get(table, {}).get(category) != sums or was_hidden != hidden:
                yield Released(_OURS, Cell(wave, measure, *table, category), sums, hidden)

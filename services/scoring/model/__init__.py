"""How answers become scores, sums and published figures. Pure, and exact: every sum is a whole number."""

from services.scoring.model.cells import Cell, Contribution, Sums, add, changes
from services.scoring.model.framework import INDEX, UNIT, Framework
from services.scoring.model.release import COUNCIL, STEP, Table, hidden_cells, next_release

__all__ = [
    "COUNCIL",
    "INDEX",
    "STEP",
    "UNIT",
    "Cell",
    "Contribution",
    "Framework",
    "Sums",
    "Table",
    "add",
    "changes",
    "hidden_cells",
    "next_release",
]

"""How answers become scores, sums and published figures. Pure, and exact: every sum is a whole number."""

from services.scoring.model.cells import Cell, Contribution, Sums, add, changes
from services.scoring.model.framework import INDEX, Framework, Measure, measures_of
from services.scoring.model.release import COUNCIL, STEP, Table, hidden_cells, next_release
from services.scoring.model.scales import Scale
from services.scoring.model.units import UNIT

__all__ = [
    "COUNCIL",
    "INDEX",
    "STEP",
    "UNIT",
    "Cell",
    "Contribution",
    "Framework",
    "Measure",
    "Scale",
    "Sums",
    "Table",
    "add",
    "changes",
    "hidden_cells",
    "measures_of",
    "next_release",
]

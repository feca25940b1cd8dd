"""How answers become scores, sums and published figures. Pure, and exact: every sum is a whole number."""

from services.scoring.model.cells import Cell, Contribution, Sums, add, changes
from services.scoring.model.framework import INDEX, LEAST, Framework, Measure, Tally, compared_in, measures_of
from services.scoring.model.release import COUNCIL, STEP, Table, hidden_cells, next_release
from services.scoring.model.scales import Scale
from services.scoring.model.units import UNIT

__all__ = [
    "COUNCIL",
    "INDEX",
    "LEAST",
    "STEP",
    "UNIT",
    "Cell",
    "Contribution",
    "Framework",
    "Measure",
    "Scale",
    "Sums",
    "Table",
    "Tally",
    "add",
    "changes",
    "compared_in",
    "hidden_cells",
    "measures_of",
    "next_release",
]

"""How answers become scores, sums and published figures. Pure, and exact: every sum is a whole number.

What may be said of sums is `disclosure`'s to decide.
"""

from services.scoring.model.cells import JOINED, UNSTATED, Cell, Contribution, Sums, add, changes
from services.scoring.model.disclosure.rules import COUNCIL, STEP
from services.scoring.model.framework import (
    INDEX,
    LEAST,
    Framework,
    Measure,
    Tally,
    compared_in,
    index_of,
    items_of,
    measures_of,
)
from services.scoring.model.scales import Scale
from services.scoring.model.units import UNIT

__all__ = [
    "COUNCIL",
    "INDEX",
    "JOINED",
    "LEAST",
    "STEP",
    "UNIT",
    "UNSTATED",
    "Cell",
    "Contribution",
    "Framework",
    "Measure",
    "Scale",
    "Sums",
    "Tally",
    "add",
    "changes",
    "compared_in",
    "index_of",
    "items_of",
    "measures_of",
]

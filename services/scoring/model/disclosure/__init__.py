"""Disclosure control: what may be said about several people. Every number about them goes through here.

Pure, as all of `model`. `rules` decide about one figure, `hiding` about the figures of one moment, `steps` about the
next moment. docs/privacy.md lists the ways out and docs/measurement.md explains the rules.
"""

from services.scoring.model.disclosure.composing import composed
from services.scoring.model.disclosure.hiding import NOTHING_PUBLIC, Measured, hidden_cells, is_seen, shown
from services.scoring.model.disclosure.published import Released, released
from services.scoring.model.disclosure.rules import COUNCIL, STEP, Cells, Range, State, Table
from services.scoring.model.disclosure.steps import Rules, next_release

__all__ = [
    "COUNCIL",
    "NOTHING_PUBLIC",
    "STEP",
    "Cells",
    "Measured",
    "Range",
    "Released",
    "Rules",
    "State",
    "Table",
    "composed",
    "hidden_cells",
    "is_seen",
    "next_release",
    "released",
    "shown",
]

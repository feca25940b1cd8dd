"""Frameworks: what is measured, and how answers become scores."""

from services.scoring.model.framework.difference import NotThere, apply, difference
from services.scoring.model.framework.faults import faults_of, pair_faults
from services.scoring.model.framework.normalising import LEAST, Tally
from services.scoring.model.framework.structure import (
    INDEX,
    Framework,
    Measure,
    compared_in,
    index_of,
    items_of,
    measures_of,
)

__all__ = [
    "INDEX",
    "LEAST",
    "Framework",
    "Measure",
    "NotThere",
    "Tally",
    "apply",
    "compared_in",
    "difference",
    "faults_of",
    "index_of",
    "items_of",
    "measures_of",
    "pair_faults",
]

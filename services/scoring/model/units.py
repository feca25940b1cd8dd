"""The unit that every score is kept in."""

from decimal import Decimal

UNIT = 10**12
"""Scores are kept as whole numbers of 10⁻¹² points, so that sums grow and shrink without any rounding."""


def units(points: float) -> int:
    """`points` as they are written, in UNITs: 9.51 is 9,510,000,000,000, whatever its nearest binary number is."""
    return round(Decimal(repr(points)) * UNIT)

"""Cells: running sums of scores by measure, area and group, moved by the difference that one response makes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self


class Cell(NamedTuple):
    """What a sum is of.

    Wave "" : of a questionnaire that is asked once. Area "" : people who gave no area. Attribute "" : everybody in the
    area, with category "".
    """

    wave: str
    measure: str
    area: str
    attribute: str
    category: str


@dataclass(frozen=True, slots=True)
class Sums:
    """`n` people, the sum of their scores and of the squares, in UNIT and UNIT²: whole numbers, so always exact.

    `vouched` of them are people for whom somebody answers: the disclosure rules count these alone. `mark` is a sum too,
    of one number for each person's answers as they stand: sums of the same mark are of the same answers.
    """

    n: int = 0
    total: int = 0
    squares: int = 0
    vouched: int = 0
    mark: int = 0

    def __add__(self, other: Self) -> "Sums":
        return Sums(
            self.n + other.n,
            self.total + other.total,
            self.squares + other.squares,
            self.vouched + other.vouched,
            self.mark + other.mark,
        )

    def __neg__(self) -> "Sums":
        return Sums(-self.n, -self.total, -self.squares, -self.vouched, -self.mark)

    def __bool__(self) -> bool:
        return self != Sums()


NOTHING = Sums()
UNSTATED = ""
"""The category of people who gave none."""
JOINED = "*"
"""Stands between the two attributes, and between the two categories, of a pair."""


class Contribution(NamedTuple):
    """What one response gives: its scores (measure → UNITs), its wave, its area, its groups (attribute → category).

    `pairs` are the pairs of attributes that people are grouped by together.
    """

    scores: Mapping[str, int]
    wave: str
    area: str | None
    groups: Mapping[str, str]
    vouched: bool = True
    mark: int = 0
    pairs: Sequence[tuple[str, str]] = ()

    def cells(self) -> dict[Cell, Sums]:
        """The cells it belongs to, with what it adds to each."""
        area = self.area or ""
        where = [("", ""), *self.groups.items()]
        for pair in self.pairs:
            categories = tuple(self.groups.get(attribute, UNSTATED) for attribute in pair)
            if any(categories):
                where.append((JOINED.join(pair), JOINED.join(categories)))
        return {
            Cell(self.wave, measure, area, attribute, category): Sums(
                1, score, score * score, int(self.vouched), self.mark
            )
            for measure, score in self.scores.items()
            for attribute, category in where
        }


def add(sums: dict[Cell, Sums], more: Mapping[Cell, Sums], sign: int = 1) -> None:
    """Add (or, with sign −1, take away) `more` in place."""
    for cell, change in more.items():
        sums[cell] = sums.get(cell, NOTHING) + (change if sign == 1 else -change)


def changes(old: Contribution | None, new: Contribution | None) -> dict[Cell, Sums]:
    """What the sums change by when `new` takes the place of `old`; None: it does not count, or no longer does."""
    moved: dict[Cell, Sums] = {}
    if new is not None:
        add(moved, new.cells())
    if old is not None:
        add(moved, old.cells(), -1)
    return {cell: sums for cell, sums in moved.items() if sums}

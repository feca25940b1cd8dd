"""Who has answered, beside who lives there.

Numbers of responses come out rounded down to fives, and not at all below the minimum count; shares and the index are
worked out from these rounded numbers only, so that they tell nothing more.

What is left of a total when the shown numbers are taken away: each is known to within five only, so what is hidden
keeps a range of several numbers. It could be pinned to one only just below the minimum, never to a small one.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

IN_FIVES = 5
JOINT = "*"
"""Stands between the codes of attributes, and of categories, that go together."""


class Asked(NamedTuple):
    """What a questionnaire asks about people: categories by attribute, and the level of the areas to choose from."""

    attributes: Mapping[str, Collection[str]]
    level: str | None

    @classmethod
    def of(cls, definition: Mapping[str, Any]) -> Self:
        """Also of a draft that is not right yet in other places."""
        return cls({a["code"]: a["categories"] for a in definition.get("attributes", ())}, definition.get("area_level"))


class Cell(NamedTuple):
    """A group of people: an area ("" where areas are not told apart), and a category ("" where none is asked about)."""

    area: str
    category: str


@dataclass(frozen=True, slots=True)
class Line:
    """A group's responses, rounded, and its people; None where that is not shown or not known."""

    cell: Cell
    responses: int | None
    share: float | None
    population: float | None
    population_share: float | None

    @property
    def difference(self) -> float | None:
        """By how much of all it answers more than it is large."""
        if self.share is None or self.population_share is None:
            return None
        return self.share - self.population_share


def rounded(count: int, minimum: int) -> int | None:
    """A number of people as it may be told: None below the minimum, else down to a multiple of five."""
    return None if count < minimum else count - count % IN_FIVES


def lines(counts: Mapping[Cell, int], people: Mapping[Cell, float], minimum: int) -> tuple[int | None, list[Line]]:
    """All responses, and a line for each group that has responses or people, in order.

    A share is of the shown numbers, and where some are hidden, of what is left of the total besides.
    """
    total = rounded(sum(counts.values()), minimum)
    cells = sorted({*counts, *people})
    shown = {cell: rounded(counts.get(cell, 0), minimum) for cell in cells}
    reached = sum(n for n in shown.values() if n is not None)
    base = max(total or 0, reached) if None in shown.values() else reached
    everybody = sum(people.values())
    return total, [
        Line(
            cell=cell,
            responses=shown[cell],
            share=None if (n := shown[cell]) is None or not base else n / base,
            population=people.get(cell),
            population_share=people[cell] / everybody if everybody and cell in people else None,
        )
        for cell in cells
    ]


def dissimilarity(found: Sequence[Line]) -> float | None:
    """The share of responses that would have to come from other groups for all to be as in the population, 0 to 1.

    D = ½ Σ |rᵢ − pᵢ| over the groups' shares of responses and of people (Duncan & Duncan 1955, A methodological
    analysis of segregation indexes, American Sociological Review 20, 210-217). Groups that are hidden count as one.
    None without responses, or where the people of a group are not known.
    """
    shares = [line.share for line in found if line.share is not None]
    known = [line.population_share for line in found if line.population_share is not None]
    if not shares or len(known) < len(found):
        return None
    apart = sum(abs(line.difference) for line in found if line.difference is not None)
    hidden_people = sum(line.population_share or 0.0 for line in found if line.share is None)
    return (apart + abs(1 - sum(shares) - hidden_people)) / 2


def people_of(rows: Iterable[tuple[Mapping[str, str], float]], asked: Sequence[str]) -> dict[tuple[str, ...], float]:
    """People by their categories of `asked`, added up from rows of people of some categories (attribute → category).

    Rows about these attributes alone, where there are such; else the finest table that has them all, as for weights.
    """
    tables: dict[frozenset[str], dict[tuple[str, ...], float]] = {}
    for categories, people in rows:
        if set(asked) <= set(categories):
            table = tables.setdefault(frozenset(categories), {})
            cell = tuple(categories[attribute] for attribute in asked)
            table[cell] = table.get(cell, 0.0) + people
    if frozenset(asked) in tables:
        return tables[frozenset(asked)]
    return tables[max(tables, key=lambda table: (len(table), sorted(table)))] if tables else {}

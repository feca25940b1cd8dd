"""Areas that overlap: wards made of smaller areas, communities that somebody drew across both.

Each area, of whatever level, is a set of the smallest areas there are, the leaves, and its figure is the sum of theirs
as they are public. So whatever can be derived from several of them is a sum of leaves with factors, and it is found by
elimination with exact fractions: nothing that depends on hidden leaves of fewer people than the minimum may be there. A
set that would make it so is refused, whatever the others are called.
"""

from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction

from services.scoring.model.disclosure.rules import Sums

Row = dict[str, Fraction]


def safe_sets(
    leaves: Mapping[str, Sums],
    shown: Collection[str],
    sets: Mapping[str, frozenset[str]],
    minimum: int,
    seen: Collection[frozenset[str]] = (),
) -> dict[str, Sums]:
    """The sets whose figures may be shown, taken in their order, with their sums.

    `leaves` are the public sums of all leaves, `shown` the leaves whose own figures are shown. Their total counts as
    shown. `seen` are sets that were shown in a release before: what moved since moved in full, and what did not is
    known, so they stay in the account. Raises KeyError for a set of leaves that are not there.
    """
    space = _Space(leaf for leaf in leaves if leaf not in shown)
    for known in (frozenset(leaves), *seen):
        space.add(known)
    people = {leaf: leaves[leaf].vouched for leaf in space.unknown}
    found: dict[str, Sums] = {}
    for name, members in sets.items():
        total = Sums()
        for leaf in sorted(members):
            total += leaves[leaf]
        tried = space.copy()
        tried.add(members)
        if total.vouched >= minimum and not any(tried.depends_on(few) for few in _few(people, minimum)):
            found[name] = total
            space = tried
    return found


def _few(people: Mapping[str, int], minimum: int) -> Iterator[frozenset[str]]:
    """The sets of hidden leaves that hold fewer than the minimum together, those that are in another one left out."""
    names = sorted(people, key=lambda leaf: (people[leaf], leaf))

    def grow(chosen: frozenset[str], total: int, start: int) -> Iterator[frozenset[str]]:
        fit = [i for i in range(start, len(names)) if total + people[names[i]] < minimum]
        if chosen and not any(total + people[n] < minimum for n in names if n not in chosen):
            yield chosen
        for i in fit:
            yield from grow(chosen | {names[i]}, total + people[names[i]], i + 1)

    yield from grow(frozenset(), 0, 0)


class _Space:
    """What is known of the hidden leaves: the span of sets of them, in echelon form."""

    def __init__(self, unknown: Iterator[str] | Collection[str]) -> None:
        self.unknown = sorted(unknown)
        self.rows: list[tuple[str, Row]] = []

    def copy(self) -> "_Space":
        other = _Space(self.unknown)
        other.rows = list(self.rows)
        return other

    def add(self, members: frozenset[str]) -> None:
        self._take({leaf: Fraction(1) for leaf in self.unknown if leaf in members})

    def _take(self, row: Row) -> None:
        for lead, known in self.rows:
            if factor := row.get(lead):
                for leaf, value in known.items():
                    row[leaf] = row.get(leaf, Fraction(0)) - factor * value
        row = {leaf: value for leaf, value in row.items() if value}
        if row:
            lead = next(iter(row))
            self.rows.append((lead, {leaf: value / row[lead] for leaf, value in row.items()}))

    def depends_on(self, few: frozenset[str]) -> bool:
        """Whether something known is about these leaves alone."""
        others = _Space([leaf for leaf in self.unknown if leaf not in few])
        for _, row in self.rows:
            others._take({leaf: value for leaf, value in row.items() if leaf not in few})
        return len(others.rows) < len(self.rows)

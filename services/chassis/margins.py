"""How many people live in a council's areas and belong to its groups, by the census: reference data of the host."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import text

from services.chassis.work import UnitOfWork

AREA = "area"
"""The name that areas have among attributes."""


class Population(NamedTuple):
    """People of one area, or of all (""), who belong to these groups (attribute → category); none: all people."""

    area: str
    groups: Mapping[str, str]
    people: float

    @property
    def categories(self) -> dict[str, str]:
        """Attribute → category, the area among them."""
        return ({AREA: self.area} if self.area else {}) | dict(self.groups)


@dataclass(frozen=True)
class Margins:
    """One file that was imported; it never changes."""

    version: int
    rows: tuple[Population, ...]

    def of(self, attribute: str) -> dict[str, float]:
        """Category → people, of one attribute or of areas (`AREA`); empty where the census does not say.

        Rows that are about this attribute alone, where there are such; else sums over those that tell it with others.
        Files may tell it several times, with other attributes each time: the finest table is taken, whole.
        """
        tables: defaultdict[frozenset[str], defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
        for row in self.rows:
            categories = row.categories
            if attribute in categories:
                tables[frozenset(categories)][categories[attribute]] += row.people
        alone = frozenset({attribute})
        if alone in tables:
            return dict(tables[alone])
        finest = max(tables, key=lambda table: (len(table), sorted(table)), default=None)
        return dict(tables[finest]) if finest is not None else {}


def margins(work: UnitOfWork, version: int | None = None) -> Margins | None:
    """The council's newest margins, or those of a version; None where there are none."""
    found = version
    if found is None:
        query = "SELECT max(version) FROM platform.margins WHERE tenant_id = :tenant"
        found = work.session.execute(text(query), {"tenant": work.tenant}).scalar_one()
    if found is None:
        return None
    query = "SELECT area, groups, people FROM platform.margins WHERE tenant_id = :tenant AND version = :version"
    rows = work.session.execute(text(query), {"tenant": work.tenant, "version": found}).all()
    return Margins(found, tuple(Population(r.area, r.groups, float(r.people)) for r in rows)) if rows else None

"""The councils of this deployment, as every service may know them: which there are, and their areas.

`platform.tenants` and `platform.areas` are reference data of the host, with nothing personal in them. Each council's
rows are seen only in a unit of work of that council.
"""

from dataclasses import dataclass
from time import monotonic
from typing import Any
from uuid import UUID

from sqlalchemy import text

from schemas.errors import Invalid, Problem
from services.chassis.database import Database
from services.chassis.tenancy import acting
from services.chassis.work import UnitOfWork

REMEMBER_SECONDS = 30.0
MINIMUM_COUNT = 10
"""The least number of people behind a published figure; a council may raise it, and never lower it."""


@dataclass(frozen=True)
class Council:
    """A tenant: its id, and its settings (`minimum_count` among them)."""

    id: UUID
    active: bool
    settings: dict[str, Any]

    @property
    def minimum_count(self) -> int:
        """People needed behind a published figure."""
        return max(MINIMUM_COUNT, int(self.settings.get("minimum_count", MINIMUM_COUNT)))


class Councils:
    """Looks councils up, and remembers them for half a minute."""

    def __init__(self) -> None:
        self._known: dict[UUID, tuple[float, Council]] = {}

    def find(self, database: Database, tenant: UUID) -> Council | None:
        """The council with this id, or None where there is none."""
        remembered = self._known.get(tenant)
        if remembered is not None and monotonic() - remembered[0] < REMEMBER_SECONDS:
            return remembered[1]
        with acting(tenant), database.unit_of_work() as work:
            row = work.session.execute(
                text("SELECT status, settings FROM platform.tenants WHERE id = :id"), {"id": tenant}
            ).one_or_none()
        if row is None:
            return None
        council = Council(tenant, row.status == "active", row.settings)
        self._known[tenant] = (monotonic(), council)
        return council


def area_codes(work: UnitOfWork, level: str | None = None) -> frozenset[str]:
    """The GSS codes of the council's areas, of one level where it is given."""
    query = (
        "SELECT code FROM platform.areas WHERE tenant_id = :tenant AND (CAST(:level AS text) IS NULL OR level = :level)"
    )
    return frozenset(work.session.execute(text(query), {"tenant": work.tenant, "level": level}).scalars())


def area_names(work: UnitOfWork, level: str | None = None) -> dict[str, str]:
    """GSS code → name of the council's areas, of one level where it is given."""
    query = (
        "SELECT code, name FROM platform.areas "
        "WHERE tenant_id = :tenant AND (CAST(:level AS text) IS NULL OR level = :level)"
    )
    return {row.code: row.name for row in work.session.execute(text(query), {"tenant": work.tenant, "level": level})}


def minimum_count(work: UnitOfWork) -> int:
    """The people needed behind a published figure of the council in hand."""
    settings = work.session.execute(
        text("SELECT settings FROM platform.tenants WHERE id = :id"), {"id": work.tenant}
    ).scalar_one()
    return Council(work.tenant, True, settings).minimum_count


_areas: dict[tuple[UUID, str], frozenset[str]] = {}


def is_area(work: UnitOfWork, level: str | None, code: str) -> bool:
    """Whether `code` is one of the council's areas of this level. Areas are remembered; new ones are found."""
    if level is None:
        return False
    if code not in _areas.get((work.tenant, level), frozenset()):
        _areas[work.tenant, level] = area_codes(work, level)
    return code in _areas[work.tenant, level]


def require_area(work: UnitOfWork, code: str | None, field: str = "area") -> None:
    """Raises Invalid, naming `field`, where `code` is given and none of the council's areas."""
    if code is not None and code not in area_codes(work):
        raise Invalid("this area is not known here", [Problem((field,), "Choose one of your council's areas.")])

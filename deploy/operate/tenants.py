"""Councils and their areas, as the host's operator keeps them."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from uuid_utils.compat import uuid7

from deploy.errors import DeployError

COLUMNS = ("code", "name", "level", "parent")


@dataclass(frozen=True)
class Area:
    """A ward, town, district …: `code` is its GSS code, `parent` that of the area it lies in, `geometry` its shape."""

    code: str
    name: str
    level: str
    parent: str | None = None
    geometry: dict[str, Any] | None = None


class Tenants:
    """The operator's view of all councils; `url` signs in as platform_owner."""

    def __init__(self, url: str) -> None:
        self._url = url

    def create(
        self,
        slug: str,
        name: str,
        area_code: str,
        *,
        hosts: Iterable[str] = (),
        settings: dict[str, Any] | None = None,
        id: UUID | None = None,  # noqa: A002 -- the column's name
    ) -> UUID:
        """Add a council; gives its id. Raises DeployError when the slug is taken or malformed."""
        tenant = id or UUID(str(uuid7()))
        try:
            with self._connect() as connection:
                connection.execute(
                    "INSERT INTO tenants (id, slug, name, area_code, hosts, settings) VALUES (%s, %s, %s, %s, %s, %s)",
                    (tenant, slug, name, area_code, list(hosts), Jsonb(settings or {})),
                )
        except psycopg.errors.UniqueViolation:
            raise DeployError(f"There is a council '{slug}' already.", "Choose another short name.") from None
        except psycopg.errors.CheckViolation:
            raise DeployError(
                f"'{slug}' cannot be a short name.", "Use small letters, digits and hyphens, as in a host name."
            ) from None
        return tenant

    def all(self) -> list[dict[str, Any]]:
        """Every council, by slug, with its number of areas."""
        with self._connect() as connection:
            return connection.execute(
                "SELECT t.*, (SELECT count(*) FROM areas a WHERE a.tenant_id = t.id) AS areas "
                "FROM tenants t ORDER BY slug"
            ).fetchall()

    def get(self, slug: str) -> dict[str, Any]:
        """One council. Raises DeployError when there is none of this slug."""
        for row in self.all():
            if row["slug"] == slug:
                return row
        raise DeployError(f"There is no council '{slug}'.", "`civic tenant list` shows those there are.")

    def set_status(self, slug: str, status: str) -> None:
        """Suspend a council ("suspended") or let it in again ("active")."""
        with self._connect() as connection:
            done = connection.execute("UPDATE tenants SET status = %s WHERE slug = %s", (status, slug))
            if done.rowcount == 0:
                raise DeployError(f"There is no council '{slug}'.", "`civic tenant list` shows those there are.")

    def import_areas(self, slug: str, areas: Iterable[Area]) -> int:
        """Add the areas to a council, or change those of the same code; how many. All or none.

        A parent or a shape that is not given stays as it is known.
        """
        tenant = self.get(slug)["id"]
        rows = [
            (tenant, area.code, area.name, area.level, area.parent, Jsonb(area.geometry) if area.geometry else None)
            for area in areas
        ]
        with self._connect() as connection, connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO areas (tenant_id, code, name, level, parent, geometry) VALUES (%s, %s, %s, %s, %s, %s) "
                "ON CONFLICT (tenant_id, code) DO UPDATE SET name = excluded.name, level = excluded.level, "
                "parent = COALESCE(excluded.parent, areas.parent), "
                "geometry = COALESCE(excluded.geometry, areas.geometry)",
                rows,
            )
        return len(rows)

    def area_codes(self, slug: str) -> frozenset[str]:
        """The codes of a council's areas."""
        tenant = self.get(slug)["id"]
        with self._connect() as connection:
            known = connection.execute("SELECT code FROM areas WHERE tenant_id = %s", (tenant,)).fetchall()
        return frozenset(row["code"] for row in known)

    def import_margins(self, slug: str, counts: Iterable[tuple[str, dict[str, str], float]]) -> int:
        """Add census margins (area, groups, people) as a version of their own; which. All or none."""
        tenant = self.get(slug)["id"]
        with self._connect() as connection, connection.cursor() as cursor:
            # two at once must not take the same number
            cursor.execute("SELECT id FROM tenants WHERE id = %s FOR UPDATE", (tenant,))
            found = cursor.execute(
                "SELECT coalesce(max(version), 0) + 1 AS version FROM margins WHERE tenant_id = %s", (tenant,)
            ).fetchone()
            version: int = found["version"] if found else 1
            cursor.executemany(
                "INSERT INTO margins (tenant_id, version, area, groups, people) VALUES (%s, %s, %s, %s, %s)",
                [(tenant, version, area, Jsonb(groups), people) for area, groups, people in counts],
            )
        return version

    def require_parents(self, slug: str, areas: Sequence[Area]) -> None:
        """Raises DeployError naming a parent that is neither among `areas`, nor an area of the council, nor itself."""
        codes = {self.get(slug)["area_code"], *self.area_codes(slug), *(area.code for area in areas)}
        for area in areas:
            if area.parent is not None and area.parent not in codes:
                raise DeployError(
                    f"{area.code} ({area.name}) lies in {area.parent}, which {slug} does not know.",
                    "Import the larger areas first. Nothing was imported.",
                )

    @contextmanager
    def _connect(self) -> Iterator[psycopg.Connection[dict[str, Any]]]:
        try:
            connection = psycopg.connect(self._url, row_factory=dict_row, connect_timeout=5)
        except psycopg.OperationalError as error:
            raise DeployError("PostgreSQL does not answer.", "Start it with `make up`.") from error
        with connection:
            yield connection


def read_areas(path: Path) -> list[Area]:
    """Areas from a CSV file with the columns code, name, level and, if wanted, parent.

    Raises DeployError naming the line that does not fit.
    """
    try:
        return _read_areas(path)
    except (UnicodeDecodeError, csv.Error) as error:
        raise DeployError(f"{path} is no CSV file in UTF-8.", "Save it as CSV UTF-8 and try again.") from error


def _read_areas(path: Path) -> list[Area]:
    found: list[Area] = []
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        missing = [column for column in COLUMNS[:3] if column not in (reader.fieldnames or ())]
        if missing:
            raise DeployError(
                f"{path} lacks the column {missing[0]}.", f"Needed: {', '.join(COLUMNS[:3])}; parent if any."
            )
        for row in reader:
            values = {column: (row.get(column) or "").strip() for column in COLUMNS}
            if not all(values[column] for column in COLUMNS[:3]):
                raise DeployError(f"{path}, line {reader.line_num}: code, name and level must be filled in.")
            found.append(Area(values["code"], values["name"], values["level"], values["parent"] or None))
    return found

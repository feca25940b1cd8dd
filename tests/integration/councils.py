"""Councils and people for the tests of operations: real rows, a real service role, no process."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import pytest

from schemas.errors import CivicError
from schemas.events import BY_NAME, Envelope
from schemas.roles import Actor, Role
from services.chassis import tenancy
from services.chassis.database import Database


@dataclass(frozen=True)
class Council:
    """A tenant, as the tests of these three services use it."""

    admin_url: str
    id: UUID

    def acting(self, person: UUID | None, *roles: Role) -> AbstractContextManager[None]:
        """As this person, a resident unless said otherwise."""
        return tenancy.acting(self.id, Actor(person, roles or (Role.RESIDENT,)))

    def told(self, service: str) -> list[Envelope]:
        """The events of this council in a service's outbox, oldest first, their data typed; it is empty afterwards."""
        with psycopg.connect(self.admin_url) as connection:
            rows = connection.execute(
                f"DELETE FROM {service}.outbox WHERE tenant_id = %s RETURNING id, body", (self.id,)
            ).fetchall()
        events = [msgspec.json.decode(body, type=Envelope) for _, body in sorted(rows)]
        return [
            msgspec.structs.replace(event, data=msgspec.convert(event.data, BY_NAME[event.type].data))
            for event in events
        ]


@contextmanager
def database_of(url: str, service: str) -> Iterator[Database]:
    """A service's database, closed afterwards."""
    database = Database(url, service, pool_size=4)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def refused(error: type[CivicError], message: str, *path: str) -> Iterator[None]:
    """Expect this error in these words, and a problem at `path` where it is given."""
    with pytest.raises(error) as raised:
        yield
    assert str(raised.value) == message
    if path:
        assert path in [problem.path for problem in raised.value.problems]


def rows_without_council(url: str, table: str) -> Any:
    """What a service's own role reads of `table` when no council is set; the database ought to refuse."""
    with psycopg.connect(url) as connection:
        return connection.execute(f"SELECT * FROM {table}").fetchall()


def rows_as(url: str, tenant: UUID, table: str) -> int:
    """How many rows of `table` a service's own role sees as a council."""
    with psycopg.connect(url) as connection:
        connection.execute("SELECT set_config('app.tenant', %s, true)", (str(tenant),))
        row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    assert row is not None
    return int(row[0])

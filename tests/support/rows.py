"""What stands in a service's tables, as the service's own roles see it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg

from deploy.provision.run import Provisioned


@contextmanager
def connected(provisioned: Provisioned, service: str, tenant: UUID | None = None) -> Iterator[psycopg.Connection[Any]]:
    """A transaction as the service's own role; for a council where `tenant` is given."""
    with psycopg.connect(provisioned.database_url(service), options=f"-c search_path={service}") as connection:
        if tenant is not None:
            connection.execute("SELECT set_config('app.tenant', %s, true)", (str(tenant),))
        yield connection


def told(provisioned: Provisioned, service: str, tenant: UUID) -> list[tuple[str, dict[str, Any]]]:
    """Type and data of the events that the service has recorded for a council, oldest first."""
    with connected(provisioned, service) as connection:
        connection.execute(f"SET ROLE {service}_relay")
        query = "SELECT type, body::json -> 'data' FROM outbox WHERE tenant_id = %s ORDER BY id"
        return connection.execute(query, (tenant,)).fetchall()

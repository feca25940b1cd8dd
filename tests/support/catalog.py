"""The tables of the services as PostgreSQL's catalog lists them, so that a new one is looked at without being named."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from deploy.provision.run import Provisioned
from schemas.topology import SERVICES
from tests.support.rows import connected

BOOKKEEPING = "alembic_version"
"""Alembic's own table has nothing of a council in it; no role but the owner may touch it."""
UUIDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
Dump = dict[str, list[str]]


@contextmanager
def as_admin(provisioned: Provisioned) -> Iterator[psycopg.Connection[Any]]:
    """A transaction as the server's administrator, in the services' database."""
    with psycopg.connect(provisioned.admin_url) as connection:
        yield connection


def tables(connection: psycopg.Connection[Any], schema: str) -> list[str]:
    """Everything in a schema that holds or shows rows: tables, views, foreign tables."""
    query = """SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = %s AND c.relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY 1"""
    return [name for (name,) in connection.execute(query, (schema,))]


def readable(connection: psycopg.Connection[Any], schema: str) -> list[str]:
    """Those that whoever is connected may read."""
    query = "SELECT has_table_privilege(quote_ident(%s) || '.' || quote_ident(%s), 'SELECT')"
    return [t for t in tables(connection, schema) if connection.execute(query, (schema, t)).fetchall() == [(True,)]]


def rows(connection: psycopg.Connection[Any], schema: str, table: str) -> list[str]:
    """All rows that are seen, each as text, in a fixed order."""
    query = sql.SQL("SELECT t::text FROM {} t ORDER BY 1").format(sql.Identifier(schema, table))
    return [row for (row,) in connection.execute(query)]


def dump(provisioned: Provisioned, tenant: UUID) -> Dump:
    """Everything that the services' own roles see of a council, and what waits in their outboxes."""
    found: Dump = {}
    for service in SERVICES:
        with connected(provisioned, service, tenant) as connection:
            for table in readable(connection, service):
                found[f"{service}.{table}"] = rows(connection, service, table)
            connection.execute(f"SET LOCAL ROLE {service}_relay")
            waiting = connection.execute("SELECT t::text FROM outbox t WHERE tenant_id = %s ORDER BY 1", (tenant,))
            found[f"{service}.outbox"] = [row for (row,) in waiting]
    return found


def ids(found: Dump) -> frozenset[UUID]:
    """Every UUID in a dump."""
    return frozenset(UUID(i) for table in found.values() for row in table for i in UUIDS.findall(row))

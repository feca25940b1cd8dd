"""The database: roles, schemas and who may use which. Needs an administrator; every step may be repeated."""

from collections.abc import Mapping
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from deploy.errors import DeployError
from schemas.topology import SERVICES

OWNED: tuple[str, ...] = (*SERVICES, "platform")
READERS: tuple[str, ...] = (*SERVICES, "gateway")
"""Who may look up councils and areas."""
EXTENSIONS: tuple[str, ...] = ("pg_trgm", "unaccent")
LOCK = 0x63_69_76_69_63  # "civic": one provisioning at a time


def with_database(url: str, database: str, user: str | None = None, password: str | None = None) -> str:
    """`url` for another database of the same server, and for another user if given."""
    parts = urlsplit(url)
    netloc = parts.netloc
    if user is not None:
        address = netloc.rpartition("@")[2]
        netloc = f"{quote(user, safe='')}:{quote(password or '', safe='')}@{address}"
    return urlunsplit(("postgresql", netloc, f"/{database}", parts.query, ""))


def ensure(admin_url: str, database: str, passwords: Mapping[str, str]) -> None:
    """Make roles, database, schemas and grants as they should be; `passwords` is by role.

    Only our own roles and our own database are touched. Raises DeployError when the server is away or the
    administrator may not make roles or databases.
    """
    try:
        with psycopg.connect(with_database(admin_url, _path(admin_url)), autocommit=True, connect_timeout=10) as server:
            server.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
            _roles(server, passwords)
            _database(server, database)
            with psycopg.connect(with_database(admin_url, database)) as ours:
                _schemas(ours, database)
    except psycopg.errors.InsufficientPrivilege as error:
        raise DeployError(
            f"PostgreSQL refuses: {error.diag.message_primary}.",
            "Give a DATABASE_URL whose user has CREATEROLE, CREATEDB.",
        ) from error
    except psycopg.OperationalError as error:
        raise DeployError("PostgreSQL does not let us in:", str(error).strip().splitlines()[-1]) from error


def _path(url: str) -> str:
    return urlsplit(url).path.strip("/") or "postgres"


def _roles(server: psycopg.Connection, passwords: Mapping[str, str]) -> None:
    # NOINHERIT: a service has the relay's sight of all councils only where it asks for it with SET LOCAL ROLE
    common = "NOCREATEDB NOCREATEROLE NOINHERIT"
    if _is_superuser(server):  # others may not even say that they do not mean to
        common += " NOSUPERUSER NOBYPASSRLS"
    known = {row[0] for row in server.execute("SELECT rolname FROM pg_roles").fetchall()}
    relays = [f"{service}_relay" for service in SERVICES]
    for role in (*relays, *passwords):
        verb = "ALTER" if role in known else "CREATE"
        login: sql.Composable = sql.SQL("NOLOGIN")
        if role in passwords:
            login = sql.SQL("LOGIN PASSWORD {}").format(sql.Literal(passwords[role]))
        server.execute(sql.SQL(f"{verb} ROLE {{}} {common} {{}}").format(sql.Identifier(role), login))
    for service in SERVICES:
        grant = sql.SQL("GRANT {} TO {}")
        server.execute(grant.format(sql.Identifier(f"{service}_relay"), sql.Identifier(service)))
    if not _is_superuser(server):
        for schema in OWNED:  # to make a schema for somebody, one must be able to be them
            server.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(f"{schema}_owner")))


def _is_superuser(server: psycopg.Connection) -> bool:
    row = server.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    return bool(row and row[0])


def _database(server: psycopg.Connection, database: str) -> None:
    name = sql.Identifier(database)
    if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,)).fetchone() is None:
        server.execute(sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(name))
    server.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    roles = [*(f"{schema}_owner" for schema in OWNED), *READERS]
    everyone = sql.SQL(", ").join(map(sql.Identifier, roles))
    server.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, everyone))


def _schemas(ours: psycopg.Connection, database: str) -> None:
    ours.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    for extension in EXTENSIONS:
        found = ours.execute("SELECT 1 FROM pg_available_extensions WHERE name = %s", (extension,)).fetchone()
        if found:
            ours.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
    for schema in OWNED:
        name, owner = sql.Identifier(schema), sql.Identifier(f"{schema}_owner")
        ours.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {} AUTHORIZATION {}").format(name, owner))
        for role in (f"{schema}_owner", schema) if schema in SERVICES else (f"{schema}_owner",):
            ours.execute(
                sql.SQL("ALTER ROLE {} IN DATABASE {} SET search_path = {}, public").format(
                    sql.Identifier(role), sql.Identifier(database), name
                )
            )
    for service in SERVICES:
        users = sql.SQL(", ").join(map(sql.Identifier, (service, f"{service}_relay")))
        ours.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(sql.Identifier(service), users))
    readers = sql.SQL(", ").join(map(sql.Identifier, READERS))
    ours.execute(sql.SQL("GRANT USAGE ON SCHEMA platform TO {}").format(readers))

"""No table shows one council's rows to another: looked at past all services, every table that the catalog lists."""

import psycopg
import pytest

from schemas.topology import SERVICES
from tests.support.catalog import BOOKKEEPING, as_admin, readable, rows, tables
from tests.support.house import House
from tests.support.rows import connected
from tests.support.system import StartedSystem

pytestmark = pytest.mark.e2e
every_service = pytest.mark.parametrize("service", SERVICES)
RELAY_SEES = {"outbox", "inbox"}


@every_service
def test_every_table_is_kept_by_row_security(system: StartedSystem, service: str) -> None:
    query = """
        SELECT c.relname, c.relkind, c.relrowsecurity AND c.relforcerowsecurity,
            (SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
             WHERE i.indrelid = c.oid AND i.indisprimary)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = %s AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relname <> %s"""
    with as_admin(system.provisioned) as connection:
        found = connection.execute(query, (service, BOOKKEEPING)).fetchall()
    assert len(found) > len(RELAY_SEES)
    # a view or a foreign table would need rules of its own: whoever adds the first one says here how it is kept
    assert [row for row in found if row[1:] != ("r", True, "tenant_id")] == []


@every_service
def test_policies_ask_for_the_council_except_the_relays(system: StartedSystem, service: str) -> None:
    query = "SELECT tablename, roles::text[], qual, with_check FROM pg_policies WHERE schemaname = %s"
    with as_admin(system.provisioned) as connection:
        found = connection.execute(query, (service,)).fetchall()
        owned = connection.execute(
            "SELECT rolname FROM pg_roles r WHERE pg_has_role(%s, oid, 'USAGE') AND rolname <> %s", (service, service)
        ).fetchall()
    assert owned == []
    for table, roles, using, check in found:
        if roles == [service]:
            assert using == check == "(tenant_id = (current_setting('app.tenant'::text))::uuid)", table
        elif roles == [f"{service}_relay"]:
            assert table in RELAY_SEES
        else:
            # the directory's search asks as the owner, and gives ids of the council in hand only
            assert (service, table, roles) == ("directory", "entries", ["directory_owner"])


@every_service
def test_the_role_of_a_service_owns_nothing_and_knows_its_own_schema_only(system: StartedSystem, service: str) -> None:
    with as_admin(system.provisioned) as connection:
        roles = [service, f"{service}_relay"]
        flags = connection.execute(
            "SELECT bool_or(rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolinherit AND rolcanlogin) "
            "FROM pg_roles WHERE rolname = ANY (%s)",
            (roles,),
        ).fetchall()
        assert flags == [(False,)]
        owns = "SELECT count(*) FROM pg_shdepend WHERE deptype = 'o' AND refobjid IN (%s::regrole, %s::regrole)"
        assert connection.execute(owns, roles).fetchall() == [(0,)]
        members = connection.execute(
            "SELECT roleid::regrole::text FROM pg_auth_members WHERE member = %s::regrole", (service,)
        ).fetchall()
        assert members == [(f"{service}_relay",)]
        elsewhere = """
            SELECT r.role, n.nspname FROM pg_namespace n, unnest(%s::text[]) r (role)
            WHERE n.nspname !~ '^(pg_|information_schema)' AND has_schema_privilege(r.role, n.oid, 'USAGE')"""
        assert set(connection.execute(elsewhere, (roles,))) <= {
            *((role, service) for role in roles),
            (service, "platform"),
            *((role, "public") for role in roles),
        }
        creates = """
            SELECT n.nspname FROM pg_namespace n, unnest(%s::text[]) r (role)
            WHERE n.nspname !~ '^pg_(temp|toast)' AND has_schema_privilege(r.role, n.oid, 'CREATE')"""
        assert connection.execute(creates, (roles,)).fetchall() == []
        rights = """
            SELECT r.role, n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
                unnest(%s::text[]) r (role)
            WHERE n.nspname !~ '^(pg_|information_schema)' AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
                AND has_any_column_privilege(r.role, c.oid, 'SELECT, INSERT, UPDATE, REFERENCES')"""
        found = set(connection.execute(rights, (roles,)))
        own = {(service, service, t) for t in tables(connection, service) if t != BOOKKEEPING}
        relay = {(f"{service}_relay", service, t) for t in RELAY_SEES}
        reference = {(service, "platform", table) for table in ("tenants", "areas", "margins")}
        assert found == own | relay | reference


@every_service
def test_no_row_of_another_council_is_seen_and_none_without_a_council(
    system: StartedSystem, houses: tuple[House, House], service: str
) -> None:
    a, b = houses
    with connected(system.provisioned, service, b.council.id) as connection:
        seen = readable(connection, service)
        assert set(tables(connection, service)) - set(seen) == {"outbox", BOOKKEEPING}
        for table in seen:
            assert not [row for row in rows(connection, service, table) if str(a.council.id) in row], table
            assert all(str(b.council.id) in row for row in rows(connection, service, table))
    with connected(system.provisioned, service, a.council.id) as connection:
        # the case studies and the directory take no events
        empty = {table for table in seen if not rows(connection, service, table)}
        assert empty <= ({"inbox"} if service in ("surveys", "case_studies", "directory") else {"deliveries"})
    for table in seen:
        with (
            connected(system.provisioned, service) as connection,
            pytest.raises((psycopg.errors.UndefinedObject, psycopg.errors.InvalidTextRepresentation)),
        ):
            rows(connection, service, table)


@every_service
def test_no_row_can_be_written_for_another_council(
    system: StartedSystem, houses: tuple[House, House], service: str
) -> None:
    a, b = houses
    with connected(system.provisioned, service, b.council.id) as connection:
        insert = "INSERT INTO outbox (tenant_id, id, type, body) VALUES (%s, gen_random_uuid(), 'x', 'x')"
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(insert, (a.council.id,))

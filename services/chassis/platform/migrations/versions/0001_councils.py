"""Councils and their areas."""

from alembic import op

from schemas.topology import SERVICES

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Two tables. A service sees one council's rows at a time; the gateway finds a council by its host name."""
    op.execute(
        """
        CREATE TABLE tenants (
            id uuid PRIMARY KEY,
            slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
            name text NOT NULL,
            area_code text NOT NULL,
            hosts text[] NOT NULL DEFAULT '{}',
            settings jsonb NOT NULL DEFAULT '{}',
            status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended')),
            created_at timestamptz NOT NULL DEFAULT now()
        )
        """
    )
    op.execute(
        """
        CREATE TABLE areas (
            tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
            code text NOT NULL,
            name text NOT NULL,
            level text NOT NULL,
            parent text,
            PRIMARY KEY (tenant_id, code)
        )
        """
    )
    for table, key in (("tenants", "id"), ("areas", "tenant_id")):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY operator ON {table} TO platform_owner USING (true) WITH CHECK (true)")
        op.execute(f"CREATE POLICY gateway ON {table} FOR SELECT TO gateway USING (true)")
        services = ", ".join(SERVICES)
        op.execute(
            f"CREATE POLICY tenant ON {table} FOR SELECT TO {services} "
            f"USING ({key} = current_setting('app.tenant')::uuid)"
        )
        op.execute(f"GRANT SELECT ON {table} TO gateway, {services}")

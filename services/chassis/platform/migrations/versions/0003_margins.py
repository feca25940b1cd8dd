"""How many people live in each area and belong to each group, by the census: what answers are held against."""

from alembic import op

from schemas.topology import SERVICES

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """A version is one file that was imported; it never changes, so that what was worked out by it stays reproducible.

    A row counts people: of one area or of all (''), and of the groups that it names.
    """
    op.execute(
        """
        CREATE TABLE margins (
            tenant_id uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
            version integer NOT NULL CHECK (version > 0),
            area text NOT NULL,
            groups jsonb NOT NULL,
            people numeric NOT NULL CHECK (people >= 0),
            imported_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (tenant_id, version, area, groups)
        )
        """
    )
    op.execute("ALTER TABLE margins ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE margins FORCE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY operator ON margins TO platform_owner USING (true) WITH CHECK (true)")
    op.execute("CREATE POLICY gateway ON margins FOR SELECT TO gateway USING (true)")
    services = ", ".join(SERVICES)
    op.execute(
        f"CREATE POLICY tenant ON margins FOR SELECT TO {services} "
        "USING (tenant_id = current_setting('app.tenant')::uuid)"
    )
    op.execute(f"GRANT SELECT ON margins TO gateway, {services}")

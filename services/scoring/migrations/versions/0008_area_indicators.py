"""Indicators of areas that come from elsewhere, in versions."""

from alembic import op

from services.chassis.migrate import protect

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the indicators and their values; neither is ever changed."""
    op.execute(
        """
        CREATE TABLE area_indicators (
            tenant_id uuid NOT NULL,
            code text NOT NULL,
            version integer NOT NULL CHECK (version > 0),
            title text NOT NULL,
            source text NOT NULL,
            years integer[] NOT NULL,
            areas integer NOT NULL,
            created_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, code, version)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE area_values (
            tenant_id uuid NOT NULL,
            code text NOT NULL,
            version integer NOT NULL,
            year integer NOT NULL,
            area text NOT NULL,
            value double precision NOT NULL,
            PRIMARY KEY (tenant_id, code, version, year, area),
            FOREIGN KEY (tenant_id, code, version) REFERENCES area_indicators (tenant_id, code, version)
        )
        """
    )
    protect("area_indicators", "scoring", "SELECT, INSERT")
    protect("area_values", "scoring", "SELECT, INSERT")

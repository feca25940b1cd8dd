"""Figures with noise: a framework's switch and budget, and the ledger of what was spent."""

from alembic import op

from services.chassis.migrate import protect

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Epsilon in thousandths. The ledger only grows, and the database itself refuses an entry that overspends."""
    op.execute(
        """
        CREATE TABLE private_settings (
            tenant_id uuid NOT NULL,
            framework_id uuid NOT NULL,
            enabled boolean NOT NULL DEFAULT false,
            budget integer NOT NULL DEFAULT 0 CHECK (budget >= 0),
            PRIMARY KEY (tenant_id, framework_id),
            FOREIGN KEY (tenant_id, framework_id) REFERENCES frameworks (tenant_id, id)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE private_releases (
            tenant_id uuid NOT NULL,
            framework_id uuid NOT NULL,
            number integer NOT NULL CHECK (number >= 1),
            version integer NOT NULL,
            wave text NOT NULL,
            level text NOT NULL,
            attribute text NOT NULL,
            measures text[] NOT NULL,
            epsilon integer NOT NULL CHECK (epsilon > 0),
            spent integer NOT NULL CHECK (spent >= epsilon),
            budget integer NOT NULL CHECK (budget >= spent),
            mechanism text NOT NULL,
            figures jsonb NOT NULL,
            released_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, framework_id, number),
            FOREIGN KEY (tenant_id, framework_id, version)
                REFERENCES framework_versions (tenant_id, framework_id, version)
        )
        """
    )
    protect("private_settings", "scoring", "SELECT, INSERT, UPDATE")
    protect("private_releases", "scoring", "SELECT, INSERT")

"""Licences of instruments that a council has recorded."""

from alembic import op

from services.chassis.migrate import protect

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """A licence is added and read, and never changed: the newest one counts."""
    op.execute(
        """
        CREATE TABLE licences (
            tenant_id uuid NOT NULL,
            instrument text NOT NULL,
            id uuid NOT NULL,
            reference text NOT NULL,
            recorded_by uuid,
            recorded_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, instrument, id)
        )
        """
    )
    protect("licences", "surveys", "SELECT, INSERT")

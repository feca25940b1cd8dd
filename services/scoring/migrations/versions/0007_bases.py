"""What a framework version is derived from."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the base."""
    op.execute("ALTER TABLE framework_versions ADD COLUMN base jsonb")

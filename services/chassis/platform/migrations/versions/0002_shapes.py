"""The shapes of areas, for maps."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """A GeoJSON MultiPolygon in WGS 84, or nothing."""
    op.execute("ALTER TABLE areas ADD COLUMN geometry jsonb")

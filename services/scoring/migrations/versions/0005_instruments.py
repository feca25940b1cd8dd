"""Which instruments of the library a questionnaire asks."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """What is published already names none."""
    op.execute("ALTER TABLE questionnaires ADD COLUMN instruments text[] NOT NULL DEFAULT '{}'")

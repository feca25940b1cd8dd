"""Rounds of asking, and how each response came and whether somebody vouches for it."""

from alembic import op

revision = "0002"
down_revision = "0001"

KEY = "(tenant_id, framework_id, version, wave, attribute, area, category, measure)"


def upgrade() -> None:
    """What is stored already is of the one round without a name; whoever is tied to a response was signed in."""
    op.execute("ALTER TABLE responses ADD COLUMN wave text NOT NULL DEFAULT ''")
    op.execute("ALTER TABLE responses ADD COLUMN mode text NOT NULL DEFAULT 'open'")
    op.execute("ALTER TABLE responses ADD COLUMN vouched boolean NOT NULL DEFAULT false")
    _update("responses", "mode = 'signed_in', vouched = true WHERE person_id IS NOT NULL")
    for column in ("wave", "mode", "vouched"):
        op.execute(f"ALTER TABLE responses ALTER COLUMN {column} DROP DEFAULT")
    for table in ("cells", "figures"):
        op.execute(f"ALTER TABLE {table} ADD COLUMN wave text NOT NULL DEFAULT ''")
        op.execute(f"ALTER TABLE {table} ALTER COLUMN wave DROP DEFAULT")
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey")
        op.execute(f"ALTER TABLE {table} ADD PRIMARY KEY {KEY}")
    op.execute("ALTER TABLE framework_versions ADD COLUMN waves text[] NOT NULL DEFAULT '{}'")
    _update("framework_versions", "waves = '{\"\"}' WHERE release > 0")


def _update(table: str, change: str) -> None:
    # of every council at once: the owner of the table steps over the policy for this one statement
    op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(f"UPDATE {table} SET {change}")  # noqa: S608  # constants of this file
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")

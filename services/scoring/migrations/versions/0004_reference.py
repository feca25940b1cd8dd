"""The people that a framework version compares with, frozen with it."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the reference, which changes as little as the definition once the version has been live."""
    op.execute("ALTER TABLE framework_versions ADD COLUMN reference jsonb")
    op.execute(
        """
        CREATE OR REPLACE FUNCTION keep_live() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF OLD.status <> 'draft' AND (TG_OP = 'DELETE' OR NEW.definition <> OLD.definition)
                OR OLD.status IN ('live', 'replaced')
                    AND (NEW.status IN ('draft', 'counting') OR NEW.reference IS DISTINCT FROM OLD.reference)
            THEN RAISE EXCEPTION 'a framework version that has been live never changes';
            END IF;
            RETURN COALESCE(NEW, OLD);
        END $$
        """
    )

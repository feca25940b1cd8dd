"""Long computations over stored responses, and framework versions that are counted beside the one that counts."""

from alembic import op

from services.chassis.migrate import protect

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the table of runs, and the state of a version that is being counted."""
    op.execute(
        """
        CREATE TABLE runs (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            kind text NOT NULL,
            framework_id uuid NOT NULL,
            version integer NOT NULL,
            status text NOT NULL CHECK (status IN ('running', 'done', 'failed', 'cancelled')),
            step integer NOT NULL DEFAULT 0,
            cursor uuid,
            done bigint NOT NULL DEFAULT 0,
            total bigint NOT NULL,
            state jsonb NOT NULL DEFAULT '{}',
            failures integer NOT NULL DEFAULT 0,
            reason text,
            created_at timestamptz NOT NULL,
            finished_at timestamptz,
            PRIMARY KEY (tenant_id, id),
            FOREIGN KEY (tenant_id, framework_id, version)
                REFERENCES framework_versions (tenant_id, framework_id, version)
        )
        """
    )
    op.execute("CREATE UNIQUE INDEX runs_one ON runs (tenant_id, framework_id, version, kind) WHERE status = 'running'")
    op.execute("CREATE INDEX runs_of_framework ON runs (tenant_id, framework_id, id DESC)")
    protect("runs", "scoring", "SELECT, INSERT, UPDATE")
    op.execute("ALTER TABLE framework_versions ADD COLUMN counted_by uuid, ADD COLUMN counted_to uuid")
    op.execute("ALTER TABLE framework_versions DROP CONSTRAINT framework_versions_status_check")
    op.execute(
        "ALTER TABLE framework_versions ADD CONSTRAINT framework_versions_status_check "
        "CHECK (status IN ('draft', 'counting', 'live', 'replaced'))"
    )
    op.execute(
        "CREATE INDEX framework_versions_moving ON framework_versions (tenant_id, questionnaire_id) "
        "WHERE status IN ('counting', 'live')"
    )
    op.execute(
        """
        CREATE OR REPLACE FUNCTION keep_live() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF OLD.status <> 'draft' AND (TG_OP = 'DELETE' OR NEW.definition <> OLD.definition)
                OR OLD.status IN ('live', 'replaced') AND NEW.status IN ('draft', 'counting')
            THEN RAISE EXCEPTION 'a framework version that has been live never changes';
            END IF;
            RETURN COALESCE(NEW, OLD);
        END $$
        """
    )

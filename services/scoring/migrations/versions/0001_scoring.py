"""Frameworks, the coded values of responses, cells, and what has been published of them."""

from alembic import op

from services.chassis.migrate import create_outbox_and_inbox, protect

revision = "0001"
down_revision = None

SUMS = "n bigint NOT NULL, total numeric NOT NULL, squares numeric NOT NULL"
CELL = """
    tenant_id uuid NOT NULL,
    framework_id uuid NOT NULL,
    version integer NOT NULL,
    attribute text NOT NULL,
    area text NOT NULL,
    category text NOT NULL,
    measure text NOT NULL,
"""
CELL_KEY = "PRIMARY KEY (tenant_id, framework_id, version, attribute, area, category, measure)"


def upgrade() -> None:
    """Create everything."""
    op.execute(
        """
        CREATE TABLE questionnaires (
            tenant_id uuid NOT NULL,
            questionnaire_id uuid NOT NULL,
            version integer NOT NULL,
            ranges jsonb NOT NULL,
            attributes jsonb NOT NULL,
            release text NOT NULL CHECK (release IN ('live', 'on_close')),
            closed boolean NOT NULL DEFAULT false,
            PRIMARY KEY (tenant_id, questionnaire_id, version)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE frameworks (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            slug text NOT NULL,
            created_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, id),
            UNIQUE (tenant_id, slug)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE framework_versions (
            tenant_id uuid NOT NULL,
            framework_id uuid NOT NULL,
            version integer NOT NULL CHECK (version > 0),
            status text NOT NULL CHECK (status IN ('draft', 'live', 'replaced')),
            questionnaire_id uuid NOT NULL,
            definition jsonb NOT NULL,
            live_since timestamptz,
            release_requested boolean NOT NULL DEFAULT false,
            release integer NOT NULL DEFAULT 0,
            PRIMARY KEY (tenant_id, framework_id, version),
            FOREIGN KEY (tenant_id, framework_id) REFERENCES frameworks (tenant_id, id)
        )
        """
    )
    op.execute(
        "CREATE UNIQUE INDEX framework_versions_one ON framework_versions (tenant_id, framework_id, status) "
        "WHERE status <> 'replaced'"
    )
    op.execute(
        "CREATE INDEX framework_versions_live ON framework_versions (tenant_id, questionnaire_id) WHERE status = 'live'"
    )
    op.execute(
        """
        CREATE FUNCTION keep_live() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF OLD.status <> 'draft' AND (TG_OP = 'DELETE' OR NEW.definition <> OLD.definition OR NEW.status = 'draft')
            THEN RAISE EXCEPTION 'a framework version that has been live never changes';
            END IF;
            RETURN COALESCE(NEW, OLD);
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER keep_live BEFORE UPDATE OR DELETE ON framework_versions "
        "FOR EACH ROW EXECUTE FUNCTION keep_live()"
    )
    op.execute(
        """
        CREATE TABLE responses (
            tenant_id uuid NOT NULL,
            response_id uuid NOT NULL,
            response_version integer NOT NULL,
            questionnaire_id uuid NOT NULL,
            questionnaire_version integer NOT NULL,
            person_id uuid,
            area text,
            groups jsonb NOT NULL,
            "values" jsonb NOT NULL,
            submitted_at timestamptz,
            PRIMARY KEY (tenant_id, response_id)
        )
        """
    )
    op.execute(
        "CREATE INDEX responses_of_person ON responses (tenant_id, person_id, response_id DESC) "
        "WHERE person_id IS NOT NULL"
    )
    op.execute("CREATE INDEX responses_of_questionnaire ON responses (tenant_id, questionnaire_id, response_id)")
    op.execute(f"CREATE TABLE cells ({CELL} {SUMS}, {CELL_KEY}) WITH (fillfactor = 70)")
    op.execute(
        f"CREATE TABLE figures ({CELL} {SUMS}, hidden boolean NOT NULL, released_at timestamptz NOT NULL, {CELL_KEY})"
    )
    for table in ("questionnaires", "frameworks", "framework_versions", "responses", "cells", "figures"):
        protect(table, "scoring")
    create_outbox_and_inbox("scoring")

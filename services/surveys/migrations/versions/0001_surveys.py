"""Questionnaires, their versions, responses and imports."""

from alembic import op

from services.chassis.migrate import create_outbox_and_inbox, protect

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create everything."""
    op.execute(
        """
        CREATE TABLE questionnaires (
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
        CREATE TABLE versions (
            tenant_id uuid NOT NULL,
            questionnaire_id uuid NOT NULL,
            version integer NOT NULL CHECK (version > 0),
            status text NOT NULL CHECK (status IN ('draft', 'published', 'closed')),
            definition json NOT NULL,
            published_at timestamptz,
            closed_at timestamptz,
            PRIMARY KEY (tenant_id, questionnaire_id, version),
            FOREIGN KEY (tenant_id, questionnaire_id) REFERENCES questionnaires (tenant_id, id)
        )
        """
    )
    # at most one version takes answers, and at most one is being written
    op.execute(
        "CREATE UNIQUE INDEX versions_open ON versions (tenant_id, questionnaire_id, status) WHERE status <> 'closed'"
    )
    op.execute(
        """
        CREATE FUNCTION keep_published() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF OLD.status <> 'draft'
                AND (TG_OP = 'DELETE' OR NEW.definition::text <> OLD.definition::text OR NEW.status = 'draft')
            THEN RAISE EXCEPTION 'a published version never changes';
            END IF;
            RETURN COALESCE(NEW, OLD);
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER keep_published BEFORE UPDATE OR DELETE ON versions "
        "FOR EACH ROW EXECUTE FUNCTION keep_published()"
    )
    op.execute(
        """
        CREATE TABLE responses (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            questionnaire_id uuid NOT NULL,
            questionnaire_version integer NOT NULL,
            response_version integer NOT NULL DEFAULT 1,
            status text NOT NULL DEFAULT 'accepted' CHECK (status IN ('accepted', 'withdrawn')),
            person_id uuid,
            idempotency_key text NOT NULL,
            request_digest bytea NOT NULL,
            area text,
            groups jsonb NOT NULL,
            answers jsonb NOT NULL,
            consent jsonb NOT NULL,
            mode text NOT NULL CHECK (mode IN ('online', 'import')),
            submitted_at timestamptz NOT NULL,
            accepted_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, id),
            UNIQUE (tenant_id, idempotency_key),
            FOREIGN KEY (tenant_id, questionnaire_id, questionnaire_version)
                REFERENCES versions (tenant_id, questionnaire_id, version)
        )
        """
    )
    op.execute(
        "CREATE INDEX responses_of_person ON responses (tenant_id, person_id, id DESC) WHERE person_id IS NOT NULL"
    )
    op.execute("CREATE INDEX responses_counted ON responses (tenant_id, questionnaire_id) WHERE status = 'accepted'")
    op.execute(
        """
        CREATE TABLE imports (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            questionnaire_id uuid NOT NULL,
            last_row integer NOT NULL,
            accepted integer NOT NULL,
            rejected integer NOT NULL,
            updated_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, id)
        )
        """
    )
    for table in ("questionnaires", "versions", "responses", "imports"):
        protect(table, "surveys")
    create_outbox_and_inbox("surveys")

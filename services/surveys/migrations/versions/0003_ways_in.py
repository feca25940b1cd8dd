"""Ways in, links, waves, answers that are saved for later, and the history of consent."""

from alembic import op

from services.chassis.migrate import protect

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add; nothing of what is stored changes."""
    op.execute(
        """
        ALTER TABLE questionnaires
            ADD ways text[] NOT NULL DEFAULT '{open,signed_in}',
            ADD wave text DEFAULT ''
        """
    )
    # responses from before have no wave: somebody may have answered several times then
    op.execute(
        """
        ALTER TABLE responses
            ADD wave text,
            ADD link_id uuid,
            ADD entered_by uuid,
            ADD receipt_digest bytea,
            DROP CONSTRAINT responses_mode_check,
            ADD CONSTRAINT responses_mode_check CHECK (mode IN ('online', 'open', 'signed_in', 'personal_link',
                'group_link', 'assisted', 'paper', 'import')) NOT VALID
        """
    )
    # a file may hold somebody several times: whoever brings it in answers for that
    op.execute(
        "CREATE UNIQUE INDEX responses_once ON responses (tenant_id, questionnaire_id, person_id, wave) "
        "WHERE person_id IS NOT NULL AND status = 'accepted' AND mode <> 'import'"
    )
    op.execute(
        "CREATE UNIQUE INDEX responses_by_code ON responses (tenant_id, receipt_digest) "
        "WHERE receipt_digest IS NOT NULL"
    )
    op.execute(
        """
        CREATE TABLE waves (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            questionnaire_id uuid NOT NULL,
            code text NOT NULL,
            title text NOT NULL,
            opened_at timestamptz NOT NULL,
            ends_at timestamptz,
            closed_at timestamptz,
            PRIMARY KEY (tenant_id, id),
            UNIQUE (tenant_id, questionnaire_id, code),
            FOREIGN KEY (tenant_id, questionnaire_id) REFERENCES questionnaires (tenant_id, id)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE links (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            questionnaire_id uuid NOT NULL,
            kind text NOT NULL CHECK (kind IN ('personal', 'group')),
            digest bytea NOT NULL,
            token text,
            participant_id uuid,
            belongs_to text,
            ends_at timestamptz,
            cap integer CHECK (cap > 0),
            taken integer NOT NULL DEFAULT 0,
            revoked_at timestamptz,
            created_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, id),
            UNIQUE (tenant_id, digest),
            CHECK (taken <= cap),
            CHECK (kind = 'group' OR token IS NULL AND participant_id IS NOT NULL AND cap = 1),
            FOREIGN KEY (tenant_id, questionnaire_id) REFERENCES questionnaires (tenant_id, id)
        )
        """
    )
    op.execute("CREATE INDEX links_of_questionnaire ON links (tenant_id, questionnaire_id, id DESC)")
    op.execute(
        "CREATE INDEX links_of_participant ON links (tenant_id, participant_id) WHERE participant_id IS NOT NULL"
    )
    op.execute(
        """
        CREATE TABLE saved (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            digest bytea NOT NULL,
            questionnaire_id uuid NOT NULL,
            questionnaire_version integer NOT NULL,
            save integer NOT NULL DEFAULT 1,
            link_id uuid,
            area text,
            groups jsonb NOT NULL,
            answers jsonb NOT NULL,
            saved_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, id),
            UNIQUE (tenant_id, digest)
        )
        """
    )
    op.execute("CREATE INDEX saved_expiry ON saved (tenant_id, expires_at)")
    op.execute(
        """
        CREATE TABLE consents (
            tenant_id uuid NOT NULL,
            response_id uuid NOT NULL,
            step integer NOT NULL CHECK (step > 0),
            kind text NOT NULL CHECK (kind IN ('given', 'changed', 'withdrawn')),
            version text NOT NULL,
            purposes text[] NOT NULL,
            recorded_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, response_id, step)
        )
        """
    )
    for table in ("waves", "links", "saved"):
        protect(table, "surveys")
    protect("consents", "surveys", "SELECT, INSERT")

"""Stories."""

from alembic import op

from services.chassis.migrate import create_outbox_and_inbox, protect

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create everything."""
    op.execute(
        """
        CREATE TABLE stories (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            author uuid NOT NULL,
            status text NOT NULL CHECK (status IN ('draft', 'review', 'published', 'withdrawn')),
            title text NOT NULL,
            narrative text NOT NULL,
            byline text,
            area text,
            themes text[] NOT NULL,
            consent_version text NOT NULL,
            consent_purposes text[] NOT NULL,
            returned_because text,
            reviewer uuid,
            created_at timestamptz NOT NULL,
            published_at timestamptz,
            PRIMARY KEY (tenant_id, id),
            CHECK (status <> 'published' OR ('publication' = ANY (consent_purposes) AND reviewer <> author))
        )
        """
    )
    op.execute("CREATE INDEX stories_in_status ON stories (tenant_id, status, id DESC)")
    op.execute("CREATE INDEX stories_of_author ON stories (tenant_id, author, id DESC)")
    protect("stories", "case_studies", "SELECT, INSERT, UPDATE")
    create_outbox_and_inbox("case_studies")

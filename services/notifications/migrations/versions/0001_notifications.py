"""What people follow, their inboxes, and the e-mails that go out."""

from alembic import op

from services.chassis.migrate import create_outbox_and_inbox, protect

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create everything."""
    # ids of messages are made where their number is first known: in the one statement that adds them all
    op.execute(
        """
        CREATE FUNCTION uuid_v7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE
        RETURN encode(
            set_bit(set_bit(overlay(
                uuid_send(gen_random_uuid())
                PLACING substring(int8send(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
                FROM 1 FOR 6
            ), 52, 1), 53, 1), 'hex')::uuid
        """
    )
    op.execute(
        """
        CREATE TABLE follows (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            person uuid NOT NULL,
            subject text NOT NULL CHECK (subject IN ('area', 'survey', 'tag', 'own_scores', 'case_studies')),
            key text NOT NULL,
            email boolean NOT NULL,
            created_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, id),
            UNIQUE (tenant_id, person, subject, key)
        )
        """
    )
    op.execute("CREATE INDEX follows_of_person ON follows (tenant_id, person, id DESC)")
    op.execute("CREATE INDEX follows_of_subject ON follows (tenant_id, subject, key, person) INCLUDE (email)")
    op.execute(
        """
        CREATE TABLE messages (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            person uuid NOT NULL,
            kind text NOT NULL,
            subject text NOT NULL,
            key text NOT NULL,
            about uuid,
            dedupe_key text NOT NULL,
            created_at timestamptz NOT NULL,
            read_at timestamptz,
            PRIMARY KEY (tenant_id, id),
            UNIQUE (tenant_id, person, dedupe_key)
        )
        """
    )
    op.execute("CREATE INDEX messages_of_person ON messages (tenant_id, person, id DESC)")
    op.execute("CREATE INDEX messages_unread ON messages (tenant_id, person) WHERE read_at IS NULL")
    op.execute(
        """
        CREATE TABLE addresses (
            tenant_id uuid NOT NULL,
            person uuid NOT NULL,
            email text NOT NULL,
            PRIMARY KEY (tenant_id, person)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE deliveries (
            tenant_id uuid NOT NULL,
            message_id uuid NOT NULL,
            state text NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'refused', 'skipped')),
            attempts integer NOT NULL,
            changed_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, message_id),
            FOREIGN KEY (tenant_id, message_id) REFERENCES messages (tenant_id, id) ON DELETE CASCADE
        )
        """
    )
    protect("follows", "notifications")
    protect("messages", "notifications", "SELECT, INSERT, UPDATE")
    protect("addresses", "notifications")
    protect("deliveries", "notifications", "SELECT, INSERT, UPDATE")
    create_outbox_and_inbox("notifications")

"""Entries, and finding them."""

from alembic import op

from services.chassis.migrate import create_outbox_and_inbox, protect

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create everything."""
    # array_to_string is not marked immutable, since some types' text form depends on settings; that of text does not
    op.execute(
        """
        CREATE FUNCTION tags_text(tags text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN array_to_string(tags, ' ')
        """
    )
    # English finds "gardens" for "garden"; simple finds names and other languages, and words that English leaves out.
    # The council's id is a word of the document too, so that the index leads with the council as every other one does.
    op.execute(
        """
        CREATE TABLE entries (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            owner uuid NOT NULL,
            kind text NOT NULL CHECK (kind IN ('organisation', 'support_group', 'leader', 'person', 'funding')),
            status text NOT NULL CHECK (status IN ('draft', 'published', 'withdrawn')),
            name text NOT NULL,
            description text NOT NULL,
            area text,
            tags text[] NOT NULL,
            contact jsonb NOT NULL,
            minimum double precision,
            maximum double precision,
            deadline date,
            consent boolean NOT NULL,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            document tsvector NOT NULL GENERATED ALWAYS AS (
                setweight(to_tsvector('english', name) || to_tsvector('simple', name), 'A')
                || setweight(to_tsvector('english', tags_text(tags)) || to_tsvector('simple', tags_text(tags)), 'B')
                || setweight(to_tsvector('english', description) || to_tsvector('simple', description), 'C')
                || array_to_tsvector(ARRAY[tenant_id::text])
            ) STORED,
            PRIMARY KEY (tenant_id, id),
            CHECK (status <> 'published' OR consent OR kind NOT IN ('leader', 'person'))
        )
        """
    )
    op.execute("CREATE INDEX entries_document ON entries USING gin (document) WHERE status = 'published'")
    op.execute("CREATE INDEX entries_newest ON entries (tenant_id, id DESC) WHERE status = 'published'")
    op.execute("CREATE INDEX entries_of_owner ON entries (tenant_id, owner, id DESC)")
    protect("entries", "directory", "SELECT, INSERT, UPDATE")
    # Under row-level security PostgreSQL uses an index only for leakproof operators, and text search has none: every
    # search would read all of a council's entries. So the owner, who sees all rows, looks up ids for the council in
    # hand, and the service reads the entries by these ids under its policy: a fault here could show nobody a row.
    op.execute("CREATE POLICY matching ON entries FOR SELECT TO directory_owner USING (true)")
    op.execute(
        """
        CREATE FUNCTION matching(words text, wanted_kinds text[], wanted_area text, wanted_tags text[], today date,
            after_rank real, after_id uuid, first integer) RETURNS TABLE (id uuid, rank real)
        LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20
        SET search_path = directory, pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan AS $$
        DECLARE
            council uuid := current_setting('app.tenant')::uuid;
            query tsquery := websearch_to_tsquery('english', words);
        BEGIN
            -- what leaves a word out leaves its other forms out too: "-dogs" must not find "dog" by way of simple
            IF words !~ '(^|\\s)-' THEN
                query := query || websearch_to_tsquery('simple', words);
            END IF;
            RETURN QUERY
            SELECT m.id, m.rank
            FROM (
                SELECT e.id, ts_rank(e.document, query) AS rank
                FROM entries e
                WHERE e.tenant_id = council AND e.status = 'published'
                    AND e.document @@ (quote_literal(council)::tsquery && query)
                    AND (e.deadline IS NULL OR e.deadline >= today)
                    AND (wanted_kinds = '{}' OR e.kind = ANY (wanted_kinds))
                    AND (wanted_area IS NULL OR e.area = wanted_area)
                    AND e.tags @> wanted_tags
            ) m
            WHERE after_id IS NULL OR (m.rank, m.id) < (after_rank, after_id)
            ORDER BY m.rank DESC, m.id DESC
            LIMIT first;
        END $$
        """
    )
    op.execute("REVOKE EXECUTE ON FUNCTION matching FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION matching TO directory")
    create_outbox_and_inbox("directory")

"""Finding what has any of some tags, for several subjects in one question."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the index and the function that asks it."""
    # A tag with the council before it, so that the index leads with the council: no reader meets another's entries.
    op.execute(
        """
        CREATE FUNCTION council_tags(council uuid, tags text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN ARRAY(SELECT council::text || ' ' || tag FROM unnest(tags) AS tag)
        """
    )
    op.execute(
        "CREATE INDEX entries_tagged ON entries USING gin (directory.council_tags(tenant_id, tags))"
        " WHERE status = 'published'"
    )
    # && is not leakproof: as in `matching`, the owner looks up ids, and the service reads the entries under its policy.
    op.execute(
        """
        CREATE FUNCTION tagged(subjects jsonb, wanted_area text, today date, caller uuid, each integer)
        RETURNS TABLE (subject integer, place integer, id uuid)
        LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20
        SET search_path = directory, pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan AS $$
        DECLARE
            council uuid := current_setting('app.tenant')::uuid;
        BEGIN
            RETURN QUERY
            SELECT s.number::integer, f.place::integer, f.id
            FROM (
                SELECT g.number, council_tags(council, ARRAY(SELECT jsonb_array_elements_text(g.tags))) AS wanted
                FROM jsonb_array_elements(subjects) WITH ORDINALITY AS g (tags, number)
            ) s
            CROSS JOIN LATERAL (
                SELECT e.id, row_number() OVER (ORDER BY (e.area IS NOT NULL) DESC, e.id DESC) AS place
                FROM entries e
                WHERE e.tenant_id = council AND e.status = 'published'
                    AND council_tags(e.tenant_id, e.tags) && s.wanted
                    AND (e.area IS NULL OR e.area = wanted_area)
                    AND (e.deadline IS NULL OR e.deadline >= today)
                    AND NOT (e.kind IN ('leader', 'person') AND e.owner IS NOT DISTINCT FROM caller)
                ORDER BY place
                LIMIT each
            ) f;
        END $$
        """
    )
    op.execute("REVOKE EXECUTE ON FUNCTION tagged FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION tagged TO directory")

"""Running counts of responses, and quotas."""

from alembic import op

from services.chassis.migrate import protect

revision = "0004"
down_revision = "0003"

COUNTED = """
    SELECT tenant_id, questionnaire_id, coalesce(wave, ''), coalesce(area, ''), md5(groups::text)::uuid,
        (pg_backend_pid() % 16)::smallint, groups, {count}
    FROM {rows} GROUP BY 1, 2, 3, 4, 5, 7 {having} ORDER BY 1, 2, 3, 4, 5
"""
ADD = """
    INSERT INTO surveys.response_counts AS running
        (tenant_id, questionnaire_id, wave, area, cell, shard, groups, n)
    {counted}
    ON CONFLICT (tenant_id, questionnaire_id, wave, area, cell, shard) DO UPDATE SET n = running.n + excluded.n
"""

TABLES = ("responses", "response_counts")
# for one statement the owner sees all councils
COUNT_STORED = (
    *(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY" for table in TABLES),
    ADD.format(counted=COUNTED.format(count="count(*)", rows="responses WHERE status = 'accepted'", having="")),
    *(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" for table in TABLES),
)


def upgrade() -> None:
    """Responses are counted by the database itself, in the statement that stores them, whoever stores them."""
    # the cell is a digest of the groups, which may be longer than an index can hold; a count is kept in several shards,
    # so that services that take answers at once do not wait for each other
    op.execute(
        """
        CREATE TABLE response_counts (
            tenant_id uuid NOT NULL,
            questionnaire_id uuid NOT NULL,
            wave text NOT NULL,
            area text NOT NULL,
            cell uuid NOT NULL,
            shard smallint NOT NULL,
            groups jsonb NOT NULL,
            n bigint NOT NULL,
            released bigint NOT NULL DEFAULT 0,
            PRIMARY KEY (tenant_id, questionnaire_id, wave, area, cell, shard)
        ) WITH (fillfactor = 50)
        """
    )
    protect("response_counts", "surveys")
    insert = ADD.format(counted=COUNTED.format(count="count(*)", rows="added WHERE status = 'accepted'", having=""))
    both = """(
        SELECT *, 1 AS step FROM added WHERE status = 'accepted'
        UNION ALL SELECT *, -1 AS step FROM gone WHERE status = 'accepted') AS moved"""
    moves = ADD.format(counted=COUNTED.format(count="sum(step)", rows=both, having="HAVING sum(step) <> 0"))
    leaves = ADD.format(counted=COUNTED.format(count="-count(*)", rows="gone WHERE status = 'accepted'", having=""))
    for name, event, tables, statement in (
        ("added", "INSERT", "NEW TABLE AS added", insert),
        ("moved", "UPDATE", "NEW TABLE AS added OLD TABLE AS gone", moves),
        ("gone", "DELETE", "OLD TABLE AS gone", leaves),
    ):
        op.execute(
            f"CREATE FUNCTION count_{name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {statement}; RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER count_{name} AFTER {event} ON responses REFERENCING {tables} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION count_{name}()"
        )
    # the triggers' locks keep writers out until this migration commits, so that none is missed or counted twice
    for statement in COUNT_STORED:
        op.execute(statement)
    op.execute(
        """
        CREATE TABLE quotas (
            tenant_id uuid NOT NULL,
            questionnaire_id uuid NOT NULL,
            code text NOT NULL,
            place integer NOT NULL,
            label text NOT NULL,
            target integer NOT NULL CHECK (target > 0),
            area text,
            groups jsonb NOT NULL,
            closes boolean NOT NULL,
            PRIMARY KEY (tenant_id, questionnaire_id, code),
            FOREIGN KEY (tenant_id, questionnaire_id) REFERENCES questionnaires (tenant_id, id)
        )
        """
    )
    protect("quotas", "surveys")
    op.execute("ALTER TABLE questionnaires ADD quotas_close boolean NOT NULL DEFAULT false")

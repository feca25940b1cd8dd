"""Database migrations: Alembic, one history a service, each in the service's own schema and as its owner.

`env.py` of each service is one line that calls `run_env`.
"""

from pathlib import Path

from alembic import command, context, op
from alembic.config import Config
from sqlalchemy import create_engine, pool, text

ROOT = Path(__file__).resolve().parents[1]


def _location(service: str) -> Path:
    return ROOT / ("chassis/platform" if service == "platform" else service) / "migrations"


def upgrade(service: str, url: str) -> None:
    """Bring the schema of `service` ("platform" included) to its newest version, as the owner that `url` names.

    Safe to call again, and by two at once: Alembic runs in one transaction that takes an advisory lock first.
    """
    config = Config()
    config.set_main_option("script_location", str(_location(service)).replace("%", "%%"))
    config.attributes["url"] = url.replace("postgresql://", "postgresql+psycopg://", 1)
    config.attributes["schema"] = service
    command.upgrade(config, "head")


def run_env() -> None:
    """What every `migrations/env.py` does: online, in one transaction, in the service's schema."""
    schema = context.config.attributes["schema"]
    engine = create_engine(
        context.config.attributes["url"],
        poolclass=pool.NullPool,
        connect_args={"options": f"-c search_path={schema}"},
    )
    with engine.connect() as connection:
        context.configure(connection=connection, version_table_schema=schema, transaction_per_migration=False)
        with context.begin_transaction():
            # held to the end of the transaction; the second of two finds nothing left to do
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": schema})
            context.run_migrations()
    engine.dispose()


def protect(table: str, role: str, privileges: str = "SELECT, INSERT, UPDATE, DELETE") -> None:
    """Put `table` under row-level security by tenant, for its owner too, and grant `role` the privileges on it."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY tenant ON {table} TO {role} USING (tenant_id = current_setting('app.tenant')::uuid) "
        "WITH CHECK (tenant_id = current_setting('app.tenant')::uuid)"
    )
    op.execute(f"GRANT {privileges} ON {table} TO {role}")


def create_outbox_and_inbox(service: str) -> None:
    """The two tables that the chassis needs in a service's schema; the relay's role alone sees all councils' rows."""
    relay = f"{service}_relay"
    op.execute(
        """
        CREATE TABLE outbox (
            tenant_id uuid NOT NULL,
            id uuid NOT NULL,
            type text NOT NULL,
            body text NOT NULL,
            due_at timestamptz NOT NULL DEFAULT now(),
            attempts integer NOT NULL DEFAULT 0,
            PRIMARY KEY (tenant_id, id)
        )
        """
    )
    op.execute("CREATE INDEX outbox_due ON outbox (due_at, id)")
    # rows live for milliseconds: clean up long before a fifth of the table is dead
    op.execute("ALTER TABLE outbox SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000)")
    op.execute(
        """
        CREATE TABLE inbox (
            tenant_id uuid NOT NULL,
            queue text NOT NULL,
            event_id uuid NOT NULL,
            received_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (tenant_id, queue, event_id)
        )
        """
    )
    op.execute("CREATE INDEX inbox_received ON inbox USING brin (received_at)")
    protect("outbox", service, "INSERT")
    protect("inbox", service, "SELECT, INSERT")
    for table, privileges in (("outbox", "SELECT, UPDATE, DELETE"), ("inbox", "SELECT, DELETE")):
        op.execute(f"CREATE POLICY relay ON {table} TO {relay} USING (true) WITH CHECK (true)")
        op.execute(f"GRANT {privileges} ON {table} TO {relay}")
    op.execute(f"GRANT USAGE ON SCHEMA {service} TO {relay}")
    op.execute(f"GRANT USAGE ON SCHEMA {service} TO {service}")

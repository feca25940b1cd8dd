"""Migrations on a real database."""

import importlib
import subprocess
import sys

import psycopg
import pytest

from deploy.provision import postgres
from deploy.provision.run import Provisioned
from schemas.ids import new_id
from tests.support.rows import connected
from tests.support.running import ROOT

pytestmark = pytest.mark.integration
NEWEST = max(path.name[:4] for path in ROOT.glob("services/surveys/migrations/versions/[0-9]*.py"))
UPGRADE = "import sys; from services.chassis.migrate import upgrade; upgrade('surveys', sys.argv[1])"


def test_two_that_migrate_at_once_wait_for_each_other(provisioned: Provisioned) -> None:
    database = f"{provisioned.database}_fresh"
    admin_url = postgres.with_database(provisioned.admin_url, database)
    with psycopg.connect(provisioned.admin_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {database}")
    with psycopg.connect(admin_url) as connection:
        connection.execute("CREATE SCHEMA surveys AUTHORIZATION surveys_owner")
    owner = postgres.with_database(admin_url, database, "surveys_owner", provisioned.passwords["surveys_owner"])
    both = [subprocess.Popen([sys.executable, "-c", UPGRADE, owner], cwd=ROOT) for _ in range(2)]
    assert [one.wait(timeout=60) for one in both] == [0, 0]
    with psycopg.connect(admin_url) as connection:
        assert connection.execute("SELECT version_num FROM surveys.alembic_version").fetchall() == [(NEWEST,)]


def test_responses_from_before_are_counted(provisioned: Provisioned) -> None:
    """What the migration finds is counted once, for every council, and the owner sees no rows afterwards."""
    tenants, questionnaire = [new_id() for _ in range(2)], new_id()
    for tenant in tenants:
        with connected(provisioned, "surveys", tenant) as connection:
            given = {"t": tenant, "q": questionnaire}
            connection.execute(
                "INSERT INTO questionnaires (tenant_id, id, slug, created_at) VALUES (%(t)s, %(q)s, 'a', now())", given
            )
            connection.execute(
                "INSERT INTO versions (tenant_id, questionnaire_id, version, status, definition) "
                "VALUES (%(t)s, %(q)s, 1, 'published', '{}')",
                given,
            )
            connection.execute(
                """
                INSERT INTO responses (tenant_id, id, questionnaire_id, questionnaire_version, idempotency_key,
                    request_digest, groups, answers, consent, mode, submitted_at, accepted_at, area)
                SELECT %(t)s, gen_random_uuid(), %(q)s, 1, i::text, '', '{}', '{}', '{}', 'open', now(), now(),
                    CASE i %% 2 WHEN 0 THEN 'E1' END
                FROM generate_series(1, 7) i
                """,
                given,
            )
            counts = "SELECT wave, area, n FROM response_counts ORDER BY area"
            before = connection.execute(counts).fetchall()
            connection.execute("DELETE FROM response_counts")
    migration = importlib.import_module("services.surveys.migrations.versions.0004_counts")
    owner = provisioned.owner_url("surveys")
    with psycopg.connect(owner, options="-c search_path=surveys") as connection:
        for statement in migration.COUNT_STORED:
            connection.execute(statement)
        assert connection.execute("SELECT count(*) FROM responses").fetchall() == [(0,)]
    for tenant in tenants:
        with connected(provisioned, "surveys", tenant) as connection:
            assert connection.execute(counts).fetchall() == before == [("", "", 4), ("", "E1", 3)]

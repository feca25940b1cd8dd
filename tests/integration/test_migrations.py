"""Migrations on a real database."""

import subprocess
import sys

import psycopg
import pytest

from deploy.provision import postgres
from deploy.provision.run import Provisioned
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

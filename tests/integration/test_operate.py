"""What the operator's commands do to a real database and a real broker."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import amqp
import kombu
import psycopg
import pytest
from typer.testing import CliRunner
from uuid_utils.compat import uuid7

from deploy.cli.main import app
from deploy.errors import DeployError
from deploy.local.plan import Layout
from deploy.local.secrets import Secrets, ensure_issuer
from deploy.local.system import System
from deploy.operate import deadletters, lag
from deploy.operate.tenants import Tenants, read_areas
from deploy.provision.run import Provisioned, provision
from schemas import topology
from schemas.topology import SERVICES

pytestmark = pytest.mark.integration
QUEUE = topology.EVENT_QUEUES[0]


@pytest.fixture
def operator(provisioned: Provisioned) -> Iterator[str]:
    url = provisioned.amqp_url("operator")
    yield url
    with kombu.Connection(url) as connection:
        channel = connection.channel()
        for name in (QUEUE, topology.dead_letter_queue(QUEUE)):
            channel.queue_purge(name)


def bury(url: str, *ids: str, body: bytes = b"\xff broken") -> None:
    with kombu.Connection(url, transport_options={"confirm_publish": True}) as connection:
        channel: Any = connection.connection.channel()
        for one in ids:
            headers = {"civic-reason": "no such version", "civic-queue": QUEUE, "civic-attempts": 3, "keep": "me"}
            message = amqp.Message(body, application_headers=headers, message_id=one, delivery_mode=2)
            dead = topology.dead_letter_queue(QUEUE)
            channel.basic_publish(message, topology.queues_exchange(dead), dead, mandatory=True)


def ids(url: str) -> list[str]:
    return [letter.id for letter in deadletters.look(url, QUEUE)]


def test_looking_loses_nothing_and_keeps_the_order(operator: str) -> None:
    bury(operator, "a", "b", "c")
    for _ in range(60):  # more often than any delivery limit allows
        assert ids(operator) == ["a", "b", "c"]
    assert deadletters.counts(operator)[QUEUE] == 3
    first = deadletters.look(operator, QUEUE, limit=1)[0]
    assert (first.reason, first.queue, first.attempts, first.body) == ("no such version", QUEUE, 3, b"\xff broken")


def test_replay_hands_the_wanted_back_as_new(operator: str) -> None:
    bury(operator, "a", "b", "c")
    assert deadletters.replay(operator, QUEUE, lambda letter: letter.id == "b") == 1
    assert ids(operator) == ["a", "c"]
    with kombu.Connection(operator) as connection:
        channel: Any = connection.connection.channel()
        channel.auto_decode = False
        message = channel.basic_get(QUEUE, no_ack=True)
    assert {name: value for name, value in message.headers.items() if name[:2] != "x-"} == {"keep": "me"}
    assert message.properties["message_id"] == "b"
    assert message.body == b"\xff broken"


def test_drop_takes_the_wanted_away(operator: str) -> None:
    bury(operator, "a", "b")
    assert deadletters.drop(operator, QUEUE, lambda letter: letter.id == "a") == 1
    assert ids(operator) == ["b"]


def test_depths_name_every_queue(operator: str) -> None:
    bury(operator, "a")
    depths = deadletters.depths(operator)
    assert set(depths) == {queue.name for queue in topology.QUEUES}
    assert depths[topology.dead_letter_queue(QUEUE)] == 1
    assert -1 not in depths.values()


def test_provisioning_again_changes_nothing(
    provisioned: Provisioned, local_secrets: Secrets, operator: str, database_name: str
) -> None:
    again = provision(provisioned.admin_url, local_secrets, broker_address=operator, database=database_name)
    assert again == provisioned


def test_roles_reach_their_own_schema_only(provisioned: Provisioned) -> None:
    with psycopg.connect(provisioned.admin_url) as admin:
        rows = admin.execute(
            "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s) AND (rolsuper OR rolbypassrls OR rolcreaterole)",
            ([*SERVICES, "gateway", *(f"{s}_relay" for s in SERVICES)],),
        ).fetchall()
        assert rows == []
        for role in (*SERVICES, "gateway"):
            for schema in SERVICES:
                may = admin.execute("SELECT has_schema_privilege(%s, %s, 'USAGE')", (role, schema)).fetchone()
                assert may == (role == schema,), (role, schema)
            create = admin.execute("SELECT has_schema_privilege(%s, 'public', 'CREATE')", (role,)).fetchone()
            assert create == (False,)


def test_a_service_sees_all_councils_only_as_its_relay(provisioned: Provisioned) -> None:
    with psycopg.connect(provisioned.database_url("surveys")) as connection:
        connection.execute("SELECT set_config('app.tenant', %s, true)", (str(uuid7()),))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT count(*) FROM outbox")


def test_lag_counts_what_waits_and_how_long(provisioned: Provisioned) -> None:
    url = provisioned.database_url("directory")
    tenant = uuid7()
    with psycopg.connect(url) as connection:
        # what other tests recorded, and no relay took, waits here too
        connection.execute("SET LOCAL ROLE directory_relay")
        connection.execute("DELETE FROM outbox")
    assert lag.outbox(url, "directory") == lag.Lag(0, 0.0)
    with psycopg.connect(url) as connection:
        connection.execute("SELECT set_config('app.tenant', %s, true)", (str(tenant),))
        insert = (
            "INSERT INTO outbox (tenant_id, id, type, body, due_at) VALUES (%s, %s, 't', '{}', now() + %s::interval)"
        )
        connection.execute(insert, (tenant, uuid7(), "0"))
        connection.execute(insert, (tenant, uuid7(), "1 hour"))
    behind = lag.outbox(url, "directory")
    assert behind.waiting == 1
    assert 0 <= behind.oldest < 60
    with psycopg.connect(url) as connection:
        connection.execute("SET LOCAL ROLE directory_relay")
        connection.execute("DELETE FROM outbox WHERE tenant_id = %s", (tenant,))


@pytest.fixture
def home(provisioned: Provisioned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    layout = Layout(tmp_path / "home")
    layout.make()
    ensure_issuer(layout.issuer)
    System(provisioned, {"gateway": 1}, {"postgres": "given", "rabbitmq": "given"}).write(layout)
    monkeypatch.setenv("CIVIC_HOME", str(layout.folder))
    return layout


def civic(*arguments: str) -> str:
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_councils_and_areas_by_command(home: Layout, provisioned: Provisioned, tmp_path: Path) -> None:
    slug = f"place-{uuid7().hex[-8:]}"
    civic("tenant", "create", slug, "--name", "A Place", "--area", "E06000031", "--settings", '{"minimum_count": 12}')
    file = tmp_path / "areas.csv"
    file.write_text("code,name,level,parent\nE06000031,A Place,authority,\nE05010000,North,ward,E06000031\n")
    assert "2 areas" in civic("tenant", "areas", "import", slug, str(file))
    civic("tenant", "areas", "import", slug, str(file))
    shown = json.loads(civic("tenant", "show", slug))
    assert (shown["areas"], shown["status"], shown["settings"]) == (2, "active", {"minimum_count": 12})
    civic("tenant", "suspend", slug)
    assert json.loads(civic("tenant", "show", slug))["status"] == "suspended"
    assert slug in civic("tenant", "list")
    assert civic("token", slug, "--role", "officer").count(".") == 2


def test_mistakes_end_in_one_sentence(home: Layout, operator: str, tmp_path: Path) -> None:
    for arguments, problem in (
        (("tenant", "show", "nowhere"), "There is no council 'nowhere'."),
        (("tenant", "create", "Not a slug", "--name", "x", "--area", "y"), "cannot be a short name"),
        (("tenant", "create", "x", "--name", "x", "--area", "y", "--settings", "["), "--settings is not JSON"),
        (("deadletters", "show", "nothing", "x"), "There is no queue 'nothing'."),
        (("deadletters", "replay", QUEUE), "Which dead letters?"),
        (("restart", "scoring"), "No process 'scoring' is running."),
    ):
        result = CliRunner().invoke(app, list(arguments))
        assert result.exit_code == 1
        assert problem in result.output.replace("\n", " ")
        assert "Traceback" not in result.output


def test_dead_letters_by_command_show_bodies_only_when_asked(home: Layout, operator: str) -> None:
    bury(operator, "a", body=b"private words")
    assert "no such version" in civic("deadletters", "list")
    assert "private" not in civic("deadletters", "show", QUEUE, "a")
    assert "private words" in civic("deadletters", "show", QUEUE, "a", "--body")
    assert "1 handed back" in civic("deadletters", "replay", QUEUE, "--id", "a")
    assert "no dead letters" in civic("deadletters", "list")


def test_status_as_data_tells_what_is_missing(home: Layout) -> None:
    result = CliRunner().invoke(app, ["status", "--json"])
    assert result.exit_code == 1
    found = json.loads(result.output)
    assert found["healthy"] is False
    assert set(found["outbox"]) == set(SERVICES)
    assert set(found["queues"]) == {queue.name for queue in topology.QUEUES}


def test_a_file_of_areas_that_does_not_fit_is_named(tmp_path: Path, provisioned: Provisioned) -> None:
    file = tmp_path / "areas.csv"
    file.write_text("code,name,level\nE1,,ward\n")
    with pytest.raises(DeployError, match="line 2"):
        read_areas(file)
    file.write_text("code,name\n")
    with pytest.raises(DeployError, match="lacks the column level"):
        read_areas(file)
    file.write_bytes(b"\xff\xfe\x00bad")
    with pytest.raises(DeployError, match="no CSV file in UTF-8"):
        read_areas(file)
    with pytest.raises(DeployError, match="no council"):
        Tenants(provisioned.owner_url("platform")).import_areas("nowhere", [])

"""Servers that we are given: an administrator without all rights, a broker where nothing is set up."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import kombu
import psycopg
import pytest

from deploy.errors import DeployError
from deploy.local.postgres import PostgresServer
from deploy.local.rabbitmq import RabbitMQServer
from deploy.local.secrets import Secrets
from deploy.provision import broker, postgres
from deploy.provision.run import provision
from schemas import topology

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="civic-given-", dir="/tmp"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def limited_admin(folder: Path) -> Iterator[str]:
    """An administrator as hosts of PostgreSQL give them: may make roles and databases, and is no superuser."""
    with PostgresServer(folder, "secret", durable=False, die_with_parent=True) as server:
        with psycopg.connect(server.admin_url, autocommit=True) as connection:
            connection.execute("CREATE ROLE host LOGIN PASSWORD 'given' CREATEROLE CREATEDB")
            connection.execute("CREATE ROLE weak LOGIN PASSWORD 'given'")
        yield postgres.with_database(server.admin_url, "postgres", "host", "given")


def test_an_administrator_who_is_no_superuser_is_enough(limited_admin: str) -> None:
    secrets = Secrets.generate()
    for _ in range(2):
        done = provision(limited_admin, secrets, broker_address="amqp://nowhere/civic")
    with psycopg.connect(done.database_url("surveys")) as connection:
        count = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'surveys'").fetchone()
    assert count is not None
    assert count[0] > 2


def test_who_may_not_make_roles_is_told_so(limited_admin: str) -> None:
    weak = postgres.with_database(limited_admin, "postgres", "weak", "given")
    with pytest.raises(DeployError, match="CREATEROLE, CREATEDB"):
        postgres.ensure(weak, "elsewhere", Secrets.generate().postgres)


def test_a_database_that_is_away_is_named(folder: Path) -> None:
    with pytest.raises(DeployError, match="PostgreSQL does not let us in"):
        postgres.ensure("postgresql://a:b@127.0.0.1:1/postgres", "civic", {})
    with pytest.raises(DeployError, match="RabbitMQ does not let us in"):
        broker.declare("amqp://a:b@127.0.0.1:1/civic")


@pytest.mark.slow
def test_all_is_declared_on_a_broker_where_nothing_is(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def empty(passwords: Mapping[str, str]) -> dict[str, Any]:
        every = {"configure": ".*", "write": ".*", "read": ".*"}
        return {
            "users": [{"name": "host", "password": passwords["host"], "tags": ""}],
            "vhosts": [{"name": topology.VHOST}],
            "permissions": [{"user": "host", "vhost": topology.VHOST, **every}],
        }

    monkeypatch.setattr(topology, "definitions", empty)
    with RabbitMQServer(folder, {"host": "given"}, die_with_parent=True) as server:
        url = server.url("host")
        for _ in range(2):
            assert set(broker.declare(url).values()) == {url}
        with kombu.Connection(url) as connection:
            channel = connection.channel()
            for queue in topology.QUEUES:
                channel.queue_declare(queue.name, passive=True)
        with kombu.Connection(url) as connection:
            name = topology.EVENT_QUEUES[0]
            connection.channel().queue_delete(name)
        with kombu.Connection(url) as connection:
            connection.channel().queue_declare(name, durable=True, auto_delete=False)
        with pytest.raises(DeployError, match="with a vhost of its own"):
            broker.declare(url)

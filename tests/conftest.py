"""Real servers for the tests: containers where a Docker engine answers, else private instances of installed binaries.

They are started once a run, only if a test asks, and are gone when the run ends, however it ends.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import hypothesis
import pytest

from deploy.local.docker import engine_answers
from deploy.local.postgres import PostgresServer
from deploy.local.rabbitmq import RabbitMQServer
from deploy.local.secrets import Secrets, ensure_issuer
from deploy.provision.run import Provisioned, provision

# how long an example takes says more about what else the machine does than about the code; pytest's timeout stays
hypothesis.settings.register_profile("civic", deadline=None)
hypothesis.settings.load_profile("civic")


class Postgres(Protocol):
    """What tests may do with the database server."""

    @property
    def admin_url(self) -> str: ...
    def restart(self) -> None: ...


class Broker(Protocol):
    """What tests may do with the broker."""

    def url(self, user: str) -> str: ...
    def restart(self) -> None: ...


@pytest.fixture(scope="session")
def servers_folder() -> Iterator[Path]:
    """Where the servers of this run keep their data. Not pytest's own folder: other accounts cannot enter that."""
    with tempfile.TemporaryDirectory(prefix="civic-tests-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        path = Path(folder)
        path.chmod(0o711)
        yield path


@pytest.fixture(scope="session")
def local_secrets(servers_folder: Path) -> Secrets:
    """Passwords of this run."""
    return Secrets.load(servers_folder / "secrets.json")


@pytest.fixture(scope="session")
def issuer_folder(servers_folder: Path) -> Path:
    """The folder of a local token issuer: `private.json` and `jwks.json`."""
    return ensure_issuer(servers_folder / "issuer").parent


@pytest.fixture(scope="session")
def postgres_server(servers_folder: Path, local_secrets: Secrets) -> Iterator[Postgres]:
    """A PostgreSQL server of our own."""
    if engine_answers():
        from tests.containers import postgres_container

        with postgres_container(local_secrets.postgres_admin) as container:
            yield container
        return
    password = local_secrets.postgres_admin
    durable = os.environ.get("CIVIC_TEST_DURABLE", "1") != "0"
    with PostgresServer(servers_folder, password, durable=durable, die_with_parent=True) as server:
        yield server


@pytest.fixture(scope="session")
def rabbitmq_server(servers_folder: Path, local_secrets: Secrets) -> Iterator[Broker]:
    """A RabbitMQ broker of our own, set up completely."""
    if engine_answers():
        from tests.containers import rabbitmq_container

        with rabbitmq_container(servers_folder, local_secrets.rabbitmq) as container:
            yield container
        return
    with RabbitMQServer(servers_folder, local_secrets.rabbitmq, die_with_parent=True) as server:
        yield server


@pytest.fixture(scope="session")
def database_name() -> str:
    """The name of this run's database."""
    return f"civic_test_{os.getpid()}"


@pytest.fixture(scope="session")
def provisioned(
    postgres_server: Postgres, rabbitmq_server: Broker, local_secrets: Secrets, database_name: str
) -> Provisioned:
    """A freshly set up database and broker: where each service and the gateway signs in."""
    return provision(
        postgres_server.admin_url,
        local_secrets,
        broker_address=rabbitmq_server.url("operator"),
        database=database_name,
    )

"""The servers as containers, for machines where a Docker engine answers."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from testcontainers.core.container import DockerContainer

from deploy.local.ports import HOST, answers_amqp, free_port
from deploy.local.process import wait_until
from deploy.provision.postgres import with_database
from schemas import topology

POSTGRES_IMAGE = "postgres:16"
RABBITMQ_IMAGE = "rabbitmq:4"


@dataclass
class PostgresContainer:
    """The database server."""

    container: DockerContainer
    admin_url: str

    def restart(self) -> None:
        """Restart it, on the same port."""
        self.container.get_wrapped_container().restart()
        self.wait()

    def wait(self) -> None:
        """Until the administrator can sign in."""
        import psycopg

        def ready() -> bool:
            try:
                psycopg.connect(self.admin_url, connect_timeout=2).close()
            except psycopg.OperationalError:
                return False
            return True

        assert wait_until(ready, 60, pause=0.2), "PostgreSQL does not answer"


@dataclass
class RabbitMQContainer:
    """The broker."""

    container: DockerContainer
    port: int
    passwords: Mapping[str, str]

    def url(self, user: str) -> str:
        """Where `user` signs in."""
        return f"amqp://{user}:{quote(self.passwords[user], safe='')}@{HOST}:{self.port}/{topology.VHOST}"

    def restart(self) -> None:
        """Restart it, on the same port."""
        self.container.get_wrapped_container().restart()
        self.wait()

    def wait(self) -> None:
        """Until it takes connections."""
        assert wait_until(lambda: answers_amqp(self.port), 120, pause=0.2), "RabbitMQ does not answer"


@contextmanager
def postgres_container(password: str) -> Iterator[PostgresContainer]:
    """A PostgreSQL container that is gone afterwards."""
    port = free_port()
    container = DockerContainer(POSTGRES_IMAGE).with_env("POSTGRES_PASSWORD", password).with_bind_ports(5432, port)
    with container:
        url = with_database(f"postgresql://{HOST}:{port}", "postgres", "postgres", password)
        server = PostgresContainer(container, url)
        server.wait()
        yield server


@contextmanager
def rabbitmq_container(folder: Path, passwords: Mapping[str, str]) -> Iterator[RabbitMQContainer]:
    """A RabbitMQ container that loads our definitions, and is gone afterwards."""
    settings = folder / "broker"
    settings.mkdir()
    (settings / "definitions.json").write_text(json.dumps(topology.definitions(passwords)))
    (settings / "civic.conf").write_text("load_definitions = /civic/definitions.json\n")
    port = free_port()
    container = (
        DockerContainer(RABBITMQ_IMAGE)
        .with_volume_mapping(str(settings), "/civic", "ro")
        .with_volume_mapping(str(settings / "civic.conf"), "/etc/rabbitmq/conf.d/50-civic.conf", "ro")
        .with_bind_ports(5672, port)
    )
    with container:
        server = RabbitMQContainer(container, port, passwords)
        server.wait()
        yield server

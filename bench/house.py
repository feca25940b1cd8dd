"""Everything that is measured, started: servers of our own with fsync on, the five services and the gateway."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psycopg

from deploy.local.postgres import PostgresServer
from deploy.local.process import wait_until
from deploy.local.rabbitmq import RabbitMQServer
from deploy.local.secrets import Secrets, ensure_issuer
from deploy.operate.calls import Calls
from deploy.provision.postgres import with_database
from deploy.provision.run import provision
from tests.support.system import StartedSystem, started_system

PATIENCE = 180.0
"""Seconds after which something that ought to happen did not."""


@dataclass(frozen=True)
class House:
    """The started product, and the same two servers for the bare loops."""

    system: StartedSystem
    calls: Calls
    bare_url: str
    """A database of its own for the bare loops, as its administrator."""
    bare_amqp_url: str
    """The broker, as a user that may declare queues whose names begin with `operator.`."""
    admin_url: str
    """The product's database as the administrator, who sees every council: to look whether work is done."""

    def scored(self, *councils: UUID) -> int:
        """How many responses the running sums of these councils count."""
        with psycopg.connect(self.admin_url) as connection:
            return self._scored(connection, councils)

    def wait_until_scored(self, expected: int, *councils: UUID) -> float:
        """Return the moment (`time.perf_counter`) at which the sums count `expected`. Raises TimeoutError."""
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            # every 10 ms: rarely enough to cost the product nothing, often enough to be exact to a hundredth
            if not wait_until(lambda: self._scored(connection, councils) >= expected, PATIENCE, pause=0.01):
                raise TimeoutError(f"{self._scored(connection, councils)} of {expected} responses were scored in time")
            moment = time.perf_counter()
            if (counted := self._scored(connection, councils)) != expected:
                raise AssertionError(f"the sums count {counted} responses where {expected} were accepted")
        return moment

    @staticmethod
    def _scored(connection: psycopg.Connection, councils: tuple[UUID, ...]) -> int:
        row = connection.execute(
            "SELECT coalesce(sum(n), 0)::bigint FROM scoring.cells "
            "WHERE tenant_id = ANY(%s) AND measure = 'index' AND attribute = ''",
            (list(councils),),
        ).fetchone()
        return int(row[0]) if row else 0


@contextmanager
def started() -> Iterator[House]:
    """Start it all below a folder in /tmp, and leave nothing behind."""
    with tempfile.TemporaryDirectory(prefix="civic-bench-", dir="/tmp", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        folder.chmod(0o711)  # the servers run as accounts of their own
        secrets = Secrets.load(folder / "secrets.json")
        issuer = ensure_issuer(folder / "issuer").parent
        with (
            PostgresServer(folder, secrets.postgres_admin, durable=True, die_with_parent=True) as postgres,
            RabbitMQServer(folder, secrets.rabbitmq, die_with_parent=True) as broker,
        ):
            provisioned = provision(postgres.admin_url, secrets, broker_address=broker.url("operator"))
            with psycopg.connect(postgres.admin_url, autocommit=True) as server:
                server.execute("CREATE DATABASE bare")
            with (
                started_system(provisioned, issuer, folder / "logs") as system,
                Calls(provisioned.amqp_url("operator")) as calls,
            ):
                yield House(
                    system=system,
                    calls=calls,
                    bare_url=with_database(postgres.admin_url, "bare"),
                    bare_amqp_url=broker.url("operator"),
                    admin_url=provisioned.admin_url,
                )

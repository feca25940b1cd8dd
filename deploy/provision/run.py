"""The one way in which a database and a broker are set up, whoever asks: `civic up`, compose's one-shot, the tests."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from deploy.local.secrets import Secrets
from deploy.provision import broker, migrate, postgres
from schemas.topology import SERVICES

DATABASE = "civic"


@dataclass(frozen=True)
class Provisioned:
    """Where everybody signs in."""

    admin_url: str
    """The administrator's URL of our database."""
    database: str
    passwords: Mapping[str, str]
    amqp_urls: Mapping[str, str]

    def database_url(self, service: str) -> str:
        """The run-time role's URL of a service, or of "gateway"."""
        return postgres.with_database(self.admin_url, self.database, service, self.passwords[service])

    def owner_url(self, service: str) -> str:
        """The URL of the role that owns the schema of a service, or of "platform"."""
        return self.database_url(f"{service}_owner")

    def amqp_url(self, user: str) -> str:
        """A service's URL at the broker, or that of "gateway" or "operator"."""
        return self.amqp_urls[user]


def provision(
    admin_url: str,
    secrets: Secrets,
    *,
    broker_address: str = "",
    given_amqp_url: str = "",
    database: str = DATABASE,
    echo: Callable[[str], None] = lambda _: None,
) -> Provisioned:
    """Set up everything at `admin_url`, and at the broker.

    `broker_address` (`amqp://host:port/vhost`) is a broker that loaded our definitions at its start, where each
    process has a user of its own. At `given_amqp_url` all is declared over AMQP, and all share that user.
    Raises DeployError, one sentence with a remedy.
    """
    echo("Making roles, database and schemas")
    postgres.ensure(admin_url, database, secrets.postgres)
    amqp_urls = broker.declare(given_amqp_url) if given_amqp_url else broker.urls(broker_address, secrets.rabbitmq)
    done = Provisioned(postgres.with_database(admin_url, database), database, secrets.postgres, amqp_urls)
    migrate.migrate(SERVICES, done.owner_url, echo)
    return done

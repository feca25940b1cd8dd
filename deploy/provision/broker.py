"""The broker: exchanges, queues, bindings and users."""

from collections.abc import Mapping
from urllib.parse import quote, urlsplit, urlunsplit

import kombu.exceptions
from amqp.exceptions import AMQPError

from deploy.errors import DeployError
from schemas.topology import USERS
from services.chassis import topology


def urls(address: str, passwords: Mapping[str, str]) -> dict[str, str]:
    """Each user's own URL at the broker whose vhost `amqp://host:port/vhost` names."""
    parts = urlsplit(address)
    where = parts.netloc.rpartition("@")[2]
    return {
        user: urlunsplit(("amqp", f"{user}:{quote(passwords[user], safe='')}@{where}", parts.path, "", ""))
        for user in USERS
    }


def declare(amqp_url: str) -> dict[str, str]:
    """Set up a broker that we were given over AMQP; every process then signs in as the user of that URL.

    Raises DeployError when it is away, refuses us, or has other things under our names.
    """
    try:
        topology.declare(amqp_url)
    except (kombu.exceptions.OperationalError, OSError) as error:
        raise DeployError("RabbitMQ does not let us in:", str(error)) from error
    except AMQPError as error:
        raise DeployError(
            f"RabbitMQ refuses: {error}.", "Give an AMQP_URL with a vhost of its own, and a user who may do all in it."
        ) from error
    return dict.fromkeys(USERS, amqp_url)

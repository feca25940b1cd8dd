"""Sets up a broker over AMQP where no definitions file can be loaded. Saying it again changes nothing."""

from typing import Any

import kombu

from schemas.topology import BINDINGS, EXCHANGES, QUEUES


def declare(amqp_url: str) -> None:
    """Declare every exchange, queue and binding of `schemas.topology`.

    Raises kombu's OperationalError when the broker is away, and amqp's PreconditionFailed when something of that name
    stands there with other properties.
    """
    with kombu.Connection(amqp_url, connect_timeout=5) as connection:
        channel: Any = connection.channel()
        for exchange in EXCHANGES:
            channel.exchange_declare(exchange.name, exchange.kind, durable=True, auto_delete=False)
        for queue in QUEUES:
            channel.queue_declare(queue.name, durable=True, auto_delete=False, arguments=dict(queue.arguments))
        for binding in BINDINGS:
            channel.queue_bind(binding.queue, binding.exchange, binding.key)

"""Messages that could not be handled: look at them, try them again, or drop them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import amqp
import kombu

from deploy.errors import DeployError
from schemas import topology

QUEUES: tuple[str, ...] = topology.EVENT_QUEUES


@dataclass(frozen=True)
class DeadLetter:
    """A dead letter. `body` is as it came: it may hold anything, so nothing shows it unasked."""

    queue: str
    """The queue that could not handle it."""
    id: str
    reason: str
    attempts: int
    failed_at: str
    type: str
    body: bytes

    @classmethod
    def of(cls, queue: str, message: Any) -> "DeadLetter":
        """Read a py-amqp message of `queue`'s dead-letter queue."""
        headers = dict(message.headers or {})
        reason = headers.get("civic-reason") or _brokers_reason(headers)
        body = message.body.encode() if isinstance(message.body, str) else bytes(message.body)
        return cls(
            queue=str(headers.get("civic-queue", queue)),
            id=str(message.properties.get("message_id", "")),
            reason=str(reason),
            attempts=int(headers.get("civic-attempts", 0)),
            failed_at=str(headers.get("civic-failed-at", "")),
            type=str(message.delivery_info.get("routing_key", "")),
            body=body,
        )


def _brokers_reason(headers: dict[str, Any]) -> str:
    """RabbitMQ itself dead-letters what killed its reader too often, and says so in a header of its own."""
    deaths = headers.get("x-death") or [{}]
    return {"delivery_limit": "ended its reader every time"}.get(deaths[0].get("reason", ""), "unknown")


def counts(amqp_url: str) -> dict[str, int]:
    """Dead letters by queue."""
    with _channel(amqp_url) as channel:
        return {queue: _depth(channel, topology.dead_letter_queue(queue)) for queue in QUEUES}


def look(amqp_url: str, queue: str, limit: int = 100) -> list[DeadLetter]:
    """The first `limit` dead letters of `queue`, oldest first. They stay where they are, in their order.

    They are fetched without being acknowledged, and given back together by closing the channel. Raises DeployError.
    """
    with _channel(amqp_url) as channel:
        return [DeadLetter.of(queue, message) for message in _fetch(channel, queue, limit)]


def replay(amqp_url: str, queue: str, wanted: Callable[[DeadLetter], bool]) -> int:
    """Hand the wanted dead letters back to `queue`, to be tried from the beginning; how many.

    Each leaves the dead letters only once the broker has confirmed it in the queue. Cut short in between, it may be
    there twice, which the inbox makes harmless.
    """
    with _channel(amqp_url, confirm_publish=True) as channel:
        returned: list[str] = []
        channel.events["basic_return"].add(lambda *details: returned.append(str(details[1])))
        done = 0
        for message in _fetch(channel, queue, _depth(channel, topology.dead_letter_queue(queue))):
            if not wanted(DeadLetter.of(queue, message)):
                continue
            properties = {key: value for key, value in message.properties.items() if key != "application_headers"}
            ours = {k: v for k, v in (message.headers or {}).items() if not k.startswith(("civic-", "x-"))}
            again = amqp.Message(message.body, application_headers=ours, **properties)
            channel.basic_publish(again, topology.queues_exchange(queue), queue, mandatory=True)
            if returned:
                raise DeployError(
                    f"The broker cannot deliver to {queue}: {returned[0]}.", "Run `make up` to declare it."
                )
            channel.basic_ack(message.delivery_tag)
            done += 1
        return done


def drop(amqp_url: str, queue: str, wanted: Callable[[DeadLetter], bool]) -> int:
    """Throw the wanted dead letters away for good; how many."""
    with _channel(amqp_url) as channel:
        done = 0
        for message in _fetch(channel, queue, _depth(channel, topology.dead_letter_queue(queue))):
            if wanted(DeadLetter.of(queue, message)):
                channel.basic_ack(message.delivery_tag)
                done += 1
        return done


def depths(amqp_url: str) -> dict[str, int]:
    """Messages ready by durable queue; -1 for one that is not there."""
    with kombu.Connection(amqp_url, connect_timeout=5) as connection:
        connection.connect()
        found: dict[str, int] = {}
        for queue in topology.QUEUES:
            channel = connection.channel()
            try:
                found[queue.name] = _depth(channel, queue.name)
                channel.close()
            except amqp.exceptions.NotFound:  # which closes the channel
                found[queue.name] = -1
        return found


def _fetch(channel: Any, queue: str, limit: int) -> Iterator[Any]:
    for _ in range(limit):
        message = channel.basic_get(topology.dead_letter_queue(queue))
        if message is None:
            return
        yield message


def _depth(channel: Any, queue: str) -> int:
    return int(channel.queue_declare(queue, passive=True).message_count)


@contextmanager
def _channel(amqp_url: str, **options: Any) -> Iterator[Any]:
    try:
        with kombu.Connection(amqp_url, connect_timeout=5, transport_options=options) as connection:
            # The library's own channel: kombu's would decode bodies, and a dead letter's may not be decodable
            channel = connection.connection.channel()
            channel.auto_decode = False
            yield channel
            channel.close()
    except (kombu.exceptions.OperationalError, OSError) as error:
        raise DeployError("RabbitMQ does not answer.", "Start it with `make up`.") from error
    except amqp.exceptions.NotFound as error:
        raise DeployError(
            f"The broker has no such queue: {error.reply_text}.", "Run `make up` to declare it."
        ) from error

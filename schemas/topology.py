"""What stands on the broker: exchanges, queues, bindings, users and what each user may touch.

It is all derived from `schemas.events`, and declared before any service starts, so that an event always finds the
queues it is meant for. Names and arguments are frozen by a contract test: RabbitMQ refuses a queue whose arguments
changed, and a renamed queue would strand what waits in the old one.

Every durable queue `Q` of a service `S` has beside it `Q.retry.<seconds>` (it hands messages back to `Q` after that
time) and `Q.dead` (it keeps what could not be handled). They hang on `S.queues`, a direct exchange of the service's
own, because leave to write to the default exchange would be leave to write to every queue there is.
"""

import base64
import hashlib
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from schemas.events import EVENT_TYPES

VHOST = "civic"
SERVICES: tuple[str, ...] = ("surveys", "case_studies", "scoring", "directory", "notifications")
USERS: tuple[str, ...] = (*SERVICES, "gateway", "operator")
RPC_EXCHANGE = "nameko-rpc"
RETRY_DELAYS: tuple[int, ...] = (1, 10, 60)
"""Seconds before the second, third and fourth try."""
DELIVERY_LIMIT = 50
"""Deliveries of one message before the broker itself dead-letters it: a message that kills its reader every time."""


@dataclass(frozen=True)
class Exchange:
    """A durable exchange."""

    name: str
    kind: str


@dataclass(frozen=True)
class Queue:
    """A durable queue. A quorum queue survives the loss of a node; RPC queues hold seconds-old calls and need not."""

    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True)
class Binding:
    """Messages to `exchange` under `key` also go to `queue`."""

    exchange: str
    queue: str
    key: str


@dataclass(frozen=True)
class Permissions:
    """Regular expressions of the names a user may declare, write to and read from; and of the RPC keys."""

    configure: str
    write: str
    read: str
    rpc_write: str
    rpc_read: str


def events_exchange(service: str) -> str:
    """Where a service tells its facts; the name nameko's own event handlers look for."""
    return f"{service}.events"


def queues_exchange(queue: str) -> str:
    """The exchange through which a queue, its retry queues and its dead letters are reached by name."""
    return f"{queue.partition('.')[0]}.queues"


def dead_letter_queue(queue: str) -> str:
    """Where the messages of `queue` rest that could not be handled."""
    return f"{queue}.dead"


def retry_queue(queue: str, delay: int) -> str:
    """Where the messages of `queue` wait `delay` seconds."""
    return f"{queue}.retry.{delay}"


EVENT_QUEUES: tuple[str, ...] = tuple(dict.fromkeys(q for e in EVENT_TYPES for q in e.queues))

EXCHANGES: tuple[Exchange, ...] = (
    *(Exchange(events_exchange(s), "topic") for s in SERVICES),
    *(Exchange(e, "direct") for e in dict.fromkeys(queues_exchange(q) for q in EVENT_QUEUES)),
    Exchange(RPC_EXCHANGE, "topic"),
)


def _quorum(queue: str, dead_letters_to: str | None, **more: Any) -> dict[str, Any]:
    arguments: dict[str, Any] = {"x-queue-type": "quorum", **more}
    if dead_letters_to is not None:
        # at-least-once needs reject-publish, and keeps a message until the next queue has confirmed it
        arguments |= {
            "x-dead-letter-exchange": queues_exchange(queue),
            "x-dead-letter-routing-key": dead_letters_to,
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
        }
    return arguments


def _queues() -> Iterator[Queue]:
    for name in EVENT_QUEUES:
        dead = dead_letter_queue(name)
        yield Queue(name, _quorum(name, dead, **{"x-delivery-limit": DELIVERY_LIMIT}))
        # RabbitMQ 4 gives up a message after 20 deliveries unless told otherwise, and looking at one is a delivery
        yield Queue(dead, _quorum(dead, None, **{"x-delivery-limit": 1_000_000}))
        for delay in RETRY_DELAYS:
            retry = retry_queue(name, delay)
            yield Queue(retry, _quorum(retry, name, **{"x-message-ttl": delay * 1000}))
    for service in SERVICES:
        yield Queue(f"rpc-{service}", {})


def _bindings() -> Iterator[Binding]:
    for queue in QUEUES:
        if queue.name.startswith("rpc-"):
            yield Binding(RPC_EXCHANGE, queue.name, f"{queue.name.removeprefix('rpc-')}.*")
        else:
            yield Binding(queues_exchange(queue.name), queue.name, queue.name)
    for event in EVENT_TYPES:
        for name in event.queues:
            yield Binding(events_exchange(event.service), name, event.name)


QUEUES: tuple[Queue, ...] = tuple(_queues())
BINDINGS: tuple[Binding, ...] = tuple(_bindings())


def permissions(user: str) -> Permissions:
    """What `user` may touch: a service its own things and the exchanges it listens to, the gateway calls and listens,
    the operator calls, looks at every queue and moves dead letters.

    Raises KeyError for an unknown user.
    """
    if user not in USERS:
        raise KeyError(user)
    methods = rf"^({'|'.join(SERVICES)})\.[a-z_]+$"
    if user in SERVICES:
        own = rf"{user}\..*|rpc-{user}|{RPC_EXCHANGE}"
        sources = {events_exchange(e.service) for e in EVENT_TYPES for q in e.queues if q.startswith(f"{user}.")}
        heard = "".join("|" + name.replace(".", r"\.") for name in sorted(sources))
        return Permissions(
            configure=f"^({own})$",
            write=f"^({own})$",
            read=f"^({own}{heard})$",
            rpc_write=r"^(gateway|operator)\.reply\.",
            rpc_read=rf"^{user}\.",
        )
    read = rf"^({user}\..*|{RPC_EXCHANGE}|.*\.events)$" if user == "gateway" else ".*"
    write = rf"^({user}\..*|{RPC_EXCHANGE})$" if user == "gateway" else rf"^({user}\..*|{RPC_EXCHANGE}|.*\.queues)$"
    return Permissions(
        configure=rf"^{user}\..*$", write=write, read=read, rpc_write=methods, rpc_read=rf"^{user}\.reply\."
    )


def _password_hash(password: str) -> str:
    salt = secrets.token_bytes(4)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def definitions(passwords: Mapping[str, str]) -> dict[str, Any]:
    """A RabbitMQ definitions document that sets up the whole broker at boot; `passwords` is by user."""
    granted = {user: permissions(user) for user in USERS}
    return {
        "users": [
            {
                "name": user,
                "password_hash": _password_hash(passwords[user]),
                "hashing_algorithm": "rabbit_password_hashing_sha256",
                "tags": "",
            }
            for user in USERS
        ],
        "vhosts": [{"name": VHOST}],
        "permissions": [
            {"user": u, "vhost": VHOST, "configure": p.configure, "write": p.write, "read": p.read}
            for u, p in granted.items()
        ],
        "topic_permissions": [
            {"user": u, "vhost": VHOST, "exchange": RPC_EXCHANGE, "write": p.rpc_write, "read": p.rpc_read}
            for u, p in granted.items()
        ],
        "exchanges": [
            {
                "name": e.name,
                "vhost": VHOST,
                "type": e.kind,
                "durable": True,
                "auto_delete": False,
                "internal": False,
                "arguments": {},
            }
            for e in EXCHANGES
        ],
        "queues": [
            {"name": q.name, "vhost": VHOST, "durable": True, "auto_delete": False, "arguments": dict(q.arguments)}
            for q in QUEUES
        ],
        "bindings": [
            {
                "source": b.exchange,
                "vhost": VHOST,
                "destination": b.queue,
                "destination_type": "queue",
                "routing_key": b.key,
                "arguments": {},
            }
            for b in BINDINGS
        ],
    }

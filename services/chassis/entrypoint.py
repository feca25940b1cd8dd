"""The event entrypoint: takes events in batches, hands each council's to a handler in one transaction, settles all.

What nameko's own event handler would get wrong: a handler that raises loses its message, and so does a body that does
not decode; and one message a transaction is many times slower. Here a message leaves the queue only when it has been
handled (its transaction is committed), put off (a retry queue has confirmed it) or given up (the dead letters have).
"""

import random
import re
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import wraps
from time import perf_counter
from typing import Any
from uuid import UUID

import eventlet
import msgspec
import structlog
from eventlet.event import Event
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint

from schemas.errors import CivicError
from schemas.events import BY_NAME, Envelope
from schemas.topology import RETRY_DELAYS, dead_letter_queue, queues_exchange, retry_queue
from services.chassis import broker, metrics
from services.chassis.config import settings
from services.chassis.database import collided, lost_connection, out_of_resources
from services.chassis.extensions import DatabaseExtension
from services.chassis.rpc import where
from services.chassis.tenancy import acting

log = structlog.get_logger()

LINGER_SECONDS = 0.005
"""How long a batch waits for company: far less than a person notices, enough for a burst to fill it."""
PACE_SECONDS = 0.03
"""The least time from one batch to the next, unless it is full. A trickle of events is a transaction thirty times a
second instead of one each; an event that comes after a rest does not wait for it."""


LOSSES = 8
"""How often a batch may lose a database that is there again at once, before its events are tried one by one."""


class Poison(Exception):
    """A message that no retry can mend. Its text becomes the dead letter's reason: it must quote no data."""


class Stopping(Exception):
    """The service is told to stop; what is not settled goes back to the queue."""


def _unquoted(error: Exception) -> str:
    # msgspec names types and places, but of an enumeration it quotes what was sent
    return re.sub(r"'.*'", "'…'", str(error))


def decode(message: Any, queue: str) -> Envelope:
    """The event in an AMQP message, its data typed. Raises Poison, saying what is wrong."""
    try:
        envelope = msgspec.json.decode(message.body, type=Envelope)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Poison(f"not a CloudEvent: {_unquoted(error)}") from None
    known = BY_NAME.get(envelope.type)
    if known is None or queue not in known.queues:
        # a CloudEvent type is one of ours or a stranger's: only ours may be quoted
        raise Poison(f"unexpected event type {known.name}" if known else "unknown event type or version")
    try:
        return msgspec.structs.replace(envelope, data=msgspec.convert(envelope.data, known.data))
    except msgspec.ValidationError as error:
        raise Poison(f"data does not fit {envelope.type}: {_unquoted(error)}") from None


def _attempts(message: Any) -> int:
    """How often the message was tried before. It has no headers at all when a stranger sent it so."""
    attempts = (message.properties.get("application_headers") or {}).get("civic-attempts", 0)
    return attempts if isinstance(attempts, int) else 0


class BatchEntrypoint(Entrypoint):  # type: ignore[misc]  # nameko has no types
    """Consumes one durable queue of `schemas.topology`."""

    shared = DatabaseExtension()

    def __init__(self, queue: str, **kwargs: Any) -> None:
        self.queue = queue
        self._stopping = False
        self._stopped = Event()
        self._started = False
        super().__init__(**kwargs)

    def start(self) -> None:
        """Begin to consume."""
        self._started = True
        self.container.spawn_managed_thread(self._run, identifier=f"consume {self.queue}")

    def stop(self) -> None:
        """Take nothing more, settle the batch in hand, give the rest back."""
        self._stopping = True
        if self._started:
            self._stopped.wait()

    def kill(self) -> None:
        """Take nothing more; what is in hand is not waited for and goes back to the queue."""
        self._stopping = True

    def _run(self) -> None:
        errors = broker.connection_errors(settings().amqp_url)
        delay = 0.2
        while not self._stopping:
            try:
                with broker.connect(settings().amqp_url) as connection:
                    delay = 0.2
                    self._consume(connection)
            except Stopping:
                break
            except errors as error:
                log.warning("consumer waits for the broker", queue=self.queue, error=type(error).__name__)
                eventlet.sleep(delay)
                delay = min(delay * 2, 5.0)
        self._stopped.send()

    def _consume(self, connection: Any) -> None:
        size = settings().batch_size
        channel = connection.channel()
        channel.basic_qos(0, 2 * size, False)
        self._publisher = broker.Publisher(connection)
        waiting: deque[Any] = deque()
        channel.basic_consume(self.queue, callback=waiting.append)
        started = 0.0
        while not self._stopping:
            self._gather(connection, waiting, size, started + PACE_SECONDS)
            if waiting:
                batch = [waiting.popleft() for _ in range(min(size, len(waiting)))]
                started = perf_counter()
                self._settle(batch, connection)
                channel.basic_ack(batch[-1].delivery_tag, multiple=True)
                metrics.batch_seconds.labels(self.queue).observe(perf_counter() - started)

    @staticmethod
    def _gather(connection: Any, waiting: deque[Any], size: int, not_before: float) -> None:
        until = perf_counter() + 0.5
        if waiting:
            until = max(perf_counter() + LINGER_SECONDS, not_before)
        while len(waiting) < size and (left := until - perf_counter()) > 0:
            try:
                connection.drain_events(timeout=left)
            except TimeoutError:
                break
            if waiting:
                until = min(until, max(perf_counter() + LINGER_SECONDS, not_before))
        connection.heartbeat_check()

    def _settle(self, batch: Sequence[Any], connection: Any) -> None:
        by_tenant: dict[UUID, list[tuple[Envelope, Any]]] = {}
        for message in batch:
            try:
                event = decode(message, self.queue)
            except Poison as poison:
                self._give_up(message, str(poison))
            else:
                by_tenant.setdefault(event.tenantid, []).append((event, message))
        for tenant, taken in by_tenant.items():
            self._settle_council(tenant, taken, connection)
        metrics.handled.labels(self.queue).inc(len(batch))

    def _settle_council(self, tenant: UUID, taken: list[tuple[Envelope, Any]], connection: Any) -> None:
        error = self._handle(tenant, [event for event, _ in taken], connection)
        if error is None:
            return
        if len(taken) > 1:
            # one bad event must not hold up the others: each by itself, in a transaction of its own
            for one in taken:
                self._settle_council(tenant, [one], connection)
            return
        [(_, message)] = taken
        reason = str(error) if isinstance(error, Poison | CivicError) else f"{type(error).__name__} at {where(error)}"
        if isinstance(error, Poison):
            self._give_up(message, reason)
        else:
            self._put_off(message, reason)

    def _handle(self, tenant: UUID, events: list[Envelope], connection: Any) -> BaseException | None:
        """Run the handler until it commits or fails for a reason of its own; the error, or None when it is done."""
        collisions = losses = 0
        while True:
            error = self._try(tenant, events, connection)
            if error is not None and lost_connection(error) and losses < LOSSES:
                # a database that is full is waited for however long it takes: the events are not at fault
                losses += not out_of_resources(error)
                log.warning("the database was lost in mid-work", queue=self.queue, error=type(error).__name__)
                eventlet.sleep(min(0.1 * 2**losses, 5.0))
                self._keep_alive(connection)
                self.shared.database.wait(meanwhile=lambda: self._keep_alive(connection))
            elif error is not None and collided(error) and collisions < 5:
                collisions += 1
                eventlet.sleep(random.uniform(0, 0.05 * collisions))
            else:
                return error

    def _try(self, tenant: UUID, events: list[Envelope], connection: Any) -> BaseException | None:
        done = Event()

        def handle_result(_worker: Any, _result: Any, exc_info: Any) -> tuple[None, None]:
            done.send(exc_info[1] if exc_info else None)
            return None, None  # settled here; nameko need not hear of it

        try:
            self.container.spawn_worker(self, (tenant, events), {}, handle_result=handle_result)
        except ContainerBeingKilled:
            raise Stopping from None
        while not done.ready():
            with eventlet.Timeout(5, False):
                done.wait()
            if not done.ready():
                connection.connection.send_heartbeat()
        result: BaseException | None = done.wait()
        return result

    def _keep_alive(self, connection: Any) -> None:
        if self._stopping:
            raise Stopping
        connection.connection.send_heartbeat()

    def _put_off(self, message: Any, reason: str) -> None:
        attempts = _attempts(message) + 1
        if attempts >= settings().delivery_attempts:
            self._give_up(message, reason)
            return
        delay = RETRY_DELAYS[attempts - 1]
        log.warning("event put off", queue=self.queue, reason=reason, attempt=attempts, retry_in=delay)
        self._move(message, retry_queue(self.queue, delay), attempts, reason)
        metrics.retried.labels(self.queue).inc()

    def _give_up(self, message: Any, reason: str) -> None:
        attempts = _attempts(message) + 1
        log.error("event dead-lettered", queue=self.queue, reason=reason, attempts=attempts)
        self._move(message, dead_letter_queue(self.queue), attempts, reason)
        metrics.dead.labels(self.queue).inc()

    def _move(self, message: Any, to: str, attempts: int, reason: str) -> None:
        headers = {
            "civic-attempts": attempts,
            "civic-reason": reason[:1000],
            "civic-queue": self.queue,
            "civic-failed-at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        outgoing = broker.Outgoing(
            exchange=queues_exchange(to),
            routing_key=to,
            body=message.body,
            message_id=str(message.properties.get("message_id", "")),
            headers=headers,
        )
        if self._publisher.publish([outgoing]):
            raise broker.NotConfirmed(f"the queue {to} is missing")


def events(queue: str) -> Callable[[Callable[[Any, list[Envelope]], None]], Any]:
    """Decorate a service's method as the handler of a queue.

    It gets up to `Settings.batch_size` events of one council, in the order they came, with `tenancy.tenant()` set, and
    must do all it does in one unit of work that begins with `work.fresh(queue, events)`. What it raises puts the events
    off, one by one; Poison gives up at once.
    """

    def decorate(function: Callable[[Any, list[Envelope]], None]) -> Any:
        @wraps(function)
        def handle(self: Any, tenant: UUID, batch: list[Envelope]) -> None:
            if self.councils.find(self.database, tenant) is None:
                raise Poison("unknown tenant")
            with acting(tenant, traceparent=batch[0].traceparent):
                function(self, batch)

        return BatchEntrypoint.decorator(queue)(handle)

    return decorate

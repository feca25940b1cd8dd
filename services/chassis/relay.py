"""The relay: takes recorded events from the outbox to the bus, at least once; forgets them when the broker has them.

Several processes may relay at once: each locks the rows it takes and skips the others' (so that order is kept within a
batch, and nearly so between batches; readers do not depend on more).
"""

from contextlib import suppress

import eventlet
import kombu
import structlog
from eventlet.event import Event
from nameko.extensions import DependencyProvider
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from schemas.events import BY_NAME
from schemas.topology import events_exchange
from services.chassis import broker, metrics
from services.chassis.config import settings
from services.chassis.database import Database, lost_connection
from services.chassis.extensions import DatabaseExtension
from services.chassis.rpc import where

log = structlog.get_logger()

BATCH = 1_000
POLL_SECONDS = 0.5
"""How long a recorded event may wait that nobody woke us for: one left by a dead process, or one with a delay."""
PACE_SECONDS = 0.015
"""The least time from one batch to the next, unless it was full: under load, commits that follow each other closely
share a batch. An event that is recorded after a rest goes at once."""
INBOX_DAYS = 30
"""How long an event's id is remembered. No broker redelivers one that long after."""

_TAKE = text(
    "SELECT tenant_id, id, type, body FROM outbox WHERE due_at <= now() ORDER BY due_at, id LIMIT :batch "
    "FOR UPDATE SKIP LOCKED"
)
_FORGET = text(
    "DELETE FROM outbox WHERE (tenant_id, id) IN (SELECT * FROM unnest(CAST(:tenants AS uuid[]), CAST(:ids AS uuid[])))"
)
_PUT_OFF = text(
    "UPDATE outbox SET attempts = attempts + 1, due_at = now() + power(2, least(attempts, 8)) * interval '1 second' "
    "WHERE (tenant_id, id) IN (SELECT * FROM unnest(CAST(:tenants AS uuid[]), CAST(:ids AS uuid[])))"
)
_TIDY = text("DELETE FROM inbox WHERE received_at < now() - make_interval(days => :days)")


def _is_awaited(kind: str) -> bool:
    # a type that a newer version of the service recorded is not known here: better to be told than to lose it
    known = BY_NAME.get(kind)
    return known is None or bool(known.queues)


class Relay(DependencyProvider):  # type: ignore[misc]  # nameko has no types
    """Runs for as long as the service does, on a connection of its own."""

    shared = DatabaseExtension()

    def __init__(self) -> None:
        self._wake = Event()
        self._stopping = False
        self._publisher: broker.Publisher | None = None
        self._connection: kombu.Connection | None = None
        self._done = Event()

    @property
    def _database(self) -> Database:
        return self.shared.database

    def start(self) -> None:
        """Begin, and hear of commits from now on."""
        self._database.on_events = self.wake
        self.container.spawn_managed_thread(self._run)

    def stop(self) -> None:
        """Send what is due, then end."""
        self._stopping = True
        self.wake()
        self._done.wait()

    def wake(self) -> None:
        """There is something to send."""
        if not self._wake.ready():
            self._wake.send()

    def _run(self) -> None:
        tidied = 0.0
        while True:
            stopping = self._stopping
            try:
                while self.drain() == BATCH:
                    pass
                self._keep_alive()
                if (now := eventlet.hubs.get_hub().clock()) - tidied > 3600:
                    tidied = now
                    with self._database.relay_work() as connection:
                        connection.execute(_TIDY, {"days": INBOX_DAYS})
            except broker.connection_errors(settings().amqp_url, DBAPIError) as error:
                if isinstance(error, DBAPIError) and not lost_connection(error):
                    log.error("relay failed", error=type(error).__name__, where=where(error))
                else:
                    log.warning("relay waits", error=type(error).__name__)
                self._disconnect()
                eventlet.sleep(0 if stopping else 1.0)
            if stopping:
                break
            self._rest()
        self._disconnect()
        self._done.send()

    def _rest(self) -> None:
        if not self._stopping:
            eventlet.sleep(PACE_SECONDS)
        with eventlet.Timeout(POLL_SECONDS, False):
            self._wake.wait()
        self._wake = Event()

    def _keep_alive(self) -> None:
        """Send our heartbeats and read the broker's, or either would think the other dead."""
        if self._connection is not None:
            self._connection.heartbeat_check()
            with suppress(TimeoutError, BlockingIOError):
                self._connection.drain_events(timeout=0.001)

    def drain(self) -> int:
        """Send one batch; how many there were. Raises connection errors of either side, with nothing forgotten."""
        with self._database.relay_work() as connection:
            rows = connection.execute(_TAKE, {"batch": BATCH}).all()
            if not rows:
                return 0
            returned = self._send([(str(r.id), r.type, r.body) for r in rows])
            sent = [r for r in rows if str(r.id) not in returned]
            unsent = [r for r in rows if str(r.id) in returned]
            if sent:
                connection.execute(_FORGET, {"tenants": [r.tenant_id for r in sent], "ids": [r.id for r in sent]})
            if unsent:
                log.error("no queue takes these events", types=sorted({r.type for r in unsent}), count=len(unsent))
                connection.execute(_PUT_OFF, {"tenants": [r.tenant_id for r in unsent], "ids": [r.id for r in unsent]})
        metrics.relayed.inc(len(sent))
        return len(rows)

    def _send(self, rows: list[tuple[str, str, str]]) -> set[str]:
        if self._publisher is None:
            self._connection = broker.connect(settings().amqp_url)
            self._publisher = broker.Publisher(self._connection)
        return self._publisher.publish(
            [
                broker.Outgoing(
                    exchange=events_exchange(self._database.service),
                    routing_key=kind,
                    body=body,
                    message_id=event_id,
                    mandatory=_is_awaited(kind),
                )
                for event_id, kind, body in rows
            ]
        )

    def _disconnect(self) -> None:
        connection, self._connection, self._publisher = self._connection, None, None
        if connection is not None:
            try:
                connection.release()
            except broker.connection_errors(settings().amqp_url):
                log.debug("the broker was gone already")

"""The unit of work: a session, the events to tell when it commits, and the inbox that makes repeats harmless."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from sqlalchemy import text
from sqlalchemy.orm import Session

from schemas.events import BY_DATA, Envelope, EventData, envelop
from services.chassis import tenancy

_encoder = msgspec.json.Encoder()

# Both statements take the rows as arrays: one round trip however many there are.
_RECORD = text(
    "INSERT INTO outbox (tenant_id, id, type, body, due_at) "
    "SELECT :tenant, e.id, e.type, e.body, e.due_at "
    "FROM unnest(CAST(:ids AS uuid[]), CAST(:types AS text[]), CAST(:bodies AS text[]), "
    "CAST(:dues AS timestamptz[])) AS e (id, type, body, due_at)"
)
_RECEIVE = text(
    "INSERT INTO inbox (tenant_id, queue, event_id) SELECT :tenant, :queue, unnest(CAST(:ids AS uuid[])) "
    "ON CONFLICT DO NOTHING RETURNING event_id"
)


class UnitOfWork:
    """One transaction's worth of work for one council; made by `Database.unit_of_work`."""

    def __init__(self, session: Session, tenant: UUID) -> None:
        self.session = session
        self.tenant = tenant
        self._events: list[tuple[Envelope, datetime]] = []

    def tell(self, subject: UUID | str, data: EventData, after_seconds: float = 0) -> None:
        """Record a fact: it is told on the bus if, and only if, this transaction commits, and not before the delay."""
        envelope = envelop(BY_DATA[type(data)].name, subject, self.tenant, data, tenancy.traceparent())
        self._events.append((envelope, envelope.time + timedelta(seconds=after_seconds)))

    def fresh(self, queue: str, events: Sequence[Envelope]) -> list[Envelope]:
        """Those of `events` that `queue` has not taken before, in their order; they now count as taken.

        Two processes that hold the same event meet here: the second waits for the first one's transaction, and then
        gets nothing.
        """
        taken = self.session.execute(
            _RECEIVE, {"tenant": self.tenant, "queue": queue, "ids": sorted({e.id for e in events})}
        ).scalars()
        new = set(taken)
        fresh = []
        for event in events:
            if event.id in new:
                new.remove(event.id)
                fresh.append(event)
        return fresh

    def flush_events(self) -> bool:
        """Write the recorded facts to the outbox. Whether there were any that are due at once or later."""
        if not self._events:
            return False
        self.session.execute(
            _RECORD,
            {
                "tenant": self.tenant,
                "ids": [e.id for e, _ in self._events],
                "types": [e.type for e, _ in self._events],
                "bodies": [_encoder.encode(e).decode() for e, _ in self._events],
                "dues": [due for _, due in self._events],
            },
        )
        self._events.clear()
        return True

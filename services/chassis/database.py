"""The database as a service sees it: one engine, and units of work that are bound to a council.

A unit of work is one transaction. It tells PostgreSQL the council with ``set_config('app.tenant', …, true)``, which
ends with the transaction, and every table's row-level policy reads it: without it, every query is an error.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import Session

from services.chassis import arrays, tenancy
from services.chassis.work import UnitOfWork

log = structlog.get_logger()

# psycopg's own C wait blocks the eventlet hub: every other green thread would stand still during a query
if not os.environ.get("PSYCOPG_WAIT_FUNC", "").startswith("wait_select"):
    raise ImportError("import services.chassis.runtime before anything else of a service")


def lost_connection(error: BaseException) -> bool:
    """Whether the database is away or was restarted under us: the work was not done, and can be done again."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    if isinstance(error, OperationalError | InterfaceError):
        state = getattr(error.orig, "sqlstate", None)
        # no state: it never answered; 08: connection; 57P0x: shutting down or starting; 53: out of resources
        return state is None or state[:2] in ("08", "53") or state[:4] == "57P0"
    return False


def out_of_resources(error: BaseException) -> bool:
    """Whether the database is there, but has no disk, memory or connection left."""
    return isinstance(error, DBAPIError) and (getattr(error.orig, "sqlstate", None) or "").startswith("53")


def collided(error: BaseException) -> bool:
    """Whether two transactions got in each other's way (serialisation failure, deadlock): try again at once."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in ("40001", "40P01", "55P03")


_FOR_COUNCIL = text("SELECT set_config('app.tenant', :tenant, true)")


def _begin(first: Callable[[], object], undo: Callable[[], None]) -> None:
    """Run a transaction's first statement; once again, on a new connection, where a pooled one turns out to be dead.

    It spares every transaction the round trip of asking first whether its connection lives.
    """
    try:
        first()
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        undo()
        first()


class Database:
    """Opens units of work for the council in hand, in the schema of one service, as that service's own role."""

    def __init__(self, url: str, service: str, pool_size: int = 20) -> None:
        self.service = service
        self.on_events: Callable[[], None] = lambda: None
        """Called after a commit that recorded events; the relay hangs itself in here."""
        self.engine = create_engine(
            url.replace("postgresql://", "postgresql+psycopg://", 1),
            pool_size=pool_size,
            max_overflow=5,
            hide_parameters=True,  # or an error's text would quote what people wrote
            connect_args={
                "connect_timeout": 5,
                # SQLAlchemy sends times without their zone: a server on British time would misread an hour a year
                "options": f"-c search_path={service} -c timezone=UTC -c idle_in_transaction_session_timeout=60000",
            },
        )
        event.listen(self.engine, "connect", lambda connection, _: arrays.register(connection))

    @contextmanager
    def unit_of_work(self) -> Iterator[UnitOfWork]:
        """One transaction for `tenancy.tenant()`: committed at the end, rolled back on any exception."""
        tenant = tenancy.tenant()
        with Session(self.engine, expire_on_commit=False) as session:
            _begin(lambda: session.execute(_FOR_COUNCIL, {"tenant": str(tenant)}), session.rollback)
            work = UnitOfWork(session, tenant)
            yield work
            told = work.flush_events()
            session.commit()
        if told:
            self.on_events()

    @contextmanager
    def relay_work(self) -> Iterator[Connection]:
        """One transaction as the service's relay role, which sees the outbox and inbox of all councils and no more."""
        with self.engine.connect() as connection:
            _begin(lambda: connection.execute(text(f'SET LOCAL ROLE "{self.service}_relay"')), connection.rollback)
            yield connection
            connection.commit()

    def alive(self) -> bool:
        """Whether it answers."""
        try:
            with self.engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except DBAPIError:
            return False
        return True

    def wait(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Return as soon as it answers; calls `meanwhile` between tries."""
        delay = 0.1
        while not self.alive():
            log.warning("waiting for the database", retry_in=round(delay, 1))
            time.sleep(delay)  # cooperative in a service, where eventlet has replaced it
            meanwhile()
            delay = min(delay * 2, 5.0)

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()

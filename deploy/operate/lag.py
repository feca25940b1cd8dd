"""How far the news is behind: facts recorded that the bus has not got yet."""

from dataclasses import dataclass

import psycopg
from psycopg import sql


@dataclass(frozen=True)
class Lag:
    """Rows that wait in a service's outbox, and how long the oldest has waited, in seconds."""

    waiting: int
    oldest: float


def outbox(url: str, service: str) -> Lag:
    """The lag of one service; `url` signs in as it. Raises psycopg.Error when the database is away.

    The id of a row is a UUIDv7: it begins with the milliseconds at which the row was made. Facts recorded for a later
    time do not wait.
    """
    with psycopg.connect(url, connect_timeout=5) as connection:
        connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(f"{service}_relay")))
        row = connection.execute(
            sql.SQL(
                "SELECT count(*), coalesce(extract(epoch FROM now()) * 1000 "
                "- min(('x' || lpad(left(replace(id::text, '-', ''), 12), 16, '0'))::bit(64)::bigint), 0) / 1000 "
                "FROM {}.outbox WHERE due_at <= now() OR attempts > 0"
            ).format(sql.Identifier(service))
        ).fetchone()
    return Lag(int(row[0]), max(0.0, float(row[1]))) if row else Lag(0, 0.0)

"""R0: each response a transaction, each message confirmed by itself, each event a transaction and an ack."""

import time
from collections.abc import Callable
from typing import Any

import amqp
import psycopg

from bench.bare.work import QUESTIONNAIRE, TENANT, Task, broker, decode, moved, per_second, written
from schemas.ids import now

PAGE = 100


def write(task: Task, ready: Callable[[], None]) -> None:
    """Store the responses, each with its event."""
    rows = [written(number, answers) for number, answers in enumerate(task.answers)]
    with psycopg.connect(task.database_url) as database:
        ready()
        for row in rows:
            database.execute(
                "INSERT INTO responses VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
                (TENANT, row.id, QUESTIONNAIRE, row.key, row.area, row.groups, row.answers, now()),
            )
            database.execute("INSERT INTO outbox VALUES (%s, %s, %s)", (TENANT, row.event_id, row.body))
            database.commit()


def relay(task: Task, ready: Callable[[], None]) -> None:
    """Publish the events, and forget each when the broker has it."""
    sent = 0
    with broker(task.amqp_url) as connection, psycopg.connect(task.database_url) as database:
        channel = connection.channel()
        channel.confirm_select()
        ready()
        while sent < task.count:
            rows = database.execute("SELECT id, body FROM outbox ORDER BY id LIMIT %s", (PAGE,)).fetchall()
            database.commit()
            if not rows:
                time.sleep(0.001)
            for event_id, body in rows:
                message = amqp.Message(body, delivery_mode=2, message_id=str(event_id))
                channel.basic_publish_confirm(message, exchange=task.queue.exchange, routing_key=task.queue.name)
                database.execute("DELETE FROM outbox WHERE tenant_id = %s AND id = %s", (TENANT, event_id))
                database.commit()
            sent += len(rows)


def consume(task: Task, ready: Callable[[], None]) -> None:
    """Take the events into the inbox and the sums."""
    done = 0
    with broker(task.amqp_url) as connection, psycopg.connect(task.database_url) as database:
        channel = connection.channel()

        def take(message: Any) -> None:
            nonlocal done
            event = decode(message.body)
            taken = database.execute(
                "INSERT INTO inbox VALUES (%s, %s) ON CONFLICT DO NOTHING", (TENANT, event.id)
            ).rowcount
            if taken:
                sums, score = moved(event)
                for area, category, measure in sums:
                    database.execute(
                        "INSERT INTO sums AS old VALUES (%s, %s, %s, %s, 1, %s, %s) "
                        "ON CONFLICT (tenant_id, area, category, measure) DO UPDATE SET n = old.n + 1, "
                        "total = old.total + excluded.total, squares = old.squares + excluded.squares",
                        (TENANT, area, category, measure, score, score * score),
                    )
            database.commit()
            channel.basic_ack(message.delivery_tag)
            done += 1

        channel.basic_qos(0, PAGE, False)
        channel.basic_consume(task.queue.name, callback=take)
        ready()
        while done < task.count:
            connection.drain_events(timeout=60)


def measure(task: Task) -> float:
    """Responses a second."""
    return per_second(task, write, relay, consume)

"""R1: batches of 200: unnest inserts, aio-pika's confirms awaited together, one transaction and one ack a batch."""

import asyncio
from collections.abc import Callable

import aio_pika
import asyncpg
from aio_pika.abc import AbstractIncomingMessage

from bench.bare.work import QUESTIONNAIRE, TENANT, Sum, Task, decode, moved, per_second, written
from schemas.ids import now

BATCH = 200
_STORE = """
    INSERT INTO responses SELECT $1, r.id, $2, r.key, r.area, r.groups::jsonb, r.answers::jsonb, $3
    FROM unnest($4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[]) AS r (id, key, area, groups, answers)
"""
_RECORD = "INSERT INTO outbox SELECT $1, e.id, e.body FROM unnest($2::uuid[], $3::text[]) AS e (id, body)"
_TAKE = "SELECT id, body FROM outbox ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED"
_FORGET = "DELETE FROM outbox WHERE tenant_id = $1 AND id = ANY($2)"
_RECEIVE = "INSERT INTO inbox SELECT $1, unnest($2::uuid[]) ON CONFLICT DO NOTHING RETURNING event_id"
_ADD = """
    INSERT INTO sums AS old SELECT $1, s.* FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::numeric[],
        $7::numeric[]) AS s
    ON CONFLICT (tenant_id, area, category, measure) DO UPDATE SET n = old.n + excluded.n,
        total = old.total + excluded.total, squares = old.squares + excluded.squares
"""


def write(task: Task, ready: Callable[[], None]) -> None:
    """Store the responses and their events, a batch a transaction."""
    asyncio.run(_write(task, ready))


async def _write(task: Task, ready: Callable[[], None]) -> None:
    rows = [written(number, answers) for number, answers in enumerate(task.answers)]
    database = await asyncpg.connect(task.database_url)
    ready()
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        async with database.transaction():
            await database.execute(
                _STORE,
                TENANT,
                QUESTIONNAIRE,
                now(),
                [r.id for r in batch],
                [r.key for r in batch],
                [r.area for r in batch],
                [r.groups for r in batch],
                [r.answers for r in batch],
            )
            await database.execute(_RECORD, TENANT, [r.event_id for r in batch], [r.body for r in batch])
    await database.close()


def relay(task: Task, ready: Callable[[], None]) -> None:
    """Publish the events, and forget a batch when the broker has it."""
    asyncio.run(_relay(task, ready))


async def _relay(task: Task, ready: Callable[[], None]) -> None:
    database = await asyncpg.connect(task.database_url)
    sent = 0
    async with await aio_pika.connect(task.amqp_url) as connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange(task.queue.exchange, ensure=False)
        ready()
        while sent < task.count:
            async with database.transaction():
                rows = await database.fetch(_TAKE, BATCH)
                messages = [
                    aio_pika.Message(row["body"].encode(), delivery_mode=2, message_id=str(row["id"])) for row in rows
                ]
                await asyncio.gather(*(exchange.publish(message, task.queue.name) for message in messages))
                await database.execute(_FORGET, TENANT, [row["id"] for row in rows])
            sent += len(rows)
            if not rows:
                await asyncio.sleep(0.001)
    await database.close()


def consume(task: Task, ready: Callable[[], None]) -> None:
    """Take the events into the inbox and the sums, a batch a transaction."""
    asyncio.run(_consume(task, ready))


async def _consume(task: Task, ready: Callable[[], None]) -> None:
    database = await asyncpg.connect(task.database_url)
    arrived: asyncio.Queue[AbstractIncomingMessage] = asyncio.Queue()
    done = 0
    async with await aio_pika.connect(task.amqp_url) as connection:
        channel = await connection.channel()
        await channel.set_qos(2 * BATCH)
        queue = await channel.get_queue(task.queue.name, ensure=False)
        await queue.consume(arrived.put)
        ready()
        while done < task.count:
            batch = [await arrived.get()]
            while len(batch) < BATCH and not arrived.empty():
                batch.append(arrived.get_nowait())
            await _take(database, [message.body for message in batch])
            await batch[-1].ack(multiple=True)
            done += len(batch)
    await database.close()


async def _take(database: asyncpg.Connection, bodies: list[bytes]) -> None:
    events = [decode(body) for body in bodies]
    async with database.transaction():
        taken = {r["event_id"] for r in await database.fetch(_RECEIVE, TENANT, [e.id for e in events])}
        sums: dict[Sum, tuple[int, int, int]] = {}
        for event in events:
            if event.id in taken:
                keys, score = moved(event)
                for key in keys:
                    n, total, squares = sums.get(key, (0, 0, 0))
                    sums[key] = (n + 1, total + score, squares + score * score)
        keys = sorted(sums)
        await database.execute(
            _ADD,
            TENANT,
            [k[0] for k in keys],
            [k[1] for k in keys],
            [k[2] for k in keys],
            [sums[k][0] for k in keys],
            [sums[k][1] for k in keys],
            [sums[k][2] for k in keys],
        )


def measure(task: Task) -> float:
    """Responses a second."""
    return per_second(task, write, relay, consume)

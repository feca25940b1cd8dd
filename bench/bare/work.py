"""What both bare loops share: tables, queue, the work a response makes, three processes run against the clock."""

import multiprocessing
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit
from uuid import UUID

import amqp
import msgspec
import psycopg

from bench.survey import ITEMS, TOP, Answers
from schemas.ids import new_id, now

TENANT, QUESTIONNAIRE = UUID(int=1), UUID(int=2)
PATIENCE = 180.0
UNIT = 10**12
TABLES = """
    DROP TABLE IF EXISTS responses, outbox, inbox, sums;
    CREATE TABLE responses (tenant_id uuid, id uuid, questionnaire_id uuid NOT NULL, idempotency_key text NOT NULL,
        area text, groups jsonb NOT NULL, answers jsonb NOT NULL, submitted_at timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, idempotency_key));
    CREATE TABLE outbox (tenant_id uuid, id uuid, body text NOT NULL, PRIMARY KEY (tenant_id, id));
    CREATE TABLE inbox (tenant_id uuid, event_id uuid, PRIMARY KEY (tenant_id, event_id));
    CREATE TABLE sums (tenant_id uuid, area text, category text, measure text, n bigint NOT NULL,
        total numeric NOT NULL, squares numeric NOT NULL, PRIMARY KEY (tenant_id, area, category, measure))
        WITH (fillfactor = 70);
"""


class Event(msgspec.Struct):
    """What the queue carries: as much as the product's own event does."""

    id: UUID
    type: str
    source: str
    time: str
    tenantid: UUID
    response_id: UUID
    questionnaire_id: UUID
    area: str
    groups: dict[str, str]
    values: dict[str, float]


decode = msgspec.json.Decoder(Event).decode


@dataclass(frozen=True)
class Written:
    """A response as it is stored, and the event that tells of it."""

    id: UUID
    key: str
    area: str
    groups: str
    answers: str
    event_id: UUID
    body: str


def written(number: int, answers: Answers) -> Written:
    """The rows that a response becomes."""
    response_id, event_id, groups = new_id(), new_id(), {"age_band": answers.age}
    event = Event(
        event_id,
        "surveys.response_submitted.v1",
        "/surveys",
        now().isoformat(),
        TENANT,
        response_id,
        QUESTIONNAIRE,
        answers.area,
        groups,
        {code: float(value) for code, value in answers.values.items()},
    )
    return Written(
        response_id,
        f"import:{QUESTIONNAIRE}:{number}",
        answers.area,
        msgspec.json.encode(groups).decode(),
        msgspec.json.encode(answers.values).decode(),
        event_id,
        msgspec.json.encode(event).decode(),
    )


Sum = tuple[str, str, str]
"""Area, category ("" for everybody) and measure."""


def moved(event: Event) -> tuple[list[Sum], int]:
    """The four sums that an event moves, and the score that moves them (domain and index are the same here)."""
    score = round(sum(event.values[code] for code in ITEMS) * 100 / TOP / len(ITEMS) * UNIT)
    age = event.groups["age_band"]
    return [(event.area, category, measure) for category in ("", age) for measure in ("voice", "index")], score


def broker(url: str, **options: Any) -> amqp.Connection:
    """A connection of the plain AMQP client."""
    parts = urlsplit(url)
    connection = amqp.Connection(
        host=f"{parts.hostname}:{parts.port}",
        userid=parts.username,
        password=unquote(parts.password or ""),
        virtual_host=parts.path.strip("/"),
        **options,
    )
    connection.connect()
    return connection


class Queue(msgspec.Struct, frozen=True):
    """A quorum queue behind an exchange; the user may touch what begins with `operator.`."""

    name: str

    @property
    def exchange(self) -> str:
        """Where to publish; the routing key is the name."""
        return f"{self.name}.exchange"


class Stage(Protocol):
    """One process of a loop: connects, says that it is ready, does its work for `count` responses, and ends."""

    def __call__(self, task: "Task", ready: Callable[[], None]) -> None: ...


@dataclass(frozen=True)
class Task:
    """What each process gets to know."""

    database_url: str
    amqp_url: str
    queue: Queue
    answers: Sequence[Answers]

    @property
    def count(self) -> int:
        """How many responses there are."""
        return len(self.answers)


def per_second(task: Task, *stages: Stage) -> float:
    """Responses a second through the stages, each in a process of its own, until the last has committed."""
    with psycopg.connect(task.database_url) as database:
        database.execute(TABLES)
    declare(task.amqp_url, task.queue)
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(len(stages) + 1)
    processes = [context.Process(target=_run, args=(stage, task, barrier), daemon=True) for stage in stages]
    for process in processes:
        process.start()
    barrier.wait(PATIENCE)
    started = time.perf_counter()
    for process in processes:
        process.join(PATIENCE)
    seconds = time.perf_counter() - started
    _check(task, [process.exitcode for process in processes])
    return task.count / seconds


def _run(stage: Stage, task: Task, barrier: Any) -> None:
    stage(task, lambda: barrier.wait(PATIENCE))


def declare(url: str, queue: Queue) -> None:
    """Make the queue, empty, and the exchange in front of it."""
    with broker(url) as connection:
        channel = connection.channel()
        channel.queue_delete(queue.name)
        channel.exchange_declare(queue.exchange, "direct", durable=True, auto_delete=False)
        channel.queue_declare(queue.name, durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"})
        channel.queue_bind(queue.name, queue.exchange, queue.name)


def _check(task: Task, exits: Sequence[int | None]) -> None:
    with psycopg.connect(task.database_url) as database:
        [row] = database.execute("SELECT sum(n) FROM sums WHERE measure = 'index' AND category = ''").fetchall()
    if any(exits) or row[0] != task.count:
        raise AssertionError(f"the bare loop counted {row[0]} of {task.count}; its processes ended with {exits}")

"""The chassis on a real broker and database, with real services as processes."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import amqp
import kombu
import msgspec
import pytest

from deploy.local.process import wait_until
from deploy.provision.run import Provisioned
from schemas.events import BY_DATA, EventData, envelop
from schemas.events.surveys import QuestionnairePublished, ResponseSubmitted, ScoredItem
from schemas.ids import new_id, now
from tests.integration.conftest import TestCouncil
from tests.support import running
from tests.support.rows import connected
from tests.support.running import Service

pytestmark = pytest.mark.integration
QUEUE = "scoring.responses"


@pytest.fixture(scope="module")
def scoring(provisioned: Provisioned, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The scoring service, which gives up after the second try."""
    service = running.make(provisioned, tmp_path_factory.mktemp("scoring"), "scoring", delivery_attempts="2")
    with running.started(service):
        yield service


@pytest.fixture(scope="module")
def bus(provisioned: Provisioned) -> Iterator["Bus"]:
    """The broker, as the surveys service and as the operator."""
    bus = Bus(provisioned)
    yield bus
    bus.close()


class Bus:
    """Publishes as surveys does; looks at queues as the operator does."""

    def __init__(self, provisioned: Provisioned) -> None:
        self.connections = [connect(provisioned.amqp_url(user)) for user in ("surveys", "operator")]
        self.surveys, self.operator = (c.channel() for c in self.connections)
        self.surveys.confirm_select()

    def close(self) -> None:
        for connection in self.connections:
            connection.close()

    def publish(self, body: bytes, key: str = "surveys.response_submitted.v1", **properties: Any) -> None:
        message = amqp.Message(body, content_type="application/json", delivery_mode=2, **properties)
        self.surveys.basic_publish_confirm(message, exchange="surveys.events", routing_key=key)

    def waiting(self, queue: str) -> int:
        return int(self.operator.queue_declare(queue, passive=True).message_count)

    def take(self, queue: str) -> Any:
        message = self.operator.basic_get(queue)
        if message is not None:
            self.operator.basic_ack(message.delivery_tag)
        return message

    def dead_letter(self) -> Any:
        assert wait_until(lambda: self.waiting(f"{QUEUE}.dead") > 0, 20)
        return self.take(f"{QUEUE}.dead")


def connect(url: str) -> amqp.Connection:
    connection = kombu.Connection(url)
    connection.connect()
    return connection.connection


def submitted(council: TestCouncil, questionnaire_id: UUID, **changes: Any) -> bytes:
    data: dict[str, Any] = {
        "response_id": new_id(),
        "response_version": 1,
        "questionnaire_id": questionnaire_id,
        "questionnaire_version": 1,
        "submitted_at": now(),
        "area": "E05002169",
        "person": None,
        "groups": {},
        "values": {"speak": 5},
    } | changes
    return enveloped(council, ResponseSubmitted(**data))


def enveloped(council: TestCouncil, data: EventData) -> bytes:
    return msgspec.json.encode(envelop(BY_DATA[type(data)].name, "x", council.id, data))


def stored(provisioned: Provisioned, council: TestCouncil) -> int:
    with connected(provisioned, "scoring", council.id) as connection:
        [(count,)] = connection.execute("SELECT count(*) FROM responses").fetchall()
    return int(count)


def test_poison_ends_in_the_dead_letters_with_its_reason_and_the_others_flow_on(
    scoring: Service, bus: Bus, provisioned: Provisioned, council: TestCouncil
) -> None:
    questionnaire_id = new_id()
    good = json.loads(submitted(council, questionnaire_id))
    cases = {
        b"{broken": "not a CloudEvent: JSON is malformed: object keys must be strings (byte 1)",
        b"\xff\xfe\x00": "not a CloudEvent: JSON is malformed: invalid character (byte 0)",
        json.dumps(good | {"type": "surveys.response_submitted.v9"}).encode(): "unknown event type or version",
        json.dumps(good | {"type": "directory.entry_published.v1"}).encode(): (
            "unexpected event type directory.entry_published.v1"
        ),
        json.dumps(good | {"data": {**good["data"], "values": {"speak": "Jo Bloggs"}}}).encode(): (
            "data does not fit surveys.response_submitted.v1: Expected `float`, got `str` - at `$.values[...]`"
        ),
        json.dumps(good | {"tenantid": str(new_id())}).encode(): "unknown tenant",
    }
    for body, reason in cases.items():
        bus.publish(body)
        bus.publish(submitted(council, questionnaire_id))
        dead = bus.dead_letter()
        assert dead.headers["civic-reason"] == reason
        assert dead.headers["civic-queue"] == QUEUE
        assert (dead.body if isinstance(dead.body, bytes) else dead.body.encode()) == body
    assert wait_until(lambda: stored(provisioned, council) == len(cases), 20)
    assert bus.waiting(f"{QUEUE}.dead") == 0
    assert "Jo Bloggs" not in scoring.running.log.read_text()


def test_a_failing_event_is_put_off_and_then_given_up_while_the_others_of_its_batch_are_done(
    scoring: Service, bus: Bus, provisioned: Provisioned, council: TestCouncil
) -> None:
    """A framework that needs a questionnaire version which never comes: the handler fails, again and again."""
    questionnaire_id = new_id()
    told = QuestionnairePublished(
        questionnaire_id=questionnaire_id,
        slug="x",
        version=1,
        items=(ScoredItem("speak", 0, 10),),
        attributes={},
        release="live",
    )
    bus.publish(enveloped(council, told), "surveys.questionnaire_published.v1")
    with connected(provisioned, "scoring", council.id) as connection:
        framework_id = new_id()
        connection.execute("INSERT INTO frameworks VALUES (%s, %s, 'f', now())", (council.id, framework_id))
        connection.execute(
            "INSERT INTO framework_versions (tenant_id, framework_id, version, status, questionnaire_id, definition) "
            "VALUES (%s, %s, 1, 'live', %s, %s)",
            (
                council.id,
                framework_id,
                questionnaire_id,
                json.dumps(
                    {
                        "title": "t",
                        "domains": [
                            {
                                "code": "d",
                                "title": "D",
                                "indicators": [{"code": "i", "title": "I", "items": [{"code": "speak"}]}],
                            }
                        ],
                    }
                ),
            ),
        )
    bus.publish(submitted(council, questionnaire_id, questionnaire_version=7))
    for _ in range(5):
        bus.publish(submitted(council, questionnaire_id))
    dead = bus.dead_letter()
    assert dead.headers["civic-attempts"] == 2
    assert dead.headers["civic-reason"].startswith("NotHeardOf at compiled.py:")
    assert wait_until(lambda: stored(provisioned, council) == 5, 20)


def test_a_redelivered_event_is_counted_once(
    scoring: Service, bus: Bus, provisioned: Provisioned, council: TestCouncil
) -> None:
    body = submitted(council, new_id())
    for _ in range(3):
        bus.publish(body)
    last = submitted(council, new_id())
    bus.publish(last)
    assert wait_until(lambda: stored(provisioned, council) == 2, 20)
    assert bus.waiting(f"{QUEUE}.dead") == 0


def told_to_stop(service: Service, seconds: float) -> int:
    """What the service exits with when it gets SIGTERM."""
    process = service.running.popen
    assert process is not None
    process.send_signal(signal.SIGTERM)
    return process.wait(timeout=seconds)


def test_a_service_waits_for_servers_that_are_not_there_and_stops_when_told(
    provisioned: Provisioned, tmp_path: Path
) -> None:
    service = running.make(provisioned, tmp_path, "surveys", database_url="postgresql://x:y@127.0.0.1:1/civic")
    service.running.start()
    assert wait_until(lambda: "waiting for the database" in service.running.log.read_text(), 20)
    assert told_to_stop(service, 10) == 0


def test_a_stop_drains_and_leaves_with_nothing_half_done(
    provisioned: Provisioned, bus: Bus, council: TestCouncil, tmp_path: Path
) -> None:
    service = running.make(provisioned, tmp_path, "scoring")
    questionnaire_id = new_id()
    with running.started(service):
        for _ in range(300):
            bus.publish(submitted(council, questionnaire_id))
        assert told_to_stop(service, 20) == 0
    with running.started(running.make(provisioned, tmp_path, "scoring")):
        assert wait_until(lambda: stored(provisioned, council) == 300, 20)


@pytest.mark.parametrize(
    ("user", "queue"),
    [("directory", "scoring.responses"), ("surveys", "rpc-scoring"), ("gateway", "rpc-surveys")],
)
def test_a_broker_user_cannot_read_what_is_not_its_own(provisioned: Provisioned, user: str, queue: str) -> None:
    connection = connect(provisioned.amqp_url(user))
    with pytest.raises(amqp.AccessRefused):
        connection.channel().basic_get(queue)
    connection.close()


@pytest.mark.parametrize(
    ("user", "exchange", "key"),
    [
        ("directory", "surveys.events", "surveys.response_submitted.v1"),
        ("surveys", "nameko-rpc", "scoring.figures"),
        ("gateway", "surveys.events", "surveys.response_submitted.v1"),
        ("surveys", "", "scoring.responses"),
    ],
)
def test_a_broker_user_cannot_write_what_is_not_its_own(
    provisioned: Provisioned, user: str, exchange: str, key: str
) -> None:
    connection = connect(provisioned.amqp_url(user))
    channel = connection.channel()
    channel.confirm_select()
    with pytest.raises(amqp.AccessRefused):
        channel.basic_publish_confirm(amqp.Message(b"{}"), exchange=exchange, routing_key=key)
    connection.close()


def test_a_service_cannot_listen_to_anothers_calls(provisioned: Provisioned) -> None:
    connection = connect(provisioned.amqp_url("directory"))
    channel = connection.channel()
    channel.queue_declare("directory.spy", exclusive=True)
    with pytest.raises(amqp.AccessRefused):
        channel.queue_bind("directory.spy", "nameko-rpc", "surveys.*")
    connection.close()


def test_green_threads_do_not_wait_for_each_others_queries(provisioned: Provisioned) -> None:
    """psycopg must wait the eventlet way: twenty sleeps of 0.2 s take about as long as one."""
    script = """
import services.chassis.runtime
import time, eventlet
from sqlalchemy import text
from services.chassis.database import Database
database = Database({url!r}, "surveys", pool_size=20)
def nap(_):
    with database.engine.connect() as connection:
        connection.execute(text("SELECT pg_sleep(0.2)"))
pool = eventlet.GreenPool(20)
list(pool.imap(nap, range(20)))
started = time.perf_counter()
list(pool.imap(nap, range(20)))
print(time.perf_counter() - started)
"""
    out = subprocess.run(
        [sys.executable, "-c", script.format(url=provisioned.database_url("surveys"))],
        capture_output=True, text=True, check=True, cwd=running.ROOT,
    )  # fmt: skip
    assert float(out.stdout) < 1.0


def test_a_pooled_connection_that_died_costs_no_work(provisioned: Provisioned) -> None:
    """Nobody asks a connection first whether it lives: the transaction begins again on a new one."""
    script = """
import services.chassis.runtime
import psycopg, uuid
from sqlalchemy import text
from services.chassis.database import Database
from services.chassis.tenancy import acting
database = Database({url!r}, "surveys")
def process():
    with acting(uuid.UUID({tenant!r})), database.unit_of_work() as work:
        return work.session.scalar(text("SELECT pg_backend_pid()"))
def relay():
    with database.relay_work() as connection:
        return connection.scalar(text("SELECT pg_backend_pid()"))
with psycopg.connect({admin!r}, autocommit=True) as admin:
    for work in (process, relay):
        before = work()
        admin.execute("SELECT pg_terminate_backend(%s, 5000)", [before])
        print(work() != before)
"""
    script = script.format(
        url=provisioned.database_url("surveys"), admin=provisioned.admin_url, tenant=str(UUID(int=1))
    )
    out = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=running.ROOT
    )  # fmt: skip
    assert out.stdout.split() == ["True", "True"]

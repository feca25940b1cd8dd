"""The chassis on a real broker and database, with real services as processes."""

import json
import signal
from collections.abc import Iterator
from uuid import UUID

import amqp
import psycopg
import pytest

from deploy.local.process import wait_until
from schemas.events import BY_DATA, envelop
from schemas.events.surveys import QuestionnairePublished, ResponseSubmitted, ScoredItem
from schemas.ids import new_id, now
from tests.support import running
from tests.support.running import Service

pytestmark = pytest.mark.integration
QUEUE = "scoring.responses"


@pytest.fixture(scope="module")
def scoring(provisioned, tmp_path_factory) -> Iterator[Service]:
    """The scoring service, which gives up after the second try."""
    service = running.make(provisioned, tmp_path_factory.mktemp("scoring"), "scoring", delivery_attempts="2")
    with running.started(service):
        yield service


@pytest.fixture(scope="module")
def bus(provisioned) -> Iterator["Bus"]:
    """The broker, as the surveys service and as the operator."""
    bus = Bus(provisioned)
    yield bus
    bus.close()


class Bus:
    """Publishes as surveys does; looks at queues as the operator does."""

    def __init__(self, provisioned):
        self.connections = [connect(provisioned.amqp_url(user)) for user in ("surveys", "operator")]
        self.surveys, self.operator = (c.channel() for c in self.connections)
        self.surveys.confirm_select()

    def close(self):
        for connection in self.connections:
            connection.close()

    def publish(self, body: bytes, key: str = "surveys.response_submitted.v1", **properties) -> None:
        message = amqp.Message(body, content_type="application/json", delivery_mode=2, **properties)
        self.surveys.basic_publish_confirm(message, exchange="surveys.events", routing_key=key)

    def waiting(self, queue: str) -> int:
        return self.operator.queue_declare(queue, passive=True).message_count

    def take(self, queue: str):
        message = self.operator.basic_get(queue)
        if message is not None:
            self.operator.basic_ack(message.delivery_tag)
        return message

    def dead_letter(self):
        assert wait_until(lambda: self.waiting(f"{QUEUE}.dead") > 0, 20)
        return self.take(f"{QUEUE}.dead")


def connect(url: str) -> amqp.Connection:
    import kombu

    connection = kombu.Connection(url)
    connection.connect()
    return connection.connection


def submitted(council, questionnaire_id: UUID, **changes) -> bytes:
    data = {
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
    event = ResponseSubmitted(**data)
    import msgspec

    return msgspec.json.encode(envelop(BY_DATA[ResponseSubmitted].name, "x", council.id, event))


def stored(provisioned, council) -> int:
    with psycopg.connect(provisioned.database_url("scoring"), options="-c search_path=scoring") as connection:
        connection.execute("SELECT set_config('app.tenant', %s, true)", (str(council.id),))
        return connection.execute("SELECT count(*) FROM responses").fetchone()[0]


def test_poison_ends_in_the_dead_letters_with_its_reason_and_the_others_flow_on(scoring, bus, provisioned, council):
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
    scoring, bus, provisioned, council
):
    """A framework that needs a questionnaire version which never comes: the handler fails, again and again."""
    questionnaire_id = new_id()
    import msgspec

    told = QuestionnairePublished(
        questionnaire_id=questionnaire_id,
        slug="x",
        version=1,
        items=(ScoredItem("speak", 0, 10),),
        attributes={},
        release="live",
    )
    bus.publish(
        msgspec.json.encode(envelop(BY_DATA[QuestionnairePublished].name, "x", council.id, told)),
        "surveys.questionnaire_published.v1",
    )
    with psycopg.connect(provisioned.database_url("scoring"), options="-c search_path=scoring") as connection:
        connection.execute("SELECT set_config('app.tenant', %s, true)", (str(council.id),))
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


def test_a_redelivered_event_is_counted_once(scoring, bus, provisioned, council):
    body = submitted(council, new_id())
    for _ in range(3):
        bus.publish(body)
    last = submitted(council, new_id())
    bus.publish(last)
    assert wait_until(lambda: stored(provisioned, council) == 2, 20)
    assert bus.waiting(f"{QUEUE}.dead") == 0


def test_a_service_waits_for_servers_that_are_not_there_and_stops_when_told(provisioned, tmp_path):
    service = running.make(provisioned, tmp_path, "surveys", database_url="postgresql://x:y@127.0.0.1:1/civic")
    service.running.start()
    assert wait_until(lambda: "waiting for the database" in service.running.log.read_text(), 20)
    process = service.running.popen
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) == 0


def test_a_stop_drains_and_leaves_with_nothing_half_done(provisioned, bus, council, tmp_path):
    service = running.make(provisioned, tmp_path, "scoring")
    questionnaire_id = new_id()
    with running.started(service):
        for _ in range(300):
            bus.publish(submitted(council, questionnaire_id))
        process = service.running.popen
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    with running.started(running.make(provisioned, tmp_path, "scoring")):
        assert wait_until(lambda: stored(provisioned, council) == 300, 20)


@pytest.mark.parametrize(
    ("user", "queue"),
    [("directory", "scoring.responses"), ("surveys", "rpc-scoring"), ("gateway", "rpc-surveys")],
)
def test_a_broker_user_cannot_read_what_is_not_its_own(provisioned, user, queue):
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
def test_a_broker_user_cannot_write_what_is_not_its_own(provisioned, user, exchange, key):
    connection = connect(provisioned.amqp_url(user))
    channel = connection.channel()
    channel.confirm_select()
    with pytest.raises(amqp.AccessRefused):
        channel.basic_publish_confirm(amqp.Message(b"{}"), exchange=exchange, routing_key=key)
    connection.close()


def test_a_service_cannot_listen_to_anothers_calls(provisioned):
    connection = connect(provisioned.amqp_url("directory"))
    channel = connection.channel()
    channel.queue_declare("directory.spy", exclusive=True)
    with pytest.raises(amqp.AccessRefused):
        channel.queue_bind("directory.spy", "nameko-rpc", "surveys.*")
    connection.close()


def test_green_threads_do_not_wait_for_each_others_queries(provisioned):
    """psycopg must wait the eventlet way: twenty sleeps of 0.2 s take about as long as one."""
    import subprocess
    import sys

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

"""Private servers: they start, come back after kill -9 with what they held, and leave nothing behind."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kombu
import psutil
import psycopg
import pytest

from deploy.local.plan import Layout
from deploy.local.postgres import PostgresServer
from deploy.local.process import Identity, alive, descendants, identify, wait_until
from deploy.local.rabbitmq import RabbitMQServer
from deploy.local.secrets import Secrets
from schemas.topology import QUEUES, USERS, VHOST, events_exchange

pytestmark = pytest.mark.integration


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="civic-servers-", dir="/tmp"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


def family(pid: int | None) -> list[Identity]:
    assert pid is not None
    head = identify(pid)
    assert head is not None
    return [head, *descendants(head)]


def owners(processes: list[Identity]) -> set[int]:
    """The accounts they run as; PostgreSQL's helpers come and go, and those that went are left out."""
    found = set()
    for one in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            found.add(psutil.Process(one.pid).uids().real)
    assert found
    return found


def test_postgres_comes_back_and_goes(folder: Path) -> None:
    server = PostgresServer(folder, "secret", die_with_parent=True)
    server.start()
    try:
        url = server.admin_url
        with psycopg.connect(url) as connection:
            assert connection.execute("SHOW fsync").fetchone() == ("on",)
            connection.execute("CREATE TABLE kept (n int)")
        before = family(server.pid)
        assert 0 not in owners(before)
        server.kill()
        server.restart()
        assert server.admin_url == url
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
        last = family(server.pid)
    finally:
        server.stop()
    assert wait_until(lambda: not any(map(alive, [*before, *last])), 5)
    assert not server.is_ready()


def test_postgres_lets_nobody_in_without_the_password(folder: Path) -> None:
    refused = pytest.raises(psycopg.OperationalError, match="password authentication failed")
    with PostgresServer(folder, "secret", durable=False, die_with_parent=True) as server, refused:
        psycopg.connect(server.admin_url.replace("secret", "other"))


@pytest.mark.slow
def test_rabbitmq_comes_back_and_goes(folder: Path) -> None:
    passwords = Secrets.generate().rabbitmq
    server = RabbitMQServer(folder, passwords, die_with_parent=True)
    server.start()
    try:
        urls = {user: server.url(user) for user in USERS}
        for url in urls.values():
            with kombu.Connection(url) as connection:
                connection.connect()
        before = family(server.pid)
        assert 0 not in owners(before)
        assert {at for one in before for at in _listening(one)} == {"127.0.0.1"}
        with kombu.Connection(urls["surveys"], transport_options={"confirm_publish": True}) as connection:
            exchange = kombu.Exchange(events_exchange("surveys"), "topic", no_declare=True)
            producer = connection.Producer(exchange=exchange, auto_declare=False)
            producer.publish(b"kept", routing_key="surveys.response_submitted.v1", delivery_mode=2, mandatory=True)
        server.kill()
        server.restart()
        assert server.url("surveys") == urls["surveys"]
        with kombu.Connection(urls["operator"]) as connection:
            channel: Any = connection.connection.channel()
            channel.auto_decode = False
            assert {channel.queue_declare(queue.name, passive=True).queue for queue in QUEUES}
            # a queue that is still choosing its leader counts as empty for a moment
            found: list[Any] = []

            def comes() -> bool:
                found.append(channel.basic_get("scoring.responses"))
                return found[-1] is not None

            assert wait_until(comes, 30)
        assert found[-1].body == b"kept"
        last = family(server.pid)
    finally:
        server.stop()
    assert wait_until(lambda: not any(map(alive, [*before, *last])), 10)
    assert not [
        p for p in psutil.process_iter(["cmdline", "status"]) if str(folder) in " ".join(p.info["cmdline"] or ())
    ]
    assert not server.is_ready()


def _listening(one: Identity) -> list[str]:
    return [at.laddr.ip for at in psutil.Process(one.pid).net_connections("tcp") if at.status == psutil.CONN_LISTEN]


def test_users_of_the_broker_have_their_own_rooms_only(rabbitmq_server: RabbitMQServer) -> None:
    with (
        kombu.Connection(rabbitmq_server.url("surveys")) as connection,
        pytest.raises(connection.connection_errors + connection.channel_errors, match="ACCESS_REFUSED"),
    ):
        connection.channel().basic_get("scoring.responses")
    with (
        kombu.Connection(rabbitmq_server.url("surveys").replace(f"/{VHOST}", "//")) as connection,
        pytest.raises(connection.connection_errors + connection.channel_errors),
    ):
        connection.connect()


def test_layout_is_in_one_folder(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "here")
    layout.make()
    assert {path.name for path in layout.folder.iterdir()} == {"run", "logs"}

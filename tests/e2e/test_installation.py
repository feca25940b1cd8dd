"""`civic up` and `civic down`: everything starts, comes back when killed, keeps its data, and goes without a trace."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from deploy.local import system
from deploy.local.plan import Layout, State, marked_processes
from deploy.local.ports import answers
from deploy.local.process import kill, wait_until
from deploy.operate.tenants import Tenants
from schemas.topology import SERVICES

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
EVERYTHING = {"postgres", "epmd", "rabbitmq", *SERVICES, "gateway"}
# Servers of our own, whatever those who run the tests have at hand
ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "AMQP_URL")}


@pytest.fixture
def layout(monkeypatch: pytest.MonkeyPatch) -> Iterator[Layout]:
    monkeypatch.setattr("deploy.local.servers.compose_answers", lambda: False)
    folder = Path(tempfile.mkdtemp(prefix="civic-installation-", dir="/tmp"))
    folder.chmod(0o711)
    made = Layout(folder / ".local")
    yield made
    system.clean(made, lambda _: None)
    assert not marked_processes(made)
    assert not made.folder.exists()
    shutil.rmtree(folder)


def up(layout: Layout) -> system.System:
    return system.up(layout, ENVIRONMENT, lambda _: None, tied=True)


def test_an_installation_from_up_to_down(layout: Layout) -> None:
    running = up(layout)
    before = State.read(layout)
    assert set(before.processes) == EVERYTHING
    answer = httpx.post(
        f"{running.gateway_url}/graphql", json={"query": "{ __typename }"}, headers={"X-Civic-Tenant": "nowhere"}
    )
    assert answer.headers["content-type"].startswith("application/")
    tenants = Tenants(running.provisioned.owner_url("platform"))
    tenants.create("kept", "Kept", "E06000031")

    # up again finds everything as it should be
    again = up(layout)
    assert again == running
    assert {n: p.identity for n, p in State.read(layout).processes.items()} == {
        n: p.identity for n, p in before.processes.items()
    }

    # whatever is killed comes back, and all are healthy again
    for process in before.processes.values():
        kill(process.identity)

    def is_back() -> bool:
        now = State.read(layout).processes
        return set(now) == EVERYTHING and all(
            now[name].is_alive and now[name].identity != before.processes[name].identity for name in EVERYTHING
        )

    assert wait_until(is_back, 60, pause=0.2)
    for name in (*SERVICES, "gateway"):
        assert wait_until(lambda name=name: answers(running.health_url(name), 3), 60, pause=0.2), name  # type: ignore[misc]

    # down leaves no process, up again keeps the data
    assert system.down(layout, lambda _: None)
    assert not marked_processes(layout)
    assert up(layout).provisioned == running.provisioned
    assert [row["slug"] for row in tenants.all()] == ["kept"]

"""Parts of the system are killed or restarted in the middle of 2,000 submissions; nothing is lost or counted twice."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from deploy.local.process import wait_until
from tests.conftest import Broker, Postgres
from tests.support.rush import Rush
from tests.support.system import StartedSystem

pytestmark = [pytest.mark.chaos, pytest.mark.e2e, pytest.mark.slow]
SUBMISSIONS = 2_000


def rush_while(system: StartedSystem, trouble: Callable[[], None], times: int) -> None:
    """Submit, make trouble `times` times along the way, and check every sum at the end."""
    rush = Rush(system, system.council())
    rush.prepare()
    with ThreadPoolExecutor(1) as thread:
        # the submitting is what moves to a thread: a process that dies with its parent dies with the parent's thread
        submitting = thread.submit(asyncio.run, rush.submit(SUBMISSIONS))
        for number in range(1, times + 1):
            due = SUBMISSIONS * number // (times + 2)
            assert wait_until(partial(_come_to, rush, due), 120)
            assert not submitting.done()
            trouble()
        submitting.result()
    rush.check(SUBMISSIONS)


def _come_to(rush: Rush, due: int) -> bool:
    return len(rush.accepted) >= due


@pytest.mark.parametrize("name", ["surveys", "scoring", "notifications", "directory", "case_studies", "gateway"])
def test_a_process_is_killed_in_mid_stream(system: StartedSystem, name: str) -> None:
    service = system.gateway if name == "gateway" else system.services[name]

    def kill_and_start() -> None:
        service.running.kill()
        service.running.start()
        service.wait()

    rush_while(system, kill_and_start, times=2)


def all_recover(system: StartedSystem) -> None:
    """Every process is healthy again, and none had to be started anew."""
    for service in (*system.services.values(), system.gateway):
        service.wait()
        assert service.running.is_running()


def test_the_broker_is_restarted_in_mid_stream(system: StartedSystem, rabbitmq_server: Broker) -> None:
    rush_while(system, rabbitmq_server.restart, times=1)
    all_recover(system)


def test_the_database_is_restarted_in_mid_stream(system: StartedSystem, postgres_server: Postgres) -> None:
    rush_while(system, postgres_server.restart, times=1)
    all_recover(system)

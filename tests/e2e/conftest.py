"""One started system for all the tests that drive the whole. Each test makes councils of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from deploy.provision.run import Provisioned
from tests.support.house import House
from tests.support.housing import furnished
from tests.support.system import Council, StartedSystem, started_system


# of the package, not of the session: the integration tests after these kill services, and none must answer for them
@pytest.fixture(scope="package")
def system(
    provisioned: Provisioned, issuer_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StartedSystem]:
    """Five services and the gateway; whoever kills a part of it starts that part again."""
    with started_system(provisioned, issuer_folder, tmp_path_factory.mktemp("system")) as system:
        yield system


@pytest.fixture
def council(system: StartedSystem) -> Council:
    """A council of its own for each test."""
    return system.council()


@pytest.fixture
def other_council(system: StartedSystem) -> Council:
    """A second council, which must never see the first."""
    return system.council()


@pytest.fixture
def make_council(system: StartedSystem) -> Callable[[], Council]:
    """Makes as many councils as a test needs."""
    return system.council


@pytest.fixture(scope="package")
def houses(system: StartedSystem) -> Iterator[tuple[House, House]]:
    """Two furnished councils, A and B, for the tests that A's things stay A's."""
    with httpx.Client(timeout=30) as http:
        yield furnished(system, http)

"""A system of its own for the tests that kill parts of it, so that nobody else's tests meet the ruins."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.provision.run import Provisioned
from tests.support.system import StartedSystem, started_system


@pytest.fixture(scope="module")
def system(
    provisioned: Provisioned, issuer_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StartedSystem]:
    """Five services and the gateway."""
    with started_system(provisioned, issuer_folder, tmp_path_factory.mktemp("chaos")) as started:
        yield started

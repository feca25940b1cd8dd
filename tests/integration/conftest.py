"""Councils and databases for the tests that call a service's operations in this process."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg
import pytest

from deploy.provision.run import Provisioned
from schemas.ids import new_id
from schemas.roles import Actor, Role
from schemas.rpc.base import ById
from schemas.rpc.surveys import CreateQuestionnaire, Questionnaire
from tests.support.questionnaires import definition

if TYPE_CHECKING:
    from services.chassis.database import Database

os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_selector")

WARDS = ("E05002169", "E05002170", "E05002171")


@dataclass(frozen=True)
class TestCouncil:
    """A council that exists for one test."""

    __test__ = False
    id: UUID
    slug: str


@pytest.fixture
def make_council(provisioned: Provisioned) -> Callable[[], TestCouncil]:
    """Make a new council with three wards."""

    def make() -> TestCouncil:
        council = TestCouncil(new_id(), f"test-{new_id().hex}")
        with psycopg.connect(provisioned.owner_url("platform"), options="-c search_path=platform") as connection:
            connection.execute(
                "INSERT INTO tenants (id, slug, name, area_code) VALUES (%s, %s, 'Testshire', 'E06000031')",
                (council.id, council.slug),
            )
            for ward in WARDS:
                connection.execute(
                    "INSERT INTO areas (tenant_id, code, name, level) VALUES (%s, %s, %s, 'ward')",
                    (council.id, ward, f"Ward {ward}"),
                )
        return council

    return make


@pytest.fixture
def council(make_council: Callable[[], TestCouncil]) -> TestCouncil:
    """A council of its own for each test."""
    return make_council()


@pytest.fixture
def other_council(make_council: Callable[[], TestCouncil]) -> TestCouncil:
    """A second council, which must never see the first."""
    return make_council()


@pytest.fixture
def resident() -> Actor:
    """A signed-in resident."""
    return Actor(new_id(), (Role.RESIDENT,))


@pytest.fixture
def officer() -> Actor:
    """A council officer."""
    return Actor(new_id(), (Role.OFFICER,))


@pytest.fixture(scope="session")
def open_database(provisioned: Provisioned) -> Iterator[Callable[[str], "Database"]]:
    """Open a service's database as the service itself does; closed when the run ends."""
    from services.chassis.database import Database

    opened: dict[str, Database] = {}

    def open_one(service: str) -> Database:
        if service not in opened:
            opened[service] = Database(provisioned.database_url(service), service, pool_size=5)
        return opened[service]

    yield open_one
    for database in opened.values():
        database.close()


@pytest.fixture
def surveys(open_database: "Callable[[str], Database]") -> Any:
    """The operations, bound to the surveys database."""
    from services.surveys import operations

    class Bound:
        def __getattr__(self, name: str) -> Any:
            return partial(getattr(operations, name), open_database("surveys"))

    return Bound()


@pytest.fixture
def published(surveys: Any, council: TestCouncil, officer: Actor) -> Questionnaire:
    """A published questionnaire of the council."""
    from services.chassis.tenancy import acting

    with acting(council.id, officer):
        draft = surveys.create_questionnaire(CreateQuestionnaire("taking-part", definition()))
        now_open: Questionnaire = surveys.publish_questionnaire(ById(draft.id))
    return now_open

"""The demonstration councils, as `civic up` makes them."""

import time
from uuid import UUID

import psycopg
import pytest

from deploy.demo import ensure
from deploy.demo.answers import COUNT, rows
from deploy.demo.places import PLACES, Place
from deploy.demo.questionnaire import NOTICE
from deploy.local.process import wait_until
from deploy.local.system import System
from deploy.operate.calls import ANYBODY, Calls
from deploy.operate.tenants import Tenants
from schemas.rpc import case_studies, directory, scoring, surveys
from schemas.rpc.base import PageRequest
from tests.support.system import StartedSystem

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def demo(system: StartedSystem) -> System:
    """The councils, made once."""
    installed = System(system.provisioned, {}, {})
    ensure(installed, echo=lambda _: None)
    return installed


def test_wards_and_answers_are_in_both_councils_and_labelled(demo: System, system: StartedSystem) -> None:
    tenants = Tenants(system.provisioned.owner_url("platform"))
    assert [(tenants.get(p.slug)["area_code"], tenants.get(p.slug)["areas"]) for p in PLACES] == [
        ("E06000031", 24),
        ("E07000114", 23),
    ]
    with system.calls() as calls:
        for place in PLACES:
            tenant = tenants.get(place.slug)["id"]
            form = calls.call(surveys.list_questionnaires, surveys.ListQuestionnaires(), tenant, ANYBODY).items[0]
            assert "demonstration" in form.definition.title
            assert NOTICE in (form.definition.intro or "")
            assert all(item.text.isascii() for s in form.definition.sections for item in s.items)
            framework = calls.call(scoring.list_frameworks, PageRequest(), tenant, ANYBODY).items[0]
            assert wait_until(lambda: _shown(calls, tenant, framework) == len(place.wards()) + 1, 30), (  # noqa: B023
                "every ward's index can be shown"
            )
            entries = calls.call(directory.search, directory.SearchDirectory(), tenant, ANYBODY).items
            assert len(entries) == 5
            assert all(entry.name.startswith("Demonstration: ") for entry in entries)
            (story,) = calls.call(case_studies.list_case_studies, case_studies.ListCaseStudies(), tenant, ANYBODY).items
            assert story.title.startswith("Demonstration: ")
            assert story.narrative.startswith("Demonstration: ")


def _shown(calls: Calls, tenant: UUID, framework: scoring.Framework) -> int:
    request = scoring.FiguresRequest(framework.id, measures=("index",))
    figures = calls.call(scoring.figures, request, tenant, ANYBODY).items
    return sum(not figure.suppressed for figure in figures)


def test_a_second_time_changes_nothing_and_is_fast(demo: System, system: StartedSystem) -> None:
    before = _contents(system)
    started = time.monotonic()
    said: list[str] = []
    ensure(demo, echo=said.append)
    assert time.monotonic() - started < 10
    assert _contents(system) == before
    assert said == []
    assert before["surveys.responses"] == 2 * COUNT


def _contents(system: StartedSystem) -> dict[str, int]:
    counts = {}
    with psycopg.connect(system.provisioned.admin_url) as connection:
        for table in (
            "surveys.questionnaires", "surveys.responses", "surveys.versions", "scoring.frameworks",
            "directory.entries", "case_studies.stories", "platform.areas",
        ):  # fmt: skip
            row = connection.execute(
                f"SELECT count(*) FROM {table} WHERE tenant_id IN "
                "(SELECT id FROM platform.tenants WHERE slug IN ('peterborough', 'thanet'))"
            ).fetchone()
            assert row is not None
            counts[table] = row[0]
    return counts


def test_a_real_council_of_the_same_name_is_left_alone(system: StartedSystem) -> None:
    mine = system.council()
    place = Place(mine.slug, "Ours", "E06000031")
    said: list[str] = []
    ensure(System(system.provisioned, {}, {}), said.append, [place])
    assert said == [f"'{mine.slug}' is no demonstration: left as it is"]
    with system.calls() as calls:
        assert calls.call(surveys.list_questionnaires, surveys.ListQuestionnaires(), mine.id, ANYBODY).items == ()


def test_answers_are_the_same_every_time_and_enough_in_each_ward() -> None:
    for place in PLACES:
        wards = [ward.code for ward in place.wards()]
        first, second = list(rows(place.slug, wards)), list(rows(place.slug, wards))
        assert first == second
        assert min(sum(row.area == ward for row in first) for ward in wards) >= 12

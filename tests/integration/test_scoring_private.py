"""Figures with noise through the service: the switch, the ledger that is never overspent, and no exact ones beside."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import psycopg
import pytest
from msgspec.structs import replace

from deploy.provision.run import Provisioned
from schemas.errors import CivicError, Conflict, Invalid, NotFound
from schemas.ids import new_id
from schemas.roles import Actor
from schemas.rpc.base import ById
from schemas.rpc.scoring import (
    CreateFramework,
    Framework,
    ListPrivateReleases,
    PrivacyBudget,
    PrivacyBudgetRequest,
    PrivateRelease,
    ReleasePrivateFigures,
    SetPrivacyBudget,
    SetPrivateFigures,
)
from services.chassis.database import Database
from services.chassis.tenancy import acting
from services.scoring.operations.releasing import release_version
from tests.integration.conftest import TestCouncil
from tests.support.catalog import as_admin
from tests.support.house import until
from tests.support.questionnaires import framework
from tests.support.rows import connected
from tests.support.scoring import WARD, Scoring

pytestmark = pytest.mark.integration
WARDS = (WARD, "E05002170", "E05002171")


@pytest.fixture
def scoring(open_database: Callable[[str], Database], council: TestCouncil, officer: Actor) -> Scoring:
    scoring = Scoring(open_database("scoring"), council.id, officer)
    scoring.take(scoring.published())
    return scoring


def answers(scoring: Scoring, people: int = 30) -> None:
    groups = ({"gender": "female"}, {"gender": "male"})
    scoring.take(
        *(
            scoring.submitted({"speak": 8.0, "alone": 2.0, "vote": 1.0}, person=new_id(), groups=groups[i % 2])
            for i in range(people)
        )
    )


def private(scoring: Scoring, budget: float = 1.0) -> UUID:
    found = scoring.live_framework()
    scoring.call("set_privacy_budget", SetPrivacyBudget(found, budget))
    scoring.call("set_private_figures", SetPrivateFigures(found, True))
    return found


def spend(scoring: Scoring, of: UUID, epsilon: float, **more: Any) -> PrivateRelease:
    found: PrivateRelease = scoring.call("release_private_figures", ReleasePrivateFigures(of, epsilon, **more))
    return found


def budget(scoring: Scoring, of: UUID) -> PrivacyBudget:
    found: PrivacyBudget = scoring.call("privacy_budget", PrivacyBudgetRequest(of))
    return found


def test_a_release_is_paid_for_and_stays_as_it_was_drawn(scoring: Scoring) -> None:
    of = private(scoring)
    answers(scoring)
    drawn = spend(scoring, of, 0.4, level="ward", attribute="gender", measures=("index",))
    assert (drawn.number, drawn.epsilon, drawn.spent, drawn.mechanism) == (1, 0.4, 0.4, "discrete_laplace")
    assert (drawn.level, drawn.attribute, drawn.measures) == ("ward", "gender", ("index",))
    # every ward of the council and every group that is offered, answered or not
    wards = [(area, gender, "index") for area in WARDS for gender in ("female", "male")]
    assert [(f.area, f.category, f.measure) for f in drawn.figures] == wards
    later = spend(scoring, of, 0.6)
    assert (later.number, later.spent, {(f.area, f.category) for f in later.figures}) == (2, 1.0, {(None, None)})
    listed = scoring.call("private_releases", ListPrivateReleases(of, 10))
    assert (listed.items, listed.has_next) == ((later, drawn), False)
    assert scoring.call("private_releases", ListPrivateReleases(of, 10, before=2)).items == (drawn,)
    assert scoring.call("private_releases", ListPrivateReleases(of)).has_next is True
    assert budget(scoring, of) == PrivacyBudget(of, True, 1.0, 1.0, 0.0)


def test_the_exact_sums_are_what_noise_is_added_to(scoring: Scoring) -> None:
    of = private(scoring, 100)
    answers(scoring)
    drawn = spend(scoring, of, 10, level="ward", measures=("index",))
    # at this epsilon, noise of a count is beyond 10 less than once in 10²⁰ draws
    assert [abs(f.n - exact) <= 10 for f, exact in zip(drawn.figures, (30, 0, 0), strict=True)] == [True] * 3
    [everybody] = spend(scoring, of, 10, measures=("index",)).figures
    assert abs(everybody.n - 30) <= 10


def test_what_would_overspend_is_refused_and_nothing_is_written(scoring: Scoring) -> None:
    of = private(scoring, 1.0)
    spend(scoring, of, 0.7)
    with pytest.raises(Conflict, match=r"this would spend more than is left: 0\.3\. An admin sets the budget"):
        spend(scoring, of, 0.301)
    assert (budget(scoring, of).spent, budget(scoring, of).left) == (0.7, 0.3)
    with pytest.raises(Conflict, match=r"0\.7 is spent already"):
        scoring.call("set_privacy_budget", SetPrivacyBudget(of, 0.6))
    scoring.call("set_privacy_budget", SetPrivacyBudget(of, 1.1))
    assert spend(scoring, of, 0.4).spent == 1.1


def test_many_at_once_spend_no_more_than_there_is(scoring: Scoring) -> None:
    of = private(scoring, 1.0)

    def one(_: int) -> str:
        try:
            return str(spend(scoring, of, 0.3).number)
        except CivicError as refused:
            return type(refused).__name__

    with ThreadPoolExecutor(8) as at_once:
        found = sorted(at_once.map(one, range(8)))
    assert found == ["1", "2", "3", *["Conflict"] * 5]
    assert budget(scoring, of).spent == 0.9


def test_the_database_refuses_to_overspend_and_to_change_the_ledger(
    scoring: Scoring, provisioned: Provisioned, council: TestCouncil
) -> None:
    of = private(scoring, 1.0)
    spend(scoring, of, 0.5)
    again = (
        "INSERT INTO private_releases SELECT tenant_id, framework_id, number + 1, version, wave, level, attribute, "
        "measures, 600, spent + 600, budget, mechanism, figures, released_at FROM private_releases"
    )
    for statement, error in (
        (again, psycopg.errors.CheckViolation),
        ("UPDATE private_releases SET epsilon = 1", psycopg.errors.InsufficientPrivilege),
        ("DELETE FROM private_releases", psycopg.errors.InsufficientPrivilege),
        ("INSERT INTO private_releases SELECT * FROM private_releases", psycopg.errors.UniqueViolation),
    ):
        with connected(provisioned, "scoring", council.id) as connection, pytest.raises(error):
            connection.execute(statement)
    with connected(provisioned, "scoring", new_id()) as connection:
        assert connection.execute("SELECT count(*) FROM private_releases").fetchall() == [(0,)]


def test_ordinary_figures_of_the_questionnaire_stop_by_whatever_framework(scoring: Scoring) -> None:
    of = private(scoring)
    beside = scoring.live_framework("beside")
    answers(scoring)
    scoring.release(of)
    scoring.release(beside)
    assert (scoring.figures(of), scoring.figures(beside)) == ({}, {})
    spend(scoring, of, 0.1)
    with pytest.raises(Conflict, match="would undo what the noise protects"):
        scoring.call("set_private_figures", SetPrivateFigures(of, False))


def test_the_switch_goes_back_while_nothing_is_spent_and_ordinary_figures_shut_it(scoring: Scoring) -> None:
    of = private(scoring)
    scoring.call("set_private_figures", SetPrivateFigures(of, False))
    with pytest.raises(Conflict, match="not switched on"):
        spend(scoring, of, 0.1)
    answers(scoring)
    scoring.release(of)
    assert scoring.figures(of)[WARD, None, "index"] is not None
    with pytest.raises(Conflict, match="ordinary figures already"):
        scoring.call("set_private_figures", SetPrivateFigures(of, True))
    # nor by a framework of its own
    with pytest.raises(Conflict, match="ordinary figures already"):
        private(Beside(scoring))


def test_a_switch_waits_for_a_release_that_is_under_way(scoring: Scoring, provisioned: Provisioned) -> None:
    of = scoring.live_framework()
    answers(scoring)
    with (
        ThreadPoolExecutor(1) as beside,
        acting(scoring.council),
        scoring.database.unit_of_work() as work,
    ):
        release_version(work, of, 1)
        switched = beside.submit(scoring.call, "set_private_figures", SetPrivateFigures(of, True))
        with as_admin(provisioned) as connection:
            waiting = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            assert until(lambda: connection.execute(waiting).fetchall())
        assert not switched.done()
    assert isinstance(switched.exception(30), Conflict)
    assert budget(scoring, of).on is False
    assert scoring.figures(of)[WARD, None, "index"] is not None


class Beside(Scoring):
    """The same questionnaire, with another framework."""

    def __init__(self, other: Scoring) -> None:
        super().__init__(other.database, other.council, other.officer)
        self.questionnaire_id = other.questionnaire_id

    def live_framework(self, slug: str = "beside") -> UUID:
        return super().live_framework(slug)


def test_it_is_off_and_without_a_budget_until_somebody_says_otherwise(scoring: Scoring) -> None:
    of = scoring.live_framework()
    assert budget(scoring, of) == PrivacyBudget(of, False, 0.0, 0.0, 0.0)
    scoring.call("set_private_figures", SetPrivateFigures(of, True))
    with pytest.raises(Conflict, match="more than is left: 0"):
        spend(scoring, of, 0.001)


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ({"attribute": "shoes"}, "attribute"),
        ({"level": "county"}, "level"),
        ({"measures": ("shoes",)}, "measures"),
        ({"epsilon": 0.0015}, "epsilon"),
    ],
)
def test_what_is_not_there_is_named(scoring: Scoring, asked: dict[str, Any], path: str) -> None:
    of = private(scoring)
    with pytest.raises(Invalid) as refused:
        spend(scoring, of, **({"epsilon": 0.1} | asked))
    assert [p.path for p in refused.value.problems] == [(path,)]
    assert budget(scoring, of).spent == 0


def test_of_no_framework_there_is_nothing(scoring: Scoring) -> None:
    for name, request in (
        ("privacy_budget", PrivacyBudgetRequest(new_id())),
        ("set_privacy_budget", SetPrivacyBudget(new_id(), 1)),
        ("set_private_figures", SetPrivateFigures(new_id(), True)),
        ("release_private_figures", ReleasePrivateFigures(new_id(), 1)),
        ("private_releases", ListPrivateReleases(new_id())),
    ):
        with pytest.raises(NotFound, match="there is no such framework"):
            scoring.call(name, request)


def test_scores_that_compare_people_get_no_noise(scoring: Scoring) -> None:
    answers(scoring)
    whole = framework(scoring.questionnaire_id)
    [indicator, *others] = whole.domains[0].indicators
    compared = replace(whole.domains[0], indicators=(replace(indicator, normalisation="rank"), *others))
    definition = replace(whole, domains=(compared, *whole.domains[1:]))
    made: Framework = scoring.call("create_framework", CreateFramework("compared", definition))
    scoring.call("set_privacy_budget", SetPrivacyBudget(made.id, 1))
    scoring.call("set_private_figures", SetPrivateFigures(made.id, True))
    assert scoring.call("activate_framework", ById(made.id)).status == "live"
    assert scoring.figures(made.id) == {}
    with pytest.raises(Conflict, match="compares people with each other"):
        spend(scoring, made.id, 0.1)
    assert budget(scoring, made.id).spent == 0

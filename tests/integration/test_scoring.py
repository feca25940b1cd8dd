"""The scoring service's use cases on a real database, fed with events as surveys tells them."""

from collections.abc import Callable

import psycopg
import pytest

from deploy.provision.run import Provisioned
from schemas.errors import Conflict, Forbidden, Invalid, NotFound
from schemas.events.surveys import QuestionnaireClosed
from schemas.ids import new_id
from schemas.roles import Actor
from schemas.rpc.base import ById, ByIds, PageRequest
from schemas.rpc.scoring import CreateFramework, FiguresRequest, MyScores, ReviseFramework
from services.chassis.database import Database
from tests.integration.conftest import TestCouncil
from tests.support.questionnaires import framework
from tests.support.rows import connected, told
from tests.support.scoring import WARD, Scoring

pytestmark = pytest.mark.integration
OTHER_WARD = "E05002170"


@pytest.fixture
def scoring(open_database: Callable[[str], Database], council: TestCouncil, officer: Actor) -> Scoring:
    return Scoring(open_database("scoring"), council.id, officer)


def test_a_persons_scores_are_theirs_at_once(
    scoring: Scoring, provisioned: Provisioned, council: TestCouncil, resident: Actor
) -> None:
    scoring.take(scoring.published())
    framework_id = scoring.live_framework()
    response = scoring.submitted({"speak": 7, "vote": 1, "alone": 2}, person=resident.person)
    scoring.take(response)
    [mine] = scoring.call("my_scores", MyScores(framework_id), resident).items
    assert {s.measure: s.score for s in mine.scores} == {
        "voice": 85.0,
        "ties": 75.0,
        "index": pytest.approx((2 * 85 + 75) / 3, abs=1e-12),
    }
    assert mine.response_id == response.response_id
    kinds = [kind for kind, _ in told(provisioned, "scoring", council.id)]
    # one person is no full step, so nothing is to be released
    assert kinds == ["scoring.scores_updated.v1"]
    assert told(provisioned, "scoring", council.id)[0][1] == {
        "person": str(resident.person),
        "response_id": str(response.response_id),
        "framework_id": str(framework_id),
        "framework_version": 1,
    }
    assert scoring.call("my_scores", MyScores(), Actor(new_id(), resident.roles)).items == ()
    with pytest.raises(Forbidden):
        scoring.call("my_scores", MyScores(), Actor(None, resident.roles))


def test_figures_need_ten_people_and_move_in_steps(scoring: Scoring) -> None:
    scoring.take(scoring.published())
    framework_id = scoring.live_framework()
    scoring.take(*(scoring.submitted({"speak": 5}) for _ in range(9)))
    scoring.release(framework_id)
    assert scoring.figures(framework_id, measures=("voice",)) == {
        (None, None, "voice"): None,
        (WARD, None, "voice"): None,
    }
    scoring.take(scoring.submitted({"speak": 10}))
    scoring.release(framework_id)
    # nine were recorded as hidden, so that the next step is full at fourteen
    assert scoring.figures(framework_id, measures=("voice",))[WARD, None, "voice"] is None
    scoring.take(*(scoring.submitted({"speak": 10}) for _ in range(4)))
    scoring.release(framework_id)
    expected = (9 * 50 + 5 * 100) / 14
    assert scoring.figures(framework_id, measures=("voice",)) == {
        (None, None, "voice"): (14, pytest.approx(expected, abs=1e-9)),
        (WARD, None, "voice"): (14, pytest.approx(expected, abs=1e-9)),
    }
    scoring.take(scoring.submitted({"speak": 0}))
    scoring.release(framework_id)
    assert scoring.figures(framework_id, measures=("voice",))[WARD, None, "voice"][0] == 14


def cells(provisioned: Provisioned, council: TestCouncil) -> dict[tuple[str, ...], tuple[int, int]]:
    with connected(provisioned, "scoring", council.id) as connection:
        rows = connection.execute("SELECT measure, area, attribute, category, n, total FROM cells WHERE n <> 0")
        return {tuple(r[:4]): (r[4], int(r[5])) for r in rows}


def test_corrections_and_withdrawals_in_any_order_and_twice_leave_exact_sums(
    scoring: Scoring, provisioned: Provisioned, council: TestCouncil
) -> None:
    scoring.take(scoring.published())
    scoring.live_framework()
    kept, corrected, withdrawn = new_id(), new_id(), new_id()
    events = [
        scoring.event(d)
        for d in (
            scoring.submitted({"speak": 3}, kept),
            scoring.submitted({"speak": 4}, corrected, version=2, area=OTHER_WARD, groups={"gender": "male"}),
            scoring.withdrawn(withdrawn),
            scoring.submitted({"speak": 9}, corrected, version=1),
            scoring.submitted({"speak": 8}, withdrawn, version=1),
        )
    ]
    for event in events:  # one by one, and then all of it again at once
        scoring.take_events([event])
    scoring.take_events(events)
    unit = 10**12
    expected: dict[tuple[str, ...], tuple[int, int]] = {}
    for measure in ("voice", "index"):
        expected[measure, WARD, "", ""] = (1, 30 * unit)
        expected[measure, OTHER_WARD, "", ""] = (1, 40 * unit)
        expected[measure, OTHER_WARD, "gender", "male"] = (1, 40 * unit)
    assert cells(provisioned, council) == expected


def test_a_framework_made_live_later_counts_what_is_stored(
    scoring: Scoring, provisioned: Provisioned, council: TestCouncil
) -> None:
    first = scoring.published()
    scoring.take(first, scoring.submitted({"speak": 3}), scoring.submitted({"speak": 5}))
    assert cells(provisioned, council) == {}
    framework_id = scoring.live_framework()
    assert cells(provisioned, council)["voice", WARD, "", ""] == (2, 80 * 10**12)
    with pytest.raises(Conflict, match="version 1 is live"):
        scoring.call("activate_framework", ById(framework_id))
    revised = scoring.call("revise_framework", ReviseFramework(framework_id, framework(scoring.questionnaire_id)))
    assert (revised.version, revised.status) == (2, "draft")
    assert scoring.call("activate_framework", ById(framework_id)).status == "live"


def test_a_survey_that_releases_on_closing_shows_nothing_before_and_everything_then(
    scoring: Scoring, provisioned: Provisioned, council: TestCouncil
) -> None:
    scoring.take(scoring.published("on_close"))
    framework_id = scoring.live_framework()
    scoring.take(*(scoring.submitted({"speak": i % 11}) for i in range(23)))
    assert "scoring.release_requested.v1" not in [kind for kind, _ in told(provisioned, "scoring", council.id)]
    assert scoring.figures(framework_id) == {}
    scoring.take(QuestionnaireClosed(questionnaire_id=scoring.questionnaire_id, version=1))
    [(kind, data)] = told(provisioned, "scoring", council.id)
    assert (kind, data["final"]) == ("scoring.release_requested.v1", True)
    scoring.release(framework_id, final=True)
    n, score = scoring.figures(framework_id)[None, None, "voice"]
    assert n == 23
    assert score == pytest.approx(sum(i % 11 * 10 for i in range(23)) / 23, abs=1e-9)
    assert told(provisioned, "scoring", council.id)[-1][0] == "scoring.figures_released.v1"
    assert told(provisioned, "scoring", council.id)[-1][1]["areas"] == ["", WARD]


def test_after_the_closing_withdrawals_still_move_the_figures_in_steps(scoring: Scoring) -> None:
    scoring.take(scoring.published("on_close"))
    framework_id = scoring.live_framework()
    ids = [new_id() for _ in range(20)]
    scoring.take(*(scoring.submitted({"speak": 5}, one) for one in ids))
    scoring.take(QuestionnaireClosed(questionnaire_id=scoring.questionnaire_id, version=1))
    scoring.release(framework_id, final=True)
    for gone, left in ((4, 20), (5, 15)):
        scoring.take(*(scoring.withdrawn(one) for one in ids[:gone]))
        scoring.release(framework_id)
        assert scoring.figures(framework_id, measures=("voice",))[WARD, None, "voice"][0] == left


def test_pages_without_the_council_are_full_pages(scoring: Scoring) -> None:
    scoring.take(scoring.published())
    framework_id = scoring.live_framework()
    scoring.take(*(scoring.submitted({"speak": 5}, area=a) for a in (WARD, OTHER_WARD) for _ in range(10)))
    scoring.release(framework_id)
    page = scoring.call("figures", FiguresRequest(framework_id, measures=("voice",), council=False, first=1))
    assert [f.area for f in page.items] == [WARD]
    assert page.next is not None


def test_rounds_of_asking_are_apart_and_the_newest_is_shown_unless_another_is_asked_for(scoring: Scoring) -> None:
    scoring.take(scoring.published())
    framework_id = scoring.live_framework()
    for wave, speak, people in (("spring", 4, 12), ("autumn", 9, 10)):
        scoring.take(*(scoring.submitted({"speak": speak}, wave=wave) for _ in range(people)))
        scoring.release(framework_id)
    assert scoring.figures(framework_id, measures=("voice",))[WARD, None, "voice"] == (10, 90.0)
    assert scoring.figures(framework_id, measures=("voice",), wave="autumn")[WARD, None, "voice"] == (10, 90.0)
    assert scoring.figures(framework_id, measures=("voice",), wave="spring")[WARD, None, "voice"] == (12, 40.0)
    assert scoring.figures(framework_id, wave="winter") == {}
    # somebody of an old round makes it no newer
    scoring.take(*(scoring.submitted({"speak": 4}, wave="spring") for _ in range(5)))
    scoring.release(framework_id)
    [figure] = scoring.call("figures", FiguresRequest(framework_id, ("voice",), (WARD,), council=False)).items
    assert (figure.wave, figure.n) == ("autumn", 10)


def test_a_response_keeps_its_wave_its_way_in_and_whether_it_is_vouched(
    scoring: Scoring, provisioned: Provisioned, council: TestCouncil
) -> None:
    scoring.take(scoring.submitted({"speak": 1}, wave="spring"), scoring.submitted({"speak": 2}, vouched=False))
    with connected(provisioned, "scoring", council.id) as connection:
        found = connection.execute("SELECT wave, mode, vouched FROM responses ORDER BY response_id").fetchall()
    assert found == [("spring", "signed_in", True), ("", "open", False)]


def test_figures_are_paged_in_order(scoring: Scoring) -> None:
    scoring.take(scoring.published())
    framework_id = scoring.live_framework()
    scoring.take(*(scoring.submitted({"speak": 5}, area=a) for a in (WARD, OTHER_WARD) for _ in range(10)))
    scoring.release(framework_id)
    whole = scoring.call("figures", FiguresRequest(framework_id)).items
    pages, after = [], None
    while True:
        page = scoring.call("figures", FiguresRequest(framework_id, first=2, after=after))
        pages += page.items
        after = page.next
        if after is None:
            break
    assert pages == list(whole)
    assert [(f.area, f.measure) for f in whole] == [
        (a, m) for a in (None, WARD, OTHER_WARD) for m in ("index", "voice")
    ]
    only = scoring.call("figures", FiguresRequest(framework_id, areas=(WARD,), council=False)).items
    assert {f.area for f in only} == {WARD}
    with pytest.raises(Invalid, match="no such attribute"):
        scoring.call("figures", FiguresRequest(framework_id, attribute="shoe"))
    with pytest.raises(Invalid, match="cursor"):
        scoring.call("figures", FiguresRequest(framework_id, after="nonsense"))


def test_a_framework_must_fit_a_published_questionnaire(scoring: Scoring) -> None:
    with pytest.raises(Invalid, match="not published"):
        scoring.call("create_framework", CreateFramework("capacity", framework(scoring.questionnaire_id)))


def test_another_council_sees_nothing(
    scoring: Scoring,
    open_database: Callable[[str], Database],
    other_council: TestCouncil,
    officer: Actor,
    resident: Actor,
) -> None:
    scoring.take(scoring.published())
    framework_id = scoring.live_framework()
    scoring.take(*(scoring.submitted({"speak": 5}, person=resident.person) for _ in range(10)))
    scoring.release(framework_id)
    there = Scoring(open_database("scoring"), other_council.id, officer)
    assert there.call("my_scores", MyScores(), resident).items == ()
    assert there.call("frameworks", ByIds((framework_id,))).items == ()
    assert there.call("list_frameworks", PageRequest()).items == ()
    for call, request in (
        ("figures", FiguresRequest),
        ("activate_framework", ById),
    ):
        with pytest.raises(NotFound) as of_other:
            there.call(call, request(framework_id))
        with pytest.raises(NotFound) as of_none:
            there.call(call, request(new_id()))
        assert str(of_other.value) == str(of_none.value)
    there.take(there.published())
    with pytest.raises(NotFound):
        there.call("revise_framework", ReviseFramework(framework_id, framework(there.questionnaire_id)))


def test_the_query_of_figures_reads_the_key(scoring: Scoring, provisioned: Provisioned, council: TestCouncil) -> None:
    with psycopg.connect(provisioned.admin_url) as connection:
        connection.execute("SET enable_seqscan = off")
        plan = connection.execute(
            "EXPLAIN SELECT * FROM scoring.figures WHERE tenant_id = %s AND framework_id = %s AND version = 1 "
            "AND wave = '' AND attribute = '' AND area <> '' ORDER BY area, category, measure LIMIT 500",
            (council.id, new_id()),
        ).fetchall()
    assert "Index Scan using figures_pkey" in plan[1][0]
    assert all("Sort" not in line[0] for line in plan)

"""The scoring service's use cases on a real database, fed with events as surveys tells them."""

from uuid import UUID

import psycopg
import pytest

from schemas.errors import Conflict, Forbidden, Invalid, NotFound
from schemas.events import BY_DATA, Envelope, EventData, envelop
from schemas.events.scoring import ReleaseRequested
from schemas.events.surveys import (
    QuestionnaireClosed,
    QuestionnairePublished,
    ResponseSubmitted,
    ResponseWithdrawn,
    ScoredItem,
)
from schemas.ids import new_id, now
from schemas.roles import Actor
from schemas.rpc.base import ById, ByIds, PageRequest
from schemas.rpc.scoring import CreateFramework, FiguresRequest, MyScores, ReviseFramework
from services.chassis.tenancy import acting
from tests.support.questionnaires import framework

pytestmark = pytest.mark.integration
WARD, OTHER_WARD = "E05002169", "E05002170"


class Scoring:
    """Operations and events of one council."""

    def __init__(self, database, council, officer):
        from services.scoring import operations

        self.operations, self.database, self.council, self.officer = operations, database, council, officer
        self.questionnaire_id = new_id()

    def call(self, name, request, actor=None):
        with acting(self.council.id, actor or self.officer):
            return getattr(self.operations, name)(self.database, request)

    def event(self, data: EventData) -> Envelope:
        return envelop(BY_DATA[type(data)].name, "x", self.council.id, data)

    def take(self, *data: EventData) -> list[Envelope]:
        events = [self.event(d) for d in data]
        self.take_events(events)
        return events

    def take_events(self, events):
        with acting(self.council.id):
            self.operations.take_responses(self.database, events)

    def release(self, framework_id, final=False):
        with acting(self.council.id):
            self.operations.release(
                self.database,
                [self.event(ReleaseRequested(framework_id=framework_id, framework_version=1, final=final))],
            )

    def published(self, release="live") -> QuestionnairePublished:
        return QuestionnairePublished(
            questionnaire_id=self.questionnaire_id,
            slug="taking-part",
            version=1,
            items=(ScoredItem("speak", 0, 10), ScoredItem("alone", 1, 5), ScoredItem("vote", 0, 1)),
            attributes={"gender": ("female", "male")},
            release=release,
        )

    def submitted(self, values, response_id=None, version=1, area=WARD, person=None, groups=None) -> ResponseSubmitted:
        return ResponseSubmitted(
            response_id=response_id or new_id(),
            response_version=version,
            questionnaire_id=self.questionnaire_id,
            questionnaire_version=1,
            submitted_at=now(),
            area=area,
            person=person,
            groups=groups or {},
            values=values,
        )

    def withdrawn(self, response_id, version=2) -> ResponseWithdrawn:
        return ResponseWithdrawn(
            response_id=response_id, response_version=version, questionnaire_id=self.questionnaire_id, person=None
        )

    def live_framework(self) -> UUID:
        created = self.call("create_framework", CreateFramework("capacity", framework(self.questionnaire_id)))
        self.call("activate_framework", ById(created.id))
        return created.id

    def figures(self, framework_id, actor=None, **asked):
        found = self.call("figures", FiguresRequest(framework_id, **asked), actor)
        return {
            (f.area, f.category, f.measure): (f.n, f.score) if not f.suppressed else None for f in found.items
        }


@pytest.fixture
def scoring(open_database, council, officer) -> Scoring:
    return Scoring(open_database("scoring"), council, officer)


def told(provisioned, council) -> list[tuple[str, dict]]:
    with psycopg.connect(provisioned.database_url("scoring"), options="-c search_path=scoring") as connection:
        connection.execute("SET ROLE scoring_relay")
        return connection.execute(
            "SELECT type, body::json -> 'data' FROM outbox WHERE tenant_id = %s ORDER BY id", (council.id,)
        ).fetchall()


def test_a_persons_scores_are_theirs_at_once(scoring, provisioned, council, resident):
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
    kinds = [kind for kind, _ in told(provisioned, council)]
    assert kinds == ["scoring.scores_updated.v1", "scoring.release_requested.v1"]
    assert told(provisioned, council)[0][1] == {
        "person": str(resident.person),
        "response_id": str(response.response_id),
        "framework_id": str(framework_id),
        "framework_version": 1,
    }
    assert scoring.call("my_scores", MyScores(), Actor(new_id(), resident.roles)).items == ()
    with pytest.raises(Forbidden):
        scoring.call("my_scores", MyScores(), Actor(None, resident.roles))


def test_figures_need_ten_people_and_move_in_steps(scoring):
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


def cells(provisioned, council) -> dict[tuple[str, ...], tuple[int, int]]:
    with psycopg.connect(provisioned.database_url("scoring"), options="-c search_path=scoring") as connection:
        connection.execute("SELECT set_config('app.tenant', %s, true)", (str(council.id),))
        rows = connection.execute("SELECT measure, area, attribute, category, n, total FROM cells WHERE n <> 0")
        return {tuple(r[:4]): (r[4], int(r[5])) for r in rows}


def test_corrections_and_withdrawals_in_any_order_and_twice_leave_exact_sums(scoring, provisioned, council):
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
    expected = {}
    for measure in ("voice", "index"):
        expected[measure, WARD, "", ""] = (1, 30 * unit)
        expected[measure, OTHER_WARD, "", ""] = (1, 40 * unit)
        expected[measure, OTHER_WARD, "gender", "male"] = (1, 40 * unit)
    assert cells(provisioned, council) == expected


def test_a_framework_made_live_later_counts_what_is_stored(scoring, provisioned, council):
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


def test_a_survey_that_releases_on_closing_shows_nothing_before_and_everything_then(scoring, provisioned, council):
    scoring.take(scoring.published("on_close"))
    framework_id = scoring.live_framework()
    scoring.take(*(scoring.submitted({"speak": i % 11}) for i in range(23)))
    assert "scoring.release_requested.v1" not in [kind for kind, _ in told(provisioned, council)]
    assert scoring.figures(framework_id) == {}
    scoring.take(QuestionnaireClosed(questionnaire_id=scoring.questionnaire_id, version=1))
    [(kind, data)] = told(provisioned, council)
    assert (kind, data["final"]) == ("scoring.release_requested.v1", True)
    scoring.release(framework_id, final=True)
    n, score = scoring.figures(framework_id)[None, None, "voice"]
    assert n == 23
    assert score == pytest.approx(sum(i % 11 * 10 for i in range(23)) / 23, abs=1e-9)
    assert told(provisioned, council)[-1][0] == "scoring.figures_released.v1"
    assert told(provisioned, council)[-1][1]["areas"] == ["", WARD]


def test_figures_are_paged_in_order(scoring):
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


def test_a_framework_must_fit_a_published_questionnaire(scoring):
    with pytest.raises(Invalid, match="not published"):
        scoring.call("create_framework", CreateFramework("capacity", framework(scoring.questionnaire_id)))


def test_another_council_sees_nothing(scoring, open_database, other_council, officer, resident):
    scoring.take(scoring.published())
    framework_id = scoring.live_framework()
    scoring.take(*(scoring.submitted({"speak": 5}, person=resident.person) for _ in range(10)))
    scoring.release(framework_id)
    there = Scoring(open_database("scoring"), other_council, officer)
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


def test_the_query_of_figures_reads_the_key(scoring, provisioned, council):
    with psycopg.connect(provisioned.admin_url) as connection:
        connection.execute("SET enable_seqscan = off")
        plan = connection.execute(
            "EXPLAIN SELECT * FROM scoring.figures WHERE tenant_id = %s AND framework_id = %s AND version = 1 "
            "AND attribute = '' AND area <> '' ORDER BY area, category, measure LIMIT 500",
            (council.id, new_id()),
        ).fetchall()
    assert "Index Scan using figures_pkey" in plan[1][0]
    assert all("Sort" not in line[0] for line in plan)
